//! The entries of a booking's ledger: charges (what is owed, and owed less) and payments (money in, and back). Only ever added to.
//!
//! Entries are read flat by hand: serde reads a flattened or tagged value into a buffer first, which costs time and, in the browser package,
//! twenty kilobytes.

use serde::{Deserialize, Serialize};

use crate::fields::FromObject;
use crate::id::{PaymentId, RefundId, VoucherId};
use crate::money::Money;
use crate::policy::Code;
use crate::time::Instant;
use crate::voucher::VoucherPart;

/// An entry of the plan: positive where the customer owes more, negative where less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "RawCharge")]
pub struct Charge {
    /// Why.
    #[serde(flatten)]
    pub kind: ChargeKind,
    /// Since when.
    pub at: Instant,
    /// How much.
    pub amount: Money,
    /// The entry that it takes back, counted from 0: that one's kind, and the opposite of its amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub reverses: Option<u16>,
}

/// Why the customer owes something, or less.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChargeKind {
    /// A part of the price.
    Instalment {
        /// The operator's name for it: deposit, balance.
        code: Code,
        /// The last instant at which it is paid in time.
        due: Instant,
    },
    /// An extra that came later, or (negative) a rebate.
    Adjustment {
        /// The operator's name for it.
        code: Code,
    },
    /// The price of lines that were canceled (negative).
    CanceledLines {},
    /// Those who stay no longer have a group's price; negative where fewer of them do.
    GroupPriceLost {},
    /// What a move made dearer, or (negative) cheaper.
    PriceDifference {},
    /// A cancellation fee.
    CancellationFee {},
    /// What a move costs.
    MoveFee {},
    /// What is kept of the difference when something moved to a lower price.
    DifferenceKept {},
    /// What a fee was lowered by, since less had been paid (negative).
    ShortfallWaived {},
    /// What the gateway took, kept from a refund.
    GatewayFee {},
    /// A refund that the operator declined: the money stays.
    RefundDeclined {
        /// The entry.
        refund: RefundId,
    },
    /// The virtual entry of a refund (negative), or its reversal where the refund was voided.
    Refund {
        /// The entry.
        refund: RefundId,
    },
}

