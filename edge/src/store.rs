//! All SQL of an operator's object. Rows cross to wasm as one block of bytes where they are many: each crossing costs.
//!
//! INVARIANT: whatever changes a booking is one [`Store::transaction`]; nothing is awaited inside.

#[cfg(feature = "test-doors")]
pub mod meter;

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, ArrayBuffer, JsString, Uint8Array};
use leeway_core::balance::{payment_status, status, totals};
use leeway_core::event::{EVENT_VERSION, Stored};
use leeway_core::id::{BookingId, CommandId};
use leeway_core::money::Amount;
use leeway_core::{Actor, Booking, Event, Instant, Policy, evolve};
use serde::Deserialize;
use serde::de::DeserializeSeed as _;
use serde_json::value::RawValue;
use uuid::Uuid;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::host::{Sql, Storage};
use crate::problem::Problem;

/// Numbered, run in order when an object starts.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_first.sql")];

/// Why something was not done.
#[derive(Debug)]
pub enum Fault {
    /// The one who asked reads this.
    Problem(Box<Problem>),
    /// The platform, or our own data: logged, and answered with 500.
    Platform(String),
}

impl From<JsValue> for Fault {
    fn from(error: JsValue) -> Self {
        Self::Platform(error.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(error).to_string())))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<leeway_core::Refusal> for Fault {
    fn from(refusal: leeway_core::Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Platform(format!("stored JSON: {error}"))
    }
}

/// The operator, as stored.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Operator {
    pub id: leeway_core::id::OperatorId,
    pub name: String,
    pub time_zone: String,
    pub currency: leeway_core::Currency,
    pub locale: String,
}

/// A booking's events, as stored, with what lies beside them.
pub struct Document(Vec<u8>);

#[derive(Deserialize)]
struct Contents<'a> {
    generation: u16,
    #[serde(borrow)]
    personal: &'a RawValue,
    #[serde(borrow)]
    events: Vec<Row<'a>>,
}

/// A stored event. Most were written in the version of today; the others are read again, step by step.
#[derive(Deserialize)]
struct Row<'a> {
    v: u16,
    at: Instant,
    command: Uuid,
    #[serde(borrow)]
    event: &'a RawValue,
}

impl Row<'_> {
    fn event(&self) -> Result<Event, Fault> {
        let mut reader = serde_json::Deserializer::from_slice(self.event.get().as_bytes());
        Ok(Stored { version: self.v }.deserialize(&mut reader)?)
    }
}

/// A booking with what lies beside it.
pub struct Loaded<'a> {
    /// Links of a lower generation are revoked.
    pub generation: u16,
    /// Names and addresses, as JSON.
    pub personal: &'a RawValue,
    /// Folded from all its events.
    pub booking: Booking,
    /// The command's own events and the booking right after them, where it was carried out before.
    pub repeated: Option<(Vec<Event>, Booking)>,
}

impl Document {
    /// Reads and folds. With a command, looks whether it was carried out.
    pub fn read(&self, command: Option<Uuid>) -> Result<Loaded<'_>, Fault> {
        let Contents { generation, personal, events } = serde_json::from_slice(&self.0)?;
        let mut booking = None;
        let mut own = Vec::new();
        let mut after = None;
        for row in events {
            let (at, of, event) = (row.at, row.command, row.event()?);
            let is_own = Some(of) == command;
            if !is_own && !own.is_empty() && after.is_none() {
                after.clone_from(&booking);
            }
            booking = evolve(booking, &event, at);
            if is_own {
                own.push(event);
            }
        }
        let booking = booking.ok_or_else(|| Fault::Platform("a booking without its first event".to_owned()))?;
        let repeated = (!own.is_empty()).then(|| (own, after.unwrap_or_else(|| booking.clone())));
        Ok(Loaded { generation, personal, booking, repeated })
    }
}

/// What is written when a command is carried out.
pub struct Commit<'a> {
    pub id: BookingId,
    pub command: CommandId,
    pub actor: Actor,
    pub at: Instant,
    /// The number of events before.
    pub version: u64,
    pub events: &'a [Event],
    pub after: &'a Booking,
}

/// An operator's SQLite.
pub struct Store {
    storage: Storage,
    sql: Sql,
}

impl Store {
    pub fn new(storage: Storage) -> Result<Self, Fault> {
        let sql = storage.sql();
        let store = Self { storage, sql };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&self) -> Result<(), Fault> {
        self.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT", &[])?;
        let row = self.row("SELECT coalesce(max(version), 0) FROM schema_version", &[])?;
        let reached = row.and_then(|row| row.get(0).as_f64()).unwrap_or_default();
        for (number, script) in (1_u32..).zip(MIGRATIONS).filter(|(number, _)| f64::from(*number) > reached) {
            self.transaction(|| {
                self.sql.exec(&JsString::from(*script), &Array::new())?;
                self.run("INSERT INTO schema_version VALUES (?)", &[f64::from(number).into()])
            })?;
        }
        Ok(())
    }

