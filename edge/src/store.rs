//! All SQL of an operator's object. Rows cross to wasm as one block of bytes where they are many: each crossing costs.
//!
//! INVARIANT: whatever changes a booking is one [`Store::transaction`]; nothing is awaited inside.

mod acts;
mod bookings;
mod checkouts;
mod commit;
mod document;
mod endpoints;
mod keys;
mod mail;
#[cfg(feature = "test-doors")]
pub mod meter;
mod outbox;
mod payment_links;
mod refunds;
mod settings;
mod slots;
mod vouchers;
mod words;

pub use acts::{Act, ActBy, By, Origin};
#[cfg(test)]
pub use bookings::BookingOrder;
pub use bookings::{BookingFilter, BookingRow};
pub use checkouts::{Checkout, CheckoutState, Notice, NoticeKind, ProviderName};
pub use commit::{Commit, Stamp};
pub use document::{Document, Loaded, Moment, Precedent, Repeated};
pub use endpoints::{Endpoint, SealedSecret};
pub use keys::KeyRow;
pub use mail::{Kept, KeptFile, Listed};
pub use payment_links::{Draft, FlatAsk, PaymentLink};
pub use refunds::{RefundCount, RefundFilter, RefundRow};
pub use slots::{Filter, OpenedSlot, SoldAs, StoredSlot, StoredSlots};
pub use vouchers::Coded;
pub use words::expression;

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;

use js_sys::{Array, JsString};
use leeway_core::fields::FromObject;
use leeway_core::time::Zone;
use leeway_core::{Instant, Map, Policy};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::effects::follow::Switches;
use crate::effects::webhooks::Listener;
use crate::host::{Sql, Storage};
use crate::mail::settings::Offer;
use crate::problem::Problem;
use crate::settings::General;

/// How long the answer to an idempotency key is remembered: a day.
const ANSWERS_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// A file of `edge/migrations`, without its comments.
macro_rules! script {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/migrations/", $name))
    };
}

/// Numbered, run in order when an object starts.
const MIGRATIONS: &[Migration] = &[
    Migration::script(script!("0001_first.sql")),
    Migration::script(script!("0002_slots.sql")),
    Migration { script: script!("0003_search.sql"), then: Store::project_all },
    Migration::script(script!("0004_outbox.sql")),
    Migration::script(script!("0005_payments.sql")),
    Migration::script(script!("0006_webhooks.sql")),
    Migration::script(script!("0007_keys.sql")),
    Migration::script(script!("0008_mail.sql")),
    Migration::script(script!("0009_narrow_rows.sql")),
    Migration::script(script!("0010_words_of_notes.sql")),
    Migration::script(script!("0011_beginnings_of_words.sql")),
    Migration::script(script!("0012_long_rows.sql")),
    Migration::script(script!("0013_voucher_codes.sql")),
];

/// A step from one schema to the next.
struct Migration {
    script: &'static str,
    /// What SQL alone cannot work out. Runs once all scripts have, in the same transaction: it may use every table of today.
    then: fn(&Store) -> Result<(), Fault>,
}

impl Migration {
    const fn script(script: &'static str) -> Self {
        Self { script, then: |_| Ok(()) }
    }
}

/// Why something was not done. One pointer, since nearly everything can answer it.
pub struct Fault(Box<Why>);

/// Whose fault it is.
pub enum Why {
    /// The one who asked reads this.
    Problem(Problem),
    /// The platform, or our own data: logged, and answered with 500.
    Platform(Box<str>),
}

impl Fault {
    /// A fault of the platform or of our own data.
    #[cold]
    #[inline(never)]
    pub fn platform(what: impl Into<Box<str>>) -> Self {
        Self(Box::new(Why::Platform(what.into())))
    }

    pub fn why(self) -> Why {
        *self.0
    }

    /// What the one who asked reads; nothing where the fault is ours.
    pub fn problem(&self) -> Option<&Problem> {
        match &*self.0 {
            Why::Problem(problem) => Some(problem),
            Why::Platform(_) => None,
        }
    }
}

