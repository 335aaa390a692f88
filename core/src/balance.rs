//! What is owed: sums over a booking's plan and payments, and the states that follow from them. Nothing here is stored.

use serde::{Deserialize, Serialize};

use crate::booking::{Booking, Payment};
use crate::money::{Money, MoneyError};
use crate::refund::{Refund, Task};

/// The sums of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
