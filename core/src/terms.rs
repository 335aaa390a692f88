//! A policy frozen into an item: instants only. Later edits of the policy, or of zone data, never reach it.

use serde::{Deserialize, Serialize};

use crate::policy::{Code, FlatWindow, GatewayFee, PolicyError, RefundMode, Rule, Shortfall};
use crate::time::Instant;

/// A stretch of time with one rule; `until` is its last instant. It begins where the window before it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a customer may do with one item, until exactly when, and what it costs.
///
/// Source: requirement B7
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The last instant to rename; absent where that is switched off.
    pub rename: Option<Instant>,
    // INVARIANT: rising, and without a hole up to the cancel limit.
    /// Earliest first, without a hole up to the cancel limit.
    pub windows: Vec<Window>,
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
}
