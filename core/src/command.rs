//! What somebody wants of a booking. Whether it happens is decided in [`mod@crate::decide`]. What customers can want is an [`Action`], in
//! [`mod@action`].

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::booking::{GroupPrice, Line, Method, Reference, Slot};
use crate::currency::Currency;
use crate::fields::FromObject;
use crate::id::{BookingId, CommandId, ItemId, ParticipantId, PaymentId, RefundId};
use crate::money::Money;
use crate::policy::Code;
use crate::refund::{RefundReason, Way};
use crate::terms::Terms;
use crate::time::Instant;
use crate::undo::Undo;

pub mod action;

pub use action::{Action, CancelReason, Move, MoveReason, Override, RefundTo, SELECTED_MAX, Selection};

/// The longest name of a participant, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// The longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 2_000;

/// A command with what `core` has no source of: the instant, who sends it, an id.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The same id twice is the same command.
    pub id: CommandId,
    /// When it is carried out.
    pub at: Instant,
    /// Who wants it.
    pub actor: Actor,
    /// What is wanted.
    pub command: Command,
}

/// Who acts. The policy's limits bind customers; operators answer for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever holds the control link.
    Customer,
    /// The business.
    Operator,
    /// A provider's word, or the clock.
    System,
}

/// What can be wanted of a booking.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A new booking, its policy frozen.
    Make(Box<MakeBooking>),
    /// Money that came in.
    RecordPayment(RecordPayment),
    /// What the gateway took of a payment, told later than the payment.
    NoteGatewayFee {
        /// The payment.
        payment: PaymentId,
        /// How much it took.
        fee: Money,
    },
    /// An extra that comes later, or a rebate.
    Adjust(Adjust),
    /// What a customer may do, or an operator for one.
    Act(Action),
    /// A cancellation is taken back.
    Undo(Box<Undo>),
    /// A new refund entry.
    EnterRefund(EnterRefund),
    /// A step of a refund entry.
    Refund {
        /// The entry.
        refund: RefundId,
        /// The step.
        step: RefundStep,
    },
    /// Every link sent so far stops working.
    RevokeLinks,
}

/// A new booking.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MakeBooking {
    /// Its id.
    pub id: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// Its currency.
    pub currency: Currency,
    /// Its items.
    pub items: Vec<NewItem>,
    /// How the price is to be paid; empty: all of it at once.
    pub plan: Vec<Instalment>,
}

/// A new item.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewItem {
    /// Its id.
    pub id: ItemId,
    /// What is offered.
    pub service: String,
    /// When.
    pub slot: Slot,
    /// The policy, frozen for this slot.
    pub terms: Terms,
    /// Who attends.
    pub participants: Vec<ParticipantId>,
    /// What it costs.
    pub lines: Vec<Line>,
    /// The price of a group, where the tickets have one.
    pub group: Option<GroupPrice>,
}

/// A part of the price with the day it is due.
///
/// Source: requirement A3
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// The operator's name for it: deposit, balance.
    pub code: Code,
    /// The last instant at which it is paid in time.
    pub due: Instant,
    /// How much.
    pub amount: Money,
}

/// Money that came in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordPayment {
    /// Its id.
    pub id: PaymentId,
    /// How it came.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// What the gateway took of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_fee: Option<Money>,
}

/// An entry of the plan that comes after the booking: an extra, or (negative) a rebate.
///
/// Source: requirements C1, C9
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// The operator's name for it.
    pub code: Code,
    /// How much; not nothing.
    pub amount: Money,
}

/// A new refund entry.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnterRefund {
    /// Why.
    pub reason: RefundReason,
    /// How much; absent, the balance where the reason allows that.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Which way it goes back.
    #[serde(default)]
    pub way: Way,
    /// The operator's note.
    #[serde(default)]
    pub note: String,
}

/// A step of a refund entry: by the operator, or by a provider's word.
///
/// Source: requirements C2, C6
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RefundStep {
    /// The operator agrees that it is paid back.
    Approve {},
    /// The operator keeps the money.
    Decline {
        /// Why.
        why: String,
    },
    /// It was a mistake, and nothing of it has left yet.
    Void {
        /// Why.
        why: String,
    },
    /// It goes back another way, or is tried again.
    Route {
        /// Which way.
        way: Way,
    },
    /// The credit note is approved.
    ApproveCreditNote {},
    /// All of the money is back.
    Finalize {},
    /// What a provider says of one share.
    Provider {
        /// The payment that the share is taken from.
        payment: PaymentId,
        /// Which attempt it speaks of.
        attempt: u16,
        /// What it says.
        word: ProviderWord,
    },
}

/// What a provider says of a refund that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProviderWord {
    /// It has taken it in hand.
    Accepted,
    /// The money is back.
    Paid,
    /// It cannot pay it back; even weeks after it said that it had.
    Failed(String),
}

impl ProviderWord {
    /// The reason of a failure, cut to what a note can hold.
    #[must_use]
    pub fn failed(why: &str) -> Self {
        Self::Failed(why.chars().filter(|char| !char.is_control()).take(NOTE_CHARS_MAX).collect())
    }
}

impl From<CommandId> for RefundId {
    /// A command makes at most one refund entry, which has its id: the same command twice makes the same entry.
    fn from(id: CommandId) -> Self {
        Self(id.0)
    }
}

impl From<Uuid> for CommandId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}
