//! The generator itself: what it never makes, no property is proved for.

use std::collections::{BTreeMap, BTreeSet};

use leeway_core::balance::{PaymentStatus, Status, payment_status, status, totals};
use leeway_core::booking::Method;
use leeway_core::command::{Action, Actor};
use leeway_core::event::Extent;
use leeway_core::policy::{Per, RefundMode};
use leeway_core::quote::Quote;
use leeway_core::{Booking, Event, Refusal, quote};
use proptest::prelude::Strategy as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::config;
use super::generate::{Scene, moving, pieces, scene};
use super::history::Track;
use super::play::rebooking;

/// What a scene is an example of.
fn kinds(scene: &Scene) -> Vec<&'static str> {
    let booking = scene.booking();
    let mut kinds: Vec<&'static str> = scene.history.tracks.iter().flat_map(happened).collect();
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
    kinds.extend(scene.history.rosters.values().any(|roster| roster.room() == 0).then_some("a full slot"));
    kinds.extend(redeemed(scene));
    kinds.extend(asked(booking, scene));
    kinds
}

fn happened(track: &Track) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    let (mut canceled, mut taken_back, mut moved) = (0, 0, BTreeSet::new());
    for (event, _) in &track.events {
        kinds.push(event.kind());
        match event {
            Event::Canceled(one) => {
                canceled += 1;
                kinds.extend((canceled > 1).then_some("canceled twice"));
                kinds.extend((taken_back > 0).then_some("canceled again after it was taken back"));
                kinds.extend(one.overridden.is_some().then_some("canceled against the policy"));
                kinds
                    .extend(one.items.iter().any(|item| moved.contains(&item.item)).then_some("canceled after a move"));
            }
            Event::CancellationUndone(one) => {
                taken_back += 1;
                kinds.extend(one.refund.map(|_| "taken back with its refund"));
                kinds.extend(
                    one.items
                        .iter()
                        .any(|item| item.extent == Extent::Whole)
                        .then_some("taken back with all of an item"),
                );
                kinds.extend((taken_back > 1).then_some("taken back after something else was"));
            }
            Event::Rebooked(one) => {
                moved.extend(one.moves.iter().map(|one| one.into));
                kinds.extend(one.difference.is_positive().then_some("moved to a dearer slot"));
                kinds.extend(one.difference.is_negative().then_some("moved to a cheaper slot"));
                kinds.extend(one.moves.iter().any(|one| one.item != one.into).then_some("a part was moved"));
                kinds.extend(one.moves.iter().any(|one| one.keeps_group_price).then_some("a group's price was kept"));
                kinds.extend(one.overridden.is_some().then_some("moved against the policy"));
                kinds.extend(one.fee.is_positive().then_some("a move's fee"));
            }
            Event::RefundFailed(failed) => kinds.extend(failed.reversed.map(|_| "failed after it was paid")),
            Event::RefundEntered(entered) => {
                let methods: BTreeSet<_> =
                    entered.refund.split.iter().map(|share| format!("{:?}", share.method)).collect();
                kinds.extend((methods.len() > 1).then_some("a refund by several ways"));
            }
            _ => {}
        }
    }
    kinds
}

fn redeemed(scene: &Scene) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for track in &scene.history.tracks {
        let paid = track.booking.received().filter(|one| one.method == Method::Voucher);
        for redeemed in paid.filter_map(|one| one.voucher.as_ref()) {
            let purse = scene.history.purses.iter().find(|purse| purse.voucher.id == redeemed.voucher);
            let same = purse.is_some_and(|purse| purse.voucher.booking == track.booking.id);
            kinds.push(if same { "redeemed on the same booking" } else { "redeemed on another booking" });
            kinds.extend(redeemed.parts.iter().any(|part| part.bonus.is_some()).then_some("a bonus was redeemed"));
        }
        let gone = track.booking.refunds.iter().flat_map(|refund| &refund.split);
        kinds.extend(gone.filter(|share| !share.parts.is_empty()).map(|_| "a redeemed voucher went back"));
    }
    kinds
}

