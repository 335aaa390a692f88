//! A policy as the operator writes it: offsets before a slot, not instants. Frozen for one slot it becomes [`crate::terms::Terms`].

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::fields::FromObject;
use crate::money::Money;
use crate::time::Limit;

mod code;
mod percent;
pub mod rule;

pub mod lint;
pub mod moves;

pub use code::Code;
pub use moves::{Cheaper, MoveLimits, MoveRules};
pub use percent::Percent;
pub(crate) use rule::FlatWindow;
pub use rule::{Per, Rule, WindowPolicy};

/// The most windows a policy can have.
pub const WINDOWS_MAX: usize = 24;
/// The most kinds of line that a policy can keep.
pub const KEPT_KINDS_MAX: usize = 24;
/// The most days of a limit or a validity: ten years.
pub(crate) const DAYS_MAX: u16 = 3_650;

/// What a policy cannot say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More windows than [`WINDOWS_MAX`].
    #[error("a policy has at most {WINDOWS_MAX} windows")]
    TooManyWindows,
    /// More kinds than [`KEPT_KINDS_MAX`].
    #[error("a policy keeps at most {KEPT_KINDS_MAX} kinds of line")]
    TooManyKinds,
    /// Two windows with one code.
    #[error("two windows have the code `{0}`")]
    DuplicateWindow(Code),
    /// A fee in a currency other than the first one's.
    #[error("a policy has amounts of one currency, here {0} and {1}")]
    MixedCurrencies(Currency, Currency),
    /// A fee below nothing.
    #[error("a fee is not negative")]
    Negative,
    /// The minimum is above the maximum.
    #[error("the minimum is above the maximum")]
    MinimumAboveMaximum,
    /// A number of days beyond ten years.
    #[error("at most 3650 days")]
    TooManyDays,
}

/// How money comes back. Of several modes in one cancellation the strictest holds: never, approval, automatic.
///
/// Source: requirement B4
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundMode {
    /// By itself.
    #[default]
    Automatic,
    /// Once the operator approves.
    Approval,
    /// Not by itself: the operator has a task and pays back by hand.
    Never,
}

/// What happens when less than the fee has been paid.
///
/// Source: requirement B6
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// The customer need not pay the rest.
    #[default]
    Waive,
    /// The customer owes the rest.
    Bill,
}

/// Who bears what the payment gateway took.
///
/// Source: requirement B9
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GatewayFee {
    /// The operator.
    #[default]
    Absorbed,
    /// The customer: it is kept from the refund.
    Kept,
}

/// A voucher in place of money, at the customer's choice. The bonus part can expire, the paid part cannot.
///
/// Source: requirement C13
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct VoucherOffer {
    /// What it is worth more than the money.
    pub bonus: Percent,
    /// For so many days of 24 hours; absent, the bonus does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus_valid_days: Option<u16>,
}

impl VoucherOffer {
    /// What two offers have in common: the smaller bonus, for the shorter time.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let days = [self.bonus_valid_days, other.bonus_valid_days].into_iter().flatten().min();
        Self { bonus: self.bonus.min(other.bonus), bonus_valid_days: days }
    }
}

/// What an operator allows, until how long before a slot, and what it costs.
///
/// `cancel`, `refund` and `rebook` are separate limits; a `null` switches that change off. Without windows canceling is free until the
/// refund limit. After the refund limit, and after the last window, the whole price is kept.
///
/// Source: requirements B2, B3, B5
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "RawPolicy")]
pub struct Policy {
    /// The operator's name for it.
    pub name: Code,
    /// Kinds of line that are never refunded.
    pub keep: Vec<Code>,
    /// What happens when less than the fee has been paid.
    pub shortfall: Shortfall,
    /// Who bears what the gateway took.
    pub gateway_fee: GatewayFee,
    /// Until when the customer may cancel.
    pub cancel: Option<Limit>,
    /// Until when canceling pays anything back.
    pub refund: Limit,
    /// Until when the customer may move.
    pub rebook: Option<Limit>,
    /// What moving costs, how often and how far.
    pub moves: MoveRules,
    /// Until when a participant may be renamed.
    pub rename: Option<Limit>,
    /// A voucher in place of money, where it is offered.
    pub voucher: Option<VoucherOffer>,
    /// Does the service need to be paid beforehand?
    pub prepayment: bool,
    /// Earliest first.
    pub windows: Vec<WindowPolicy>,
}

