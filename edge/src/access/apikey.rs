//! API keys: which operator. Signed, so that the entry refuses a made-up one; stored hashed, so that the object can withdraw one.

use leeway_core::id::OperatorId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::mac::{Fields, VERSION, open, peek, seal};
use crate::config::Keys;

const PURPOSE: &[&[u8]] = &[b"leeway/api-key/1"];
const PREFIX: &str = "lwk_";

/// An API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiKey {
    /// Whose.
    pub operator: OperatorId,
    /// The secret.
    pub secret: Uuid,
}

impl ApiKey {
    /// Signs it.
    pub fn seal(&self, keys: &Keys) -> Option<String> {
        let mut payload = vec![VERSION, keys.current];
        payload.extend(self.operator.0.as_bytes());
        payload.extend(self.secret.as_bytes());
        seal(keys, PURPOSE, payload).map(|token| format!("{PREFIX}{token}"))
    }

    /// A key that is ours, withdrawn or not.
    pub fn open(keys: &Keys, text: &str) -> Option<Self> {
        Self::read(&open(keys, PURPOSE, text.strip_prefix(PREFIX)?)?)
    }

    /// A key that the entry has checked.
    pub fn peek(text: &str) -> Option<Self> {
        Self::read(&peek(text.strip_prefix(PREFIX)?)?)
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        let [_version, _key] = fields.take::<2>()?;
        let key =
            Self { operator: OperatorId(Uuid::from_bytes(fields.take()?)), secret: Uuid::from_bytes(fields.take()?) };
        fields.done()?;
        Some(key)
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        let digest =
            Sha256::new().chain_update(self.operator.0.as_bytes()).chain_update(self.secret.as_bytes()).finalize();
        crate::base64url::encode(&digest)
    }
}
