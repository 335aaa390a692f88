//! Who did what to a booking, when, from where, and what they were told: the log with what lies beside it. Personal data is only beside it, and can
//! be erased; the log itself stays.
//!
//! Source: requirement F6

use std::net::IpAddr;

use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId};
use leeway_core::{Actor, Instant};
use leeway_json::Raw;
use serde::Deserialize;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use super::{Fault, Stamp, Store, number, text};

/// Through what a command came, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub by: By,
    /// As the platform saw it.
    pub address: Option<IpAddr>,
}

/// What lets somebody act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A link of this generation: the customer.
    Link(u16),
    /// The API key with this id: the operator.
    ApiKey(Uuid),
    /// Nobody from outside: a provider's word, or the clock.
    System,
}

impl Origin {
    /// What nobody from outside asked for.
    pub const SYSTEM: Self = Self { by: By::System, address: None };
}

/// An event of a booking with all that is known about it.
#[derive(FromObject)]
pub struct Act<'a> {
    pub seq: u64,
    pub at: Instant,
    pub actor: Actor,
    pub command: CommandId,
    pub by: Option<ActBy>,
    pub key: Option<Uuid>,
    pub key_name: Option<String>,
    pub generation: Option<u16>,
    pub address: Option<String>,
    #[serde(borrow)]
    pub quote: Option<Raw<'a>>,
    #[serde(borrow)]
    pub event: Raw<'a>,
}

/// What let somebody act, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActBy {
    Link,
    Key,
}

impl Store {
    /// Writes through what a command came, beside the first event of it in its booking. What nobody from outside asked for leaves nothing.
    pub(super) fn record_act(
        &self,
        (booking, seq): (BookingId, u64),
        stamp: Stamp,
        quote: Option<&str>,
    ) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO acts (number, by, key, generation, address, quote) SELECT number, ?, ?, ?, ?, ? FROM events \
             WHERE stream = ? AND seq = ?";
        let (by, key, generation) = match stamp.origin.by {
            By::Link(generation) => ("link", JsValue::NULL, f64::from(generation).into()),
            By::ApiKey(key) => ("key", text(key), JsValue::NULL),
            By::System => return Ok(()),
        };
        let address = stamp.origin.address.map_or(JsValue::NULL, text);
        let quote = quote.map_or(JsValue::NULL, JsValue::from_str);
        self.run(SQL, &[by.into(), key, generation, address, quote, text(booking), number(seq)])
    }

    /// The trail of a booking after one of its events, as JSON that [`Act`]s are read from; so many at most.
    pub fn acts(&self, booking: BookingId, after: u64, most: u32) -> Result<Vec<u8>, Fault> {
        const SQL: &str = "SELECT CAST(json_group_array(json_object('seq', seq, 'at', at, 'actor', actor, 'command', command_id, 'by', by, \
             'key', key, 'key_name', name, 'generation', generation, 'address', address, 'quote', json(quote), 'event', json(event)) \
             ORDER BY seq) AS BLOB) FROM (SELECT seq, at, actor, command_id, by, key, name, generation, address, \
             iif(kind IN ('canceled', 'rebooked'), quote, NULL) AS quote, event FROM \
             (SELECT *, min(number) OVER (PARTITION BY command_id) AS first FROM events WHERE stream = ?) AS events \
             LEFT JOIN acts ON acts.number = first LEFT JOIN api_keys ON api_keys.id = acts.key WHERE seq > ? ORDER BY seq LIMIT ?)";
        Ok(self.bytes(SQL, &[text(booking), number(after), f64::from(most).into()])?.unwrap_or_default())
    }

    /// Erases all that is known about people beside the log: names, addresses, answers that showed them.
    pub fn erase_personal(&self, booking: BookingId, erased: &str) -> Result<(), Fault> {
        self.set_personal(booking, erased)?;
        let sql = "UPDATE acts SET address = NULL WHERE number IN (SELECT number FROM events WHERE stream = ?)";
        self.run(sql, &[text(booking)])?;
        self.run("DELETE FROM idempotency WHERE instr(body, ?)", &[text(booking)])
    }
}
