//! What happened to a booking. Events carry results (amounts, the window that held), so that replaying them never runs a policy.

use serde::{Deserialize, Serialize};

use crate::booking::{Item, Method, Reference};
use crate::command::{CancelReason, Instalment};
use crate::currency::Currency;
use crate::id::{BookingId, ItemId, LineId, ParticipantId, PaymentId, RefundId};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::refund::{Refund, Task};

/// The version in which events are written.
pub const EVENT_VERSION: u16 = 1;

/// Something that happened: `{"kind":…,"body":…}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// The booking was made.
    BookingMade(Box<Made>),
    /// Money came in.
    PaymentRecorded {
        /// Its id.
        id: PaymentId,
        /// How it came.
        method: Method,
        /// How much.
        amount: Money,
        /// What the gateway took of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gateway_fee: Option<Money>,
    },
    /// All or a part was canceled.
    Canceled(Canceled),
    /// Money is to go back.
    RefundEntered {
        /// The entry.
        refund: Refund,
        /// What the entry takes off the plan, where it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        virtual_charge: Option<Money>,
    },
    /// The money of an entry is back.
    RefundFinalized {
        /// The entry.
        refund: RefundId,
    },
    /// The operator has to do something by hand.
    TaskOpened(Task),
    /// Somebody else attends; the name lies beside the log.
    ParticipantRenamed {
        /// Who.
        participant: ParticipantId,
    },
    /// Links of a lower generation stopped working.
    LinksRevoked {
        /// The first generation that works.
        generation: u16,
    },
}

impl Event {
    /// The kind, as it is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BookingMade(_) => "booking_made",
            Self::PaymentRecorded { .. } => "payment_recorded",
            Self::Canceled(_) => "canceled",
            Self::RefundEntered { .. } => "refund_entered",
            Self::RefundFinalized { .. } => "refund_finalized",
            Self::TaskOpened(_) => "task_opened",
            Self::ParticipantRenamed { .. } => "participant_renamed",
            Self::LinksRevoked { .. } => "links_revoked",
        }
    }
}

/// A booking as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Its id.
    pub id: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// Its currency.
    pub currency: Currency,
    /// Its items.
    pub items: Vec<Item>,
    /// Its plan; the sum is the price.
    pub plan: Vec<Instalment>,
}

/// What was canceled, and what that cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canceled {
    /// Why.
    pub reason: CancelReason,
    /// Item by item.
    pub items: Vec<CanceledItem>,
    /// The price of it all.
    pub price: Money,
    /// The fees, before anything is waived.
    pub fee: Money,
    /// What is waived of what the customer would owe.
    pub waived: Money,
    /// What the gateway took, kept from the refund.
    pub gateway_fee: Money,
}

impl Canceled {
    /// What was charged: the fees, less what is waived of them, plus what is kept for the gateway.
    ///
    /// # Errors
    /// [`MoneyError`] never for an event that was decided on.
    pub fn charged(&self) -> Result<Money, MoneyError> {
        self.fee.minus(self.waived)?.or_zero().plus(self.gateway_fee)
    }
}

/// What was canceled of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CanceledItem {
    /// The item.
    pub item: ItemId,
    /// The window that held; none where the operator canceled.
    pub window: Option<Code>,
    /// Does the item end?
    pub extent: Extent,
    /// Who no longer attends.
    pub participants: Vec<ParticipantId>,
    /// Which lines are no longer due.
    pub lines: Vec<LineId>,
    /// The item's share of the fee.
    pub fee: Money,
}

/// How much of an item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Everything that was left of it.
    Whole,
    /// Some participants with what is bound to them.
    Part,
}
