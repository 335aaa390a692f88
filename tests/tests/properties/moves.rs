//! Moving is no way around a fee, takes nothing from those who stay, and never pays back more than was paid.

use leeway_core::balance::totals;
use leeway_core::command::{Action, Actor, Selection};
use leeway_core::event::Event;
use leeway_core::policy::Cheaper;
use leeway_core::quote::{Quote, RebookQuote};
use leeway_core::refund::Task;
use leeway_core::{Booking, Instant, quote};
use proptest::prelude::*;

use super::config;
use super::generate::{Scene, moving, pieces, scene, scene_under};
use super::history::{History, gateway_kept};
use super::play::{Moving, Piece, rebooking};
use super::policies::policy_spec;

/// What somebody got back or was promised, by itself or by hand.
fn returned(booking: &Booking) -> i64 {
    let refunds = booking.refunds.iter().filter(|refund| refund.state != leeway_core::refund::RefundState::Voided);
    let by_hand = booking.tasks.iter().map(|Task::RefundByHand { amount }| amount.minor());
    refunds.map(|refund| refund.amount.minor()).sum::<i64>() + by_hand.sum::<i64>()
}

fn ask(scene: &Scene, pieces: &[Piece], how: Moving) -> Option<(Action, RebookQuote)> {
    let action = rebooking(&scene.history, 0, pieces, how)?;
    match quote(scene.booking(), &action, &scene.history.offers(), how.actor(), scene.at) {
        Ok(Quote::Rebook(quote)) => Some((action, *quote)),
        Ok(Quote::Cancel(_) | Quote::Rename(_)) | Err(_) => None,
    }
}

/// Cancels all that can be canceled.
fn cancel_all(history: &mut History, at: Instant) {
    let _ = history.act(Actor::Customer, Action::cancel(Selection::All), at);
}

fn attending(booking: &Booking) -> usize {
    booking.items.iter().filter(|item| item.is_booked()).map(|item| item.attending().count()).sum()
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement D4
    #[test]
    fn a_move_pays_back_no_more_than_is_free_and_than_it_got_cheaper(scene in scene(), pieces in pieces(), how in moving()) {
        let Some((_, quote)) = ask(&scene, &pieces, how) else { return Ok(()) };
        let before = totals(scene.booking()).unwrap();
        let back = quote.back.refund.minor() + quote.back.settlement.by_hand.minor();
        let charged = quote.charged.minor() - gateway_part(&quote);
        prop_assert!(back <= (-charged).max(0), "more than it got cheaper");
        prop_assert!(back <= (before.paid.minor() - before.promised.minor() - quote.back.settlement.owed.minor().max(0)).max(0));
        let keeps = quote.moves.iter().all(|moved| scene.booking().item(moved.item).unwrap().terms.moves.cheaper == Cheaper::Keep);
        if how != Moving::Operator && keeps {
            prop_assert!(quote.difference.minor() >= 0, "the price stays");
        }
        if how == Moving::Operator {
            prop_assert!(quote.difference.minor() <= 0 && quote.fee.is_zero() && quote.kept.is_zero(), "never dearer");
            prop_assert!(quote.charged.minor() <= 0, "an operator's move costs nobody anything: {quote:?}");
        }
        prop_assert!(!quote.fee.is_negative() && !quote.kept.is_negative());
    }

    /// Source: requirement D4
    #[test]
    fn moving_is_no_way_around_a_fee(
        scene in scene_under(policy_spec().prop_map(|spec| spec.by_percent_only())),
        pieces in pieces(),
    ) {
        let Some((action, quote)) = ask(&scene, &pieces, Moving::Customer) else { return Ok(()) };
        let before = returned(scene.booking());
        let (mut direct, mut moved) = (scene.history.clone(), scene.history.clone());
        cancel_all(&mut direct, scene.at);
        moved.act(Actor::Customer, action, scene.at).unwrap();
        cancel_all(&mut moved, scene.at);
        let (direct, moved) = (returned(direct.booking()) - before, returned(moved.booking()) - before);
        // Each move rounds once more, by half a minor unit at most, and so does the item that it makes.
        let rounding = 2 * i64::try_from(quote.moves.len()).unwrap();
        prop_assert!(moved <= direct + rounding, "canceling pays back {direct}, moving before that {moved}");
    }

    /// Source: requirements D1, D2
    #[test]
    fn nobody_is_lost_on_the_way(scene in scene(), pieces in pieces(), how in moving()) {
        let Some((action, quote)) = ask(&scene, &pieces, how) else { return Ok(()) };
        let mut history = scene.history.clone();
        let events = history.act(how.actor(), action, scene.at);
        let Ok(events) = events else {
            prop_assert!(false, "quoted and refused: {events:?}");
            return Ok(());
        };
        let (before, after) = (scene.booking(), history.booking());
        prop_assert_eq!(attending(after), attending(before));
        let ids = |booking: &Booking| {
            let lines = booking.items.iter().flat_map(|item| item.lines.iter().map(|line| line.id.0));
            let people = booking.items.iter().flat_map(|item| item.participants.iter().map(|one| one.id.0));
            let mut ids: Vec<_> = lines.chain(people).collect();
            ids.sort_unstable();
            ids
        };
        prop_assert_eq!(ids(before), ids(after), "every line and everybody is somewhere, once");
        let Some(Event::Rebooked(rebooked)) = events.first() else { return Err(TestCaseError::fail("not moved")) };
        for (moved, told) in rebooked.moves.iter().zip(&quote.moves) {
            let item = after.item(moved.into).unwrap();
            prop_assert!(told.participants.iter().all(|id| item.attending().any(|one| one.id == *id)));
            prop_assert!(item.is_booked() && item.moves == before.item(moved.item).unwrap().moves + 1);
            let limits = [item.terms.cancel, item.terms.rebook, item.terms.rename].into_iter().flatten();
            let starts_at = item.slot.time.starts_at;
            prop_assert!(limits.chain([item.terms.refund]).all(|limit| limit < starts_at), "a limit after the start");
            prop_assert!(item.terms.windows.is_sorted_by(|a, b| a.until < b.until));
            prop_assert!(item.terms.windows.iter().all(|window| window.until < starts_at));
        }
        // Who stays pays the same, but for a group's price.
        let stays = |item: &&leeway_core::Item| !rebooked.moves.iter().any(|moved| moved.item == item.id);
        for item in before.items.iter().filter(stays) {
            prop_assert_eq!(Some(item), after.item(item.id));
        }
    }

    /// Source: requirements B9, D4
    #[test]
    fn a_move_keeps_no_more_for_the_gateway_than_it_took(scene in scene(), pieces in pieces(), how in moving()) {
        let Some((action, _)) = ask(&scene, &pieces, how) else { return Ok(()) };
        let mut history = scene.history.clone();
        let _ = history.act(how.actor(), action, scene.at);
        let took: i64 = history.booking().received().filter_map(|one| one.gateway_fee).map(|fee| fee.minor()).sum();
        prop_assert!(gateway_kept(history.booking()) <= took);
    }
}

fn gateway_part(quote: &RebookQuote) -> i64 {
    let sum = quote.difference.minor() + quote.kept.minor() + quote.group_price_lost.minor() + quote.fee.minor();
    quote.charged.minor() - sum
}