#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Charge")]
struct RawCharge {
    kind: RawChargeKind,
    at: Instant,
    amount: Money,
    code: Option<Code>,
    due: Option<Instant>,
    refund: Option<RefundId>,
    reverses: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawChargeKind {
    Instalment,
    Adjustment,
    CanceledLines,
    GroupPriceLost,
    PriceDifference,
    CancellationFee,
    MoveFee,
    DifferenceKept,
    ShortfallWaived,
    GatewayFee,
    RefundDeclined,
    Refund,
}

impl TryFrom<RawCharge> for Charge {
    type Error = EntryError;
    fn try_from(raw: RawCharge) -> Result<Self, EntryError> {
        let RawCharge { kind, at, amount, code, due, refund, reverses } = raw;
        let kind = match (kind, code, due, refund) {
            (RawChargeKind::Instalment, Some(code), Some(due), None) => ChargeKind::Instalment { code, due },
            (RawChargeKind::Adjustment, Some(code), None, None) => ChargeKind::Adjustment { code },
            (RawChargeKind::Refund, None, None, Some(refund)) => ChargeKind::Refund { refund },
            (RawChargeKind::RefundDeclined, None, None, Some(refund)) => ChargeKind::RefundDeclined { refund },
            (plain, None, None, None) => plain_kind(plain)?,
            _ => return Err(EntryError),
        };
        Ok(Self { kind, at, amount, reverses })
    }
}

/// The kinds without fields of their own.
fn plain_kind(kind: RawChargeKind) -> Result<ChargeKind, EntryError> {
    Ok(match kind {
        RawChargeKind::CanceledLines => ChargeKind::CanceledLines {},
        RawChargeKind::GroupPriceLost => ChargeKind::GroupPriceLost {},
        RawChargeKind::PriceDifference => ChargeKind::PriceDifference {},
        RawChargeKind::CancellationFee => ChargeKind::CancellationFee {},
        RawChargeKind::MoveFee => ChargeKind::MoveFee {},
        RawChargeKind::DifferenceKept => ChargeKind::DifferenceKept {},
        RawChargeKind::ShortfallWaived => ChargeKind::ShortfallWaived {},
        RawChargeKind::GatewayFee => ChargeKind::GatewayFee {},
        RawChargeKind::Instalment
        | RawChargeKind::Adjustment
        | RawChargeKind::RefundDeclined
        | RawChargeKind::Refund => return Err(EntryError),
    })
}

/// An entry with fields that its kind does not have, or without those that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the fields are not those of an entry of this kind")]
struct EntryError;

impl ChargeKind {
    /// Does it count once the booking is canceled? Fees do; the plan does not.
    ///
    /// Source: requirement C1
    #[must_use]
    pub fn outlives_cancellation(&self) -> bool {
        match self {
            Self::CancellationFee {}
            | Self::MoveFee {}
            | Self::DifferenceKept {}
            | Self::ShortfallWaived {}
            | Self::GatewayFee {}
            | Self::RefundDeclined { .. } => true,
            Self::Instalment { .. }
            | Self::Adjustment { .. }
            | Self::CanceledLines {}
            | Self::GroupPriceLost {}
            | Self::PriceDifference {}
            | Self::Refund { .. } => false,
        }
    }
}

/// Money in, money back, or money back that bounced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "RawPayment")]
pub enum Payment {
    /// Money in.
    Received(Received),
    /// The virtual payment of a refund's share that was paid back.
    PaidBack {
        /// The entry.
        refund: RefundId,
        /// The payment that it was taken from.
        payment: PaymentId,
        /// When.
        at: Instant,
        /// How much (negative).
        amount: Money,
    },
    /// A share that the provider had paid back and that came back later: reverses the entry above, which stays.
    ///
    /// Source: requirement C12
    Reversed {
        /// The entry.
        refund: RefundId,
        /// The payment that it was taken from.
        payment: PaymentId,
        /// When.
        at: Instant,
        /// How much (positive).
        amount: Money,
    },
}

#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Payment")]
struct RawPayment {
    kind: RawPaymentKind,
    at: Instant,
    amount: Money,
    id: Option<PaymentId>,
    method: Option<Method>,
    gateway_fee: Option<Money>,
    voucher: Option<Redeemed>,
    refund: Option<RefundId>,
    payment: Option<PaymentId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawPaymentKind {
    Received,
    PaidBack,
    Reversed,
}

impl TryFrom<RawPayment> for Payment {
    type Error = EntryError;
    fn try_from(raw: RawPayment) -> Result<Self, EntryError> {
        let RawPayment { kind, at, amount, id, method, gateway_fee, voucher, refund, payment } = raw;
        match (kind, id, method, refund, payment) {
            (RawPaymentKind::Received, Some(id), Some(method), None, None) => {
                Ok(Self::Received(Received { id, method, at, amount, gateway_fee, voucher }))
            }
            (RawPaymentKind::PaidBack, None, None, Some(refund), Some(payment)) => {
                Ok(Self::PaidBack { refund, payment, at, amount })
            }
            (RawPaymentKind::Reversed, None, None, Some(refund), Some(payment)) => {
                Ok(Self::Reversed { refund, payment, at, amount })
            }
            _ => Err(EntryError),
        }
    }
}

impl Payment {
    /// What it adds to the money that we hold.
    #[must_use]
    pub fn amount(&self) -> Money {
        match self {
            Self::Received(received) => received.amount,
            Self::PaidBack { amount, .. } | Self::Reversed { amount, .. } => *amount,
        }
    }
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Received {
    /// Its id.
    pub id: PaymentId,
    /// How it came.
    pub method: Method,
    /// When.
    pub at: Instant,
    /// How much.
    pub amount: Money,
    /// What the gateway took of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub gateway_fee: Option<Money>,
    /// What it took from a voucher, where that is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub voucher: Option<Redeemed>,
}

/// What a payment took from a voucher: it goes back as it came.
///
/// Source: requirements C11, C13
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Redeemed {
    /// Which.
    pub voucher: VoucherId,
    /// What was taken of its parts; they add up to the payment.
    pub parts: Vec<VoucherPart>,
}

/// How money comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By card, through a gateway.
    Card,
    /// In cash.
    Cash,
    /// To a bank account.
    BankTransfer,
    /// With a voucher.
    Voucher,
}