/// For the log.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Why::Problem(problem) => problem.fmt(f),
            Why::Platform(what) => f.write_str(what),
        }
    }
}

impl From<JsValue> for Fault {
    #[cold]
    #[inline(never)]
    fn from(error: JsValue) -> Self {
        Self::platform(error.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(error).to_string())))
    }
}

impl From<Problem> for Fault {
    #[cold]
    #[inline(never)]
    fn from(problem: Problem) -> Self {
        Self(Box::new(Why::Problem(problem)))
    }
}

impl From<leeway_core::Refusal> for Fault {
    #[cold]
    #[inline(never)]
    fn from(refusal: leeway_core::Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<Box<leeway_json::Malformed>> for Fault {
    #[cold]
    #[inline(never)]
    fn from(malformed: Box<leeway_json::Malformed>) -> Self {
        Self::platform(format!("stored JSON: {malformed}"))
    }
}

/// Reads what was stored.
pub fn stored<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Fault> {
    Ok(leeway_json::read(stored_text(bytes)?)?)
}

/// The same for what is stored of every type, so that it is compiled once.
#[inline(never)]
fn stored_text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| Fault::platform(error.to_string()))
}

impl From<leeway_json::NoForm> for Fault {
    #[cold]
    #[inline(never)]
    fn from(error: leeway_json::NoForm) -> Self {
        Self::platform(error.to_string())
    }
}

/// The operator, as stored.
#[derive(Debug, Clone, FromObject, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Operator {
    pub id: leeway_core::id::OperatorId,
    pub name: String,
    pub time_zone: String,
    pub currency: leeway_core::Currency,
    pub locale: String,
}

/// An operator's SQLite.
pub struct Store {
    storage: Storage,
    sql: Sql,
    /// The operator's, once it is known.
    zone: OnceCell<Zone>,
    /// What the operator has switched on, as it is in the settings.
    switches: RefCell<Switches>,
    /// The sites whose pages may use the control doors, as they are in the settings.
    pub origins: RefCell<Vec<String>>,
    /// Who is told what happens.
    listeners: RefCell<Vec<Listener>>,
    /// Does the deployment keep a mailbox for operators who have set no mail?
    mailbox: Offer,
    /// Was there ever a checkout? Until then nothing follows for one.
    has_checkouts: Cell<bool>,
    /// How many transactions are open, one in another.
    depth: Cell<u32>,
    /// When the alarm is to ring for what this transaction has written.
    wanted: Cell<Option<Instant>>,
    /// When it will ring, as far as this instance knows.
    armed: Cell<Option<Instant>>,
}

impl Store {
    pub fn new(storage: Storage, mailbox: Offer) -> Result<Self, Fault> {
        let sql = storage.sql();
        let switches = RefCell::new(General::default().switches(mailbox));
        let (depth, wanted, armed) = (Cell::new(0), Cell::new(None), Cell::new(None));
        let zone = OnceCell::new();
        let store = Self {
            storage,
            sql,
            zone,
            switches,
            origins: RefCell::default(),
            mailbox,
            listeners: RefCell::default(),
            has_checkouts: Cell::new(false),
            depth,
            wanted,
            armed,
        };
        store.migrate()?;
        store.switch()?;
        store.read_listeners()?;
        store.has_checkouts.set(store.row("SELECT 1 FROM checkouts LIMIT 1", &[])?.is_some());
        store.rearm();
        Ok(store)
    }

    fn migrate(&self) -> Result<(), Fault> {
        self.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT", &[])?;
        let row = self.row("SELECT coalesce(max(version), 0) FROM schema_version", &[])?;
        let reached = row.and_then(|row| row.get(0).as_f64()).unwrap_or_default();
        let ahead = || (1_u32..).zip(MIGRATIONS).filter(|(number, _)| f64::from(*number) > reached);
        if ahead().next().is_none() {
            return Ok(());
        }
        self.transaction(|| {
            for (number, migration) in ahead() {
                self.sql.exec(&JsString::from(migration.script), &Array::new())?;
                self.run("INSERT INTO schema_version VALUES (?)", &[f64::from(number).into()])?;
            }
            ahead().try_for_each(|(_, migration)| (migration.then)(self))
        })
    }

