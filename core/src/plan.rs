//! The payment plan: what of it is paid, what is overdue, what comes next. Derived from plan and payments; nothing here is stored.
//!
//! Source: requirement A3

use serde::Serialize;

use crate::balance::paid;
use crate::booking::{Booking, Charge, ChargeKind};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::time::Instant;

/// How the plan stands at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Schedule {
    /// What is to be paid, the earliest first.
    pub dues: Vec<Due>,
    /// What should have been paid by now.
    pub overdue: Money,
    /// What is to be paid now: all that is overdue, or else the next due. Nothing where everything is paid.
    pub due_now: Money,
    /// The last instant at which that is paid in time; none where nothing is due, or it is too late.
    pub due_until: Option<Instant>,
    /// What was paid beyond all of it.
    pub overpaid: Money,
}

/// One amount that is to be paid.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Due {
    /// The operator's name for it; for a fee, an extra or a dearer slot, the kind of that entry.
    pub code: Code,
    /// The last instant at which it is paid in time.
    pub due: Instant,
    /// How much, less what the plan was lowered by since.
    pub amount: Money,
    /// How much of that is paid.
    pub paid: Money,
    /// How it stands.
    pub state: DueState,
}

/// How a due stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// It is paid, or nothing of it is left to pay.
    Paid,
    /// It should have been paid.
    Overdue,
    /// It is the next to be paid.
    Next,
    /// Others come before it.
    Later,
}

/// Says how the plan stands. Payments pay the oldest due first; what lowers the plan (canceled lines, rebates, refunds) lowers the last due first.
/// Once the booking is canceled only its fees are due.
///
/// Over all dues, amounts less what is paid, less what is overpaid, come to the balance.
///
/// # Errors
/// [`MoneyError::OutOfRange`] when a sum leaves the range.
///
/// ```
/// use leeway_core::event::PlanAdjusted;
/// use leeway_core::policy::Code;
/// use leeway_core::{Event, Instant, Money, evolve, schedule};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let extra = PlanAdjusted { code: Code::parse("breakfast").ok_or("a code")?, amount: Money::parse("50.00", booking.currency)? };
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let booking = evolve(Some(booking), &Event::PlanAdjusted(extra), at).ok_or("it was made")?;
/// let schedule = schedule(&booking, at.just_after())?;
/// assert!(schedule.overdue.is_zero(), "payments pay the oldest due first");
/// assert_eq!(schedule.due_now.to_string(), "50.00 EUR");
/// assert_eq!(schedule.due_until, Some(Instant::parse("2026-11-24T09:00:00Z")?));
/// assert_eq!(schedule.dues.iter().map(|due| due.code.as_str()).collect::<Vec<_>>(), ["deposit", "breakfast", "balance"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirements A3, C1
pub fn schedule(booking: &Booking, at: Instant) -> Result<Schedule, MoneyError> {
    let zero = Money::zero(booking.currency);
    let is_canceled = booking.is_canceled();
    let counts = |charge: &&Charge| !is_canceled || charge.kind.outlives_cancellation();
    let mut dues: Vec<Due> = Vec::with_capacity(booking.plan.len());
    let mut lowered = zero;
    for charge in booking.plan.iter().filter(counts) {
        if charge.amount.is_negative() {
            lowered = lowered.minus(charge.amount)?;
        } else {
            dues.push(due(charge, zero));
        }
    }
    let order = dues.iter().enumerate().map(|(index, due)| (due.due, index)).collect();
    let order = crate::sort::sorted(order);
    let mut dues: Vec<Due> = order.iter().filter_map(|(_, index)| dues.get(*index).cloned()).collect();
    for due in dues.iter_mut().rev() {
        let off = due.amount.smaller(lowered)?;
        due.amount = due.amount.minus(off)?;
        lowered = lowered.minus(off)?;
    }
    let mut money = paid(booking)?.plus(lowered)?;
    let (mut overdue, mut next) = (zero, None);
    for due in &mut dues {
        due.paid = due.amount.smaller(money.or_zero())?;
        money = money.minus(due.paid)?;
        let rest = due.amount.minus(due.paid)?;
        due.state = state(rest, due.due, at, next.is_some());
        match due.state {
            DueState::Overdue => overdue = overdue.plus(rest)?,
            DueState::Next => next = Some((rest, due.due)),
            DueState::Paid | DueState::Later => {}
        }
    }
    let (due_now, due_until) = match next {
        _ if overdue.is_positive() => (overdue, None),
        Some((rest, due)) => (rest, Some(due)),
        None => (zero, None),
    };
    Ok(Schedule { dues, overdue, due_now, due_until, overpaid: money.or_zero() })
}

fn state(rest: Money, due: Instant, at: Instant, has_next: bool) -> DueState {
    if !rest.is_positive() {
        DueState::Paid
    } else if at > due {
        DueState::Overdue
    } else if has_next {
        DueState::Later
    } else {
        DueState::Next
    }
}

fn due(charge: &Charge, zero: Money) -> Due {
    let (code, due) = match &charge.kind {
        ChargeKind::Instalment { code, due } => (*code, *due),
        ChargeKind::Adjustment { code } => (*code, charge.at),
        ChargeKind::CanceledLines {} => (Code::literal("canceled_lines"), charge.at),
        ChargeKind::GroupPriceLost {} => (Code::literal("group_price_lost"), charge.at),
        ChargeKind::PriceDifference {} => (Code::literal("price_difference"), charge.at),
        ChargeKind::CancellationFee {} => (Code::literal("cancellation_fee"), charge.at),
        ChargeKind::MoveFee {} => (Code::literal("move_fee"), charge.at),
        ChargeKind::DifferenceKept {} => (Code::literal("difference_kept"), charge.at),
        ChargeKind::ShortfallWaived {} => (Code::literal("shortfall_waived"), charge.at),
        ChargeKind::GatewayFee {} => (Code::literal("gateway_fee"), charge.at),
        ChargeKind::RefundDeclined { .. } => (Code::literal("refund_declined"), charge.at),
        ChargeKind::Refund { .. } => (Code::literal("refund"), charge.at),
    };
    Due { code, due, amount: charge.amount, paid: zero, state: DueState::Later }
}
