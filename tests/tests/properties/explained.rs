//! An explanation is enough to work every amount out again: fees from the frozen rule, their lines, refunds from the settlement. In whole
//! numbers, with none of the core's arithmetic.

use leeway_core::booking::{Item, Standing};
use leeway_core::explain::{FeeCode, FeeLine, Reason, Settlement};
use leeway_core::policy::{Per, Rule};
use leeway_core::quote::{CancelQuote, Quote, QuotedCharge, QuotedMove};
use leeway_core::refund::RefundState;
use leeway_core::{Booking, Money, quote};
use proptest::prelude::*;

use super::config;
use super::generate::{moving, pieces, scene};
use super::money::{cancel_quote, minor};
use super::play::rebooking;

/// A minor unit in millionths, in which a percentage with four digits is whole.
const UNIT: i128 = 1_000_000;

fn exact(money: Money) -> i128 {
    i128::from(money.minor()) * UNIT
}

/// Half a minor unit away from zero; nothing here is below zero.
fn rounded(millionths: i128) -> i64 {
    i64::try_from((millionths + UNIT / 2) / UNIT).unwrap()
}

/// A percentage in millionths.
fn millionths(percent: &str) -> i128 {
    let (whole, digits) = percent.split_once('.').unwrap_or((percent, ""));
    format!("{whole}{digits:0<4}").parse().unwrap()
}

/// What a rule is applied to.
#[derive(Debug, Default)]
struct Basis {
    kept: i128,
    rest: i128,
    people: i128,
}

impl Basis {
    fn add(&mut self, item: &Item, standing: impl Fn(Standing, bool) -> bool, quote: &CancelQuote) {
        let lines = quote.items.iter().filter(|one| one.item == item.id).flat_map(|one| &one.lines);
        let lines: Vec<_> = lines.collect();
        for line in item.lines.iter().filter(|line| standing(line.standing, lines.contains(&&line.id))) {
            let sum = if item.terms.keep.contains(&line.kind) { &mut self.kept } else { &mut self.rest };
            *sum += exact(line.price);
        }
        let people = quote.items.iter().filter(|one| one.item == item.id).flat_map(|one| &one.participants);
        let people: Vec<_> = people.collect();
        let goes = item.participants.iter().filter(|one| standing(one.standing, people.contains(&&one.id)));
        self.people += i128::try_from(goes.count()).unwrap();
    }

    /// The fee in millionths, before anything was charged earlier.
    fn fee(&self, rule: &Rule) -> i128 {
        let mut sum = self.kept;
        sum += rule.percent.map_or(0, |percent| self.rest / UNIT * millionths(&percent.to_string()));
        sum += rule.fixed.map_or(0, exact) + rule.per_participant.map_or(0, |each| exact(each) * self.people);
        sum = rule.min.map_or(sum, |min| sum.max(exact(min)));
        sum = rule.max.map_or(sum, |max| sum.min(exact(max)));
        sum.min(self.kept + self.rest)
    }
}

/// What the items of a charge, and those that belong to it since they were charged in the same window before, come to; and what they were
/// charged.
fn basis(booking: &Booking, quote: &CancelQuote, charge: &QuotedCharge) -> (Basis, i64) {
    let (mut basis, mut charged) = (Basis::default(), 0);
    let policy = &booking.item(charge.items[0]).unwrap().terms.policy;
    for item in &booking.items {
        let is_meant = charge.items.contains(&item.id);
        let belongs = charge.per == Per::Booking
            && item.charged_in.as_ref() == Some(&charge.window)
            && item.terms.policy == *policy
            && !quote.items.iter().any(|one| one.item == item.id);
        if is_meant || belongs {
            basis.add(item, |standing, goes| standing == Standing::Canceled || (is_meant && goes), quote);
            charged += minor(item.charged.iter().copied());
        }
    }
    (basis, charged)
}

/// Adds the lines up again from their parameters: each says by how much it moves the rounded sum.
fn check_lines(lines: &[FeeLine], kept: i128, charged: i64) -> Result<i64, TestCaseError> {
    let (mut sum, mut shown) = (0_i128, 0_i64);
    for line in lines {
        let amount = line.amount.minor();
        match &line.code {
            FeeCode::KeptLines {} => {
                prop_assert_eq!(exact(line.amount), kept);
                sum += kept;
            }
            FeeCode::Percent { percent, of } => sum += i128::from(of.minor()) * millionths(&percent.to_string()),
            FeeCode::Fixed {} => sum += exact(line.amount),
            FeeCode::PerParticipant { each, participants } => sum += exact(*each) * i128::from(*participants),
            FeeCode::Minimum { min } => {
                prop_assert!(sum < exact(*min), "raised, though it was not below");
                sum = exact(*min);
            }
            FeeCode::Maximum { max } => {
                prop_assert!(sum > exact(*max), "lowered, though it was not above");
                sum = exact(*max);
            }
            FeeCode::PriceCap { price } => {
                prop_assert!(sum > exact(*price), "capped, though it was not above");
                sum = exact(*price);
            }
            FeeCode::AlreadyCharged {} => {
                prop_assert_eq!(amount, -charged);
                shown -= charged;
                continue;
            }
            FeeCode::NotBelowZero {} => {
                prop_assert!(shown < 0 && amount == -shown);
                shown = 0;
                continue;
            }
        }
        prop_assert_eq!(amount, rounded(sum) - shown, "{:?}", line);
        shown = rounded(sum);
    }
    Ok(shown)
}

