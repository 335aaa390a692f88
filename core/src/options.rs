//! What a customer may do with a booking at an instant, and until when: what buttons a page shows. A button that is shown never fails for a
//! reason the rules knew.

use serde::{Serialize, Serializer};

use crate::balance::totals;
use crate::booking::{Booking, Item};
use crate::cancel::refusal;
use crate::id::ItemId;
use crate::money::Money;
use crate::plan::{Schedule, schedule};
use crate::refusal::{Refusal, Verb};
use crate::time::Instant;

/// Whether something may be done.
///
/// On the wire `{"allowed":true,"until":…}` or `{"allowed":false,"refusal":{…}}`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(
    feature = "ts",
    ts(type = r#"{ "allowed": true, "until": Instant } | { "allowed": false, "refusal": Refusal }"#)
)]
pub enum Permission {
    /// Yes.
    Allowed {
        /// The last instant.
        until: Instant,
    },
    /// No.
    Refused(Refusal),
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Allowed { until } => {
                map.serialize_entry("allowed", &true)?;
                map.serialize_entry("until", until)?;
            }
            Self::Refused(refusal) => {
                map.serialize_entry("allowed", &false)?;
                map.serialize_entry("refusal", refusal)?;
            }
        }
        map.end()
    }
}

impl Permission {
    /// The last instant, where it is allowed.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        match self {
            Self::Allowed { until } => Some(*until),
            Self::Refused(_) => None,
        }
    }
}

/// What may be done with a booking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Options {
    /// When that was asked.
    pub at: Instant,
    /// Cancel everything that may still be canceled.
    pub cancel: Permission,
    /// All that the customer still owes; nothing where nothing is due.
    pub due: Money,
    /// When that is to be paid.
    pub payment: Schedule,
    /// Item by item.
    pub items: Vec<ItemOptions>,
}

/// What may be done with an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ItemOptions {
    /// The item.
    pub item: ItemId,
    /// Cancel it, or participants of it.
    pub cancel: Permission,
    /// Move it.
    pub rebook: Permission,
    /// Rename its participants.
    pub rename: Permission,
    /// The last instant at which canceling pays anything back.
    pub refund_until: Instant,
}

/// Says what may be done at an instant.
///
/// # Errors
/// A [`Refusal`] when a sum leaves the range.
///
/// ```
/// use leeway_core::{Instant, options};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let options = options(&booking, Instant::parse("2026-11-28T12:00:00Z")?)?;
/// assert_eq!(options.cancel.until(), Some(Instant::parse("2026-11-29T04:59:59.999Z")?));
/// assert_eq!(options.items[0].cancel.until(), None, "the first item has begun");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirements B2, B3, E6
pub fn options(booking: &Booking, at: Instant) -> Result<Options, Refusal> {
    let items: Vec<ItemOptions> = booking
        .items
        .iter()
        .map(|item| ItemOptions {
            item: item.id,
            cancel: permission(item, Verb::Cancel, item.terms.cancel, at),
            rebook: rebook(item, at),
            rename: permission(item, Verb::Rename, item.terms.rename, at),
            refund_until: item.terms.refund,
        })
        .collect();
    let last = items.iter().filter_map(|item| item.cancel.until()).max();
    let cancel = match last {
        Some(until) => Permission::Allowed { until },
        None => Permission::Refused(why_not(booking)),
    };
    let due = totals(booking)?.balance.or_zero();
    Ok(Options { at, cancel, due, payment: schedule(booking, at)?, items })
}

fn permission(item: &Item, verb: Verb, limit: Option<Instant>, at: Instant) -> Permission {
    if !item.is_booked() {
        return Permission::Refused(Refusal::ItemCanceled { item: item.id });
    }
    match limit {
        Some(until) if at <= until => Permission::Allowed { until },
        limit => Permission::Refused(refusal(item, verb, limit)),
    }
}

/// As a limit has it, and as long as moves are left.
fn rebook(item: &Item, at: Instant) -> Permission {
    match (permission(item, Verb::Rebook, item.terms.rebook, at), item.terms.moves.most) {
        (Permission::Allowed { .. }, Some(most)) if item.moves >= most => {
            Permission::Refused(Refusal::TooManyMoves { item: item.id, most })
        }
        (permission, _) => permission,
    }
}

/// The same "no" that [`crate::cancel::Cancellation::at`] gives for everything.
fn why_not(booking: &Booking) -> Refusal {
    let last = booking.items.iter().rfind(|item| item.is_booked());
    last.map_or(Refusal::NothingToCancel {}, |item| refusal(item, Verb::Cancel, item.terms.cancel))
}