fn asked(booking: &Booking, scene: &Scene) -> Vec<&'static str> {
    let action = Action::cancel(scene.selection.clone());
    let quote = match quote(booking, &action, &[], Actor::Customer, scene.at) {
        Ok(Quote::Cancel(quote)) => quote,
        Ok(Quote::Rename(_) | Quote::Rebook(_)) | Err(_) if booking.is_canceled() => {
            return vec!["refused: nothing left"];
        }
        Err(Refusal::PastLimit { .. }) => return vec!["refused: past the limit"],
        Ok(Quote::Rename(_) | Quote::Rebook(_)) | Err(_) => return vec!["refused"],
    };
    let mut kinds = vec!["quoted"];
    for charge in &quote.charges {
        if charge.per == Per::Booking && charge.items.len() > 1 {
            kinds.push("one charge for several items");
        }
        let line = |line: &leeway_core::explain::FeeLine| code(&serde_json::to_value(line).unwrap_or_default());
        kinds.extend(charge.lines.iter().filter_map(line));
    }
    kinds.extend(quote.back.refund.is_positive().then_some("refund"));
    kinds.extend((quote.back.split.len() > 1).then_some("refund from several payments"));
    kinds.push(match quote.back.refund_mode {
        RefundMode::Automatic => "automatic",
        RefundMode::Approval => "approval",
        RefundMode::Never => "never",
    });
    let reasons = quote.explanation.iter().map(|reason| serde_json::to_value(reason).unwrap_or_default());
    kinds.extend(reasons.filter_map(|reason| code(&reason)));
    kinds
}

/// The codes that must occur, as they are written.
fn code(value: &Value) -> Option<&'static str> {
    expected(value["code"].as_str()?)
}

fn expected(code: &str) -> Option<&'static str> {
    EXPECTED.iter().copied().find(|expected| *expected == code)
}

/// What comes of moves that somebody thinks of: the codes of refusals, and of what a quote explains.
fn told_of_moves(scene: &Scene, pieces: &[super::play::Piece], how: super::play::Moving) -> Vec<&'static str> {
    let Some(action) = rebooking(&scene.history, 0, pieces, how) else { return Vec::new() };
    match quote(scene.booking(), &action, &scene.history.offers(), how.actor(), scene.at) {
        Ok(Quote::Rebook(quote)) => {
            let reasons = quote.explanation.iter().map(|reason| serde_json::to_value(reason).unwrap_or_default());
            reasons.filter_map(|reason| code(&reason)).chain(["a move was quoted"]).collect()
        }
        Ok(Quote::Cancel(_) | Quote::Rename(_)) => Vec::new(),
        Err(refusal) => expected(refusal.code()).into_iter().collect(),
    }
}

const EXPECTED: [&str; 95] = [
    // Events.
    "booking_made",
    "payment_recorded",
    "plan_adjusted",
    "canceled",
    "cancellation_undone",
    "gateway_fee_noted",
    "rebooked",
    "refund_entered",
    "refund_approved",
    "refund_declined",
    "refund_voided",
    "refund_routed",
    "refund_submitted",
    "refund_settled",
    "refund_failed",
    "voucher_issued",
    "credit_note_made",
    "credit_note_approved",
    "task_opened",
    "participant_renamed",
    "links_revoked",
    // What they were about.
    "canceled twice",
    "taken back with its refund",
    "taken back with all of an item",
    "taken back after something else was",
    "canceled again after it was taken back",
    "canceled after a move",
    "canceled against the policy",
    "moved against the policy",
    "moved to a dearer slot",
    "moved to a cheaper slot",
    "a part was moved",
    "a group's price was kept",
    "a move's fee",
    "failed after it was paid",
    "a refund by several ways",
    "redeemed on the same booking",
    "redeemed on another booking",
    "a bonus was redeemed",
    "a redeemed voucher went back",
    "a full slot",
    // What is left of the booking, and how far it is paid.
    "status booked",
    "status partly canceled",
    "status canceled",
    "unpaid",
    "partly paid",
    "paid",
    "overpaid",
    // What canceling would do.
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
    "group_price_lost",
    // What moving would do, and why not.
    "a move was quoted",
    "price_changes",
    "difference_kept",
    "limits_after",
    "no_fee",
    "overridden",
    "slot_full",
    "same_slot",
    "moved_twice",
    "other_service",
    "slot_started",
    "too_many_moves",
    "too_far",
    "past_limit",
    "switched_off",
    "fee_above_price",
    // Currencies.
    "EUR",
    "JPY",
    "BHD",
    "CLF",
];

#[test]
fn the_generator_reaches_everything() {
    let mut runner = TestRunner::new(config());
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let everything = (scene(), pieces(), moving());
    for _ in 0..10_000 {
        let tree = everything.new_tree(&mut runner).unwrap();
        let (scene, pieces, how) = proptest::strategy::ValueTree::current(&tree);
        let mut found = kinds(&scene);
        found.extend(told_of_moves(&scene, &pieces, how));
        found.extend(expected(scene.booking().currency.code()));
        found.sort_unstable();
        found.dedup();
        for kind in found {
            *seen.entry(kind).or_default() += 1;
        }
    }
    let rare: Vec<_> = EXPECTED.iter().filter(|kind| seen.get(*kind).copied().unwrap_or(0) < 10).collect();
    assert!(rare.is_empty(), "fewer than 10 of 10,000: {rare:?}; {seen:?}");
}
