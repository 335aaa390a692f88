//! Control links: which booking, what may be done with it, until when.
//!
//! Source: requirement E3

use leeway_core::Instant;
use leeway_core::id::{BookingId, OperatorId};
use uuid::Uuid;

use super::mac::{Fields, VERSION, open, peek, seal};
use crate::config::Keys;

const PURPOSE: &[&[u8]] = &[b"leeway/link/1"];

/// What a link lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(u8);

impl Scope {
    /// See the booking.
    pub const VIEW: Self = Self(1);
    /// Cancel, rename, move.
    pub const CHANGE: Self = Self(2);
    /// Pay what is due.
    pub const PAY: Self = Self(4);
    /// All of them.
    pub const CONTROL: Self = Self(7);

    /// What a token's byte says: bits that nobody knows are kept, and let nobody do anything.
    #[cfg(any(test, feature = "fuzzing"))]
    pub const fn of_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Does it include all of another?
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A control link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// What may be done.
    pub scope: Scope,
    /// Lower than the booking's: revoked.
    pub generation: u16,
    /// The last second at which it works, since 1970.
    pub expires_s: u32,
    /// Whose booking.
    pub operator: OperatorId,
    /// Which booking.
    pub booking: BookingId,
}

impl Link {
    /// Signs it.
    pub fn seal(&self, keys: &Keys) -> Option<String> {
        let mut payload = Vec::with_capacity(57);
        payload.extend([VERSION, keys.current, self.scope.0]);
        payload.extend(self.generation.to_be_bytes());
        payload.extend(self.expires_s.to_be_bytes());
        payload.extend(self.operator.0.as_bytes());
        payload.extend(self.booking.0.as_bytes());
        seal(keys, PURPOSE, payload)
    }

    /// A link that one of our keys signed, expired or not.
    pub fn open(keys: &Keys, token: &str) -> Option<Self> {
        Self::read(&open(keys, PURPOSE, token)?)
    }

    /// A link that the entry has checked.
    pub fn peek(token: &str) -> Option<Self> {
        Self::read(&peek(token)?)
    }

    /// Has it stopped working?
    pub fn is_expired(&self, at: Instant) -> bool {
        is_past(self.expires_s, at)
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        let [_version, _key, scope] = fields.take::<3>()?;
        let link = Self {
            scope: Scope(scope),
            generation: u16::from_be_bytes(fields.take()?),
            expires_s: u32::from_be_bytes(fields.take()?),
            operator: OperatorId(Uuid::from_bytes(fields.take()?)),
            booking: BookingId(Uuid::from_bytes(fields.take()?)),
        };
        fields.done()?;
        Some(link)
    }
}

/// Is an instant after a last second?
pub(super) fn is_past(last_s: u32, at: Instant) -> bool {
    at.ms() / 1000 > i64::from(last_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(current: u8) -> Keys {
        let one = "00112233445566778899aabbccddeeff";
        let two = "ffeeddccbbaa99887766554433221100";
        Keys::parse(&format!(r#"{{"current":{current},"keys":{{"1":"{one}","2":"{two}"}}}}"#)).unwrap()
    }

    fn link() -> Link {
        Link {
            scope: Scope::CONTROL,
            generation: 7,
            expires_s: 1_800_000_000,
            operator: OperatorId(Uuid::from_u128(1)),
            booking: BookingId(Uuid::from_u128(2)),
        }
    }

    #[test]
    fn survives_the_change_of_keys() {
        let token = link().seal(&keys(1)).unwrap();
        assert_eq!(Link::open(&keys(2), &token), Some(link()));
        assert_eq!(Link::peek(&token), Some(link()));
        let only_two = Keys::parse(r#"{"current":2,"keys":{"2":"ffeeddccbbaa99887766554433221100"}}"#).unwrap();
        assert_eq!(Link::open(&only_two, &token), None);
    }

    #[test]
    fn every_changed_cut_or_longer_token_is_refused() {
        let token = link().seal(&keys(1)).unwrap();
        let bytes = crate::base64url::decode(&token).unwrap();
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert_eq!(Link::open(&keys(1), &crate::base64url::encode(&changed)), None, "bit {at}");
        }
        for end in 0..token.len() {
            assert_eq!(Link::open(&keys(1), &token[..end]), None, "cut at {end}");
        }
        assert_eq!(Link::open(&keys(1), &format!("{token}A")), None);
        assert_eq!(Link::open(&keys(1), &format!("{token}====")), None);
    }

    #[test]
    fn another_purpose_is_no_link() {
        let quote = super::super::Promise {
            id: Uuid::from_u128(9),
            version: 1,
            valid_until: Instant::EPOCH,
            fee_minor: 0,
            refund_minor: 0,
            offers: 0,
        };
        let bound = super::super::Bound {
            operator: link().operator,
            booking: link().booking,
            action: "{}",
            by_operator: false,
        };
        let token = quote.seal(&keys(1), &bound).unwrap();
        assert_eq!(Link::open(&keys(1), &token), None);
        assert_eq!(super::super::Promise::open(&keys(1), &bound, &link().seal(&keys(1)).unwrap()), None);
    }
}
