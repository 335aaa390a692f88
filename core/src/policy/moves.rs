//! What a policy says of moving: what it costs, how often, how far, what becomes of a lower price, and whose limits hold afterwards. Not until
//! when a customer may move: that is the policy's `rebook` limit.
//!
//! Source: requirement D4

use serde::{Deserialize, Serialize};

use crate::fields::FromObject;
use crate::policy::{DAYS_MAX, PolicyError, Rule};

/// What becomes of the difference when the new slot costs less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Cheaper {
    /// The price stays.
    #[default]
    Keep,
    /// It goes back, less what canceling that much would cost now.
    Refund,
    /// The same, as a voucher.
    Voucher,
}

/// Whose limits hold for canceling after a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MoveLimits {
    /// Those of the slot that was booked at first: moving is no way around a fee.
    #[default]
    Original,
    /// Those of the new slot.
    New,
}

/// The rules of moving, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveRules {
    /// What a move costs, worked out on the price of what moves.
    #[serde(default)]
    pub fee: Rule,
    /// The most moves of one item; absent, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u16>,
    /// At most so many local days from the day that was booked at first, earlier or later; absent, any day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u16>,
    /// What becomes of a lower price.
    #[serde(default)]
    pub cheaper: Cheaper,
    /// Whose limits hold afterwards.
    #[serde(default)]
    pub limits: MoveLimits,
}

impl MoveRules {
    pub(crate) fn check(&self) -> Result<(), PolicyError> {
        if self.within_days.is_some_and(|days| days > DAYS_MAX) {
            return Err(PolicyError::TooManyDays);
        }
        self.fee.check()
    }
}
