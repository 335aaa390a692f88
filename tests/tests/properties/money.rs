//! No cent is lost or made: shares add up, fees never exceed prices, nothing goes back that did not come.

use std::collections::BTreeMap;

use leeway_core::allocate::allocate;
use leeway_core::balance::totals;
use leeway_core::booking::{ChargeKind, Payment, Standing};
use leeway_core::command::{Action, Actor, Selection};
use leeway_core::quote::{CancelQuote, Quote};
use leeway_core::refund::RefundState;
use leeway_core::{Booking, Instant, Money, quote};
use proptest::collection::vec;
use proptest::prelude::*;

use super::config;
use super::generate::{chosen, currency, scene};
use super::history::{gateway_kept, price};
use super::play::selection;

pub(crate) fn cancel_quote(booking: &Booking, selection: &Selection, at: Instant) -> Option<CancelQuote> {
    match quote(booking, &Action::cancel(selection.clone()), &[], Actor::Customer, at) {
        Ok(Quote::Cancel(quote)) => Some(*quote),
        Ok(Quote::Rebook(_) | Quote::Rename(_)) | Err(_) => None,
    }
}

pub(crate) fn minor(amounts: impl IntoIterator<Item = Money>) -> i64 {
    amounts.into_iter().map(|amount| amount.minor()).sum()
}

