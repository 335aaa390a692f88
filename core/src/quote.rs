//! What an action would do, with nothing left to work out: canceling in [`cancel`], rebooking in [`mod@rebook`]. [`mod@crate::decide`] carries out
//! the same outcome: what is quoted is what happens.

use serde::Serialize;

use crate::booking::{Booking, Standing};
use crate::cancel::{Cancellation, refusal};
use crate::command::{Action, Actor, CancelReason, NAME_CHARS_MAX, RefundTo};
use crate::explain::Settlement;
use crate::id::ParticipantId;
use crate::money::Money;
use crate::policy::{RefundMode, VoucherOffer};
use crate::rebook::{Offer, Rebooking};
use crate::refund::{Share, split};
use crate::refusal::{Refusal, Verb};
use crate::settle::Sums;
use crate::time::Instant;
use crate::voucher::{VoucherPart, worth};

pub mod cancel;
pub mod rebook;

pub use cancel::{CancelQuote, QuotedCharge, QuotedItem};
pub use rebook::{QuotedFee, QuotedMove, RebookQuote};

/// How long a quote binds, unless its window ends before: 15 minutes.
///
/// Source: requirement E5
pub const QUOTE_VALID_MS: i64 = 15 * 60 * 1000;

/// What an action would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Quote {
    /// Canceling.
    Cancel(Box<CancelQuote>),
    /// Moving to other slots.
    Rebook(Box<RebookQuote>),
    /// Renaming: costs nothing.
    Rename(RenameQuote),
}

impl Quote {
    /// The version of the booking that it speaks of.
    #[must_use]
    pub fn version(&self) -> u64 {
        match self {
            Self::Cancel(quote) => quote.version,
            Self::Rebook(quote) => quote.version,
            Self::Rename(quote) => quote.version,
        }
    }

    /// The last instant at which it binds.
    #[must_use]
    pub fn valid_until(&self) -> Instant {
        match self {
            Self::Cancel(quote) => quote.valid_until,
            Self::Rebook(quote) => quote.valid_until,
            Self::Rename(quote) => quote.valid_until,
        }
    }

    /// What is charged and what goes back, in minor units.
    #[must_use]
    pub fn promised_minor(&self) -> (i64, i64) {
        match self {
            Self::Cancel(quote) => (quote.fee.minor(), quote.back.refund.minor()),
            Self::Rebook(quote) => (quote.charged.minor(), quote.back.refund.minor()),
            Self::Rename(_) => (0, 0),
        }
    }
}

/// The money of a quote that comes back, and what it leaves. Written flat, among the quote's own fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaidBack {
    /// What goes back by itself, or once approved.
    pub refund: Money,
    /// How it goes back.
    pub refund_mode: RefundMode,
    /// Money, or a voucher in its place.
    pub refund_to: RefundTo,
    /// From which payments.
    pub split: Vec<Share>,
    /// What the voucher would be worth; empty where money goes back.
    pub voucher: Vec<VoucherPart>,
    /// Where the refund comes from.
    pub settlement: Settlement,
    /// The balance after it, before any money moves. Positive: the customer owes.
    pub balance_after: Money,
}

/// What an action comes to, as a quote tells it.
struct Outlook<'a> {
    sums: &'a Sums,
    before: Money,
    owed: Money,
    balance: Money,
    refund: Money,
    by_hand: Money,
    mode: RefundMode,
    to: RefundTo,
    offer: Option<&'a VoucherOffer>,
}

impl Outlook<'_> {
    fn paid_back(&self, booking: &Booking, at: Instant) -> Result<PaidBack, Refusal> {
        let Self { sums, before, owed, balance, refund, by_hand, mode, to, offer } = *self;
        let split = split(booking, refund)?;
        let voucher = match to {
            RefundTo::Voucher => worth(booking.currency, split.iter(), offer, at)?,
            RefundTo::Money => Vec::new(),
        };
        let settlement = Settlement { before, owed, paid: sums.paid, promised: sums.promised, by_hand };
        Ok(PaidBack { refund, refund_mode: mode, refund_to: to, split, voucher, settlement, balance_after: balance })
    }
}

/// What renaming would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Says what an action would do at an instant. `offers` are the slots that a move names, as they were looked up; empty for other actions.
///
/// # Errors
/// A [`Refusal`] when the rules do not allow it.
///
/// ```
/// use leeway_core::{Action, Actor, Instant, Quote, Selection, quote};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let Quote::Cancel(quote) = quote(&booking, &Action::cancel(Selection::All), &[], Actor::Customer, at)? else { return Ok(()) };
/// assert_eq!((quote.fee.to_string(), quote.back.refund.to_string()), ("347.46 EUR".to_owned(), "274.45 EUR".to_owned()));
/// assert_eq!(quote.valid_until, Instant::parse("2026-11-23T12:15:00Z")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirements E5, E7
pub fn quote(
    booking: &Booking,
    action: &Action,
    offers: &[Offer],
    actor: Actor,
    at: Instant,
) -> Result<Quote, Refusal> {
    match action {
        Action::Cancel { .. } => {
            let cancellation = cancellation(booking, action, actor)?;
            let outcome = cancellation.at(at)?;
            Ok(Quote::Cancel(Box::new(cancel::describe(booking, &cancellation, &outcome, at)?)))
        }
        Action::Rebook { moves, reason, overridden } => {
            let rebooking = Rebooking::new(booking, moves, *reason, overridden.as_deref(), offers, (actor, at))?;
            let moved = rebooking.settle(at)?;
            Ok(Quote::Rebook(Box::new(rebook::describe(booking, &rebooking, &moved, at)?)))
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
    action: &'a Action,
    actor: Actor,
) -> Result<Cancellation<'a>, Refusal> {
    let Action::Cancel { selection, reason, refund_to, overridden } = action else {
        return Err(Refusal::NothingSelected {});
    };
    let overridden = overridden.as_deref();
    if actor != Actor::Operator && (*reason != CancelReason::CustomerCancellation || overridden.is_some()) {
        return Err(Refusal::ReasonNotAllowed {});
    }
    Cancellation::new(booking, selection, *reason)?.refunded_to(*refund_to).overridden(overridden)
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
