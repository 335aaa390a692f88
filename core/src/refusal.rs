//! The rules' "no". Each has a stable code and the facts behind it. Malformed input is not a refusal: it never reaches the rules.

use serde::{Deserialize, Serialize};

use crate::id::{ItemId, ParticipantId, RefundId};
use crate::money::{Money, MoneyError};
use crate::refund::{RefundReason, RefundState};
use crate::time::{Instant, Zone};

/// What a policy can switch off, or limit in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Give up.
    Cancel,
    /// Move.
    Rebook,
    /// Let somebody else attend.
    Rename,
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cancel => "cancel",
            Self::Rebook => "rebook",
            Self::Rename => "rename",
        })
    }
}

/// Why the rules do not allow something.
///
/// On the wire `{"code":"past_limit","params":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Refusal {
    /// The booking exists already.
    #[error("the booking has been made already")]
    AlreadyMade {},
    /// There is no such booking.
    #[error("the booking has not been made")]
    NotMade {},
    /// The booking has no such item.
    #[error("the booking has no item `{item}`")]
    UnknownItem {
        /// As named.
        item: ItemId,
    },
    /// The booking has no such participant.
    #[error("the booking has no participant `{participant}`")]
    UnknownParticipant {
        /// As named.
        participant: ParticipantId,
    },
    /// The booking has no such refund entry.
    #[error("the booking has no refund `{refund}`")]
    UnknownRefund {
        /// As named.
        refund: RefundId,
    },
    /// The item was canceled before.
    #[error("the item `{item}` is canceled already")]
    ItemCanceled {
        /// The item.
        item: ItemId,
    },
    /// The participant was canceled before.
    #[error("the participant `{participant}` is canceled already")]
    ParticipantCanceled {
        /// The participant.
        participant: ParticipantId,
    },
    /// The selection names nothing.
    #[error("nothing is selected")]
    NothingSelected {},
    /// Everything is canceled already.
    #[error("nothing is left to cancel")]
    NothingToCancel {},
    /// The policy has this switched off.
    #[error("the policy does not let customers {verb}")]
    SwitchedOff {
        /// What.
        verb: Verb,
        /// For which item.
        item: ItemId,
    },
    /// The last instant for this is past.
    #[error("the last instant to {verb} was {limit}")]
    PastLimit {
        /// What.
        verb: Verb,
        /// For which item.
        item: ItemId,
        /// The last instant.
        limit: Instant,
        /// In whose local time people read it.
        zone: Zone,
    },
    /// Only the operator may give this reason.
    #[error("only the operator can give this reason")]
    ReasonNotAllowed {},
    /// The slot has not come to its day: nothing can be refused on arrival yet.
    #[error("nothing is refused on arrival before {from}")]
    NotArrivedYet {
        /// 24 hours before the start.
        from: Instant,
    },
    /// An amount in another currency than the booking's.
    #[error("the booking is in another currency")]
    WrongCurrency {},
    /// A sum beyond what can be represented.
    #[error("an amount is out of range")]
    AmountOutOfRange {},
    /// The amount is nothing or less.
    #[error("the amount is not more than nothing")]
    AmountNotPositive {},
    /// The gateway cannot take more than came in.
    #[error("the gateway's fee is above the payment")]
    GatewayFeeTooHigh {},
    /// The instalments are not the price.
    #[error("the plan comes to {plan}, the price to {price}")]
    PlanIsNotThePrice {
        /// The sum of the instalments.
        plan: Money,
        /// The sum of the lines.
        price: Money,
    },
    /// More than the payments have left.
    #[error("at most {most} can go back")]
    RefundTooHigh {
        /// The most that can go back.
        most: Money,
    },
    /// This reason needs an amount.
    #[error("a refund with the reason `{reason:?}` needs an amount")]
    AmountNeeded {
        /// The reason.
        reason: RefundReason,
    },
    /// The reason goes with a canceled booking.
    #[error("the booking is not canceled")]
    NotCanceled {},
    /// The entry is not in a state in which that can happen.
    #[error("the refund is {state:?}")]
    RefundNotOpen {
        /// Its state.
        state: RefundState,
    },
    /// A list is longer than a booking can hold.
    #[error("a booking holds at most {most} of these")]
    TooMany {
        /// How many.
        most: u32,
    },
    /// A name or note is empty, too long, or has control characters.
    #[error("a name or note is 1 to {most} characters long and has no control characters")]
    TextNotValid {
        /// The longest, in characters.
        most: u32,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyMade {} => "already_made",
            Self::NotMade {} => "not_made",
            Self::UnknownItem { .. } => "unknown_item",
            Self::UnknownParticipant { .. } => "unknown_participant",
            Self::UnknownRefund { .. } => "unknown_refund",
            Self::ItemCanceled { .. } => "item_canceled",
            Self::ParticipantCanceled { .. } => "participant_canceled",
            Self::NothingSelected {} => "nothing_selected",
            Self::NothingToCancel {} => "nothing_to_cancel",
            Self::SwitchedOff { .. } => "switched_off",
            Self::PastLimit { .. } => "past_limit",
            Self::ReasonNotAllowed {} => "reason_not_allowed",
            Self::NotArrivedYet { .. } => "not_arrived_yet",
            Self::WrongCurrency {} => "wrong_currency",
            Self::AmountOutOfRange {} => "amount_out_of_range",
            Self::AmountNotPositive {} => "amount_not_positive",
            Self::GatewayFeeTooHigh {} => "gateway_fee_too_high",
            Self::PlanIsNotThePrice { .. } => "plan_is_not_the_price",
            Self::RefundTooHigh { .. } => "refund_too_high",
            Self::AmountNeeded { .. } => "amount_needed",
            Self::NotCanceled {} => "not_canceled",
            Self::RefundNotOpen { .. } => "refund_not_open",
            Self::TooMany { .. } => "too_many",
            Self::TextNotValid { .. } => "text_not_valid",
        }
    }
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch(..) | MoneyError::UnknownCurrency(_) => Self::WrongCurrency {},
            MoneyError::OutOfRange | MoneyError::TooPrecise { .. } | MoneyError::NotANumber(_) => {
                Self::AmountOutOfRange {}
            }
        }
    }
}
