//! The explanation of a decision: codes with parameters, complete enough to recompute every amount by hand. Not sentences: the edge and the
//! browser make those.
//!
//! Source: requirement E7

use serde::{Deserialize, Serialize};

use crate::booking::Place;
use crate::currency::Currency;
use crate::fields::FromObject;
use crate::id::ItemId;
use crate::money::Money;
use crate::policy::{Code, MoveLimits, Percent, RefundMode};
use crate::time::Instant;

/// One part of a fee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The operator canceled, or moved: no fee.
    NoFee {},
    /// The operator decided against the policy.
    Overridden {
        /// This window, whatever the time.
        window: Option<Code>,
        /// This fee in all.
        fee: Option<Money>,
        /// What the policy's fee would have been; absent where its limit is past.
        by_policy: Option<Money>,
        /// Why.
        why: String,
    },
    /// Those who stay lose the group's price, or (negative) fewer of them pay without it.
    GroupPriceLost {
        /// The item.
        item: ItemId,
        /// What they pay more than before.
        amount: Money,
        /// So many would have to attend.
        at_least: u16,
        /// What each of these tickets costs without the group.
        otherwise: Money,
        /// How many tickets that is.
        tickets: u32,
        /// What these tickets cost with the group, none of them more than without it.
        with_group: Money,
        /// What was paid more before: `tickets` × `otherwise`, less `with_group`, less this is the amount.
        before: Money,
    },
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
    GatewayFeeKept(KeptForGateway),
    /// The new slot has another price.
    PriceChanges {
        /// The item.
        item: ItemId,
        /// The price of what moves.
        old: Money,
        /// Its price in the new slot.
        new: Money,
    },
    /// What becomes of a lower price: some of it is kept, as canceling that much would cost.
    DifferenceKept {
        /// The item.
        item: ItemId,
        /// The window whose rule is applied to the difference; absent after the last one.
        window: Option<Code>,
        /// The percentage of that rule; absent, none of it is kept, or after the last window all.
        percent: Option<Percent>,
        /// The maximum of that rule.
        max: Option<Money>,
        /// How much is kept.
        amount: Money,
    },
    /// Whose limits hold for canceling after the move.
    LimitsAfter {
        /// The item.
        item: ItemId,
        /// The first slot's, or the new one's.
        limits: MoveLimits,
        /// The last instant to cancel; absent where that is switched off.
        cancel: Option<Instant>,
    },
    /// The refund is a voucher, with a bonus on what was paid with money.
    VoucherBonus {
        /// How many per cent.
        percent: Percent,
        /// Of how much: what had not been paid by voucher.
        of: Money,
        /// How much.
        bonus: Money,
        /// The last instant at which the bonus can be redeemed; absent, it does not expire.
        expires_at: Option<Instant>,
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

/// What is kept of a refund for the gateway, and the figures behind it: `took` × `gone` ÷ `received`, less `kept_before`.
///
/// Source: requirement B9
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KeptForGateway {
    /// How much.
    pub amount: Money,
    /// What the gateway took of all payments.
    pub took: Money,
    /// All payments.
    pub received: Money,
    /// What has gone back of them, this refund included.
    pub gone: Money,
    /// What was kept of earlier refunds.
    pub kept_before: Money,
}

impl KeptForGateway {
    pub(crate) fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { amount: zero, took: zero, received: zero, gone: zero, kept_before: zero }
    }
}

/// Where a refund comes from: `paid` less `promised` less `owed` is what is free to go back, `by_hand` included; never more than `paid` less
/// `promised`.
///
/// Source: requirement E7
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Settlement {
    /// What was owed before it; of a booking of which nothing is left, only fees.
    pub before: Money,
    /// What is owed after it: `before`, less the price of what is canceled where something is left, and what is charged.
    pub owed: Money,
    /// Money in, less money back.
    pub paid: Money,
    /// Refunds that were entered before and are not back yet.
    pub promised: Money,
    /// What only goes back by hand.
    pub by_hand: Money,
}

/// What changes next, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
