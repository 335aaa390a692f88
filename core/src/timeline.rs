//! How a cancellation's price changes with time: the merged limits of all its items, each stretch with its fee and refund.

use serde::Serialize;

use crate::booking::Booking;
use crate::cancel::Cancellation;
use crate::command::{CancelReason, Selection};
use crate::money::Money;
use crate::policy::RefundMode;
use crate::refusal::Refusal;
use crate::time::Instant;

/// A stretch of time in which canceling the same selection costs the same. It begins where the one before it ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Segment {
    /// Its last instant.
    pub until: Instant,
    /// What is charged.
    pub fee: Money,
    /// What goes back.
    pub refund: Money,
    /// How it goes back.
    pub refund_mode: RefundMode,
}

/// Draws up a selection's segments, earliest first; after the last one it cannot be canceled.
///
/// # Errors
/// A [`Refusal`] when the selection names what the booking does not have, or a sum leaves the range.
///
/// ```
/// use leeway_core::{Selection, timeline};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let segments = timeline(&booking, &Selection::All)?;
/// assert_eq!(segments[0].until.to_string(), "2026-10-28T17:00:00.000Z");
/// assert_eq!(segments[0].fee.to_string(), "25.00 EUR");
/// assert_eq!(segments[1].fee.to_string(), "49.46 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirement E7
pub fn timeline(booking: &Booking, selection: &Selection) -> Result<Vec<Segment>, Refusal> {
    let cancellation = match Cancellation::new(booking, selection, CancelReason::CustomerCancellation) {
        Err(Refusal::NothingToCancel {}) => return Ok(Vec::new()),
        other => other?,
    };
    let windows = cancellation.parts.iter().flat_map(|part| &part.item.terms.windows);
    let mut limits: Vec<Instant> = crate::sort::sorted(windows.map(|window| window.until).collect());
    limits.dedup();
    let mut segments: Vec<Segment> = Vec::with_capacity(limits.len());
    for until in limits {
        let outcome = match cancellation.at(until) {
            Err(Refusal::PastLimit { .. } | Refusal::SwitchedOff { .. }) => break,
            other => other?,
        };
        let segment = Segment { until, fee: outcome.charged()?, refund: outcome.refund, refund_mode: outcome.mode };
        match segments.last_mut() {
            Some(last)
                if last.fee == segment.fee
                    && last.refund == segment.refund
                    && last.refund_mode == segment.refund_mode =>
            {
                last.until = until;
            }
            _ => segments.push(segment),
        }
    }
    Ok(segments)
}