/// Everything that was ever added to the price, canceled or not: what nobody can owe more than.
fn most(booking: &Booking) -> i64 {
    let adds = |kind: &ChargeKind| {
        !matches!(kind, ChargeKind::Instalment { .. } | ChargeKind::CancellationFee {} | ChargeKind::PriceDifference {})
    };
    let charges = booking.charges().filter(|charge| adds(&charge.kind) && charge.amount.is_positive());
    price(booking) + minor(charges.map(|charge| charge.amount))
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
        let Some(quote) = cancel_quote(scene.booking(), &scene.selection, scene.at) else { return Ok(()) };
        for charge in &quote.charges {
            prop_assert_eq!(minor(charge.lines.iter().map(|line| line.amount)), charge.fee.minor());
            prop_assert!(!charge.fee.is_negative());
            let shares = quote.items.iter().filter(|item| charge.items.contains(&item.item)).map(|item| item.fee);
            prop_assert_eq!(minor(shares), charge.fee.minor(), "the items' shares of one charge");
        }
        let fees = minor(quote.charges.iter().map(|charge| charge.fee));
        prop_assert_eq!(minor(quote.items.iter().map(|item| item.fee)), fees);
        prop_assert_eq!(minor(quote.items.iter().map(|item| item.price)), quote.price.minor());
        prop_assert_eq!(minor(quote.back.split.iter().map(|share| share.amount)), quote.back.refund.minor());
    }

    /// Source: requirements C5, C11
    #[test]
    fn refunds_never_exceed_what_came_in(scene in scene()) {
        for booking in scene.history.tracks.iter().map(|track| &track.booking) {
            let counts = || booking.refunds.iter().filter(|one| one.is_in_ledger() && one.state != RefundState::Voided);
            let (mut taken, mut back) = (BTreeMap::new(), BTreeMap::new());
            for share in counts().flat_map(|refund| &refund.split) {
                *taken.entry(share.payment).or_insert(0) += share.amount.minor();
            }
            for payment in &booking.payments {
                if let Payment::PaidBack { payment, amount, .. } | Payment::Reversed { payment, amount, .. } = payment {
                    *back.entry(*payment).or_insert(0) -= amount.minor();
                }
            }
            for payment in booking.received() {
                let of = |sums: &mut BTreeMap<_, i64>| sums.remove(&payment.id).unwrap_or(0);
                let (taken, back) = (of(&mut taken), of(&mut back));
                prop_assert!(0 <= back && back <= taken && taken <= payment.amount.minor(), "{back}, {taken} of {payment:?}");
                prop_assert_eq!(booking.left_of(payment).unwrap().minor(), payment.amount.minor() - taken);
            }
            prop_assert!(taken.is_empty() && back.is_empty(), "money went back of payments that never came");
            for refund in booking.refunds.iter().filter(|refund| refund.is_in_ledger()) {
                prop_assert_eq!(minor(refund.split.iter().map(|share| share.amount)), refund.amount.minor());
                prop_assert!(refund.amount.is_positive() && refund.split.iter().all(|share| share.amount.is_positive()));
            }
            let captured = minor(booking.received().map(|payment| payment.amount));
            prop_assert!(minor(counts().map(|refund| refund.amount)) <= captured);
            prop_assert!(!totals(booking).unwrap().paid.is_negative());
        }
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
        if scene.booking().items.iter().any(|item| was_charged_elsewhere(item, scene.at)) {
            return Ok(());
        }
        // What is charged for it, and what those who stay pay more.
        let cost = |quote: &CancelQuote| minor(quote.items.iter().map(|item| item.fee)) + quote.group_price_lost.minor();
        let Some(one) = cancel_quote(scene.booking(), &together, scene.at) else { return Ok(()) };
        let mut history = scene.history.clone();
        let mut sum = 0;
        let (first, second) = (selection(scene.booking(), &first), selection(scene.booking(), &second));
        for selection in [first, second] {
            // What the first took is no longer there for the second.
            let left = left_of(history.booking(), &selection);
            if let Some(quote) = cancel_quote(history.booking(), &left, scene.at) {
                sum += cost(&quote);
                history.act(Actor::Customer, Action::cancel(left), scene.at).unwrap();
            }
        }
        prop_assert!(sum <= cost(&one), "one by one {sum}, together {}", cost(&one));
        // Waiving looks at everything owed, so that two steps leave no more owed than one, the gateway's part aside.
        let mut at_once = scene.history.clone();
        at_once.act(Actor::Customer, Action::cancel(together), scene.at).unwrap();
        let owed = |booking: &Booking| totals(booking).unwrap().owed.minor() - gateway_kept(booking);
        prop_assert!(owed(history.booking()) <= owed(at_once.booking()), "owed one by one and together");
    }

    /// Source: requirements B5, B10, B12
    #[test]
    fn fees_never_exceed_the_price_of_what_was_canceled(scene in scene()) {
        let mut history = scene.history.clone();
        let _ = history.act(Actor::Customer, Action::cancel(scene.selection.clone()), scene.at);
        let booking = history.booking();
        let charged = minor(booking.items.iter().flat_map(|item| item.charged.iter().copied()));
        let lines = booking.items.iter().flat_map(|item| &item.lines);
        let canceled = lines.filter(|line| line.standing == Standing::Canceled);
        prop_assert!(charged <= minor(canceled.map(|line| line.price)));
        let fees = booking.plan.iter().filter(|charge| charge.kind == ChargeKind::CancellationFee {});
        // A fee that the operator decided on is in the plan alone: no later fee counts it.
        prop_assert!(minor(fees.map(|charge| charge.amount)) >= charged, "each fee is in the plan");
    }

    /// Source: requirements B5, B6, B9
    #[test]
    fn nobody_ever_owes_more_than_the_price(scene in scene()) {
        let mut history = scene.history.clone();
        let owed = |booking: &Booking| totals(booking).unwrap().owed.minor();
        prop_assert!(owed(history.booking()) <= most(history.booking()));
        let _ = history.act(Actor::Customer, Action::cancel(scene.selection.clone()), scene.at);
        let booking = history.booking();
        prop_assert!(owed(booking) <= most(booking), "owed {}, at most {}", owed(booking), most(booking));
        let took = booking.received().filter_map(|payment| payment.gateway_fee);
        prop_assert!(gateway_kept(booking) <= minor(took));
    }
}

/// Was it charged in another window than the one that holds now? A rule per booking has then two windows with fees of their own, and what was
/// charged too much in the one is credited in the other only to what is canceled together with it: record 5.
fn was_charged_elsewhere(item: &leeway_core::Item, at: Instant) -> bool {
    let now = item.terms.window_at(at).map(|window| &window.code);
    item.is_booked() && item.charged_in.is_some() && item.charged_in.as_ref() != now
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
