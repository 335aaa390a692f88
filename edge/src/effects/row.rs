//! A row of the outbox: what is to be done, for whom, when.

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId, PaymentId};
use serde::{Deserialize, Serialize};

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "OutboxKind"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One share of a refund entry goes back through the provider that took the money.
    Refund,
    /// A checkout is looked at with its provider, and what it says is recorded.
    Checkout,
    /// The checkouts of a booking that changed are closed: their amount is no longer the one that is due.
    CloseCheckouts,
    /// A message to one of the operator's systems.
    Webhook,
    /// A message leaves.
    Email,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Checkout => "checkout",
            Self::CloseCheckouts => "close_checkouts",
            Self::Webhook => "webhook",
            Self::Email => "email",
        }
    }

    /// After so many tries somebody has to look at it: about half a day of them.
    pub fn attempts_max(self) -> u32 {
        match self {
            Self::Refund | Self::Checkout | Self::CloseCheckouts | Self::Webhook | Self::Email => 24,
        }
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "OutboxState"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its time has not come.
    Waiting,
    /// It was tried; what came of that is not known, or it is to be tried again.
    Tried,
    /// Done.
    Done,
    /// Overtaken by events, or undone: nothing left.
    Dropped,
    /// Tried too often, or without hope: for a person.
    Dead,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Tried => "tried",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
        }
    }
}

/// What must be there for a row to be written: the store looks while it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "WrittenNeeds")]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A provider has taken this payment.
    Intent(PaymentId),
    /// The booking has an open checkout.
    OpenCheckout,
}

/// As the store reads it.
#[derive(Serialize)]
struct WrittenNeeds {
    what: &'static str,
    intent: Option<PaymentId>,
}

impl From<Needs> for WrittenNeeds {
    fn from(needs: Needs) -> Self {
        match needs {
            Needs::Nothing => Self { what: "nothing", intent: None },
            Needs::Intent(payment) => Self { what: "intent", intent: Some(payment) },
            Needs::OpenCheckout => Self { what: "open_checkout", intent: None },
        }
    }
}

/// A row to be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewRow {
    /// Rows of one lane leave one after another.
    pub lane: String,
    pub kind: Kind,
    pub booking: Option<BookingId>,
    pub command: Option<CommandId>,
    /// What it belongs to: a second row for the same is not written.
    pub dedupe: String,
    /// JSON, of a form that its kind knows.
    pub body: String,
    pub due_at: Instant,
    pub needs: Needs,
}

/// A row that was taken to be worked off.
#[derive(Debug, Clone, FromObject)]
pub struct Row {
    pub seq: u64,
    pub kind: Kind,
    pub booking: Option<BookingId>,
    pub command: Option<CommandId>,
    pub body: String,
    /// Until when nobody else takes it.
    pub leased_until: Instant,
    /// This one included.
    pub attempts: u32,
}
