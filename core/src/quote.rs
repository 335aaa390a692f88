//! What an action would do, with nothing left to work out. [`mod@crate::decide`] carries out the same outcome: what is quoted is what happens.

use serde::Serialize;

use crate::booking::{Booking, Standing};
use crate::cancel::{Cancellation, Outcome, refusal};
use crate::command::{Action, Actor, CancelReason, NAME_CHARS_MAX, Selection};
use crate::event::Extent;
use crate::explain::{FeeLine, NextChange, Reason};
use crate::id::{ItemId, LineId, ParticipantId};
use crate::money::Money;
use crate::policy::{Code, Per, RefundMode};
use crate::refund::{Share, split};
use crate::refusal::{Refusal, Verb};
use crate::time::Instant;

/// How long a quote binds, unless its window ends before: 15 minutes.
///
/// Source: requirement E5
pub const QUOTE_VALID_MS: i64 = 15 * 60 * 1000;

/// What an action would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Quote {
    /// Canceling.
    Cancel(Box<CancelQuote>),
    /// Renaming: costs nothing.
    Rename(RenameQuote),
}

impl Quote {
    /// The version of the booking that it speaks of.
    #[must_use]
    pub fn version(&self) -> u64 {
        match self {
            Self::Cancel(quote) => quote.version,
            Self::Rename(quote) => quote.version,
        }
    }

    /// The last instant at which it binds.
    #[must_use]
    pub fn valid_until(&self) -> Instant {
        match self {
            Self::Cancel(quote) => quote.valid_until,
            Self::Rename(quote) => quote.valid_until,
        }
    }

    /// What is charged and what goes back, in minor units.
    #[must_use]
    pub fn promised_minor(&self) -> (i64, i64) {
        match self {
            Self::Cancel(quote) => (quote.fee.minor(), quote.refund.minor()),
            Self::Rename(_) => (0, 0),
        }
    }
}

/// What canceling would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// What is charged: the fees, less what is waived of them, plus what is kept for the gateway.
    pub fee: Money,
    /// What goes back by itself, or once approved.
    pub refund: Money,
    /// How it goes back.
    pub refund_mode: RefundMode,
    /// From which payments.
    pub split: Vec<Share>,
    /// The balance after it, before any money moves. Positive: the customer owes.
    pub balance_after: Money,
    /// What changes next for the same selection; none where nothing does.
    pub next_change: Option<NextChange>,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// What of one item is canceled.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// What renaming would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RenameQuote {
    /// The version of the booking that it speaks of.
    pub version: u64,
    /// When it was worked out.
    pub at: Instant,
    /// The last instant at which it binds.
    pub valid_until: Instant,
    /// Who.
    pub participant: ParticipantId,
}

/// Says what an action would do at an instant.
///
/// # Errors
/// A [`Refusal`] when the rules do not allow it.
///
/// Source: requirements E5, E7
pub fn quote(booking: &Booking, action: &Action, actor: Actor, at: Instant) -> Result<Quote, Refusal> {
    match action {
        Action::Cancel { selection, reason } => {
            let cancellation = cancellation(booking, selection, *reason, actor)?;
            let outcome = cancellation.at(at)?;
            Ok(Quote::Cancel(Box::new(describe(booking, &cancellation, &outcome, at)?)))
        }
        Action::Rename { participant, name } => {
            let until = renamable(booking, *participant, actor, at)?;
            check_text(name, NAME_CHARS_MAX)?;
            let valid_until = at.shifted_ms(QUOTE_VALID_MS).min(until);
            Ok(Quote::Rename(RenameQuote { version: booking.version, at, valid_until, participant: *participant }))
        }
    }
}

/// A cancellation that this actor may think of.
pub(crate) fn cancellation<'a>(
    booking: &'a Booking,
    selection: &Selection,
    reason: CancelReason,
    actor: Actor,
) -> Result<Cancellation<'a>, Refusal> {
    match (actor, reason) {
        (Actor::Operator, _) | (Actor::Customer | Actor::System, CancelReason::CustomerCancellation) => {
            Cancellation::new(booking, selection, reason)
        }
        (Actor::Customer | Actor::System, CancelReason::OperatorCancellation | CancelReason::RefusedOnArrival) => {
            Err(Refusal::ReasonNotAllowed {})
        }
    }
}

