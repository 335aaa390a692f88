//! The rows of webhook endpoints.

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use serde::Serialize;
use uuid::Uuid;

use super::{Fault, Store, stored, text};
use crate::effects::webhooks::Listener;

/// An endpoint.
#[derive(Debug, Clone, FromObject)]
pub struct Endpoint {
    pub id: Uuid,
    pub url: String,
    pub description: String,
    /// Empty: all of them.
    pub events: Vec<String>,
    pub secrets: Vec<SealedSecret>,
    pub made_at: Instant,
    #[serde(default)]
    pub disabled_at: Option<Instant>,
    #[serde(default)]
    pub disabled_why: Option<String>,
}

/// A secret, sealed, and until when it signs.
#[derive(Debug, Clone, Serialize, FromObject)]
pub struct SealedSecret {
    pub secret: String,
    #[serde(default)]
    pub until: Option<Instant>,
}

macro_rules! endpoint {
    () => {
        "SELECT json_object('id', id, 'url', url, 'description', description, 'events', json(events), 'secrets', json(secrets), \
         'made_at', made_at, 'disabled_at', disabled_at, 'disabled_why', disabled_why) FROM webhook_endpoints"
    };
}

impl Store {
    pub fn put_endpoint(&self, endpoint: &Endpoint) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO webhook_endpoints (id, url, description, events, secrets, made_at) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET secrets = excluded.secrets";
        let Endpoint { id, url, description, events, secrets, made_at, .. } = endpoint;
        let values = [
            text(id),
            url.as_str().into(),
            description.as_str().into(),
            leeway_json::write(events)?.into(),
            leeway_json::write(secrets)?.into(),
            text(made_at),
        ];
        self.run(SQL, &values)?;
        self.read_listeners()
    }

    pub fn endpoint(&self, id: Uuid) -> Result<Option<Endpoint>, Fault> {
        const SQL: &str = concat!(endpoint!(), " WHERE id = ?");
        self.column(SQL, &[text(id)])?.pop().map(|row| stored(row.as_bytes())).transpose()
    }

    /// All endpoints, the oldest first.
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, Fault> {
        const SQL: &str = concat!(endpoint!(), " ORDER BY made_at, id");
        self.column(SQL, &[])?.iter().map(|row| stored(row.as_bytes())).collect()
    }

    /// Tells an endpoint nothing more.
    pub fn disable_endpoint(&self, id: Uuid, why: &str, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "UPDATE webhook_endpoints SET disabled_at = ?, disabled_why = ? WHERE id = ?";
        self.run(SQL, &[text(at), why.into(), text(id)])?;
        self.read_listeners()
    }

    /// Tells it again.
    pub fn enable_endpoint(&self, id: Uuid) -> Result<(), Fault> {
        const SQL: &str = "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_why = NULL WHERE id = ?";
        self.run(SQL, &[text(id)])?;
        self.read_listeners()
    }

    pub fn delete_endpoint(&self, id: Uuid) -> Result<(), Fault> {
        self.run("DELETE FROM webhook_endpoints WHERE id = ?", &[text(id)])?;
        self.read_listeners()
    }

    /// Who listens is remembered, since every commit asks for it.
    pub(super) fn read_listeners(&self) -> Result<(), Fault> {
        const SQL: &str =
            "SELECT json_object('id', id, 'events', json(events)) FROM webhook_endpoints WHERE disabled_at IS NULL";
        let rows = self.column(SQL, &[])?;
        let listeners = rows.iter().map(|row| stored::<Listener>(row.as_bytes())).collect::<Result<_, _>>()?;
        self.listeners.replace(listeners);
        Ok(())
    }
}
