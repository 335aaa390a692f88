//! What happened to a booking. Events carry results (amounts, the window that held), so that replaying them never runs a policy.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::booking::{Item, Reference};
use crate::command::{CancelReason, Instalment, RecordPayment};
use crate::currency::Currency;
use crate::id::{BookingId, ItemId, LineId, ParticipantId, RefundId};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::refund::{Refund, Task};

/// The version in which events are written.
pub const EVENT_VERSION: u16 = 1;

/// Something that happened: `{"kind":…,"body":…}`, the kind first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// The booking was made.
    BookingMade(Box<Made>),
    /// Money came in.
    PaymentRecorded(RecordPayment),
    /// All or a part was canceled.
    Canceled(Canceled),
    /// Money is to go back.
    RefundEntered(RefundEntered),
    /// The money of an entry is back.
    RefundFinalized(RefundFinalized),
    /// The operator has to do something by hand.
    TaskOpened(Task),
    /// Somebody else attends; the name lies beside the log.
    ParticipantRenamed(ParticipantRenamed),
    /// Links of a lower generation stopped working.
    LinksRevoked(LinksRevoked),
}

/// A refund entry as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefundEntered {
    /// The entry.
    pub refund: Refund,
    /// What the entry takes off the plan, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_charge: Option<Money>,
}

/// The end of a refund entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFinalized {
    /// The entry.
    pub refund: RefundId,
}

/// Who goes by another name now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantRenamed {
    /// Who.
    pub participant: ParticipantId,
}

/// Which links work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksRevoked {
    /// The first generation that works.
    pub generation: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    BookingMade,
    PaymentRecorded,
    Canceled,
    RefundEntered,
    RefundFinalized,
    TaskOpened,
    ParticipantRenamed,
    LinksRevoked,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Kind,
    Body,
}

// Read by hand, the kind first, as it is written: serde would keep a second reader of every type for a body that comes before its kind.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> de::Visitor<'de> for InOrder {
            type Value = Event;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an event: its kind, then its body")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
                let Some(Field::Kind) = map.next_key()? else { return Err(de::Error::missing_field("kind")) };
                let kind: Kind = map.next_value()?;
                let Some(Field::Body) = map.next_key()? else { return Err(de::Error::missing_field("body")) };
                let event = match kind {
                    Kind::BookingMade => Event::BookingMade(map.next_value()?),
                    Kind::PaymentRecorded => Event::PaymentRecorded(map.next_value()?),
                    Kind::Canceled => Event::Canceled(map.next_value()?),
                    Kind::RefundEntered => Event::RefundEntered(map.next_value()?),
                    Kind::RefundFinalized => Event::RefundFinalized(map.next_value()?),
                    Kind::TaskOpened => Event::TaskOpened(map.next_value()?),
                    Kind::ParticipantRenamed => Event::ParticipantRenamed(map.next_value()?),
                    Kind::LinksRevoked => Event::LinksRevoked(map.next_value()?),
                };
                match map.next_key::<Field>()? {
                    None => Ok(event),
                    Some(Field::Kind) => Err(de::Error::duplicate_field("kind")),
                    Some(Field::Body) => Err(de::Error::duplicate_field("body")),
                }
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Event {
    /// The kind, as it is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BookingMade(_) => "booking_made",
            Self::PaymentRecorded(_) => "payment_recorded",
            Self::Canceled(_) => "canceled",
            Self::RefundEntered(_) => "refund_entered",
            Self::RefundFinalized(_) => "refund_finalized",
            Self::TaskOpened(_) => "task_opened",
            Self::ParticipantRenamed(_) => "participant_renamed",
            Self::LinksRevoked(_) => "links_revoked",
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
