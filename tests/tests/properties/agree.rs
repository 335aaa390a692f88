//! What is quoted is what happens: fee, refund, split, balance, places and messages, for canceling and moving, whoever asks.

use leeway_core::balance::totals;
use leeway_core::event::Event;
use leeway_core::quote::{CancelQuote, Quote, RebookQuote};
use leeway_core::refund::{Refund, RefundState, Task};
use leeway_core::{Booking, quote};
use proptest::prelude::*;

use super::config;
use super::generate::{canceling, moving, pieces, scene};
use super::money::minor;
use super::play::rebooking;

/// The refund entry among events, and what a voucher settled of it at once.
fn entered<'a>(events: &'a [Event], after: &Booking) -> (Option<&'a Refund>, i64) {
    let mut entry = None;
    let mut at_once = 0;
    for event in events {
        match event {
            Event::RefundEntered(entered) => entry = Some(&entered.refund),
            Event::VoucherIssued(issued) => {
                let refund = after.refund(issued.refund).unwrap();
                let shares = issued.payments.iter().map(|payment| refund.share(*payment).unwrap().amount);
                at_once += minor(shares);
            }
            _ => {}
        }
    }
    (entry, at_once)
}

fn by_hand(booking: &Booking) -> i64 {
    booking.tasks.iter().map(|Task::RefundByHand { amount }| amount.minor()).sum()
}

/// What a quote of either kind says of the money.
struct Told<'a> {
    refund: i64,
    split: &'a [leeway_core::refund::Share],
    balance_after: i64,
    settlement: leeway_core::explain::Settlement,
    waits: bool,
}

fn same_money(told: &Told<'_>, events: &[Event], after: &Booking) -> Result<(), TestCaseError> {
    let (entry, at_once) = entered(events, after);
    prop_assert_eq!(entry.map_or(0, |refund| refund.amount.minor()), told.refund);
    prop_assert_eq!(entry.map_or(&[][..], |refund| &refund.split), told.split);
    if let Some(entry) = entry {
        prop_assert_eq!(entry.state == RefundState::AwaitingApproval, told.waits);
    }
    let totals = totals(after).unwrap();
    prop_assert_eq!(totals.balance.minor() - at_once, told.balance_after, "what a voucher settles has moved already");
    prop_assert_eq!(totals.owed, told.settlement.owed);
    prop_assert_eq!(totals.paid.minor() + at_once, told.settlement.paid.minor());
    prop_assert_eq!(totals.promised.minor() + at_once, told.settlement.promised.minor() + told.refund);
    if told.settlement.by_hand.is_positive() {
        prop_assert_eq!(by_hand(after), told.settlement.by_hand.minor());
    }
    Ok(())
}

fn same_cancel(quoted: &CancelQuote, events: &[Event], after: &Booking) -> Result<(), TestCaseError> {
    let [Event::Canceled(canceled), ..] = events else { return Err(TestCaseError::fail("nothing was canceled")) };
    let fee = (canceled.fee.minor() - canceled.waived.minor()).max(0) + canceled.gateway_fee.minor();
    prop_assert_eq!(fee, quoted.fee.minor());
    prop_assert_eq!(canceled.group_price_lost.map_or(0, |lost| lost.minor()), quoted.group_price_lost.minor());
    let told: Vec<_> =
        quoted.items.iter().map(|item| (item.item, item.extent, &item.participants, &item.lines, item.fee)).collect();
    let done: Vec<_> =
        canceled.items.iter().map(|item| (item.item, item.extent, &item.participants, &item.lines, item.fee)).collect();
    prop_assert_eq!(told, done);
    prop_assert_eq!(after.is_canceled(), quoted.extent == leeway_core::event::Extent::Whole);
    let issued = events.iter().find_map(|event| match event {
        Event::VoucherIssued(issued) => Some(&issued.parts),
        _ => None,
    });
    if let Some(parts) = issued.filter(|_| quoted.back.refund_to == leeway_core::command::RefundTo::Voucher) {
        prop_assert_eq!(parts, &quoted.back.voucher, "the voucher is what was shown");
    }
    Ok(())
}