#[derive(FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RawPolicy {
    name: Code,
    #[serde(default)]
    keep: Vec<Code>,
    #[serde(default)]
    shortfall: Shortfall,
    #[serde(default)]
    gateway_fee: GatewayFee,
    #[serde(default = "at_start")]
    cancel: Option<Limit>,
    #[serde(default = "start")]
    refund: Limit,
    #[serde(default)]
    rebook: Option<Limit>,
    #[serde(default)]
    moves: MoveRules,
    #[serde(default)]
    rename: Option<Limit>,
    #[serde(default)]
    voucher: Option<VoucherOffer>,
    #[serde(default)]
    prepayment: bool,
    #[serde(default)]
    windows: Vec<WindowPolicy>,
}

fn start() -> Limit {
    Limit::Start
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants the field's own type")]
fn at_start() -> Option<Limit> {
    Some(Limit::Start)
}

impl TryFrom<RawPolicy> for Policy {
    type Error = PolicyError;
    fn try_from(raw: RawPolicy) -> Result<Self, PolicyError> {
        let RawPolicy { name, keep, shortfall, gateway_fee, cancel, refund, .. } = raw;
        let RawPolicy { rebook, moves, rename, voucher, prepayment, windows, .. } = raw;
        let policy = Self {
            name,
            keep,
            shortfall,
            gateway_fee,
            cancel,
            refund,
            rebook,
            moves,
            rename,
            voucher,
            prepayment,
            windows,
        };
        policy.check()?;
        Ok(policy)
    }
}

impl Policy {
    /// The currency of the policy's amounts, where it has any.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.amounts().map(|amount| amount.currency()).next()
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        self.windows.iter().flat_map(|window| window.rule.amounts()).chain(self.moves.fee.amounts())
    }

    fn check(&self) -> Result<(), PolicyError> {
        if self.windows.len() > WINDOWS_MAX {
            return Err(PolicyError::TooManyWindows);
        }
        if self.keep.len() > KEPT_KINDS_MAX {
            return Err(PolicyError::TooManyKinds);
        }
        self.moves.check()?;
        if self.voucher.as_ref().and_then(|offer| offer.bonus_valid_days).is_some_and(|days| days > DAYS_MAX) {
            return Err(PolicyError::TooManyDays);
        }
        if let Some((first, other)) = self.currency().and_then(|first| {
            self.amounts().map(|amount| amount.currency()).find(|other| *other != first).map(|other| (first, other))
        }) {
            return Err(PolicyError::MixedCurrencies(first, other));
        }
        let codes: Vec<&Code> = crate::sort::sorted(self.windows.iter().map(|window| &window.code).collect());
        match codes.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first().copied()) {
            Some(code) => Err(PolicyError::DuplicateWindow(*code)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Policy, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_shortest_policy_is_free_until_the_start() {
        let policy = read(r#"{"name":"p"}"#).unwrap();
        assert_eq!((policy.cancel, policy.refund, policy.rebook), (Some(Limit::Start), Limit::Start, None));
        assert_eq!(read(r#"{"name":"p","cancel":null}"#).unwrap().cancel, None);
    }

    #[test]
    fn what_a_policy_cannot_say() {
        let window = |rest: &str| format!(r#"{{"name":"p","windows":[{{"code":"a","until":"start"{rest}}}]}}"#);
        for (text, reason) in [
            (window(r#","percent":"101""#), "a percentage"),
            (window(r#","percent":10"#), "a percentage"),
            (window(r#","percent":"1.23456""#), "a percentage"),
            (window(r#","fixed":{"amount":"-1","currency":"EUR"}"#), "not negative"),
            (
                window(r#","fixed":{"amount":"1","currency":"EUR"},"min":{"amount":"1","currency":"USD"}"#),
                "one currency",
            ),
            (
                window(r#","min":{"amount":"2","currency":"EUR"},"max":{"amount":"1","currency":"EUR"}"#),
                "above the maximum",
            ),
            (window(r#","colour":"red""#), "unknown field"),
            (r#"{"name":"P"}"#.to_owned(), "a code"),
            (
                r#"{"name":"p","windows":[{"code":"a","until":"start"},{"code":"a","until":"start"}]}"#.to_owned(),
                "two windows",
            ),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn read_and_written_are_the_same() {
        let text = r#"{"name":"p","windows":[{"code":"a","until":{"hours":2},"percent":"12.5","per":"booking","refund":"never"}]}"#;
        let policy = read(text).unwrap();
        assert_eq!(read(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
    }
}
