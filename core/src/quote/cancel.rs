//! What canceling would do, in full: every fee with its steps, what goes back and from where, what changes next.

use serde::Serialize;

use super::{Outlook, PaidBack, QUOTE_VALID_MS};
use crate::booking::Booking;
use crate::cancel::{Cancellation, Outcome};
use crate::command::CancelReason;
use crate::event::Extent;
use crate::explain::{FeeLine, NextChange, Reason};
use crate::id::{ItemId, LineId, ParticipantId};
use crate::money::Money;
use crate::policy::{Code, Per};
use crate::refund::Share;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::voucher::{NewBonus, new_bonus};

/// What canceling would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CancelQuote {
    /// The version of the booking that it speaks of.
    pub version: u64,
    /// When it was worked out.
    pub at: Instant,
    /// The last instant at which it binds.
    pub valid_until: Instant,
    /// Is nothing of the booking left after it?
    pub extent: Extent,
    /// What is canceled, item by item.
    pub items: Vec<QuotedItem>,
    /// The fees, one for each time a rule was applied.
    pub charges: Vec<QuotedCharge>,
    /// The price of what is canceled.
    pub price: Money,
    /// What those who stay pay more, or (negative) no longer pay more, since a group's price is lost.
    pub group_price_lost: Money,
    /// What is charged: the fees, less what is waived of them, plus what is kept for the gateway.
    pub fee: Money,
    /// What comes back, and what that leaves.
    #[serde(flatten)]
    pub back: PaidBack,
    /// What changes next for the same selection; none where nothing does.
    pub next_change: Option<NextChange>,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// What of one item is canceled.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuotedItem {
    /// The item.
    pub item: ItemId,
    /// All that is left of it, or a part?
    pub extent: Extent,
    /// Who no longer attends.
    pub participants: Vec<ParticipantId>,
    /// Which lines are no longer due.
    pub lines: Vec<LineId>,
    /// Their price.
    pub price: Money,
    /// The item's share of the fees.
    pub fee: Money,
}

/// One rule applied once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuotedCharge {
    /// What it was worked out on.
    pub per: Per,
    /// To what.
    pub items: Vec<ItemId>,
    /// The window that holds.
    pub window: Code,
    /// Its last instant.
    pub until: Instant,
    /// The steps; they add up to the fee.
    pub lines: Vec<FeeLine>,
    /// The fee.
    pub fee: Money,
}

pub(super) fn describe(
    booking: &Booking,
    cancellation: &Cancellation<'_>,
    outcome: &Outcome<'_>,
    at: Instant,
) -> Result<CancelQuote, Refusal> {
    let mut items = Vec::with_capacity(outcome.parts.len());
    for one in &outcome.parts {
        let Some(part) = cancellation.parts.get(one.index) else { continue };
        items.push(QuotedItem {
            item: part.item.id,
            extent: part.extent,
            participants: part.participants.clone(),
            lines: part.lines.iter().map(|line| line.id).collect(),
            price: part.basis.price()?,
            fee: one.fee,
        });
    }
    let before = match outcome.extent {
        Extent::Whole => cancellation.sums.fees,
        Extent::Part => cancellation.sums.plan,
    };
    let outlook = Outlook {
        sums: &cancellation.sums,
        before,
        owed: outcome.owed,
        balance: outcome.balance,
        refund: outcome.refund,
        by_hand: outcome.by_hand,
        mode: outcome.mode,
        to: cancellation.refund_to,
        offer: outcome.offer.as_ref(),
    };
    let back = outlook.paid_back(booking, at)?;
    let horizon = at.shifted_ms(QUOTE_VALID_MS);
    Ok(CancelQuote {
        version: booking.version,
        at,
        valid_until: outcome.until.map_or(horizon, |until| horizon.min(until)),
        extent: outcome.extent,
        items,
        charges: charges(cancellation, outcome)?,
        price: outcome.price,
        group_price_lost: outcome.group_price_lost,
        fee: outcome.charged()?,
        explanation: explanation(cancellation, outcome, &back.split, at)?,
        back,
        next_change: next_change(cancellation, outcome)?,
    })
}

impl Outcome<'_> {
    /// What is charged: the fees, less what is waived of them, plus what is kept for the gateway.
    ///
    /// # Errors
    /// A [`Refusal`] when a sum leaves the range.
    pub fn charged(&self) -> Result<Money, Refusal> {
        Ok(self.fee.minus(self.waived)?.or_zero().plus(self.gateway.amount)?)
    }
}

