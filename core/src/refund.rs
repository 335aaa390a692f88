//! Refund entries: why money goes back, which way, how far that has come. Which payments it is taken from is in [`mod@split`], what operators and
//! providers do with an entry in `deciding`. Not the provider itself: the edge talks to it.

use serde::{Deserialize, Serialize};

use crate::booking::{Method, is_never};
use crate::fields::FromObject;
use crate::id::{PaymentId, RefundId};
use crate::money::Money;
use crate::policy::VoucherOffer;
use crate::voucher::VoucherPart;

pub(crate) mod deciding;
pub mod split;

pub use split::split;

/// Why money goes back.
///
/// Source: requirement C3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// How far a refund has come. Follows from its shares, once it is approved.
///
/// Source: requirement C2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Waits for the operator's word.
    AwaitingApproval,
    /// Is to be paid back.
    Requested,
    /// A provider has some of it in hand, or some of it is back.
    Submitted,
    /// The money is back.
    Settled,
    /// A provider could not pay some of it back: the operator has to see to it.
    Failed,
    /// It will not be paid back: undone, or declined.
    Voided,
}

impl RefundState {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Requested => "requested",
            Self::Submitted => "submitted",
            Self::Settled => "settled",
            Self::Failed => "failed",
            Self::Voided => "voided",
        }
    }

    /// Is any of the money promised and not yet back?
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingApproval | Self::Requested | Self::Submitted | Self::Failed => true,
            Self::Settled | Self::Voided => false,
        }
    }
}

/// Which way money goes back.
///
/// Source: requirements C6, C10
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// As it came: a card's by its gateway, a voucher's as a voucher, the rest by hand.
    #[default]
    AsPaid,
    /// As a voucher, which settles at once.
    Voucher,
    /// By a credit note: made, approved, and finalized once the money is back.
    CreditNote,
    /// By bank transfer, by hand.
    BankTransfer,
    /// In cash, by hand.
    Cash,
}

impl Way {
    fn is_as_paid(&self) -> bool {
        *self == Self::AsPaid
    }
}

/// The document of an entry: at most one, and none without an entry.
///
/// Source: requirement C7
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A voucher, which has the entry's id.
    Voucher,
    /// A credit note that was made and waits for approval.
    CreditNoteMade,
    /// A credit note that was approved.
    CreditNoteApproved,
}

/// A refund entry.
///
/// Source: requirement C2
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
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
    /// Which way it goes back.
    #[serde(default, skip_serializing_if = "Way::is_as_paid")]
    pub way: Way,
    /// The bonus that was promised with a voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<VoucherOffer>,
    /// Its document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
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

    /// Finds the share of a payment.
    #[must_use]
    pub fn share(&self, payment: PaymentId) -> Option<&Share> {
        self.split.iter().find(|share| share.payment == payment)
    }

    /// The shares that are promised and not yet back.
    pub fn open_shares(&self) -> impl Iterator<Item = &Share> {
        let is_open = self.state.is_open();
        self.split.iter().filter(move |share| is_open && share.state != ShareState::Settled)
    }

    /// The state that follows from the shares of an entry that was approved and not voided.
    pub(crate) fn state_of_shares(&self) -> RefundState {
        let any = |state: ShareState| self.split.iter().any(|share| share.state == state);
        if any(ShareState::Failed) {
            RefundState::Failed
        } else if !any(ShareState::Open) && !any(ShareState::Submitted) {
            RefundState::Settled
        } else if any(ShareState::Submitted) || any(ShareState::Settled) {
            RefundState::Submitted
        } else {
            RefundState::Requested
        }
    }

    pub(crate) fn amounts(&self) -> impl Iterator<Item = Money> {
        let shares = self
            .split
            .iter()
            .flat_map(|share| std::iter::once(share.amount).chain(share.parts.iter().map(|part| part.amount)));
        std::iter::once(self.amount).chain(shares)
    }
}

/// What goes back of one payment.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The payment.
    pub payment: PaymentId,
    /// How it came.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// What of it goes back to a voucher; empty where no voucher of ours paid it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<VoucherPart>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "ShareState::is_open")]
    pub state: ShareState,
    /// How often it was tried before. A provider's word about an earlier attempt is no word about this one.
    #[serde(default, skip_serializing_if = "is_never")]
    pub attempt: u16,
}

/// How far a share has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ShareState {
    /// Nothing has been done.
    #[default]
    Open,
    /// A provider has it.
    Submitted,
    /// The money is back.
    Settled,
    /// The provider could not pay it back, or it came back.
    Failed,
}

impl ShareState {
    fn is_open(&self) -> bool {
        *self == Self::Open
    }

    /// Can it still go any way? Not what a provider has in hand: that would leave twice.
    pub(crate) fn is_with_operator(self) -> bool {
        match self {
            Self::Open | Self::Failed => true,
            Self::Submitted | Self::Settled => false,
        }
    }
}

/// What the operator has to do by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!from))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "snake_case", from = "RawTask")]
pub enum Task {
    /// The policy never refunds by itself. A booking has one such task at most: a later one takes the place of the one before.
    RefundByHand {
        /// All that the operator owes by hand.
        amount: Money,
    },
}

#[derive(FromObject)]
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
