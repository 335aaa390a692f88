//! Signing and checking a token's bytes.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::base64url;
use crate::config::Keys;

/// The bytes of a cut MAC.
pub const MAC_BYTES: usize = 16;
/// The form of tokens that is written now.
pub const VERSION: u8 = 1;

/// Signs a payload, whose second byte must be the id of the signing key.
pub fn seal(keys: &Keys, purpose: &[&[u8]], mut payload: Vec<u8>) -> Option<String> {
    let mac = begin(keys.mac(keys.current)?, purpose, &payload)?.finalize().into_bytes();
    payload.extend_from_slice(mac.get(..MAC_BYTES)?);
    Some(base64url::encode(&payload))
}

/// The payload of a token that one of our keys signed for this purpose. Takes as long for a wrong MAC.
pub fn open(keys: &Keys, purpose: &[&[u8]], token: &str) -> Option<Vec<u8>> {
    let mut bytes = decode(token)?;
    let split = bytes.len().checked_sub(MAC_BYTES)?;
    let (payload, mac) = bytes.split_at_checked(split)?;
    let mac_of_key = keys.mac(*payload.get(1)?)?;
    begin(mac_of_key, purpose, payload)?.verify_truncated_left(mac).ok()?;
    bytes.truncate(split);
    Some(bytes)
}

/// The payload of a token, without asking whether it is genuine: for the object, to which only the entry hands requests.
pub fn peek(token: &str) -> Option<Vec<u8>> {
    let mut bytes = decode(token)?;
    bytes.truncate(bytes.len().checked_sub(MAC_BYTES)?);
    Some(bytes)
}

fn decode(token: &str) -> Option<Vec<u8>> {
    base64url::decode(token).filter(|bytes| bytes.first() == Some(&VERSION))
}

fn begin(mut mac: Hmac<Sha256>, purpose: &[&[u8]], payload: &[u8]) -> Option<Hmac<Sha256>> {
    for part in purpose {
        // Each part with its length, so that no two purposes run together.
        mac.update(&u32::try_from(part.len()).ok()?.to_be_bytes());
        mac.update(part);
    }
    mac.update(payload);
    Some(mac)
}

/// Reads fields off a payload, in order.
pub struct Fields<'a>(pub &'a [u8]);

impl Fields<'_> {
    pub fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    /// Is everything read?
    pub fn done(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}
