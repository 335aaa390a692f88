//! Refund entries: why money goes back, how far that has come, and which payments it is taken from. Not the provider: the edge talks to it.

use serde::{Deserialize, Serialize};

use crate::booking::{Booking, Method, Received};
use crate::id::{PaymentId, RefundId};
use crate::money::{Money, MoneyError};

/// Why money goes back.
///
/// Source: requirement C3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// More was paid than owed.
    Overpayment,
    /// A claim, settled after the service.
    CompensationOnReturn,
    /// A claim, settled in cash on the spot: outside the ledger.
    CompensationAtBase,
    /// Moved to another offer.
    Reallocation,
    /// The customer canceled.
    CustomerCancellation,
    /// The operator canceled.
    OperatorCancellation,
    /// Refused on arrival, on or after the day of the start: paid back in full.
    RefusedOnArrival,
}

impl RefundReason {
    /// Is the entry's amount taken from the balance where none is given?
    ///
    /// Source: requirement C4
    #[must_use]
    pub fn is_prefilled(self) -> bool {
        match self {
            Self::Reallocation | Self::CustomerCancellation | Self::OperatorCancellation | Self::RefusedOnArrival => {
                true
            }
            Self::Overpayment | Self::CompensationOnReturn | Self::CompensationAtBase => false,
        }
    }
}

/// How far a refund has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Waits for the operator's word.
    AwaitingApproval,
    /// Is to be paid back.
    Requested,
    /// The money is back.
    Settled,
}

impl RefundState {
    /// Is the money promised and not yet back?
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingApproval | Self::Requested => true,
            Self::Settled => false,
        }
    }
}

/// A refund entry.
///
/// Source: requirement C2
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Refund {
    /// Its id: that of the command that made it.
    pub id: RefundId,
    /// Why.
    pub reason: RefundReason,
    /// How far it has come.
    pub state: RefundState,
    /// How much.
    pub amount: Money,
    /// From which payments.
    pub split: Vec<Share>,
    /// The operator's note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Refund {
    /// Does it touch plan and payments? Cash handed over at the base does not.
    ///
    /// Source: requirement C6
    #[must_use]
    pub fn is_in_ledger(&self) -> bool {
        self.reason != RefundReason::CompensationAtBase
    }

    pub(crate) fn amounts(&self) -> impl Iterator<Item = Money> {
        std::iter::once(self.amount).chain(self.split.iter().map(|share| share.amount))
    }
}

/// What goes back of one payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Share {
    /// The payment.
    pub payment: PaymentId,
    /// How it came, and goes back.
    pub method: Method,
    /// How much.
    pub amount: Money,
}

/// What the operator has to do by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "snake_case", from = "RawTask")]
pub enum Task {
    /// The policy never refunds by itself. A booking has one such task at most: a later one takes the place of the one before.
    RefundByHand {
        /// All that the operator owes by hand.
        amount: Money,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Task")]
struct RawTask {
    code: RawTaskCode,
    amount: Money,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawTaskCode {
    RefundByHand,
}

impl From<RawTask> for Task {
    fn from(RawTask { code: RawTaskCode::RefundByHand, amount }: RawTask) -> Self {
        Self::RefundByHand { amount }
    }
}

impl Task {
    pub(crate) fn amount(&self) -> Money {
        match self {
            Self::RefundByHand { amount } => *amount,
        }
    }
}

/// Which payments are refunded: one that matches exactly; else the smallest larger one; else the largest smaller one, and again. Never more
/// than a payment has left.
///
/// The shares may add up to less than `amount`, where the payments have less left.
///
/// # Errors
/// [`MoneyError::CurrencyMismatch`] when `amount` is not of the booking's currency.
///
/// Source: requirement C11
pub fn split(booking: &Booking, amount: Money) -> Result<Vec<Share>, MoneyError> {
    let mut shares = Vec::new();
    let mut rest = amount;
    if !rest.is_positive() {
        return Ok(shares);
    }
    let mut open: Vec<(Money, &Received)> = Vec::with_capacity(booking.payments.len());
    for payment in booking.received() {
        open.push((booking.left_of(payment)?, payment));
    }
    open.retain(|(left, _)| left.is_positive());
    let order = crate::sort::sorted(open.iter().enumerate().map(|(at, (left, _))| (left.minor(), at)).collect());
    let mut open: Vec<(Money, &Received)> = order.iter().filter_map(|(_, at)| open.get(*at).copied()).collect();
    while rest.is_positive() {
        let at = match open.binary_search_by_key(&rest.minor(), |(left, _)| left.minor()) {
            Ok(exact) => exact,
            Err(larger) if larger < open.len() => larger,
            Err(_) => open.len().wrapping_sub(1),
        };
        if at >= open.len() {
            break;
        }
        let (left, payment) = open.remove(at);
        let taken = left.smaller(rest)?;
        shares.push(Share { payment: payment.id, method: payment.method, amount: taken });
        rest = rest.minus(taken)?;
    }
    Ok(shares)
}