    /// Fills the tables that lists and searches read.
    fn project_all(&self) -> Result<(), Fault> {
        self.project_all_services()?;
        self.project_all_refunds()
    }

    /// Runs `work` in one transaction: an `Err` undoes everything.
    pub fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let (mut work, mut value) = (Some(work), None);
        self.run_in_transaction(&mut || {
            value = work.take().map(|work| work()).transpose()?;
            Ok(())
        })?;
        value.ok_or_else(|| Fault::platform("a transaction did not run"))
    }

    /// The same for every `work`, so that it is compiled once.
    fn run_in_transaction(&self, work: &mut dyn FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
        #[cfg(feature = "test-doors")]
        meter::enter();
        self.depth.set(self.depth.get().saturating_add(1));
        let mut no = None;
        let ran = self.storage.transaction_sync(&mut || {
            work().map(|()| JsValue::UNDEFINED).map_err(|fault| {
                no = Some(fault);
                JsValue::from_str("undone")
            })
        });
        let done = match no {
            Some(fault) => Err(fault),
            None => ran.map(drop).map_err(Fault::from),
        };
        self.depth.set(self.depth.get().saturating_sub(1));
        #[cfg(feature = "test-doors")]
        meter::leave(done.is_ok());
        match (self.depth.get(), done.is_ok()) {
            (0, true) => self.set_wanted_alarm(),
            // What was written is undone, and so is the wish; where an outer one goes on, an alarm too many does no harm.
            (0, false) => self.wanted.set(None),
            (_, _) => {}
        }
        done
    }

    pub fn operator(&self) -> Result<Option<Operator>, Fault> {
        let sql = "SELECT json_object('id', id, 'name', name, 'time_zone', time_zone, 'currency', currency, 'locale', locale) FROM operator";
        let text = self.row(sql, &[])?.and_then(|row| row.get(0).as_string());
        text.map(|text| self.known(leeway_json::read(&text)?)).transpose()
    }

    /// From now on its zone need not be read again: an operator's never changes.
    fn known(&self, operator: Operator) -> Result<Operator, Fault> {
        let zone = Zone::parse(&operator.time_zone).map_err(|error| Fault::platform(error.to_string()))?;
        self.zone.get_or_init(|| zone);
        Ok(operator)
    }

    /// Whose calendar counts.
    fn zone(&self) -> Result<Zone, Fault> {
        if self.zone.get().is_none() {
            self.operator()?;
        }
        self.zone.get().cloned().ok_or_else(|| Fault::platform("no operator"))
    }

    pub fn make_operator(&self, operator: &Operator, key: &KeyRow, key_hash: &str) -> Result<(), Fault> {
        let Operator { id, name, time_zone, currency, locale } = operator;
        let values =
            [text(id), name.into(), time_zone.into(), currency.code().into(), locale.into(), text(key.made_at)];
        self.run(
            "INSERT INTO operator (id, name, time_zone, currency, locale, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            &values,
        )?;
        self.add_key(key, key_hash)?;
        self.known(operator.clone()).map(drop)
    }

    /// Stores a policy; says whether it is new.
    pub fn put_policy(&self, policy: &Policy, at: Instant) -> Result<bool, Fault> {
        let name = policy.name.as_str();
        let known = self.row("SELECT 1 FROM policies WHERE name = ?", &[name.into()])?.is_some();
        let sql = "INSERT INTO policies (name, body, at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at";
        self.run(sql, &[name.into(), leeway_json::write(policy)?.into(), text(at)])?;
        Ok(!known)
    }

    /// All policies, by name.
    pub fn policies(&self) -> Result<Vec<Policy>, Fault> {
        let sql = "SELECT CAST(json_group_array(json(body) ORDER BY name) AS BLOB) FROM policies";
        stored(&self.bytes(sql, &[])?.unwrap_or_default())
    }

    pub fn policy(&self, name: &str) -> Result<Option<Policy>, Fault> {
        let row = self.row("SELECT body FROM policies WHERE name = ?", &[name.into()])?;
        row.and_then(|row| row.get(0).as_string()).map(|body| Ok(leeway_json::read(&body)?)).transpose()
    }

    /// The number of the next booking, counted up.
    pub fn next_booking_number(&self) -> Result<u64, Fault> {
        let row = self.row("UPDATE operator SET bookings_made = bookings_made + 1 RETURNING bookings_made", &[])?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count that we stored")]
        let number = row.and_then(|row| row.get(0).as_f64()).map(|number| number as u64);
        number.ok_or_else(|| Fault::platform("no operator"))
    }

    pub fn has_reference(&self, reference: &str) -> Result<bool, Fault> {
        Ok(self.row("SELECT 1 FROM bookings WHERE reference = ?", &[reference.into()])?.is_some())
    }

    /// The answer to an earlier request with this key, while it is remembered: its request's hash, status and body.
    pub fn answered(&self, key: &str, at: Instant) -> Result<Option<(String, u16, String)>, Fault> {
        let sql = "SELECT request_hash, status, body FROM idempotency WHERE key = ? AND at > ?";
        let row = self.row(sql, &[key.into(), text(at.shifted_ms(-ANSWERS_KEPT_MS))])?;
        Ok(row.and_then(|row| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status that we stored")]
            let status = row.get(1).as_f64()? as u16;
            Some((row.get(0).as_string()?, status, row.get(2).as_string()?))
        }))
    }

    pub fn remember_answer(&self, key: &str, hash: &str, status: u16, body: &str, at: Instant) -> Result<(), Fault> {
        self.run("DELETE FROM idempotency WHERE at <= ?", &[text(at.shifted_ms(-ANSWERS_KEPT_MS))])?;
        let values = [key.into(), hash.into(), f64::from(status).into(), body.into(), text(at)];
        self.run("INSERT INTO idempotency (key, request_hash, status, body, at) VALUES (?, ?, ?, ?, ?)", &values)
    }

    fn run(&self, sql: &'static str, values: &[JsValue]) -> Result<(), Fault> {
        #[cfg(feature = "test-doors")]
        meter::write();
        self.sql.exec(&prepared(sql), &values.iter().collect())?;
        Ok(())
    }

    /// The first column of all rows.
    fn column(&self, sql: &'static str, values: &[JsValue]) -> Result<Vec<String>, Fault> {
        #[cfg(feature = "test-doors")]
        meter::statement();
        let rows = self.sql.exec(&prepared(sql), &values.iter().collect())?.raw();
        let mut texts = Vec::new();
        loop {
            let next = rows.next()?;
            if next.done() {
                return Ok(texts);
            }
            texts.extend(next.value().unchecked_into::<Array>().get(0).as_string());
        }
    }

    /// The first row, as an array.
    fn row(&self, sql: &'static str, values: &[JsValue]) -> Result<Option<Array>, Fault> {
        #[cfg(feature = "test-doors")]
        meter::statement();
        let next = self.sql.exec(&prepared(sql), &values.iter().collect())?.raw().next()?;
        Ok(if next.done() { None } else { Some(next.value().unchecked_into()) })
    }
}

fn text(value: impl fmt::Display) -> JsValue {
    JsValue::from_str(&value.to_string())
}

/// Counts cross as JavaScript numbers: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "the number of a booking's events")]
fn number(value: u64) -> JsValue {
    (value as f64).into()
}

thread_local! {
    static QUERIES: RefCell<Map<*const u8, JsString>> = const { RefCell::new(Map::new()) };
}

/// A query's text as a JavaScript string, made once.
fn prepared(sql: &'static str) -> JsString {
    QUERIES.with(|queries| queries.borrow_mut().get_or_insert_with(sql.as_ptr(), || JsString::from(sql)).clone())
}
