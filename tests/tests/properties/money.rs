//! No cent is lost, made, or paid back twice.

use leeway_core::allocate::allocate;
use leeway_core::balance::totals;
use leeway_core::command::{Action, Actor, CancelReason, Selection};
use leeway_core::quote::{CancelQuote, Quote};
use leeway_core::refund::Task;
use leeway_core::{Booking, Event, Money, evolve, quote};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::config;
use super::generate::{chosen, currency, scene, selection};
use super::history::{gateway_kept, owed, price};

fn customer(selection: Selection) -> Action {
    Action::Cancel { selection, reason: CancelReason::CustomerCancellation }
}

fn cancel_quote(booking: &Booking, action: &Action, at: leeway_core::Instant) -> Option<CancelQuote> {
    match quote(booking, action, &[], Actor::Customer, at) {
        Ok(Quote::Cancel(quote)) => Some(*quote),
        Ok(Quote::Rename(_)) | Err(_) => None,
    }
}

fn minor(amounts: impl IntoIterator<Item = Money>) -> i64 {
    amounts.into_iter().map(|amount| amount.minor()).sum()
}

/// The minor units of an amount in JSON, read without the core.
fn minor_in(value: &Value) -> i128 {
    value["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement B5
    #[test]
    fn allocations_sum_to_the_whole(
        currency in currency(),
        whole in -1_000_000_000_i64..1_000_000_000,
        weights in vec(prop_oneof![0_i64..10, 0_i64..1_000_000, Just(9_007_199_254_740_991)], 1..30),
    ) {
        let money = |minor| Money::of_minor(minor, currency).unwrap();
        let weights_money: Vec<Money> = weights.iter().map(|weight| money(*weight)).collect();
        let shares = allocate(money(whole), &weights_money).unwrap();
        prop_assert_eq!(shares.len(), weights.len());
        prop_assert_eq!(minor(shares.iter().copied()), whole);
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        for (share, weight) in shares.iter().zip(&weights).filter(|_| total > 0) {
            // Less than one minor unit from the exact share.
            let off = i128::from(share.minor()) * total - i128::from(whole) * i128::from(*weight);
            prop_assert!(off.abs() < total, "{share} for {weight} of {total}");
        }
    }

    /// Source: requirements B5, E7
    #[test]
    fn the_lines_of_a_fee_add_up(scene in scene()) {
        let Some(quote) = cancel_quote(scene.booking(), &customer(scene.selection.clone()), scene.at) else { return Ok(()) };
        for charge in &quote.charges {
            prop_assert_eq!(minor(charge.lines.iter().map(|line| line.amount)), charge.fee.minor());
            prop_assert!(!charge.fee.is_negative());
            let shares = quote.items.iter().filter(|item| charge.items.contains(&item.item)).map(|item| item.fee);
            prop_assert_eq!(minor(shares), charge.fee.minor(), "the items' shares of one charge");
        }
        let fees = minor(quote.charges.iter().map(|charge| charge.fee));
        prop_assert_eq!(minor(quote.items.iter().map(|item| item.fee)), fees);
        prop_assert_eq!(minor(quote.items.iter().map(|item| item.price)), quote.price.minor());
        prop_assert_eq!(minor(quote.split.iter().map(|share| share.amount)), quote.refund.minor());
    }

    /// Source: requirements C5, C11
    #[test]
    fn refunds_never_exceed_what_came_in(scene in scene()) {
        let booking = scene.booking();
        for payment in booking.received() {
            prop_assert!(!booking.left_of(payment).unwrap().is_negative(), "more went back than came: {payment:?}");
        }
        let refunds = || booking.refunds.iter().filter(|refund| refund.is_in_ledger());
        for refund in refunds() {
            prop_assert_eq!(minor(refund.split.iter().map(|share| share.amount)), refund.amount.minor());
        }
        let captured = minor(booking.received().map(|payment| payment.amount));
        prop_assert!(minor(refunds().map(|refund| refund.amount)) <= captured);
        prop_assert!(!totals(booking).unwrap().paid.is_negative());
    }

    /// Source: requirement E5
    #[test]
    fn what_is_quoted_is_what_happens(scene in scene(), operator in any::<bool>()) {
        let (actor, reason) = if operator {
            (Actor::Operator, CancelReason::OperatorCancellation)
        } else {
            (Actor::Customer, CancelReason::CustomerCancellation)
        };
        let action = Action::Cancel { selection: scene.selection.clone(), reason };
        let quoted = quote(scene.booking(), &action, &[], actor, scene.at);
        let mut history = scene.history.clone();
        let decided = history.act(actor, action, scene.at);
        let (quoted, events) = match (quoted, decided) {
            (Ok(Quote::Cancel(quoted)), Ok(events)) => (quoted, events),
            (quoted, decided) => {
                prop_assert_eq!(quoted.err(), decided.err());
                return Ok(());
            }
        };
        let (mut fee, mut refund) = (0, 0);
        for event in &events {
            if let Event::Canceled(canceled) = event {
                fee += (canceled.fee.minor() - canceled.waived.minor()).max(0) + canceled.gateway_fee.minor();
            }
            if let Event::RefundEntered(entered) = event {
                let entry = &entered.refund;
                refund += entry.amount.minor();
                prop_assert_eq!(&entry.split, &quoted.split);
            }
        }
        prop_assert_eq!((fee, refund), (quoted.fee.minor(), quoted.refund.minor()));
        let after = totals(&history.booking).unwrap();
        prop_assert_eq!(after.balance, quoted.balance_after);
        if quoted.refund.is_positive() {
            let by_hand: i64 = history.booking.tasks.iter().map(|Task::RefundByHand { amount }| amount.minor()).sum();
            let free = after.balance.minor() + after.promised.minor() + by_hand;
            prop_assert_eq!(free, 0, "all that is free goes back, by itself or by hand");
        }
    }

    /// Source: requirement C1
    #[test]
    fn the_balance_is_the_sum_of_the_entries(scene in scene()) {
        let document = serde_json::to_value(scene.booking()).unwrap();
        let list = |name: &str| document[name].as_array().unwrap().clone();
        let canceled = list("items").iter().all(|item| item.get("standing").is_some());
        let outlives = |kind: &Value| matches!(kind.as_str().unwrap(), "cancellation_fee" | "shortfall_waived" | "gateway_fee");
        let counts = |charge: &&Value| !canceled || outlives(&charge["kind"]);
        let plan: i128 = list("plan").iter().filter(counts).map(|charge| minor_in(&charge["amount"])).sum();
        let paid: i128 = list("payments").iter().map(|payment| minor_in(&payment["amount"])).sum();
        let totals = totals(scene.booking()).unwrap();
        prop_assert_eq!(i128::from(totals.owed.minor()), plan);
        prop_assert_eq!(i128::from(totals.paid.minor()), paid);
        prop_assert_eq!(i128::from(totals.balance.minor()), plan - paid);
    }

    /// Source: requirement C1
    #[test]
    fn written_and_read_again_it_is_the_same(scene in scene()) {
        let text = serde_json::to_string(scene.booking()).unwrap();
        let read: Booking = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, scene.booking());
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
        prop_assert_eq!(totals(&read).unwrap(), totals(scene.booking()).unwrap());
    }

    /// Source: requirement B7
    #[test]
    fn the_events_make_the_booking_again(scene in scene()) {
        let mut booking = None;
        for (event, at) in &scene.history.events {
            let text = serde_json::to_string(event).unwrap();
            let read: Event = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, event);
            booking = evolve(booking, &read, *at);
        }
        prop_assert_eq!(booking.as_ref(), Some(scene.booking()));
    }

    /// Source: requirement B12
    #[test]
    fn two_cancellations_never_cost_more_than_one(scene in scene(), first in chosen(), second in chosen()) {
        let together = match (selection(scene.booking(), &first), selection(scene.booking(), &second)) {
            (Selection::Parts { items, participants }, Selection::Parts { items: more, participants: others }) => {
                Selection::of_parts([items, more].concat(), [participants, others].concat())
            }
            _ => Selection::All,
        };
        let fees = |quote: &CancelQuote| minor(quote.items.iter().map(|item| item.fee));
        let Some(one) = cancel_quote(scene.booking(), &customer(together), scene.at) else { return Ok(()) };
        let mut history = scene.history.clone();
        let mut sum = 0;
        let (first, second) = (selection(scene.booking(), &first), selection(scene.booking(), &second));
        for selection in [first, second] {
            // What the first took is no longer there for the second.
            let action = customer(left_of(&history.booking, &selection));
            if let Some(quote) = cancel_quote(&history.booking, &action, scene.at) {
                sum += fees(&quote);
                history.act(Actor::Customer, action, scene.at).unwrap();
            }
        }
        prop_assert!(sum <= fees(&one), "one by one {sum}, together {}", fees(&one));
    }

    /// Source: requirements B5, B6, B9
    #[test]
    fn nobody_ever_owes_more_than_the_price(scene in scene()) {
        let mut history = scene.history.clone();
        let most = |booking: &Booking| price(booking) + gateway_kept(booking);
        prop_assert!(owed(&history.booking) <= most(&history.booking));
        let _ = history.act(Actor::Customer, customer(scene.selection), scene.at);
        prop_assert!(owed(&history.booking) <= most(&history.booking), "owed {}", owed(&history.booking));
        let took = history.booking.received().filter_map(|payment| payment.gateway_fee);
        prop_assert!(gateway_kept(&history.booking) <= minor(took));
    }
}

/// The part of a selection that is still booked.
fn left_of(booking: &Booking, selection: &Selection) -> Selection {
    let Selection::Parts { items, participants } = selection else { return Selection::All };
    let booked: Vec<_> = booking.items.iter().filter(|item| item.is_booked()).collect();
    let attends = |id| booked.iter().flat_map(|item| item.attending()).any(|one| one.id == id);
    Selection::of_parts(
        items.iter().copied().filter(|id| booked.iter().any(|item| item.id == *id)).collect(),
        participants.iter().copied().filter(|id| attends(*id)).collect(),
    )
}