    /// Runs `work` in one transaction: an `Err` undoes everything.
    pub fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        #[cfg(feature = "test-doors")]
        meter::enter();
        let done = self.storage.transaction(work);
        #[cfg(feature = "test-doors")]
        meter::leave(done.is_ok());
        done
    }

    pub fn operator(&self) -> Result<Option<Operator>, Fault> {
        let sql = "SELECT json_object('id', id, 'name', name, 'time_zone', time_zone, 'currency', currency, 'locale', locale) FROM operator";
        let text = self.row(sql, &[])?.and_then(|row| row.get(0).as_string());
        Ok(text.map(|text| serde_json::from_slice(text.as_bytes())).transpose()?)
    }

    pub fn make_operator(&self, operator: &Operator, at: Instant, key_hash: &str) -> Result<(), Fault> {
        let Operator { id, name, time_zone, currency, locale } = operator;
        let values = [text(id), name.into(), time_zone.into(), currency.code().into(), locale.into(), text(at)];
        self.run(
            "INSERT INTO operator (id, name, time_zone, currency, locale, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            &values,
        )?;
        self.run("INSERT INTO api_keys (hash, made_at) VALUES (?, ?)", &[key_hash.into(), text(at)])
    }

    pub fn knows_key(&self, hash: &str) -> Result<bool, Fault> {
        Ok(self.row("SELECT 1 FROM api_keys WHERE hash = ?", &[hash.into()])?.is_some())
    }

    /// Stores a policy; says whether it is new.
    pub fn put_policy(&self, policy: &Policy, at: Instant) -> Result<bool, Fault> {
        let name = policy.name.as_str();
        let known = self.row("SELECT 1 FROM policies WHERE name = ?", &[name.into()])?.is_some();
        let sql = "INSERT INTO policies (name, body, at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at";
        self.run(sql, &[name.into(), serde_json::to_string(policy)?.into(), text(at)])?;
        Ok(!known)
    }

    pub fn policy(&self, name: &str) -> Result<Option<Policy>, Fault> {
        let row = self.row("SELECT body FROM policies WHERE name = ?", &[name.into()])?;
        Ok(row
            .and_then(|row| row.get(0).as_string())
            .map(|body| serde_json::from_slice(body.as_bytes()))
            .transpose()?)
    }

    /// The number of the next booking, counted up.
    pub fn next_booking_number(&self) -> Result<u64, Fault> {
        let row = self.row("UPDATE operator SET bookings_made = bookings_made + 1 RETURNING bookings_made", &[])?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count that we stored")]
        let number = row.and_then(|row| row.get(0).as_f64()).map(|number| number as u64);
        number.ok_or_else(|| Fault::Platform("no operator".to_owned()))
    }

    pub fn has_reference(&self, reference: &str) -> Result<bool, Fault> {
        Ok(self.row("SELECT 1 FROM bookings WHERE reference = ?", &[reference.into()])?.is_some())
    }

    /// A booking's events and what lies beside them, in one row of one column.
    pub fn document(&self, id: BookingId) -> Result<Option<Document>, Fault> {
        const SQL: &str = "SELECT CAST('{\"generation\":' || link_generation || ',\"personal\":' || personal || ',\"events\":[' || \
             (SELECT group_concat('{\"v\":' || version || ',\"at\":\"' || at || '\",\"command\":\"' || command_id || \
             '\",\"event\":' || event || '}', ',' ORDER BY seq) FROM events WHERE stream = bookings.id) \
             || ']}' AS BLOB) FROM bookings WHERE id = ?";
        let row = self.row(SQL, &[text(id)])?;
        let bytes = row.and_then(|row| row.get(0).dyn_into::<ArrayBuffer>().ok());
        Ok(bytes.map(|buffer| Document(Uint8Array::new(&buffer).to_vec())))
    }

    /// Writes a new booking.
    pub fn open(&self, commit: &Commit<'_>, personal: &str) -> Result<(), Fault> {
        self.append(commit)?;
        let booking = commit.after;
        let [status, payment_status, balance] = projected(booking)?;
        let starts_at = booking.items.iter().map(|item| item.slot.time.starts_at).min().unwrap_or(commit.at);
        let values = [
            text(booking.id),
            booking.reference.as_str().into(),
            number(booking.version),
            f64::from(booking.link_generation).into(),
            status,
            payment_status,
            balance,
            booking.currency.code().into(),
            text(starts_at),
            personal.into(),
        ];
        self.run(
            "INSERT INTO bookings (id, reference, version, link_generation, status, payment_status, balance, currency, starts_at, personal) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &values,
        )
    }

    /// Writes what a command did to a booking.
    pub fn change(&self, commit: &Commit<'_>) -> Result<(), Fault> {
        self.append(commit)?;
        let booking = commit.after;
        let [status, payment_status, balance] = projected(booking)?;
        let generation = f64::from(booking.link_generation).into();
        let values = [number(booking.version), generation, status, payment_status, balance, text(booking.id)];
        self.run("UPDATE bookings SET version = ?, link_generation = ?, status = ?, payment_status = ?, balance = ? WHERE id = ?", &values)
    }

    pub fn set_personal(&self, id: BookingId, personal: &str) -> Result<(), Fault> {
        self.run("UPDATE bookings SET personal = ? WHERE id = ?", &[personal.into(), text(id)])
    }

    /// Two events a statement: most commands have no more.
    fn append(&self, commit: &Commit<'_>) -> Result<(), Fault> {
        const ONE: &str =
            "INSERT INTO events (stream, seq, version, at, actor, command_id, event) VALUES (?, ?, ?, ?, ?, ?, ?)";
        const TWO: &str = "INSERT INTO events (stream, seq, version, at, actor, command_id, event) VALUES (?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?)";
        let (stream, command, at) = (text(commit.id), text(commit.command.0), text(commit.at));
        let actor = JsValue::from_str(actor_name(commit.actor));
        let mut seq = commit.version;
        for pair in commit.events.chunks(2) {
            let mut values = Vec::with_capacity(16);
            for event in pair {
                seq = seq.saturating_add(1);
                values.extend([stream.clone(), number(seq), f64::from(EVENT_VERSION).into()]);
                values.extend([at.clone(), actor.clone(), command.clone(), serde_json::to_string(event)?.into()]);
            }
            self.run(if pair.len() == 2 { TWO } else { ONE }, &values)?;
        }
        Ok(())
    }

    /// The answer to an earlier request with this key: its request's hash, status and body.
    pub fn answered(&self, key: &str) -> Result<Option<(String, u16, String)>, Fault> {
        let row = self.row("SELECT request_hash, status, body FROM idempotency WHERE key = ?", &[key.into()])?;
        Ok(row.and_then(|row| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status that we stored")]
            let status = row.get(1).as_f64()? as u16;
            Some((row.get(0).as_string()?, status, row.get(2).as_string()?))
        }))
    }

    pub fn remember_answer(&self, key: &str, hash: &str, status: u16, body: &str, at: Instant) -> Result<(), Fault> {
        let values = [key.into(), hash.into(), f64::from(status).into(), body.into(), text(at)];
        self.run("INSERT INTO idempotency (key, request_hash, status, body, at) VALUES (?, ?, ?, ?, ?)", &values)
    }

    fn run(&self, sql: &'static str, values: &[JsValue]) -> Result<(), Fault> {
        #[cfg(feature = "test-doors")]
        meter::write();
        self.sql.exec(&prepared(sql), &values.iter().collect())?;
        Ok(())
    }

    /// The first row, as an array.
    fn row(&self, sql: &'static str, values: &[JsValue]) -> Result<Option<Array>, Fault> {
        #[cfg(feature = "test-doors")]
        meter::statement();
        let next = self.sql.exec(&prepared(sql), &values.iter().collect())?.raw().next()?;
        Ok(if next.done() { None } else { Some(next.value().unchecked_into()) })
    }
}

fn actor_name(actor: Actor) -> &'static str {
    match actor {
        Actor::Customer => "customer",
        Actor::Operator => "operator",
        Actor::System => "system",
    }
}

fn projected(booking: &Booking) -> Result<[JsValue; 3], Fault> {
    let totals = totals(booking).map_err(leeway_core::Refusal::from)?;
    Ok([status(booking).as_str().into(), payment_status(&totals).as_str().into(), text(Amount(totals.balance))])
}

fn text(value: impl std::fmt::Display) -> JsValue {
    JsValue::from_str(&value.to_string())
}

/// Counts cross as JavaScript numbers: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "the number of a booking's events")]
fn number(value: u64) -> JsValue {
    (value as f64).into()
}

thread_local! {
    static QUERIES: RefCell<HashMap<*const u8, JsString>> = RefCell::new(HashMap::new());
}

/// A query's text as a JavaScript string, made once.
fn prepared(sql: &'static str) -> JsString {
    QUERIES.with(|queries| queries.borrow_mut().entry(sql.as_ptr()).or_insert_with(|| JsString::from(sql)).clone())
}
