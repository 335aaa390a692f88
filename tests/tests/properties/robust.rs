//! No input panics: documents that somebody tampered with, amounts at the end of the range, instants at the ends of time.

use leeway_core::balance::totals;
use leeway_core::booking::{Item, Line, Method, Slot, SlotTime, Standing};
use leeway_core::command::{
    Action, Actor, CancelReason, Command, EnterRefund, Envelope, MakeBooking, Move, MoveReason, NewItem, Override,
    ProviderWord, RefundStep, RefundTo, Selection,
};
use leeway_core::commit::carry_out;
use leeway_core::freeze::freeze;
use leeway_core::id::{BookingId, CommandId, ItemId, LineId, ParticipantId, SlotId};
use leeway_core::money::MINOR_UNITS_MAX;
use leeway_core::plan::schedule;
use leeway_core::policy::Code;
use leeway_core::refund::Refund;
use leeway_core::time::Zone;
use leeway_core::work::work;
use leeway_core::{Ask, Booking, Currency, Instant, Money, Offer, Policy, collect, options, quote, timeline};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::config;
use super::generate::{MADE_AT_MS, scene};
use super::history::History;
use super::policies::policy;

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

/// Everything that can be asked of a booking, or wanted of it.
fn ask_all(booking: &Booking, selection: &Selection, offers: &[Offer], at: Instant) {
    for (actor, action) in cancellations(booking, selection).into_iter().chain(moves(booking, offers)) {
        let _ = quote(booking, &action, offers, actor, at);
        want(booking, actor, Command::Act(action), offers, at);
    }
    for refund in &booking.refunds {
        for step in steps(refund) {
            want(booking, Actor::Operator, Command::Refund { refund: refund.id, step }, &[], at);
        }
    }
    let zero = Money::zero(booking.currency);
    for reason in super::play::REASONS {
        for way in super::play::WAYS {
            let entry = EnterRefund { reason, amount: None, way, note: String::new() };
            want(booking, Actor::Operator, Command::EnterRefund(entry), &[], at);
        }
    }
    for ask in [Ask::DueNow, Ask::Balance, Ask::Fee, Ask::Amount(zero)] {
        let _ = collect(booking, ask, Some(zero), at);
    }
    let _ = (options(booking, at), timeline(booking, selection), totals(booking), work(booking), schedule(booking, at));
}

fn want(booking: &Booking, actor: Actor, command: Command, offers: &[Offer], at: Instant) {
    let id = CommandId(Uuid::from_u128(u128::MAX));
    if let Ok(commit) = carry_out(Some(booking), &Envelope { id, at, actor, command }, offers, &leeway_core::Map::new())
    {
        let _ = (totals(&commit.booking), serde_json::to_string(&commit.events).unwrap());
    }
}

fn cancellations(booking: &Booking, selection: &Selection) -> Vec<(Actor, Action)> {
    let fee = Some(Money::of_minor(100, booking.currency).unwrap());
    let overridden = Override { fee, window: None, why: "for good will".to_owned() };
    let ways = [
        (Actor::Customer, CancelReason::CustomerCancellation, RefundTo::Money, None),
        (Actor::Customer, CancelReason::CustomerCancellation, RefundTo::Voucher, None),
        (Actor::Operator, CancelReason::CustomerCancellation, RefundTo::Money, Some(Box::new(overridden))),
        (Actor::Operator, CancelReason::OperatorCancellation, RefundTo::Voucher, None),
        (Actor::Operator, CancelReason::RefusedOnArrival, RefundTo::Money, None),
    ];
    let all = ways.into_iter().flat_map(|(actor, reason, refund_to, overridden)| {
        [selection.clone(), Selection::All]
            .map(|selection| (actor, Action::Cancel { selection, reason, refund_to, overridden: overridden.clone() }))
    });
    all.collect()
}

/// Every item as a whole, and its first participant, to every slot.
fn moves(booking: &Booking, offers: &[Offer]) -> Vec<(Actor, Action)> {
    let mut all = Vec::new();
    for (item, offer) in booking.items.iter().flat_map(|item| offers.iter().map(move |offer| (item, offer))) {
        let first = item.participants.first().map(|one| one.id);
        for participants in [Vec::new(), first.into_iter().collect()] {
            let moves = vec![Move { item: item.id, participants, slot: offer.slot.id }];
            let as_customer =
                Action::Rebook { moves: moves.clone(), reason: MoveReason::CustomerRequest, overridden: None };
            let as_operator = Action::Rebook { moves, reason: MoveReason::OperatorRequest, overridden: None };
            all.extend([(Actor::Customer, as_customer), (Actor::Operator, as_operator)]);
        }
    }
    all
}

fn steps(refund: &Refund) -> Vec<RefundStep> {
    let why = || "as agreed".to_owned();
    let words = [ProviderWord::Accepted, ProviderWord::Paid, ProviderWord::failed("no")];
    let of_share = |share: &leeway_core::refund::Share| {
        let (payment, attempt) = (share.payment, share.attempt);
        words.clone().map(|word| RefundStep::Provider { payment, attempt, word })
    };
    let plain = [RefundStep::Approve {}, RefundStep::ApproveCreditNote {}, RefundStep::Finalize {}];
    let said = [RefundStep::Decline { why: why() }, RefundStep::Void { why: why() }];
    let routed = super::play::WAYS.map(|way| RefundStep::Route { way });
    plain.into_iter().chain(said).chain(routed).chain(refund.split.iter().flat_map(of_share)).collect()
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
    let items = vec![NewItem { id, service: "Tour".to_owned(), slot, terms, participants, lines, group: None }];
    let reference = "LW-1".to_owned().try_into().unwrap();
    let new = MakeBooking { id: BookingId(Uuid::from_u128(3)), reference, currency: eur, items, plan: Vec::new() };
    let sum: i64 = prices.iter().try_fold(0_i64, |sum, price| sum.checked_add(*price))?;
    if sum > MINOR_UNITS_MAX {
        return None;
    }
    let now = Instant::from_ms(MADE_AT_MS).unwrap();
    let mut history = History::new(now);
    history.make(new, now).unwrap();
    Some(history)
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement E6
    #[test]
    fn any_instant_can_be_asked_about(scene in scene(), at in any_instant()) {
        ask_all(scene.booking(), &scene.selection, &scene.history.offers(), at);
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
            ask_all(&booking, &scene.selection, &scene.history.offers(), scene.at);
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
            let _ = history.pay(0, Method::Card, (minor, gateway), history.now);
        }
        let first = history.booking().items.first().and_then(|item: &Item| item.participants.first()).map(|one| one.id);
        let one = Selection::of_parts(Vec::new(), first.into_iter().collect());
        ask_all(history.booking(), &one, &[], at);
        for selection in [one, Selection::All] {
            let _ = history.act(Actor::Customer, Action::cancel(selection), at);
            ask_all(history.booking(), &Selection::All, &[], at);
        }
    }
}