fn same_rebook(quoted: &RebookQuote, events: &[Event], before: &Booking, after: &Booking) -> Result<(), TestCaseError> {
    let [Event::Rebooked(done), ..] = events else { return Err(TestCaseError::fail("nothing was moved")) };
    let told = (quoted.difference, quoted.kept, quoted.group_price_lost, quoted.fee);
    prop_assert_eq!((done.difference, done.kept, done.group_price_lost, done.fee), told);
    let charged = [told.0, told.1, told.2, told.3, done.gateway_fee];
    prop_assert_eq!(minor(charged), quoted.charged.minor());
    let plan = |booking: &Booking| minor(booking.plan.iter().map(|charge| charge.amount));
    prop_assert_eq!(plan(after) - plan(before), quoted.charged.minor());
    for (moved, told) in done.moves.iter().zip(&quoted.moves) {
        let item = after.item(moved.into).unwrap();
        prop_assert_eq!(item.slot.id, told.slot.id);
        let lines: Vec<_> = item.lines.iter().filter(|line| told.lines.contains(&line.id)).collect();
        prop_assert_eq!(minor(lines.iter().map(|line| line.price)), told.new_price.minor());
        prop_assert_eq!(lines.len(), told.lines.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement E5
    #[test]
    fn canceling_does_what_was_quoted(scene in scene(), how in canceling()) {
        let action = how.action(scene.booking(), scene.selection.clone());
        let quoted = quote(scene.booking(), &action, &[], how.actor(), scene.at);
        let mut history = scene.history.clone();
        let decided = history.act(how.actor(), action, scene.at);
        match (quoted, decided) {
            (Ok(Quote::Cancel(quoted)), Ok(events)) => {
                let after = history.booking();
                same_cancel(&quoted, &events, after)?;
                let told = Told {
                    refund: quoted.back.refund.minor(),
                    split: &quoted.back.split,
                    balance_after: quoted.back.balance_after.minor(),
                    settlement: quoted.back.settlement,
                    waits: quoted.back.refund_mode == leeway_core::policy::RefundMode::Approval,
                };
                same_money(&told, &events, after)?;
                if quoted.back.refund.is_positive() {
                    let totals = totals(after).unwrap();
                    let held = totals.paid.minor() - totals.promised.minor();
                    let free = held - totals.owed.minor().max(0) - by_hand(after);
                    prop_assert_eq!(free, 0, "all that is free goes back, by itself or by hand");
                }
            }
            (quoted, decided) => prop_assert_eq!(quoted.err().unwrap(), decided.unwrap_err()),
        }
    }

    /// Source: requirements D4, E5
    #[test]
    fn moving_does_what_was_quoted(scene in scene(), pieces in pieces(), how in moving()) {
        let Some(action) = rebooking(&scene.history, 0, &pieces, how) else { return Ok(()) };
        let quoted = quote(scene.booking(), &action, &scene.history.offers(), how.actor(), scene.at);
        let mut history = scene.history.clone();
        let decided = history.act(how.actor(), action.clone(), scene.at);
        match (quoted, decided) {
            (Ok(Quote::Rebook(quoted)), Ok(events)) => {
                same_rebook(&quoted, &events, scene.booking(), history.booking())?;
                let told = Told {
                    refund: quoted.back.refund.minor(),
                    split: &quoted.back.split,
                    balance_after: quoted.back.balance_after.minor(),
                    settlement: quoted.back.settlement,
                    waits: quoted.back.refund_mode == leeway_core::policy::RefundMode::Approval,
                };
                same_money(&told, &events, history.booking())?;
            }
            (quoted, decided) => prop_assert_eq!(quoted.err(), decided.err(), "{:?}", action),
        }
    }

    /// What a quote promises holds for everything that it says it holds for.
    ///
    /// Source: requirement E5
    #[test]
    fn a_quoted_move_binds_until_it_says(scene in scene(), pieces in pieces(), how in moving()) {
        let Some(action) = rebooking(&scene.history, 0, &pieces, how) else { return Ok(()) };
        let ask = |at| quote(scene.booking(), &action, &scene.history.offers(), how.actor(), at);
        let Ok(Quote::Rebook(now)) = ask(scene.at) else { return Ok(()) };
        prop_assert!(now.valid_until >= scene.at);
        let then = ask(now.valid_until);
        let told = |quote: &RebookQuote| (quote.fee, quote.kept, quote.charged, quote.back.refund, quote.back.refund_mode);
        match then {
            Ok(Quote::Rebook(then)) => prop_assert_eq!(told(&then), told(&now)),
            other => prop_assert!(false, "refused while it binds: {other:?}"),
        }
    }
}