impl Cancellation<'_> {
    fn why_overridden(&self, outcome: &Outcome<'_>) -> Option<Reason> {
        let crate::command::Override { fee, window, why } = self.override_given()?;
        let by_policy = outcome.by_policy;
        Some(Reason::Overridden { window: *window, fee: *fee, by_policy, why: why.clone() })
    }

    fn group_prices_lost<'a>(&'a self, outcome: &'a Outcome<'_>) -> impl Iterator<Item = Reason> + 'a {
        let counts = self.loses_group_prices();
        let parts = outcome.parts.iter().filter(move |_| counts).filter_map(|one| self.parts.get(one.index));
        parts.filter_map(|part| Some(part.group_price_lost?.because(part.item.id)))
    }
}

fn charges(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>) -> Result<Vec<QuotedCharge>, Refusal> {
    let mut charges = Vec::with_capacity(outcome.parts.len());
    if cancellation.override_given().is_some_and(|overridden| overridden.fee.is_some()) {
        return Ok(charges);
    }
    for unit in cancellation.units(&outcome.parts)? {
        let (fee, lines) = cancellation.explain(&unit)?;
        let items = unit.parts.iter().filter_map(|index| cancellation.parts.get(*index)).map(|part| part.item.id);
        charges.push(QuotedCharge {
            per: unit.window.rule.per,
            items: items.collect(),
            window: unit.window.code,
            until: unit.window.until,
            lines,
            fee,
        });
    }
    Ok(charges)
}

/// The first instant after which the same selection costs something else, or is not possible any more. Windows that end without that are
/// passed over.
fn next_change(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>) -> Result<Option<NextChange>, Refusal> {
    let now = (outcome.charged()?, outcome.refund, outcome.mode);
    let mut until = outcome.until;
    while let Some(after) = until {
        match cancellation.at(after.just_after()) {
            Ok(then) if (then.charged()?, then.refund, then.mode) == now => until = then.until,
            Ok(then) => return Ok(Some(NextChange::Price { after, fee: then.charged()?, refund: then.refund })),
            Err(_) => {
                let part = cancellation.parts.iter().find(|part| part.item.terms.cancel == Some(after));
                return Ok(part.map(|part| NextChange::Closed { after, place: part.item.place() }));
            }
        }
    }
    Ok(None)
}

fn explanation(
    cancellation: &Cancellation<'_>,
    outcome: &Outcome<'_>,
    split: &[Share],
    at: Instant,
) -> Result<Vec<Reason>, Refusal> {
    let mut reasons = Vec::with_capacity(outcome.parts.len().saturating_add(3));
    for (index, part) in cancellation.parts.iter().enumerate() {
        match outcome.parts.iter().find(|one| one.index == index) {
            Some(one) => reasons.extend(one.window.map(|window| Reason::WindowApplies {
                item: part.item.id,
                window: window.code,
                until: window.until,
            })),
            None => reasons.push(Reason::ItemStays { item: part.item.id, limit: part.item.terms.cancel }),
        }
    }
    reasons.extend(cancellation.why_overridden(outcome));
    if cancellation.reason != CancelReason::CustomerCancellation {
        reasons.push(Reason::NoFee {});
    }
    reasons.extend(cancellation.group_prices_lost(outcome));
    if outcome.waived.is_positive() {
        reasons.push(Reason::ShortfallWaived { amount: outcome.waived });
    }
    if outcome.billed.is_positive() {
        reasons.push(Reason::ShortfallBilled { amount: outcome.billed });
    }
    if outcome.gateway.amount.is_positive() {
        reasons.push(Reason::GatewayFeeKept(outcome.gateway));
    }
    if outcome.refund.is_positive() {
        reasons.push(Reason::RefundMode { mode: outcome.mode });
    }
    if let Some(offer) = &outcome.offer {
        let NewBonus { of, amount: bonus, expires_at } = new_bonus(outcome.refund.currency(), split, offer, at)?;
        if bonus.is_positive() {
            reasons.push(Reason::VoucherBonus { percent: offer.bonus, of, bonus, expires_at });
        }
    }
    if outcome.by_hand.is_positive() {
        reasons.push(Reason::RefundByHand { amount: outcome.by_hand });
    }
    Ok(reasons)
}
