//! Bookings that cannot be made. No vectors, since there is nothing to ask afterwards: what a request lacks, and where; what the rules refuse.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use leeway_core::command::{Action, Actor, Command, Envelope};
use leeway_core::commit::carry_out;
use leeway_core::id::{CommandId, ItemId};
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::{Booking, Instant, Policy, Refusal, Selection, decide};
use serde_json::{Value, json};
use uuid::Uuid;

const AT: &str = "2026-01-10T09:00:00Z";

fn eur(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

fn policy() -> Value {
    json!({"name": "policy", "windows": [{"code": "tier", "until": "start", "percent": "10", "fixed": eur("2.50")}]})
}

/// One guest, 50.00 EUR.
fn request() -> Value {
    json!({
        "policy": "policy", "currency": "EUR", "customer": {"name": "Ana", "email": "ana@example.com"},
        "items": [{
            "service": "Tour",
            "slot": {"starts_at": "2026-08-14T08:00:00Z", "ends_at": "2026-08-14T10:00:00Z", "zone": "Europe/Zagreb"},
            "participants": [{"name": "Ana", "price": eur("50.00")}]
        }]
    })
}

fn with(mut document: Value, place: &str, value: Value) -> Value {
    let (parent, name) = place.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value;
    document
}

fn envelope(number: u128, command: Command) -> Envelope {
    let at = Instant::parse(AT).unwrap();
    Envelope { id: CommandId(Uuid::from_u128(number)), at, actor: Actor::Operator, command }
}

fn carried_out(booking: Option<&Booking>, envelope: &Envelope) -> Result<Booking, Refusal> {
    carry_out(booking, envelope, &[], &leeway_core::Map::new()).map(|commit| commit.booking)
}

/// The path of what is wrong, or what the rules say.
fn make(request: Value, policy: Value) -> Result<Result<Booking, Refusal>, String> {
    let policy: Policy = serde_json::from_value(policy).unwrap();
    let request: BookingRequest = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let mut ids = 0;
    let fresh = || {
        ids += 1;
        Uuid::from_u128(ids)
    };
    let fallback = "LW-1".to_owned().try_into().unwrap();
    let (new, _) =
        prepare(&request, &policy, &fallback, Instant::parse(AT).unwrap(), fresh).map_err(|invalid| invalid.path)?;
    Ok(carried_out(None, &envelope(1 << 64, Command::Make(Box::new(new)))))
}

fn refused(place: &str, value: Value) -> Value {
    let refusal = make(with(request(), place, value), policy()).unwrap().unwrap_err();
    serde_json::to_value(refusal).unwrap()
}

/// Source: requirement A3
#[test]
fn a_plan_that_is_not_the_price() {
    let part = |amount: &str| json!({"code": "deposit", "due": AT, "amount": eur(amount)});
    assert_eq!(
        refused("/plan", json!([part("20.00"), part("29.99")])),
        json!({"code": "plan_is_not_the_price", "params": {"plan": eur("49.99"), "price": eur("50.00")}})
    );
    assert_eq!(
        refused("/plan", json!([part("60.00"), part("-10.00")])),
        json!({"code": "amount_not_positive", "params": {}})
    );
    assert!(make(with(request(), "/plan", json!([part("20.00"), part("30.00")])), policy()).unwrap().is_ok());
}

/// Source: requirement A1
#[test]
fn nothing_or_too_much_in_it() {
    let nothing = json!({"code": "nothing_selected", "params": {}});
    assert_eq!(refused("/items", json!([])), nothing);
    assert_eq!(refused("/items/0/participants", json!([])), nothing, "an item without a price");
    let item = request()["items"][0].clone();
    let too_many = |most: u32| json!({"code": "too_many", "params": {"most": most}});
    assert_eq!(refused("/items", Value::Array(vec![item; 51])), too_many(50));
    let one = request()["items"][0]["participants"][0].clone();
    assert_eq!(refused("/items/0/participants", Value::Array(vec![one; 201])), too_many(200));
    let add_on = json!({"kind": "extra", "price": eur("1.00")});
    assert_eq!(refused("/items/0/add_ons", Value::Array(vec![add_on; 500])), too_many(500));
    let part = json!({"code": "part", "due": AT, "amount": eur("1.00")});
    assert_eq!(refused("/plan", Value::Array(vec![part; 37])), too_many(36));
    let most = json!({"name": "Ana", "price": eur("90071992547409.91")});
    let beyond = with(request(), "/items/0/participants", json!([most, most]));
    assert_eq!(make(beyond, policy()).unwrap_err(), "items", "no plan comes to that");
}

/// Source: requirement A1
#[test]
fn a_request_that_is_malformed_names_the_field() {
    let usd = json!({"amount": "1.00", "currency": "USD"});
    for (place, value, path) in [
        ("/items/0/participants/0/price", usd.clone(), "items[0].participants[0].price"),
        ("/items/0/participants/0/price", eur("-1.00"), "items[0].participants[0].price"),
        ("/items/0/participants/0/name", json!(" "), "items[0].participants[0].name"),
        (
            "/items/0/add_ons",
            json!([{"kind": "extra", "participant": 1, "price": eur("1.00")}]),
            "items[0].add_ons[0].participant",
        ),
        ("/items/0/slot/ends_at", json!("2026-08-14T08:00:00Z"), "items[0].slot.ends_at"),
        ("/items/0/service", json!(""), "items[0].service"),
        ("/plan", json!([{"code": "deposit", "due": AT, "amount": usd}]), "plan[0].amount"),
        ("/customer/email", json!("ana"), "customer.email"),
        ("/customer/locale", json!("hr HR"), "customer.locale"),
        ("/currency", json!("USD"), "currency"),
    ] {
        assert_eq!(make(with(request(), place, value), policy()).unwrap_err(), path);
    }
    for (place, value, reason) in [
        ("/items/0/participants/0/price", eur("1.001"), "more digits"),
        ("/items/0/slot/starts_at", json!("2026-08-14T08:00:00"), "instant"),
        ("/items/0/slot/zone", json!("Europe/Zagrob"), "time zone"),
        ("/items/0/color", json!("red"), "unknown field"),
        ("/currency", json!("EURO"), "no currency"),
    ] {
        let error = make(with(request(), place, value), policy()).unwrap_err();
        assert!(error.contains(reason), "{place}: {error}");
    }
}

/// Source: requirement A1
#[test]
fn a_booking_is_made_once_and_before_anything_else() {
    let booking = make(request(), policy()).unwrap().unwrap();
    let action = Action::cancel(Selection::All);
    assert_eq!(decide(None, &envelope(1, Command::Act(action)), &[]), Err(Refusal::NotMade {}));
    let policy: Policy = serde_json::from_value(policy()).unwrap();
    let request: BookingRequest = serde_json::from_value(request()).unwrap();
    let fallback = "LW-1".to_owned().try_into().unwrap();
    let (again, _) = prepare(&request, &policy, &fallback, Instant::parse(AT).unwrap(), || Uuid::from_u128(7)).unwrap();
    assert_eq!(decide(Some(&booking), &envelope(2, Command::Make(Box::new(again))), &[]), Err(Refusal::AlreadyMade {}));
}

/// Source: requirement A1
#[test]
fn a_command_cannot_bring_what_a_request_could_not() {
    let policy: Policy = serde_json::from_value(policy()).unwrap();
    let request: BookingRequest = serde_json::from_value(request()).unwrap();
    let fallback = "LW-1".to_owned().try_into().unwrap();
    let (mut new, _) =
        prepare(&request, &policy, &fallback, Instant::parse(AT).unwrap(), || Uuid::from_u128(7)).unwrap();
    let stranger = leeway_core::id::ParticipantId(Uuid::from_u128(99));
    new.items[0].lines[0].participant = Some(stranger);
    let refusal = decide(None, &envelope(1, Command::Make(Box::new(new.clone()))), &[]).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownParticipant { participant: stranger });
    new.items[0].lines[0].participant = None;
    let (price, currency) = (new.items[0].lines[0].price, new.currency);
    new.items[0].lines[0].price = leeway_core::Money::parse("90071992547409.91", currency).unwrap();
    let twice = new.items[0].lines[0].clone();
    new.items[0].lines.push(twice);
    let beyond = decide(None, &envelope(1, Command::Make(Box::new(new.clone()))), &[]);
    assert_eq!(beyond, Err(Refusal::AmountOutOfRange {}));
    new.items[0].lines.truncate(1);
    new.items[0].lines[0].price = price;
    new.currency = leeway_core::Currency::parse("USD").unwrap();
    assert_eq!(decide(None, &envelope(1, Command::Make(Box::new(new))), &[]), Err(Refusal::WrongCurrency {}));
}

