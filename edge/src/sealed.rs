//! Operators' secrets at rest: encrypted with a key that only the deployment knows, bound to whose they are and what for. Not a token: what
//! is sealed here never leaves the store.
//!
//! A sealed text is base64 of key id ++ nonce ++ ciphertext and tag of XChaCha20-Poly1305. The key is derived from the deployment's link
//! key of that id, so that one rotation serves both; a secret stays readable as long as the key that sealed it is configured.

use base64ct::{Base64Unpadded, Encoding as _};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::Mac as _;
use leeway_core::id::OperatorId;

use crate::config::Keys;

/// Separates these keys from those of tokens.
const PURPOSE: &[u8] = b"leeway/at-rest/1";
const NONCE_BYTES: usize = 24;

/// What a secret is for: another operator's secret, or one for another purpose, does not open.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// Whose.
    pub operator: OperatorId,
    /// What for.
    pub purpose: &'a str,
}

impl Label<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.operator.0.as_bytes().as_slice(), self.purpose.as_bytes()].concat()
    }
}

/// Encrypts a secret. The nonce is fresh randomness; twenty-four bytes of it never meet again.
pub fn seal(keys: &Keys, label: Label<'_>, nonce: [u8; NONCE_BYTES], secret: &str) -> Option<String> {
    let id = keys.current;
    let text = cipher(keys, id)?
        .encrypt(&XNonce::from(nonce), Payload { msg: secret.as_bytes(), aad: &label.bytes() })
        .ok()?;
    Some(Base64Unpadded::encode_string(&[&[id], nonce.as_slice(), text.as_slice()].concat()))
}

/// The secret, where one of our keys sealed it for this.
pub fn open(keys: &Keys, label: Label<'_>, sealed: &str) -> Option<String> {
    let bytes = Base64Unpadded::decode_vec(sealed).ok()?;
    let (id, rest) = bytes.split_first()?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>()?;
    let secret = cipher(keys, *id)?.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &label.bytes() }).ok()?;
    String::from_utf8(secret).ok()
}

fn cipher(keys: &Keys, id: u8) -> Option<XChaCha20Poly1305> {
    let mac = keys.mac(id)?.chain_update(PURPOSE);
    let key: [u8; 32] = mac.finalize().into_bytes().into();
    Some(XChaCha20Poly1305::new(&Key::from(key)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn keys(current: u8) -> Keys {
        let (one, two) = ("00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100");
        Keys::parse(&format!(r#"{{"current":{current},"keys":{{"1":"{one}","2":"{two}"}}}}"#)).unwrap()
    }

    fn label(operator: u128, purpose: &str) -> Label<'_> {
        Label { operator: OperatorId(Uuid::from_u128(operator)), purpose }
    }

    #[test]
    fn opens_for_its_operator_and_purpose_only() {
        let sealed = seal(&keys(1), label(1, "stripe"), [7; 24], "sk_live_ß").unwrap();
        assert!(!sealed.contains("sk_live"));
        assert_eq!(open(&keys(1), label(1, "stripe"), &sealed).as_deref(), Some("sk_live_ß"));
        assert_eq!(open(&keys(2), label(1, "stripe"), &sealed).as_deref(), Some("sk_live_ß"), "after a rotation");
        assert_eq!(open(&keys(1), label(2, "stripe"), &sealed), None);
        assert_eq!(open(&keys(1), label(1, "smtp"), &sealed), None);
    }

    #[test]
    fn a_changed_or_cut_text_does_not_open() {
        let sealed = seal(&keys(1), label(1, "stripe"), [7; 24], "secret").unwrap();
        let bytes = Base64Unpadded::decode_vec(&sealed).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(open(&keys(1), label(1, "stripe"), &Base64Unpadded::encode_string(&changed)), None, "byte {at}");
            assert_eq!(open(&keys(1), label(1, "stripe"), &Base64Unpadded::encode_string(&bytes[..at])), None);
        }
    }
}
