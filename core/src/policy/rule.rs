//! What canceling costs in a window, as an operator writes it. What it comes to is worked out in [`crate::fee`].

use serde::{Deserialize, Serialize};

use super::{Code, Percent, PolicyError, RefundMode};
use crate::fields::FromObject;
use crate::money::Money;
use crate::time::Limit;

/// What a rule is worked out on, and where its fixed amounts, minimum and maximum count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each item.
    #[default]
    Item,
    /// All the items that are in this window, together.
    Booking,
}

impl Per {
    fn is_item(&self) -> bool {
        *self == Self::Item
    }
}

/// What canceling costs. An absent part costs nothing.
///
/// Applied in this order: lines that are kept; percent of the rest; fixed; per participant; minimum and maximum of that sum; capped at the
/// price; rounded once, half away from zero.
///
/// Source: requirement B5
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Of the lines that are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// Once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Money>,
    /// For each participant who is canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_participant: Option<Money>,
    /// At least this, kept lines included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Money>,
    /// At most this, kept lines included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Money>,
    /// What the rule is worked out on.
    #[serde(default, skip_serializing_if = "Per::is_item")]
    pub per: Per,
}

impl Rule {
    /// The whole price.
    #[must_use]
    pub fn everything() -> Self {
        Self { percent: Some(Percent::HUNDRED), ..Self::default() }
    }

    /// The rule's amounts.
    pub fn amounts(&self) -> impl Iterator<Item = Money> {
        [self.fixed, self.per_participant, self.min, self.max].into_iter().flatten()
    }

    pub(crate) fn check(&self) -> Result<(), PolicyError> {
        if self.amounts().any(Money::is_negative) {
            return Err(PolicyError::Negative);
        }
        match (self.min, self.max) {
            (Some(min), Some(max)) if min.minor() > max.minor() => Err(PolicyError::MinimumAboveMaximum),
            _ => Ok(()),
        }
    }
}

/// A stretch of time with one rule, as written: it begins where the one before it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, try_from = "FlatWindow<Limit>")]
pub struct WindowPolicy {
    /// Its name in quotes and timelines.
    pub code: Code,
    /// Its last instant.
    pub until: Limit,
    /// What canceling in it costs.
    #[serde(flatten)]
    pub rule: Rule,
    /// How money comes back.
    pub refund: RefundMode,
}

/// A window read flat, its end of any kind. By hand, since serde's `flatten` reads into a buffer first, which costs time and a second copy
/// of every reader, and loses `deny_unknown_fields`.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename = "Window")]
pub(crate) struct FlatWindow<U> {
    code: Code,
    until: U,
    percent: Option<Percent>,
    fixed: Option<Money>,
    per_participant: Option<Money>,
    min: Option<Money>,
    max: Option<Money>,
    #[serde(default)]
    per: Per,
    #[serde(default)]
    refund: RefundMode,
}

impl<U> FlatWindow<U> {
    /// The fields with those of the rule put together and checked.
    pub(crate) fn parts(self) -> Result<(Code, U, Rule, RefundMode), PolicyError> {
        let Self { code, until, percent, fixed, per_participant, min, max, per, refund } = self;
        let rule = Rule { percent, fixed, per_participant, min, max, per };
        rule.check()?;
        Ok((code, until, rule, refund))
    }
}

impl TryFrom<FlatWindow<Limit>> for WindowPolicy {
    type Error = PolicyError;
    fn try_from(flat: FlatWindow<Limit>) -> Result<Self, PolicyError> {
        let (code, until, rule, refund) = flat.parts()?;
        Ok(Self { code, until, rule, refund })
    }
}
