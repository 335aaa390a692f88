//! A policy frozen into an item: instants only. Later edits of the policy, or of zone data, never reach it.

use serde::{Deserialize, Serialize};

use crate::fields::FromObject;
use crate::money::Money;
use crate::policy::{
    Cheaper, Code, FlatWindow, GatewayFee, MoveLimits, PolicyError, RefundMode, Rule, Shortfall, VoucherOffer,
};
use crate::time::Instant;

/// A stretch of time with one rule; `until` is its last instant. It begins where the window before it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "FlatWindow<Instant>")]
pub struct Window {
    /// Its name.
    pub code: Code,
    /// Its last instant.
    pub until: Instant,
    /// What canceling in it costs.
    #[serde(flatten)]
    pub rule: Rule,
    /// How money comes back.
    pub refund: RefundMode,
}

impl TryFrom<FlatWindow<Instant>> for Window {
    type Error = PolicyError;
    fn try_from(flat: FlatWindow<Instant>) -> Result<Self, PolicyError> {
        let (code, until, rule, refund) = flat.parts()?;
        Ok(Self { code, until, rule, refund })
    }
}

/// The rules of moving, frozen: how far is said by instants.
///
/// Source: requirement D4
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MoveTerms {
    /// What a move costs, worked out on the price of what moves.
    #[serde(default)]
    pub fee: Rule,
    /// The most moves of the item; absent, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u16>,
    /// The first start that it can move to; absent, any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Instant>,
    /// The last start that it can move to; absent, any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Instant>,
    /// What becomes of a lower price.
    #[serde(default)]
    pub cheaper: Cheaper,
    /// Whose limits hold afterwards.
    #[serde(default)]
    pub limits: MoveLimits,
}

/// What a customer may do with one item, until exactly when, and what it costs.
///
/// Source: requirement B7
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Terms {
    /// The policy that was frozen.
    pub policy: Code,
    /// Kinds of line that are never refunded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Code>,
    /// What happens when less than the fee has been paid.
    #[serde(default)]
    pub shortfall: Shortfall,
    /// Who bears what the gateway took.
    #[serde(default)]
    pub gateway_fee: GatewayFee,
    /// The last instant to cancel; absent where that is switched off.
    pub cancel: Option<Instant>,
    /// The last instant at which canceling pays anything back.
    pub refund: Instant,
    /// The last instant to move; absent where that is switched off.
    pub rebook: Option<Instant>,
    /// What moving costs, how often and how far.
    #[serde(default, skip_serializing_if = "MoveTerms::is_default")]
    pub moves: MoveTerms,
    /// The last instant to rename; absent where that is switched off.
    pub rename: Option<Instant>,
    /// A voucher in place of money, where it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<VoucherOffer>,
    /// Does the service need to be paid beforehand?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepayment: bool,
    // INVARIANT: rising, and without a hole up to the cancel limit.
    /// Earliest first, without a hole up to the cancel limit.
    pub windows: Vec<Window>,
}

impl MoveTerms {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Terms {
    /// The window that holds at an instant: the first whose last instant is not past. None after the cancel limit.
    #[must_use]
    pub fn window_at(&self, at: Instant) -> Option<&Window> {
        self.windows.iter().find(|window| at <= window.until)
    }

    /// Is this kind of line never refunded?
    #[must_use]
    pub fn keeps(&self, kind: &Code) -> bool {
        self.keep.contains(kind)
    }

    /// The terms after a move to a slot that starts then: the limits for canceling and moving keep running, none of them at or after the new
    /// start; people can be renamed until the new slot's limit.
    ///
    /// Source: requirement D4
    #[must_use]
    pub fn moved_to(&self, starts_at: Instant, rename: Option<Instant>) -> Self {
        let last = starts_at.just_before();
        let mut terms = Self { rename, ..self.clone() };
        terms.refund = terms.refund.min(last);
        for limit in [&mut terms.cancel, &mut terms.rebook, &mut terms.rename].into_iter().flatten() {
            *limit = last.min(*limit);
        }
        let mut reached = None;
        terms.windows.retain_mut(|window| {
            window.until = window.until.min(last);
            let is_left = reached.is_none_or(|from| from < window.until);
            reached = Some(window.until);
            is_left
        });
        terms
    }

    /// The amounts of the rules.
    pub(crate) fn amounts(&self) -> impl Iterator<Item = Money> {
        self.windows.iter().flat_map(|window| window.rule.amounts()).chain(self.moves.fee.amounts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> Instant {
        Instant::parse(&format!("2026-08-{day:02}T10:00:00Z")).unwrap()
    }

    /// Windows to the 1st, the 10th and right before the start on the 20th.
    fn terms() -> Terms {
        let last = at(20).just_before();
        let window =
            |code: &str, until: Instant| format!(r#"{{"code":"{code}","until":"{until}","refund":"automatic"}}"#);
        let windows = [window("free", at(1)), window("half", at(10)), window("late", last)].join(",");
        let text = format!(
            r#"{{"policy":"tour","cancel":"{last}","refund":"{}","rebook":"{}","rename":"{last}","windows":[{windows}]}}"#,
            at(10),
            at(15)
        );
        serde_json::from_str(&text).unwrap()
    }

    fn window(terms: &Terms, at: Instant) -> Option<String> {
        terms.window_at(at).map(|window| window.code.to_string())
    }

    #[test]
    fn a_window_includes_its_own_limit() {
        let terms = terms();
        assert_eq!(window(&terms, at(1)).as_deref(), Some("free"));
        assert_eq!(window(&terms, at(1).just_after()).as_deref(), Some("half"));
        assert_eq!(window(&terms, at(20).just_before()).as_deref(), Some("late"));
        assert_eq!(window(&terms, at(20)), None);
    }

    #[test]
    fn no_limit_is_at_or_after_the_new_start() {
        let last = at(10).just_before();
        let moved = terms().moved_to(at(10), Some(at(12)));
        assert_eq!(
            (moved.cancel, moved.refund, moved.rebook, moved.rename),
            (Some(last), last, Some(last), Some(last))
        );
        let ends: Vec<(String, Instant)> =
            moved.windows.iter().map(|window| (window.code.to_string(), window.until)).collect();
        assert_eq!(ends, [("free".to_owned(), at(1)), ("half".to_owned(), last)], "a window without time is gone");
    }

    #[test]
    fn a_later_start_moves_no_limit() {
        let moved = terms().moved_to(at(28), None);
        assert_eq!(moved, Terms { rename: None, ..terms() });
    }
}