/// The last instant at which a participant can be renamed.
///
/// Source: requirement A4
pub(crate) fn renamable(booking: &Booking, id: ParticipantId, actor: Actor, at: Instant) -> Result<Instant, Refusal> {
    let of = |item: &&crate::booking::Item| item.participants.iter().any(|one| one.id == id);
    let item = booking.items.iter().find(of).ok_or(Refusal::UnknownParticipant { participant: id })?;
    if item.participants.iter().any(|one| one.id == id && one.standing != Standing::Booked) {
        return Err(Refusal::ParticipantCanceled { participant: id });
    }
    match (actor, item.terms.rename) {
        (Actor::Operator, _) => Ok(at.shifted_ms(QUOTE_VALID_MS)),
        (Actor::Customer | Actor::System, Some(limit)) if at <= limit => Ok(limit),
        (Actor::Customer | Actor::System, limit) => Err(refusal(item, Verb::Rename, limit)),
    }
}

/// A name or a note: not empty, not too long, no control characters.
pub(crate) fn check_text(text: &str, most: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Refusal::TextNotValid { most: u32::try_from(most).unwrap_or(u32::MAX) });
    }
    Ok(())
}

fn describe(
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
    let horizon = at.shifted_ms(QUOTE_VALID_MS);
    Ok(CancelQuote {
        version: booking.version,
        at,
        valid_until: outcome.until.map_or(horizon, |until| horizon.min(until)),
        extent: outcome.extent,
        items,
        charges: charges(cancellation, outcome)?,
        price: outcome.price,
        fee: outcome.charged()?,
        refund: outcome.refund,
        refund_mode: outcome.mode,
        split: split(booking, outcome.refund)?,
        balance_after: outcome.balance,
        next_change: next_change(cancellation, outcome)?,
        explanation: explanation(cancellation, outcome),
    })
}

impl Outcome<'_> {
    /// What is charged: the fees, less what is waived of them, plus what is kept for the gateway.
    ///
    /// # Errors
    /// A [`Refusal`] when a sum leaves the range.
    pub fn charged(&self) -> Result<Money, Refusal> {
        Ok(self.fee.minus(self.waived)?.or_zero().plus(self.gateway_fee)?)
    }
}

fn charges(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>) -> Result<Vec<QuotedCharge>, Refusal> {
    let mut charges = Vec::with_capacity(outcome.parts.len());
    for unit in cancellation.units(&outcome.parts)? {
        let (fee, lines) = cancellation.explain(&unit)?;
        let items = unit.parts.iter().filter_map(|index| cancellation.parts.get(*index)).map(|part| part.item.id);
        charges.push(QuotedCharge {
            per: unit.window.rule.per,
            items: items.collect(),
            window: unit.window.code.clone(),
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

fn explanation(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(outcome.parts.len().saturating_add(3));
    for (index, part) in cancellation.parts.iter().enumerate() {
        match outcome.parts.iter().find(|one| one.index == index) {
            Some(one) => reasons.extend(one.window.map(|window| Reason::WindowApplies {
                item: part.item.id,
                window: window.code.clone(),
                until: window.until,
            })),
            None => reasons.push(Reason::ItemStays { item: part.item.id, limit: part.item.terms.cancel }),
        }
    }
    if outcome.until.is_none() {
        reasons.push(Reason::NoFee {});
    }
    if outcome.waived.is_positive() {
        reasons.push(Reason::ShortfallWaived { amount: outcome.waived });
    }
    if outcome.billed.is_positive() {
        reasons.push(Reason::ShortfallBilled { amount: outcome.billed });
    }
    if outcome.gateway_fee.is_positive() {
        reasons.push(Reason::GatewayFeeKept { amount: outcome.gateway_fee });
    }
    if outcome.refund.is_positive() {
        reasons.push(Reason::RefundMode { mode: outcome.mode });
    }
    if outcome.by_hand.is_positive() {
        reasons.push(Reason::RefundByHand { amount: outcome.by_hand });
    }
    reasons
}
