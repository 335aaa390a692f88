//! The generator itself: what it never makes, no property is proved for.

use std::collections::BTreeMap;

use leeway_core::balance::{PaymentStatus, Status, payment_status, status, totals};
use leeway_core::command::{Action, Actor, CancelReason};
use leeway_core::policy::{Per, RefundMode};
use leeway_core::quote::Quote;
use leeway_core::{Booking, Event, Refusal, quote};
use proptest::prelude::Strategy as _;
use proptest::test_runner::TestRunner;

use super::config;
use super::generate::{Scene, scene};

/// What a scene is an example of.
fn kinds(scene: &Scene) -> Vec<&'static str> {
    let booking = scene.booking();
    let mut kinds: Vec<&'static str> = scene.history.events.iter().map(|(event, _)| event.kind()).collect();
    kinds.push(match status(booking) {
        Status::Booked => "status booked",
        Status::PartlyCanceled => "status partly canceled",
        Status::Canceled => "status canceled",
    });
    kinds.push(match totals(booking).map(|totals| payment_status(&totals)) {
        Ok(PaymentStatus::Unpaid) => "unpaid",
        Ok(PaymentStatus::PartlyPaid) => "partly paid",
        Ok(PaymentStatus::Paid) => "paid",
        Ok(PaymentStatus::Overpaid) => "overpaid",
        Err(_) => "out of range",
    });
    let canceled = |(event, _): &&(Event, _)| matches!(event, Event::Canceled(_));
    if scene.history.events.iter().filter(canceled).count() > 1 {
        kinds.push("canceled twice");
    }
    kinds.extend(asked(booking, scene));
    kinds
}

fn asked(booking: &Booking, scene: &Scene) -> Vec<&'static str> {
    let action = Action::Cancel { selection: scene.selection.clone(), reason: CancelReason::CustomerCancellation };
    let quote = match quote(booking, &action, &[], Actor::Customer, scene.at) {
        Ok(Quote::Cancel(quote)) => quote,
        Ok(Quote::Rename(_)) | Err(_) if booking.is_canceled() => return vec!["refused: nothing left"],
        Err(Refusal::PastLimit { .. }) => return vec!["refused: past the limit"],
        Ok(Quote::Rename(_)) | Err(_) => return vec!["refused"],
    };
    let mut kinds = vec!["quoted"];
    for charge in &quote.charges {
        if charge.per == Per::Booking && charge.items.len() > 1 {
            kinds.push("one charge for several items");
        }
        let line = |line: &leeway_core::explain::FeeLine| code(&serde_json::to_value(line).unwrap_or_default());
        kinds.extend(charge.lines.iter().filter_map(line));
    }
    kinds.extend(quote.refund.is_positive().then_some("refund"));
    kinds.extend((quote.split.len() > 1).then_some("refund from several payments"));
    kinds.push(match quote.refund_mode {
        RefundMode::Automatic => "automatic",
        RefundMode::Approval => "approval",
        RefundMode::Never => "never",
    });
    let reasons = quote.explanation.iter().map(|reason| serde_json::to_value(reason).unwrap_or_default());
    kinds.extend(reasons.filter_map(|reason| code(&reason)));
    kinds
}

/// The codes that must occur, as they are written.
fn code(value: &serde_json::Value) -> Option<&'static str> {
    let code = value["code"].as_str()?;
    EXPECTED.iter().copied().find(|expected| *expected == code)
}

const EXPECTED: [&str; 46] = [
    "booking_made",
    "payment_recorded",
    "canceled",
    "refund_entered",
    "refund_finalized",
    "task_opened",
    "participant_renamed",
    "links_revoked",
    "status booked",
    "status partly canceled",
    "status canceled",
    "unpaid",
    "partly paid",
    "paid",
    "overpaid",
    "canceled twice",
    "quoted",
    "refused",
    "refused: nothing left",
    "refused: past the limit",
    "one charge for several items",
    "kept_lines",
    "percent",
    "fixed",
    "per_participant",
    "minimum",
    "maximum",
    "price_cap",
    "already_charged",
    "not_below_zero",
    "refund",
    "refund from several payments",
    "automatic",
    "approval",
    "never",
    "window_applies",
    "item_stays",
    "shortfall_waived",
    "shortfall_billed",
    "gateway_fee_kept",
    "refund_mode",
    "refund_by_hand",
    "EUR",
    "JPY",
    "BHD",
    "CLF",
];

#[test]
fn the_generator_reaches_everything() {
    let mut runner = TestRunner::new(config());
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..2_000 {
        let scene = scene().new_tree(&mut runner).unwrap();
        let scene = proptest::strategy::ValueTree::current(&scene);
        let currency = scene.booking().currency;
        let mut found = kinds(&scene);
        found.extend(EXPECTED.iter().copied().find(|expected| *expected == currency.code()));
        found.sort_unstable();
        found.dedup();
        for kind in found {
            *seen.entry(kind).or_default() += 1;
        }
    }
    let rare: Vec<_> = EXPECTED.iter().filter(|kind| seen.get(*kind).copied().unwrap_or(0) < 3).collect();
    assert!(rare.is_empty(), "fewer than 3 of 2,000: {rare:?}; {seen:?}");
}
