//! What is owed: sums over a booking's plan and payments, and the states that follow from them. Nothing here is stored.

use serde::{Deserialize, Serialize};

use crate::booking::{Booking, Payment};
use crate::fields::FromObject;
use crate::money::{Money, MoneyError};
use crate::refund::{Refund, Task};

/// The sums of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Totals {
    /// What it costs: the plan, or the fees once it is canceled.
    pub owed: Money,
    /// Money in, less money back.
    pub paid: Money,
    /// Refunds that are entered and not paid back yet.
    pub promised: Money,
    /// Owed less paid. Positive: the customer owes. Negative: the operator does.
    pub balance: Money,
}

/// The sum of the plan, and of what outlives a cancellation.
pub(crate) struct Owed {
    pub(crate) plan: Money,
    pub(crate) fees: Money,
}

pub(crate) fn owed(booking: &Booking) -> Result<Owed, MoneyError> {
    let mut owed = Owed { plan: Money::zero(booking.currency), fees: Money::zero(booking.currency) };
    for charge in &booking.plan {
        owed.plan = owed.plan.plus(charge.amount)?;
        if charge.kind.outlives_cancellation() {
            owed.fees = owed.fees.plus(charge.amount)?;
        }
    }
    Ok(owed)
}

pub(crate) fn paid(booking: &Booking) -> Result<Money, MoneyError> {
    Money::sum(booking.currency, booking.payments.iter().map(Payment::amount))
}

pub(crate) fn promised(booking: &Booking) -> Result<Money, MoneyError> {
    let shares = booking.refunds.iter().flat_map(Refund::open_shares);
    Money::sum(booking.currency, shares.map(|share| share.amount))
}

pub(crate) fn by_hand(booking: &Booking) -> Result<Money, MoneyError> {
    Money::sum(booking.currency, booking.tasks.iter().map(Task::amount))
}

/// Works out a booking's sums.
///
/// Active: Σ plan − Σ payments. Canceled: the plan no longer counts, so cancellation fees − Σ payments.
///
/// # Errors
/// [`MoneyError::OutOfRange`] when a sum leaves the range.
///
/// Source: requirement C1
pub fn totals(booking: &Booking) -> Result<Totals, MoneyError> {
    let owed = owed(booking)?;
    let owed = if booking.is_canceled() { owed.fees } else { owed.plan };
    let paid = paid(booking)?;
    Ok(Totals { owed, paid, promised: promised(booking)?, balance: owed.minus(paid)? })
}

/// Works out a booking's balance. Positive: the customer owes.
///
/// # Errors
/// As [`totals`].
///
/// Source: requirement C1
pub fn balance(booking: &Booking) -> Result<Money, MoneyError> {
    Ok(totals(booking)?.balance)
}

/// What is left of a booking.
///
/// Source: requirement A2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it.
    Booked,
    /// Something was canceled.
    PartlyCanceled,
    /// Nothing.
    Canceled,
}

impl Status {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::PartlyCanceled => "partly_canceled",
            Self::Canceled => "canceled",
        }
    }
}

/// How what was paid compares with what is owed.
///
/// Source: requirement A2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing, of something.
    Unpaid,
    /// Less.
    PartlyPaid,
    /// As much.
    Paid,
    /// More: the operator owes.
    Overpaid,
}

impl PaymentStatus {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Overpaid => "overpaid",
        }
    }
}

/// Derives what is left of a booking.
#[must_use]
pub fn status(booking: &Booking) -> Status {
    if booking.is_canceled() {
        return Status::Canceled;
    }
    let whole =
        booking.items.iter().all(|item| item.is_booked() && item.lines.iter().all(|line| line.standing.is_booked()));
    let all_attend = booking.items.iter().flat_map(|item| &item.participants).all(|one| one.standing.is_booked());
    if whole && all_attend { Status::Booked } else { Status::PartlyCanceled }
}

/// Derives how far a booking is paid.
#[must_use]
pub fn payment_status(totals: &Totals) -> PaymentStatus {
    if totals.balance.is_negative() {
        PaymentStatus::Overpaid
    } else if totals.balance.is_zero() {
        PaymentStatus::Paid
    } else if totals.paid.is_positive() {
        PaymentStatus::PartlyPaid
    } else {
        PaymentStatus::Unpaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::{Charge, ChargeKind, Standing};
    use crate::time::Instant;

    /// Three items, paid in full.
    fn booking() -> Booking {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        serde_json::from_str(text).unwrap()
    }

    fn sums(owed: i64, paid: i64) -> PaymentStatus {
        let money = |minor| Money::of_minor(minor, booking().currency).unwrap();
        let balance = money(owed - paid);
        payment_status(&Totals { owed: money(owed), paid: money(paid), promised: money(0), balance })
    }

    #[test]
    fn a_canceled_booking_owes_its_fees_and_not_its_plan() {
        let mut booking = booking();
        let (plan, paid) = (owed(&booking).unwrap().plan, paid(&booking).unwrap());
        let fee = Money::of_minor(700, booking.currency).unwrap();
        let kind = ChargeKind::CancellationFee {};
        booking.plan.push(Charge { kind, at: Instant::EPOCH, amount: fee, reverses: None });
        let before = totals(&booking).unwrap();
        assert_eq!(
            (before.owed, before.balance),
            (plan.plus(fee).unwrap(), plan.plus(fee).unwrap().minus(paid).unwrap())
        );
        booking.items.iter_mut().for_each(|item| item.standing = Standing::Canceled);
        let after = totals(&booking).unwrap();
        assert_eq!((after.owed, after.balance, after.paid), (fee, fee.minus(paid).unwrap(), paid));
        assert_eq!(balance(&booking), Ok(after.balance));
    }

    #[test]
    fn what_is_left_of_it() {
        let mut booking = booking();
        assert_eq!(status(&booking), Status::Booked);
        booking.items[0].participants[0].standing = Standing::Canceled;
        assert_eq!(status(&booking), Status::PartlyCanceled, "somebody no longer attends");
        booking.items[0].participants[0].standing = Standing::Booked;
        booking.items[0].lines[0].standing = Standing::Withdrawn;
        assert_eq!(status(&booking), Status::PartlyCanceled, "a line is no longer due");
        booking.items.iter_mut().for_each(|item| item.standing = Standing::Withdrawn);
        assert_eq!(status(&booking), Status::Canceled);
        booking.items.clear();
        assert_ne!(status(&booking), Status::Canceled, "of nothing, nothing is canceled");
    }

    #[test]
    fn how_far_it_is_paid() {
        assert_eq!((sums(100, 0), sums(100, 1)), (PaymentStatus::Unpaid, PaymentStatus::PartlyPaid));
        assert_eq!((sums(100, 100), sums(0, 0)), (PaymentStatus::Paid, PaymentStatus::Paid));
        assert_eq!((sums(100, 101), sums(-1, 0)), (PaymentStatus::Overpaid, PaymentStatus::Overpaid));
    }
}
