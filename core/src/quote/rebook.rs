//! What moving would do, in full: old and new prices, the fee with its steps, what is due or goes back, which message follows. It holds no
//! place: whoever commits first has it.

use serde::Serialize;

use super::{Outlook, PaidBack, QUOTE_VALID_MS};
use crate::booking::{Booking, Slot};
use crate::command::{MoveReason, RefundTo};
use crate::event::Extent;
use crate::explain::{FeeLine, Reason};
use crate::fee;
use crate::id::{ItemId, LineId, ParticipantId};
use crate::money::Money;
use crate::policy::Per;
use crate::rebook::{Going, Message, Moved, Rebooking};
use crate::refusal::Refusal;
use crate::time::Instant;

/// What moving would do.
///
/// Source: requirement D4
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RebookQuote {
    /// The version of the booking that it speaks of.
    pub version: u64,
    /// When it was worked out.
    pub at: Instant,
    /// The last instant at which it binds, as long as the places are free.
    pub valid_until: Instant,
    /// What moves, move by move.
    pub moves: Vec<QuotedMove>,
    /// The fees, one for each time a rule was applied.
    pub fees: Vec<QuotedFee>,
    /// The new prices less the old ones.
    pub difference: Money,
    /// What is kept of a lower price.
    pub kept: Money,
    /// What those who stay pay more, or (negative) no longer pay more, since a group's price is lost.
    pub group_price_lost: Money,
    /// What the moves cost.
    pub fee: Money,
    /// What the booking costs more in all, or (negative) less: difference, what is kept, group prices, fee, gateway fee.
    pub charged: Money,
    /// What comes back, and what that leaves.
    #[serde(flatten)]
    pub back: PaidBack,
    /// Which message follows.
    pub message: Message,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// What of one item moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuotedMove {
    /// The item.
    pub item: ItemId,
    /// All that is left of it, or a part, which becomes an item of its own?
    pub extent: Extent,
    /// Who moves.
    pub participants: Vec<ParticipantId>,
    /// Which lines move.
    pub lines: Vec<LineId>,
    /// Where to.
    pub slot: Slot,
    /// The price of what moves.
    pub old_price: Money,
    /// Its price in the new slot.
    pub new_price: Money,
}

/// One rule applied once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuotedFee {
    /// What it was worked out on.
    pub per: Per,
    /// To what.
    pub items: Vec<ItemId>,
    /// The steps; they add up to the fee.
    pub lines: Vec<FeeLine>,
    /// The fee.
    pub fee: Money,
}

pub(super) fn describe(
    booking: &Booking,
    rebooking: &Rebooking<'_>,
    moved: &Moved,
    at: Instant,
) -> Result<RebookQuote, Refusal> {
    let horizon = at.shifted_ms(QUOTE_VALID_MS);
    let starts = rebooking.moves.iter().map(|going| going.offer.slot.time.starts_at.just_before());
    let starts = starts.filter(|_| rebooking.is_bound());
    // What is kept of a lower price, and how the rest comes back, is the window's.
    let windows = rebooking.moves.iter().filter_map(|going| going.part.item.terms.window_at(at));
    let windows = windows.filter(|_| rebooking.reason == MoveReason::CustomerRequest).map(|window| window.until);
    let outlook = Outlook {
        sums: &rebooking.sums,
        before: rebooking.sums.plan,
        owed: moved.owed,
        balance: moved.balance,
        refund: moved.refund,
        by_hand: moved.by_hand,
        mode: moved.mode,
        to: if moved.to_voucher { RefundTo::Voucher } else { RefundTo::Money },
        offer: None,
    };
    Ok(RebookQuote {
        version: booking.version,
        at,
        valid_until: rebooking.until.into_iter().chain(starts).chain(windows).fold(horizon, Instant::min),
        moves: rebooking.moves.iter().map(quoted_move).collect(),
        fees: moved.fees.iter().map(quoted_fee).collect::<Result<_, _>>()?,
        difference: moved.difference,
        kept: moved.kept,
        group_price_lost: moved.group_price_lost,
        fee: moved.fee,
        charged: moved.owed.minus(rebooking.sums.plan)?,
        back: outlook.paid_back(booking, at)?,
        message: rebooking.message(),
        explanation: explanation(rebooking, moved, at),
    })
}

fn quoted_move(going: &Going<'_>) -> QuotedMove {
    QuotedMove {
        item: going.part.item.id,
        extent: going.part.extent,
        participants: going.part.participants.clone(),
        lines: going.lines.iter().map(|(line, _)| line.id).collect(),
        slot: going.offer.slot.clone(),
        old_price: going.old,
        new_price: going.new,
    }
}

fn quoted_fee(fee: &crate::rebook::MoveFee) -> Result<QuotedFee, Refusal> {
    Ok(QuotedFee {
        per: fee.rule.per,
        items: fee.items.clone(),
        lines: fee::explain(&fee.rule, fee.basis)?,
        fee: fee.fee,
    })
}

fn explanation(rebooking: &Rebooking<'_>, moved: &Moved, at: Instant) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(rebooking.moves.len().saturating_mul(3));
    for going in &rebooking.moves {
        let item = going.part.item;
        if going.old != going.new {
            reasons.push(Reason::PriceChanges { item: item.id, old: going.old, new: going.new });
        }
        if going.kept.is_positive() {
            let window = item.terms.window_at(at);
            reasons.push(Reason::DifferenceKept {
                item: item.id,
                window: window.map(|window| window.code),
                percent: window.and_then(|window| window.rule.percent),
                max: window.and_then(|window| window.rule.max),
                amount: going.kept,
            });
        }
        let (limits, cancel) = (item.terms.moves.limits, going.terms().cancel);
        reasons.push(Reason::LimitsAfter { item: item.id, limits, cancel });
    }
    if let Some(overridden) = rebooking.overridden {
        let (window, fee, why) = (None, overridden.fee, overridden.why.clone());
        reasons.push(Reason::Overridden { window, fee, by_policy: None, why });
    }
    if rebooking.reason == MoveReason::OperatorRequest {
        reasons.push(Reason::NoFee {});
    }
    reasons.extend(moved.lost.iter().map(|(item, lost)| lost.because(*item)));
    if moved.gateway.amount.is_positive() {
        reasons.push(Reason::GatewayFeeKept(moved.gateway));
    }
    if moved.refund.is_positive() {
        reasons.push(Reason::RefundMode { mode: moved.mode });
    }
    if moved.by_hand.is_positive() {
        reasons.push(Reason::RefundByHand { amount: moved.by_hand });
    }
    reasons
}
