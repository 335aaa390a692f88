//! API keys: made, listed, withdrawn. A key is shown once, when it is made.

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use serde::Serialize;
use uuid::Uuid;

use super::{Asked, Desk};
use crate::access::{ApiKey, Role};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{KeyDoor, Method};
use crate::store::{Fault, KeyRow};
use crate::{host, input, log};

/// The most keys of an operator that work at once.
const KEYS_MAX: usize = 200;
/// The longest name of a key, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A key as it is asked for.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// Who or what uses it: the trail of what was done shows it.
    pub name: String,
    pub role: Role,
    /// The first instant at which it works no more; absent, it works until it is withdrawn.
    #[serde(default)]
    pub expires_at: Option<Instant>,
}

/// A key that was just made.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NewKey<'a> {
    /// Shown once.
    pub api_key: String,
    pub key: &'a KeyRow,
}

/// All keys.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeyList {
    pub keys: Vec<KeyRow>,
}

impl Desk {
    pub(super) fn key_door(&self, door: KeyDoor<'_>, asked: &Asked) -> Result<Reply, Fault> {
        match door {
            KeyDoor::All if asked.method == Method::Post => self.new_key(asked),
            KeyDoor::All => Ok(Reply::json(200, &KeyList { keys: self.store.keys()? })),
            KeyDoor::One(id) => self.revoke_key(id, asked),
        }
    }

    fn new_key(&self, asked: &Asked) -> Result<Reply, Fault> {
        let KeyRequest { name, role, expires_at } = input::json(&asked.body)?;
        if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(Problem::malformed("name", format!("a name has 1 to {NAME_CHARS_MAX} characters")).into());
        }
        if expires_at.is_some_and(|end| end <= asked.at) {
            return Err(Problem::malformed("expires_at", "a key works for a while").into());
        }
        if self.store.keys()?.iter().filter(|key| key.works(asked.at)).count() >= KEYS_MAX {
            return Err(Problem::TOO_MANY_KEYS.into());
        }
        let key = ApiKey { operator: self.operator()?.id, secret: host::fresh_uuid(asked.at.ms()) };
        let api_key = key.seal(&self.config.keys).ok_or_else(|| Fault::platform("no key to sign with"))?;
        let id = host::fresh_uuid(asked.at.ms());
        let row = KeyRow { id, name, role, made_at: asked.at, expires_at, revoked_at: None };
        self.store.transaction(|| self.store.add_key(&row, &key.hash()))?;
        log::committed("key_made", self.operator()?.id, id, 1);
        Ok(Reply::json(201, &NewKey { api_key, key: &row }))
    }

    /// Withdraws a key at once; one that was withdrawn stays so. The last one that can make others stays.
    fn revoke_key(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let id = Uuid::try_parse(id).map_err(|_| Problem::KEY_UNKNOWN)?;
        let keys = self.store.keys()?;
        let key = keys.iter().find(|key| key.id == id).ok_or(Problem::KEY_UNKNOWN)?;
        let admins = || keys.iter().filter(|key| key.role == Role::Admin && key.works(asked.at));
        // A key that expires would lock everybody out later.
        let others = admins().any(|other| other.id != id && other.expires_at.is_none());
        if key.role == Role::Admin && key.works(asked.at) && !others {
            return Err(Problem::LAST_ADMIN_KEY.into());
        }
        self.store.transaction(|| self.store.revoke_key(id, asked.at))?;
        log::committed("key_revoked", self.operator()?.id, id, 1);
        Ok(Reply::empty(204))
    }
}