/// What is kept for the gateway, from the figures that are shown.
fn gateway(booking: &Booking, reasons: &[Reason], going: i64) -> Result<i64, TestCaseError> {
    let kept = reasons.iter().find_map(|reason| match reason {
        Reason::GatewayFeeKept(kept) => Some(kept),
        _ => None,
    });
    let Some(kept) = kept else { return Ok(0) };
    let took = booking.received().filter_map(|payment| payment.gateway_fee);
    prop_assert_eq!(kept.took.minor(), minor(took));
    prop_assert_eq!(kept.received.minor(), minor(booking.received().map(|payment| payment.amount)));
    prop_assert_eq!(kept.kept_before.minor(), super::history::gateway_kept(booking));
    let counts = booking.refunds.iter().filter(|one| one.is_in_ledger() && one.state != RefundState::Voided);
    let gone = minor(counts.map(|refund| refund.amount)) + kept.kept_before.minor() + going;
    prop_assert_eq!(kept.gone.minor(), gone.min(kept.received.minor()), "what goes back, voided entries left out");
    let (took, received) = (i128::from(kept.took.minor()), i128::from(kept.received.minor()));
    let share = (took * i128::from(kept.gone.minor()) * 2 + received) / (received * 2);
    let share = i64::try_from(share).unwrap() - kept.kept_before.minor();
    prop_assert_eq!(kept.amount.minor(), share.clamp(0, going));
    Ok(kept.amount.minor())
}

fn check_settlement(
    booking: &Booking,
    settlement: &Settlement,
    (refund, balance_after): (Money, Money),
    reasons: &[Reason],
) -> Result<i64, TestCaseError> {
    let (owed, paid, promised) = (settlement.owed.minor(), settlement.paid.minor(), settlement.promised.minor());
    let gateway = gateway(booking, reasons, refund.minor() + gateway_shown(reasons))?;
    prop_assert_eq!(balance_after.minor(), owed - paid);
    prop_assert!(
        refund.minor() + settlement.by_hand.minor() <= (paid - promised - owed.max(0)).max(0),
        "more than is free"
    );
    let by_hand: i64 = reasons
        .iter()
        .map(|reason| match reason {
            Reason::RefundByHand { amount } => amount.minor(),
            _ => 0,
        })
        .sum();
    prop_assert_eq!(by_hand, settlement.by_hand.minor());
    Ok(gateway)
}

