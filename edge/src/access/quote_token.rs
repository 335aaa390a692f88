//! Quotes that bind: what was promised, signed, for one action on one booking.
//!
//! Source: requirement E5

use leeway_core::id::{BookingId, OperatorId};
use leeway_core::{Instant, Quote};
use uuid::Uuid;

use super::mac::{Fields, VERSION, open, seal};
use crate::config::Keys;

/// What a quote promised. Committing it twice is one command: its id is the command's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The command's id.
    pub id: Uuid,
    /// The booking's version.
    pub version: u64,
    /// The last instant at which it binds.
    pub valid_until: Instant,
    /// What is charged.
    pub fee_minor: i64,
    /// What goes back.
    pub refund_minor: i64,
    /// Tells the offers of a move from others: another price or other terms break the promise, even where the sum stays.
    pub offers: u64,
}

/// What a quote is for: covered by the MAC and not repeated in the token.
pub struct Bound<'a> {
    /// Whose booking.
    pub operator: OperatorId,
    /// Which booking.
    pub booking: BookingId,
    /// The action, in its one form as JSON.
    pub action: &'a str,
    /// Made for the operator? A customer cannot commit that one.
    pub by_operator: bool,
}

impl Bound<'_> {
    fn purpose(&self) -> [&[u8]; 5] {
        let kind: &[u8] = if self.by_operator { b"operator" } else { b"customer" };
        [b"leeway/quote/2", kind, self.operator.0.as_bytes(), self.booking.0.as_bytes(), self.action.as_bytes()]
    }
}

impl Promise {
    /// What a fresh quote promises.
    pub fn of(quote: &Quote, offers: u64, id: Uuid) -> Self {
        let (fee_minor, refund_minor) = quote.promised_minor();
        Self { id, version: quote.version(), valid_until: quote.valid_until(), fee_minor, refund_minor, offers }
    }

    /// Does a fresh quote, made now, keep the promise?
    pub fn is_kept_by(&self, quote: &Quote, offers: u64, now: Instant) -> bool {
        self.version == quote.version()
            && now <= self.valid_until
            && self.offers == offers
            && (self.fee_minor, self.refund_minor) == quote.promised_minor()
    }

    /// Signs it.
    pub fn seal(&self, keys: &Keys, bound: &Bound<'_>) -> Option<String> {
        let mut payload = Vec::with_capacity(74);
        payload.extend([VERSION, keys.current]);
        payload.extend(self.version.to_be_bytes());
        payload.extend(self.valid_until.ms().to_be_bytes());
        payload.extend(self.fee_minor.to_be_bytes());
        payload.extend(self.refund_minor.to_be_bytes());
        payload.extend(self.offers.to_be_bytes());
        payload.extend(self.id.as_bytes());
        seal(keys, &bound.purpose(), payload)
    }

    /// What a token of ours promises for exactly this.
    pub fn open(keys: &Keys, bound: &Bound<'_>, token: &str) -> Option<Self> {
        let payload = open(keys, &bound.purpose(), token)?;
        let mut fields = Fields(&payload);
        let [_version, _key] = fields.take::<2>()?;
        let promise = Self {
            version: u64::from_be_bytes(fields.take()?),
            valid_until: Instant::from_ms(i64::from_be_bytes(fields.take()?)).ok()?,
            fee_minor: i64::from_be_bytes(fields.take()?),
            refund_minor: i64::from_be_bytes(fields.take()?),
            offers: u64::from_be_bytes(fields.take()?),
            id: Uuid::from_bytes(fields.take()?),
        };
        fields.done()?;
        Some(promise)
    }
}
