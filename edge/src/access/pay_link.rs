//! Payment links: which bill, until when. Another purpose than control links, so that neither is taken for the other; whoever pays for somebody
//! sees nothing of the booking but the bill.
//!
//! Source: requirements E2, E3

use leeway_core::Instant;
use leeway_core::id::{BookingId, OperatorId};
use uuid::Uuid;

use super::link::{Link, Scope, is_past};
use super::mac::{Fields, VERSION, open, peek, seal};
use crate::config::Keys;

const PURPOSE: &[&[u8]] = &[b"leeway/pay/1"];

/// A payment link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayLink {
    /// Lower than the booking's: revoked.
    pub generation: u16,
    /// The last second at which it works, since 1970.
    pub expires_s: u32,
    /// Whose booking.
    pub operator: OperatorId,
    /// Which booking, made or to be made.
    pub booking: BookingId,
    /// Which bill.
    pub link: Uuid,
}

impl PayLink {
    /// Signs it.
    pub fn seal(&self, keys: &Keys) -> Option<String> {
        let mut payload = Vec::with_capacity(72);
        payload.extend([VERSION, keys.current]);
        payload.extend(self.generation.to_be_bytes());
        payload.extend(self.expires_s.to_be_bytes());
        payload.extend(self.operator.0.as_bytes());
        payload.extend(self.booking.0.as_bytes());
        payload.extend(self.link.as_bytes());
        seal(keys, PURPOSE, payload)
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        let [_version, _key] = fields.take::<2>()?;
        let link = Self {
            generation: u16::from_be_bytes(fields.take()?),
            expires_s: u32::from_be_bytes(fields.take()?),
            operator: OperatorId(Uuid::from_bytes(fields.take()?)),
            booking: BookingId(Uuid::from_bytes(fields.take()?)),
            link: Uuid::from_bytes(fields.take()?),
        };
        fields.done()?;
        Some(link)
    }
}

/// What lets somebody pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayAccess {
    /// A payment link, for its bill.
    Bill(PayLink),
    /// The booking's control link, for whatever is due.
    Control(Link),
}

impl PayAccess {
    /// What one of our keys signed, expired or not; a control link only where it includes paying.
    pub fn open(keys: &Keys, token: &str) -> Option<Self> {
        let bill = || open(keys, PURPOSE, token).and_then(|payload| PayLink::read(&payload)).map(Self::Bill);
        let control = || Link::open(keys, token).filter(|link| link.scope.includes(Scope::PAY)).map(Self::Control);
        bill().or_else(control)
    }

    /// What the entry has checked.
    pub fn peek(token: &str) -> Option<Self> {
        let payload = peek(token)?;
        PayLink::read(&payload).map(Self::Bill).or_else(|| Link::peek(token).map(Self::Control))
    }

    pub fn operator(&self) -> OperatorId {
        match self {
            Self::Bill(link) => link.operator,
            Self::Control(link) => link.operator,
        }
    }

    pub fn booking(&self) -> BookingId {
        match self {
            Self::Bill(link) => link.booking,
            Self::Control(link) => link.booking,
        }
    }

    pub fn generation(&self) -> u16 {
        match self {
            Self::Bill(link) => link.generation,
            Self::Control(link) => link.generation,
        }
    }

    /// Has it stopped working?
    pub fn is_expired(&self, at: Instant) -> bool {
        match self {
            Self::Bill(link) => is_past(link.expires_s, at),
            Self::Control(link) => link.is_expired(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::parse(r#"{"current":1,"keys":{"1":"00112233445566778899aabbccddeeff"}}"#).unwrap()
    }

    fn bill() -> PayLink {
        PayLink {
            generation: 3,
            expires_s: 1_800_000_000,
            operator: OperatorId(Uuid::from_u128(1)),
            booking: BookingId(Uuid::from_u128(2)),
            link: Uuid::from_u128(3),
        }
    }

    fn control(scope: Scope) -> String {
        let PayLink { generation, expires_s, operator, booking, .. } = bill();
        Link { scope, generation, expires_s, operator, booking }.seal(&keys()).unwrap()
    }

    #[test]
    fn a_bill_or_a_control_link_that_includes_paying() {
        let token = bill().seal(&keys()).unwrap();
        assert_eq!(PayAccess::open(&keys(), &token), Some(PayAccess::Bill(bill())));
        assert_eq!(PayAccess::peek(&token), Some(PayAccess::Bill(bill())));
        assert_eq!(Link::open(&keys(), &token), None, "a bill shows no booking");
        assert!(matches!(PayAccess::open(&keys(), &control(Scope::CONTROL)), Some(PayAccess::Control(_))));
        assert!(matches!(PayAccess::peek(&control(Scope::CONTROL)), Some(PayAccess::Control(_))));
        assert_eq!(PayAccess::open(&keys(), &control(Scope::VIEW)), None);
    }

    #[test]
    fn every_changed_cut_or_longer_token_is_refused() {
        let token = bill().seal(&keys()).unwrap();
        let bytes = crate::base64url::decode(&token).unwrap();
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert_eq!(PayAccess::open(&keys(), &crate::base64url::encode(&changed)), None, "bit {at}");
        }
        for end in 0..token.len() {
            assert_eq!(PayAccess::open(&keys(), &token[..end]), None, "cut at {end}");
        }
        assert_eq!(PayAccess::open(&keys(), &format!("{token}A")), None);
    }

    #[test]
    fn works_to_its_last_second() {
        let at = |ms: i64| Instant::EPOCH.shifted_ms(1_800_000_000_000 + ms);
        assert!(!PayAccess::Bill(bill()).is_expired(at(999)));
        assert!(PayAccess::Bill(bill()).is_expired(at(1000)));
    }
}