fn gateway_shown(reasons: &[Reason]) -> i64 {
    let shown = |reason: &Reason| if let Reason::GatewayFeeKept(kept) = reason { kept.amount.minor() } else { 0 };
    reasons.iter().map(shown).sum()
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirements B5, B12, E7
    #[test]
    fn a_fee_is_what_the_frozen_rule_makes_of_it(scene in scene()) {
        let booking = scene.booking();
        let Some(quote) = cancel_quote(booking, &scene.selection, scene.at) else { return Ok(()) };
        for charge in &quote.charges {
            let item = booking.item(charge.items[0]).unwrap();
            let window = item.terms.windows.iter().find(|window| scene.at <= window.until).unwrap();
            prop_assert_eq!((&window.code, window.until), (&charge.window, charge.until));
            let (basis, charged) = basis(booking, &quote, charge);
            let fee = (rounded(basis.fee(&window.rule)) - charged).max(0);
            prop_assert_eq!(charge.fee.minor(), fee, "{:?} of {:?}", window.rule, basis);
            let lines = check_lines(&charge.lines, basis.kept, charged)?;
            prop_assert_eq!(lines, fee, "the lines");
            for line in &charge.lines {
                if let FeeCode::Percent { of, .. } = &line.code {
                    prop_assert_eq!(exact(*of), basis.rest);
                }
                if let FeeCode::PerParticipant { participants, .. } = &line.code {
                    prop_assert_eq!(i128::from(*participants), basis.people);
                }
            }
        }
    }

    /// Source: requirements B6, B9, E7
    #[test]
    fn a_refund_is_what_its_settlement_says(scene in scene()) {
        let booking = scene.booking();
        let Some(quote) = cancel_quote(booking, &scene.selection, scene.at) else { return Ok(()) };
        let Settled { waived, billed, lost } = Settled::of(&quote.explanation);
        let fees = minor(quote.charges.iter().map(|charge| charge.fee));
        let gateway = check_settlement(booking, &quote.back.settlement, (quote.back.refund, quote.back.balance_after), &quote.explanation)?;
        prop_assert_eq!(quote.fee.minor(), (fees - waived).max(0) + gateway);
        prop_assert_eq!(quote.group_price_lost.minor(), lost);
        let Settlement { owed, paid, promised, .. } = quote.back.settlement;
        // What is kept for the gateway is taken of what is free, also where a rebate has left less than nothing owed.
        let free = (paid.minor() - promised.minor() - (owed.minor() - gateway).max(0)).max(0);
        prop_assert_eq!(quote.back.refund.minor(), (free - quote.back.settlement.by_hand.minor()).max(0) - gateway);
        let counts = |charge: &&leeway_core::booking::Charge| {
            quote.extent == leeway_core::event::Extent::Part || charge.kind.outlives_cancellation()
        };
        let before = minor(booking.plan.iter().filter(counts).map(|charge| charge.amount));
        let goes = if quote.extent == leeway_core::event::Extent::Part { lost - quote.price.minor() } else { 0 };
        prop_assert_eq!(quote.back.settlement.owed.minor(), before + goes + fees - waived + gateway);
        prop_assert!(waived == 0 || billed == 0);
        prop_assert!(billed == 0 || billed <= quote.back.settlement.owed.minor());
    }

    /// Source: requirements D4, E7
    #[test]
    fn a_move_costs_what_its_explanation_says(scene in scene(), pieces in pieces(), how in moving()) {
        let Some(action) = rebooking(&scene.history, 0, &pieces, how) else { return Ok(()) };
        let (booking, offers) = (scene.booking(), scene.history.offers());
        let Ok(Quote::Rebook(quote)) = quote(booking, &action, &offers, how.actor(), scene.at) else { return Ok(()) };
        let gateway = check_settlement(booking, &quote.back.settlement, (quote.back.refund, quote.back.balance_after), &quote.explanation)?;
        let (old, new) = (|one: &QuotedMove| one.old_price, |one: &QuotedMove| one.new_price);
        let difference = minor(quote.moves.iter().map(new)) - minor(quote.moves.iter().map(old));
        prop_assert_eq!(quote.difference.minor(), difference);
        let shown = |reason: &Reason| if let Reason::DifferenceKept { amount, .. } = reason { amount.minor() } else { 0 };
        prop_assert_eq!(quote.kept.minor(), quote.explanation.iter().map(shown).sum::<i64>());
        prop_assert_eq!(quote.group_price_lost.minor(), Settled::of(&quote.explanation).lost);
        let sum = difference + quote.kept.minor() + quote.group_price_lost.minor() + quote.fee.minor() + gateway;
        prop_assert_eq!(quote.charged.minor(), sum);
        let plan = minor(booking.plan.iter().map(|charge| charge.amount));
        prop_assert_eq!(quote.back.settlement.owed.minor(), plan + sum);
        for fee in &quote.fees {
            prop_assert_eq!(check_lines(&fee.lines, 0, 0)?, fee.fee.minor());
        }
        for (moved, told) in quote.moves.iter().zip(&pieces) {
            let item = booking.item(moved.item).unwrap();
            let slot = told.slot.get(&scene.history.slots);
            let lines = item.lines.iter().filter(|line| moved.lines.contains(&line.id));
            prop_assert_eq!(minor(lines.clone().map(|line| line.price)), moved.old_price.minor());
            let price = |line: &leeway_core::booking::Line| slot.prices.iter().find(|priced| priced.kind == line.kind).map_or(line.price, |priced| priced.price);
            let most = minor(lines.map(|line| price(line).minor().max(line.price.minor())).map(|minor| Money::of_minor(minor, booking.currency).unwrap()));
            prop_assert!(moved.new_price.minor() <= most, "dearer than either price");
        }
    }
}

/// The amounts of an explanation.
struct Settled {
    waived: i64,
    billed: i64,
    lost: i64,
}

impl Settled {
    fn of(reasons: &[Reason]) -> Self {
        let mut sums = Self { waived: 0, billed: 0, lost: 0 };
        for reason in reasons {
            match reason {
                Reason::ShortfallWaived { amount } => sums.waived += amount.minor(),
                Reason::ShortfallBilled { amount } => sums.billed += amount.minor(),
                Reason::GroupPriceLost { amount, .. } => sums.lost += amount.minor(),
                _ => {}
            }
        }
        sums
    }
}
