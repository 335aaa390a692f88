//! What customers can want of a booking, or operators for them: cancel, rebook, rename. As it is said on the wire.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::fields::FromObject;
use crate::id::{ItemId, ParticipantId, SlotId};
use crate::money::Money;
use crate::policy::Code;
use crate::refund::RefundReason;

/// The most ids in one selection.
pub const SELECTED_MAX: usize = 500;
/// The most moves in one action.
pub const MOVES_MAX: usize = 50;

/// What a customer may do with a booking, or an operator for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from))]
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
        /// Money, or a voucher in its place.
        #[serde(default, skip_serializing_if = "RefundTo::is_money")]
        refund_to: RefundTo,
        /// What the operator decides against the policy.
        #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
        overridden: Option<Box<Override>>,
    },
    /// Move to other slots.
    Rebook {
        /// What goes where.
        moves: Vec<Move>,
        /// Why; customers have one reason only.
        #[serde(default, skip_serializing_if = "MoveReason::is_customers")]
        reason: MoveReason,
        /// What the operator decides against the policy.
        #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
        overridden: Option<Box<Override>>,
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
#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Action")]
struct RawAction {
    r#type: ActionType,
    selection: Option<Selection>,
    reason: Option<RawReason>,
    refund_to: Option<RefundTo>,
    r#override: Option<Box<Override>>,
    moves: Option<Vec<Move>>,
    participant: Option<ParticipantId>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum ActionType {
    Cancel,
    Rebook,
    Rename,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawReason {
    CustomerCancellation,
    OperatorCancellation,
    RefusedOnArrival,
    CustomerRequest,
    OperatorRequest,
}

impl RawReason {
    fn of_cancel(self) -> Option<CancelReason> {
        match self {
            Self::CustomerCancellation => Some(CancelReason::CustomerCancellation),
            Self::OperatorCancellation => Some(CancelReason::OperatorCancellation),
            Self::RefusedOnArrival => Some(CancelReason::RefusedOnArrival),
            Self::CustomerRequest | Self::OperatorRequest => None,
        }
    }

    fn of_move(self) -> Option<MoveReason> {
        match self {
            Self::CustomerRequest => Some(MoveReason::CustomerRequest),
            Self::OperatorRequest => Some(MoveReason::OperatorRequest),
            Self::CustomerCancellation | Self::OperatorCancellation | Self::RefusedOnArrival => None,
        }
    }
}

impl TryFrom<RawAction> for Action {
    type Error = &'static str;
    fn try_from(raw: RawAction) -> Result<Self, Self::Error> {
        let RawAction { r#type, selection, reason, refund_to, r#override: overridden, moves, participant, name } = raw;
        match (r#type, selection, moves, participant, name) {
            (ActionType::Cancel, Some(selection), None, None, None) => {
                let reason = reason.map_or(Some(CancelReason::default()), RawReason::of_cancel);
                let reason = reason.ok_or("the `reason` is not one of canceling")?;
                Ok(Self::Cancel { selection, reason, refund_to: refund_to.unwrap_or_default(), overridden })
            }
            (ActionType::Rebook, None, Some(moves), None, None) if refund_to.is_none() => {
                let reason = reason.map_or(Some(MoveReason::default()), RawReason::of_move);
                let reason = reason.ok_or("the `reason` is not one of rebooking")?;
                if moves.len() > MOVES_MAX {
                    return Err("an action has at most 50 moves");
                }
                Ok(Self::Rebook { moves, reason, overridden })
            }
            (ActionType::Rename, None, None, Some(participant), Some(name))
                if reason.is_none() && refund_to.is_none() && overridden.is_none() =>
            {
                Ok(Self::Rename { participant, name })
            }
            (ActionType::Cancel, ..) => {
                Err("`cancel` takes `selection` and `refund_to`, and for operators `reason` and `override`")
            }
            (ActionType::Rebook, ..) => Err("`rebook` takes `moves`, and for operators `reason` and `override`"),
            (ActionType::Rename, ..) => Err("`rename` takes `participant` and `name`"),
        }
    }
}

impl Action {
    /// Canceling as a customer does: for the policy's fee, paid back as it came.
    #[must_use]
    pub fn cancel(selection: Selection) -> Self {
        let (reason, refund_to) = (CancelReason::CustomerCancellation, RefundTo::Money);
        Self::Cancel { selection, reason, refund_to, overridden: None }
    }

    /// The slots that it names.
    pub fn slots(&self) -> impl Iterator<Item = SlotId> {
        let moves = match self {
            Self::Rebook { moves, .. } => moves.as_slice(),
            Self::Cancel { .. } | Self::Rename { .. } => &[],
        };
        moves.iter().map(|one| one.slot)
    }
}

/// One move: an item with everybody in it, or some of its participants, to another slot.
///
/// Source: requirement D1
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The item.
    pub item: ItemId,
    /// Who moves; empty: everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<ParticipantId>,
    /// Where to.
    pub slot: SlotId,
}

/// Why something is moved.
///
/// Source: requirement D1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MoveReason {
    /// The customer wants it: the policy's rules apply.
    #[default]
    CustomerRequest,
    /// The operator has to move it, as for the weather: no fee, no limit, and it never gets dearer.
    OperatorRequest,
}

impl MoveReason {
    fn is_customers(&self) -> bool {
        *self == Self::CustomerRequest
    }
}

/// Money, or a voucher in its place.
///
/// Source: requirement C13
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundTo {
    /// Back as it came.
    #[default]
    Money,
    /// A voucher, with the bonus that the policy offers.
    Voucher,
}

impl RefundTo {
    fn is_money(&self) -> bool {
        *self == Self::Money
    }
}

/// What an operator decides against the policy: another window, or another fee. The limits do not bind then. Who did it is recorded with the
/// event, why in it.
///
/// Source: requirement B10
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// This fee in all, whatever the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// As if this window held; canceling only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Code>,
    /// Why.
    pub why: String,
}

/// Why something is canceled.
///
/// Source: requirement C3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
        #[derive(FromObject)]
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
