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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    for charge in booking.charges().filter(counts) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::{Method, Payment, Received, Standing};
    use crate::id::PaymentId;

    fn at(day: u32) -> Instant {
        Instant::parse(&format!("2026-11-{day:02}T09:00:00Z")).unwrap()
    }

    fn booking(plan: &[(u32, &str)], paid: &str) -> Booking {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        let mut booking: Booking = serde_json::from_str(text).unwrap();
        let money = |amount: &str| Money::parse(amount, booking.currency).unwrap();
        let charge = |(day, amount): &(u32, &str)| {
            let amount = money(amount);
            let (code, due) = (Code::literal("part"), at(*day));
            let kind =
                if amount.is_negative() { ChargeKind::CanceledLines {} } else { ChargeKind::Instalment { code, due } };
            Charge { kind, at: at(1), amount, reverses: None }
        };
        let id = PaymentId(uuid::Uuid::nil());
        let (amount, method) = (money(paid), Method::Cash);
        booking.payments =
            vec![Payment::Received(Received { id, method, at: at(1), amount, gateway_fee: None, voucher: None })];
        booking.plan = plan.iter().map(charge).collect();
        booking
    }

    fn dues(schedule: &Schedule) -> Vec<(String, String, DueState)> {
        let amount = |money: Money| crate::money::Amount(money).to_string();
        schedule.dues.iter().map(|due| (amount(due.amount), amount(due.paid), due.state)).collect()
    }

    #[test]
    fn the_oldest_due_is_paid_first_whatever_the_order_it_was_written_in() {
        let schedule = schedule(&booking(&[(20, "30.00"), (5, "10.00"), (10, "20.00")], "15.00"), at(10)).unwrap();
        let due = |amount: &str, paid: &str, state| (amount.to_owned(), paid.to_owned(), state);
        let expected = [
            due("10.00", "10.00", DueState::Paid),
            due("20.00", "5.00", DueState::Next),
            due("30.00", "0.00", DueState::Later),
        ];
        assert_eq!(dues(&schedule), expected, "the instant itself is in time");
        assert_eq!((schedule.due_now.to_string(), schedule.due_until), ("15.00 EUR".to_owned(), Some(at(10))));
    }

    #[test]
    fn all_that_is_overdue_is_due_now() {
        let booking = booking(&[(5, "10.00"), (10, "20.00"), (20, "30.00")], "15.00");
        let late = schedule(&booking, at(10).just_after()).unwrap();
        assert_eq!(
            (late.overdue.to_string(), late.due_now, late.due_until),
            ("15.00 EUR".to_owned(), late.overdue, None)
        );
        let never = schedule(&booking, at(21)).unwrap();
        assert_eq!(never.due_now.to_string(), "45.00 EUR");
    }

    #[test]
    fn what_lowers_the_plan_lowers_the_last_due_first_and_the_rest_is_overpaid() {
        let lowered = schedule(&booking(&[(5, "10.00"), (10, "20.00"), (1, "-25.00")], "7.00"), at(1)).unwrap();
        assert_eq!(dues(&lowered).iter().map(|due| due.0.as_str()).collect::<Vec<_>>(), ["5.00", "0.00"]);
        assert_eq!((lowered.overpaid.to_string(), lowered.due_now.is_zero()), ("2.00 EUR".to_owned(), true));
        let below = schedule(&booking(&[(5, "10.00"), (1, "-25.00")], "0.00"), at(1)).unwrap();
        assert_eq!(below.overpaid.to_string(), "15.00 EUR", "more than the plan was taken off");
    }

    #[test]
    fn of_a_canceled_booking_only_fees_are_due() {
        let mut booking = booking(&[(5, "100.00"), (1, "-100.00")], "10.00");
        booking.items.iter_mut().for_each(|item| item.standing = Standing::Canceled);
        let amount = Money::parse("40.00", booking.currency).unwrap();
        booking.plan.push(Charge { kind: ChargeKind::CancellationFee {}, at: at(3), amount, reverses: None });
        let schedule = schedule(&booking, at(3)).unwrap();
        assert_eq!(schedule.dues.iter().map(|due| due.code.as_str()).collect::<Vec<_>>(), ["cancellation_fee"]);
        assert_eq!((schedule.due_now.to_string(), schedule.due_until), ("30.00 EUR".to_owned(), Some(at(3))));
    }
}
