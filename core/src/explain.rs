//! The explanation of a decision: codes with parameters, complete enough to recompute every amount by hand. Not sentences: the edge and the
//! browser make those.
//!
//! Source: requirement E7

use serde::{Deserialize, Serialize};

use crate::booking::Place;
use crate::id::ItemId;
use crate::money::Money;
use crate::policy::{Code, Percent, RefundMode};
use crate::time::Instant;

/// One part of a fee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FeeLine {
    /// What it is, with what it was worked out from.
    #[serde(flatten)]
    pub code: FeeCode,
    /// By how much it moved the fee.
    pub amount: Money,
}

/// The steps of a fee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum FeeCode {
    /// Lines that are never refunded.
    KeptLines {},
    /// So many per cent of the other lines.
    Percent {
        /// How many per cent.
        percent: Percent,
        /// Of how much.
        of: Money,
    },
    /// A fixed amount.
    Fixed {},
    /// An amount for each participant.
    PerParticipant {
        /// For one.
        each: Money,
        /// How many.
        participants: u32,
    },
    /// Raised to the minimum.
    Minimum {
        /// The minimum.
        min: Money,
    },
    /// Lowered to the maximum.
    Maximum {
        /// The maximum.
        max: Money,
    },
    /// Lowered to the price.
    PriceCap {
        /// The price.
        price: Money,
    },
    /// Less what earlier cancellations of the same item (or booking) were charged.
    AlreadyCharged {},
    /// Earlier cancellations were charged more: never less than nothing.
    NotBelowZero {},
}

/// Why the money comes out as it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Reason {
    /// This window holds for the item.
    WindowApplies {
        /// The item.
        item: ItemId,
        /// The window.
        window: Code,
        /// Its last instant.
        until: Instant,
    },
    /// The item stays: its limit to cancel is past.
    ItemStays {
        /// The item.
        item: ItemId,
        /// The last instant at which it could be canceled; absent where that is switched off.
        limit: Option<Instant>,
    },
    /// The operator canceled: no fee.
    NoFee {},
    /// Less than the fees has been paid, and the policy waives the rest.
    ShortfallWaived {
        /// How much.
        amount: Money,
    },
    /// Less than what is owed has been paid, and the rest stays due.
    ShortfallBilled {
        /// How much.
        amount: Money,
    },
    /// What the gateway took is kept from the refund, in proportion to what goes back.
    GatewayFeeKept {
        /// How much.
        amount: Money,
    },
    /// How the money comes back.
    RefundMode {
        /// The strictest of the windows' modes.
        mode: RefundMode,
    },
    /// The operator pays this back by hand.
    RefundByHand {
        /// How much.
        amount: Money,
    },
}

/// What changes next, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "then", rename_all = "snake_case")]
pub enum NextChange {
    /// Right after this instant the same selection costs something else.
    Price {
        /// The last instant at which the quote's amounts hold.
        after: Instant,
        /// The fee then.
        fee: Money,
        /// The refund then.
        refund: Money,
    },
    /// Right after this instant it is not possible any more.
    Closed {
        /// The last instant.
        after: Instant,
        /// Where and in which zone that is read.
        place: Place,
    },
}
