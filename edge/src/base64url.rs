//! base64url without padding, strict: every token has one spelling only.

use base64ct::{Base64UrlUnpadded, Encoding as _};

/// The longest token that is looked at.
pub const TEXT_BYTES_MAX: usize = 200;

pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub fn decode(text: &str) -> Option<Vec<u8>> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    Base64UrlUnpadded::decode_vec(text).ok()
}
