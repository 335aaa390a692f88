//! The rows of API keys. A key that was withdrawn keeps its row: the trail of what was done names it.

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use serde::Serialize;
use uuid::Uuid;

use super::{Fault, Store, stored, text};
use crate::access::Role;

/// An API key as it is known: never the key itself.
#[derive(Debug, Clone, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ApiKey"))]
pub struct KeyRow {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub made_at: Instant,
    /// The first instant at which it works no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
}

impl KeyRow {
    pub fn works(&self, at: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| at < end)
    }
}

macro_rules! rows {
    ($which:literal) => {
        concat!(
            "SELECT CAST(json_group_array(json_object('id', id, 'name', name, 'role', role, 'made_at', made_at, 'expires_at', expires_at, ",
            "'revoked_at', revoked_at) ORDER BY made_at, id) AS BLOB) FROM api_keys ",
            $which
        )
    };
}

impl Store {
    /// The key with a hash, withdrawn or not.
    pub fn key(&self, hash: &str) -> Result<Option<KeyRow>, Fault> {
        const SQL: &str = rows!("WHERE hash = ?");
        let found: Vec<KeyRow> = stored(&self.bytes(SQL, &[hash.into()])?.unwrap_or_default())?;
        Ok(found.into_iter().next())
    }

    /// All of them, the oldest first.
    pub fn keys(&self) -> Result<Vec<KeyRow>, Fault> {
        stored(&self.bytes(rows!(""), &[])?.unwrap_or_default())
    }

    pub fn add_key(&self, key: &KeyRow, hash: &str) -> Result<(), Fault> {
        let KeyRow { id, name, role, made_at, expires_at, .. } = key;
        let expires_at = expires_at.map_or(wasm_bindgen::JsValue::NULL, text);
        let values = [hash.into(), text(id), name.into(), role.as_str().into(), text(made_at), expires_at];
        self.run("INSERT INTO api_keys (hash, id, name, role, made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)", &values)
    }

    pub fn revoke_key(&self, id: Uuid, at: Instant) -> Result<(), Fault> {
        self.run("UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", &[text(at), text(id)])
    }
}
