//! What somebody wants of a booking. Whether it happens is decided in [`mod@crate::decide`].

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::booking::{Line, Method, Reference, Slot};
use crate::currency::Currency;
use crate::id::{BookingId, CommandId, ItemId, ParticipantId, PaymentId, RefundId};
use crate::money::Money;
use crate::policy::Code;
use crate::refund::RefundReason;
use crate::terms::Terms;
use crate::time::Instant;

/// The most ids in one selection.
pub const SELECTED_MAX: usize = 500;
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
    /// What a customer may do, or an operator for one.
    Act(Action),
    /// A new refund entry.
    EnterRefund(EnterRefund),
    /// The money of an entry is back.
    FinalizeRefund {
        /// The entry.
        refund: RefundId,
    },
    /// Every link sent so far stops working.
    RevokeLinks,
}

/// A new booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
}

/// A part of the price with the day it is due.
///
/// Source: requirement A3
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// The operator's name for it: deposit, balance.
    pub code: Code,
    /// When it is to be paid.
    pub due: Instant,
    /// How much.
    pub amount: Money,
}

/// Money that came in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// A new refund entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterRefund {
    /// Why.
    pub reason: RefundReason,
    /// How much; absent, the balance where the reason allows that.
    #[serde(default)]
    pub amount: Option<Money>,
    /// The operator's note.
    #[serde(default)]
    pub note: String,
}

/// What a customer may do with a booking, or an operator for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", try_from = "RawAction")]
pub enum Action {
    /// Give up all or a part.
    Cancel {
        /// What of it.
        selection: Selection,
        /// Why; customers have one reason only.
        #[serde(default, skip_serializing_if = "CancelReason::is_customers")]
        reason: CancelReason,
    },
    /// Let somebody else attend.
    Rename {
        /// Who.
        participant: ParticipantId,
        /// The new name.
        name: String,
    },
}

// Read flat: serde buffers a tagged enum, and an error inside would no longer know its path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Action")]
struct RawAction {
    r#type: ActionType,
    selection: Option<Selection>,
    reason: Option<CancelReason>,
    participant: Option<ParticipantId>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ActionType {
    Cancel,
    Rename,
}

impl TryFrom<RawAction> for Action {
    type Error = &'static str;
    fn try_from(raw: RawAction) -> Result<Self, Self::Error> {
        match raw {
            RawAction {
                r#type: ActionType::Cancel,
                selection: Some(selection),
                reason,
                participant: None,
                name: None,
            } => Ok(Self::Cancel { selection, reason: reason.unwrap_or_default() }),
            RawAction {
                r#type: ActionType::Rename,
                selection: None,
                reason: None,
                participant: Some(participant),
                name: Some(name),
            } => Ok(Self::Rename { participant, name }),
            RawAction { r#type: ActionType::Cancel, .. } => {
                Err("`cancel` takes `selection`, and for operators `reason`")
            }
            RawAction { r#type: ActionType::Rename, .. } => Err("`rename` takes `participant` and `name`"),
        }
    }
}

/// Why something is canceled.
///
/// Source: requirement C3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The customer wants it: the policy's fee applies.
    #[default]
    CustomerCancellation,
    /// The operator cannot deliver: no fee.
    OperatorCancellation,
    /// Refused on arrival, on or after the day of the start: no fee.
    RefusedOnArrival,
}

impl CancelReason {
    fn is_customers(&self) -> bool {
        *self == Self::CustomerCancellation
    }
}

impl From<CancelReason> for RefundReason {
    fn from(reason: CancelReason) -> Self {
        match reason {
            CancelReason::CustomerCancellation => Self::CustomerCancellation,
            CancelReason::OperatorCancellation => Self::OperatorCancellation,
            CancelReason::RefusedOnArrival => Self::RefusedOnArrival,
        }
    }
}

/// What of a booking is meant.
///
/// On the wire `{"all":true}`, or `{"items":[…],"participants":[…]}`. The order of ids, and an id named twice, mean nothing.
///
/// Source: requirement F3
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(
    feature = "ts",
    ts(type = r#"{ "all": true } | { "items"?: Array<ItemId>, "participants"?: Array<ParticipantId> }"#)
)]
pub enum Selection {
    /// Everything that may still be canceled.
    All,
    /// These.
    Parts {
        /// Items with everybody and everything in them; sorted.
        items: Vec<ItemId>,
        /// Participants with what is bound to them; sorted.
        participants: Vec<ParticipantId>,
    },
}

impl Selection {
    /// Makes the one form of a selection of parts.
    #[must_use]
    pub fn of_parts(items: Vec<ItemId>, participants: Vec<ParticipantId>) -> Self {
        let (mut items, mut participants) = (crate::sort::sorted(items), crate::sort::sorted(participants));
        items.dedup();
        participants.dedup();
        Self::Parts { items, participants }
    }
}

impl Serialize for Selection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::All => map.serialize_entry("all", &true)?,
            Self::Parts { items, participants } => {
                if !items.is_empty() {
                    map.serialize_entry("items", items)?;
                }
                if !participants.is_empty() {
                    map.serialize_entry("participants", participants)?;
                }
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Selection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "Selection")]
        struct Written {
            all: Option<bool>,
            #[serde(default)]
            items: Vec<ItemId>,
            #[serde(default)]
            participants: Vec<ParticipantId>,
        }
        let Written { all, items, participants } = Written::deserialize(deserializer)?;
        let parts = items.len().saturating_add(participants.len());
        match all {
            Some(true) if parts == 0 => Ok(Self::All),
            Some(true) => Err(de::Error::custom("`all` stands alone")),
            Some(false) => Err(de::Error::custom("`all` is `true` or absent")),
            None if parts > SELECTED_MAX => Err(de::Error::custom("a selection names at most 500 ids")),
            None => Ok(Self::of_parts(items, participants)),
        }
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
