//! No input panics: documents that somebody tampered with, amounts at the end of the range, instants at the ends of time.

use leeway_core::balance::totals;
use leeway_core::booking::{Item, Line, Slot, SlotTime, Standing};
use leeway_core::command::{Action, Actor, CancelReason, MakeBooking, NewItem, Selection};
use leeway_core::freeze::freeze;
use leeway_core::id::{BookingId, ItemId, LineId, ParticipantId, SlotId};
use leeway_core::money::MINOR_UNITS_MAX;
use leeway_core::policy::Code;
use leeway_core::time::Zone;
use leeway_core::{Booking, Currency, Instant, Money, Policy, options, quote, timeline};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::config;
use super::generate::{MADE_AT_MS, policy, scene};
use super::history::History;

/// The ends of time, and anything between.
fn any_instant() -> impl Strategy<Value = Instant> {
    const LAST_MS: i64 = 7_258_118_400_000;
    prop_oneof![Just(0), Just(LAST_MS), 0..=LAST_MS].prop_map(|ms| Instant::from_ms(ms).unwrap())
}

fn any_minor() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..100, 0..=MINOR_UNITS_MAX, Just(MINOR_UNITS_MAX), Just(MINOR_UNITS_MAX / 2)]
}

/// A leaf of a document that somebody changed.
fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        Just(json!("90071992547409.91")),
        Just(json!("-90071992547409.91")),
        Just(json!("0.00")),
        Just(json!("canceled")),
        Just(json!("1970-01-01T00:00:00.000Z")),
        Just(json!("2199-12-31T23:59:59.999Z")),
        Just(json!([])),
        "\\PC{0,12}".prop_map(Value::String),
    ]
}

/// Everything that can be asked of a booking.
fn ask_all(booking: &Booking, selection: &Selection, at: Instant) {
    let reasons = [
        (Actor::Customer, CancelReason::CustomerCancellation),
        (Actor::Operator, CancelReason::OperatorCancellation),
        (Actor::Operator, CancelReason::RefusedOnArrival),
    ];
    for (actor, reason) in reasons {
        for selection in [selection, &Selection::All] {
            let _ = quote(
                booking,
                &Action::Cancel { selection: selection.clone(), reason, refund_to: RefundTo::Money, overridden: None },
                &[],
                actor,
                at,
            );
        }
    }
    let _ = (options(booking, at), timeline(booking, selection), totals(booking));
}

/// Every place in a document.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{path}/{name}"), found))
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(at, value)| places(value, &format!("{path}/{at}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found.push(path.to_owned());
}

/// A booking with any amounts at any time.
fn huge(policy: &Policy, prices: &[i64], starts_at: Instant) -> Option<History> {
    let eur = Currency::parse("EUR").unwrap();
    let time = SlotTime { starts_at, ends_at: starts_at.just_after(), zone: Zone::parse("Europe/Zagreb").unwrap() };
    let terms = freeze(policy, &time).ok()?;
    let participants: Vec<_> = (0..prices.len()).map(|at| ParticipantId(Uuid::from_u128(100 + at as u128))).collect();
    let lines = prices.iter().zip(&participants).enumerate().map(|(at, (price, participant))| Line {
        id: LineId(Uuid::from_u128(200 + at as u128)),
        kind: Code::parse("ticket").unwrap(),
        participant: Some(*participant),
        price: Money::of_minor(*price, eur).unwrap(),
        standing: Standing::Booked,
    });
    let (id, slot) = (ItemId(Uuid::from_u128(1)), Slot { id: SlotId(Uuid::from_u128(2)), time });
    let lines = lines.collect();
    let items = vec![NewItem { id, service: "Tour".to_owned(), slot, terms, participants, lines }];
    let reference = "LW-1".to_owned().try_into().unwrap();
    let new = MakeBooking { id: BookingId(Uuid::from_u128(3)), reference, currency: eur, items, plan: Vec::new() };
    let sum: i64 = prices.iter().try_fold(0_i64, |sum, price| sum.checked_add(*price))?;
    (sum <= MINOR_UNITS_MAX).then(|| History::begin(new, Instant::from_ms(MADE_AT_MS).unwrap()))
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement E6
    #[test]
    fn any_instant_can_be_asked_about(scene in scene(), at in any_instant()) {
        ask_all(scene.booking(), &scene.selection, at);
    }

    /// Source: requirement E6
    #[test]
    fn a_document_that_was_tampered_with_is_refused_or_answered(
        scene in scene(),
        changes in vec((any::<prop::sample::Index>(), any_leaf()), 1..4),
    ) {
        let mut document = serde_json::to_value(scene.booking()).unwrap();
        for (which, leaf) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            if let Some(place) = document.pointer_mut(which.get::<String>(&found)) {
                *place = leaf;
            }
        }
        if let Ok(booking) = serde_json::from_value::<Booking>(document) {
            ask_all(&booking, &scene.selection, scene.at);
        }
    }

    /// Source: requirement C1
    #[test]
    fn amounts_at_the_end_of_the_range_are_refused_or_answered(
        policy in policy(Currency::parse("EUR").unwrap()),
        prices in vec(any_minor(), 1..4),
        payments in vec((any_minor(), prop::option::of(any_minor())), 0..4),
        starts_at in any_instant(),
        at in any_instant(),
    ) {
        let Some(mut history) = huge(&policy, &prices, starts_at) else { return Ok(()) };
        for (minor, gateway) in payments {
            let _ = history.pay(minor, gateway, history.now);
        }
        let first = history.booking.items.first().and_then(|item: &Item| item.participants.first()).map(|one| one.id);
        let one = Selection::of_parts(Vec::new(), first.into_iter().collect());
        ask_all(&history.booking, &one, at);
        for selection in [one, Selection::All] {
            let action = Action::Cancel { selection, reason: CancelReason::CustomerCancellation };
            let _ = history.act(Actor::Customer, action, at);
            ask_all(&history.booking, &Selection::All, at);
        }
    }
}