/// Source: requirement A1
#[test]
fn a_booking_takes_so_many_payments_and_no_more() {
    use leeway_core::booking::{Method, PAYMENTS_MAX};
    use leeway_core::command::RecordPayment;
    use leeway_core::id::PaymentId;
    let mut booking = make(request(), policy()).unwrap().unwrap();
    let amount = leeway_core::Money::parse("0.01", booking.currency).unwrap();
    let pay = |number: usize| {
        let id = PaymentId(Uuid::from_u128(1_000 + number as u128));
        envelope(
            number as u128,
            Command::RecordPayment(RecordPayment { id, method: Method::Cash, amount, gateway_fee: None }),
        )
    };
    for number in 0..PAYMENTS_MAX {
        booking = carried_out(Some(&booking), &pay(number)).unwrap();
    }
    assert_eq!(decide(Some(&booking), &pay(PAYMENTS_MAX), &[]), Err(Refusal::TooMany { most: 500 }));
}

/// Source: requirement F3
#[test]
fn a_selection_names_at_most_500() {
    let ids: Vec<ItemId> = (0..501).map(|number| ItemId(Uuid::from_u128(number))).collect();
    let error = serde_json::from_value::<Selection>(json!({"items": ids})).unwrap_err().to_string();
    assert!(error.contains("at most 500"), "{error}");
}
