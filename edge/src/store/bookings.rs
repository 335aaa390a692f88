//! The rows of bookings as they are listed and searched. A booking itself is read from its events: see [`super::document`].

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::id::BookingId;
use leeway_core::{Currency, Instant};
use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::commit::services;
use super::refunds::any_of;
use super::{Fault, Store, number, stored, text};
use crate::cursor::Cursor;

/// A booking as it is listed.
#[derive(Debug, Deserialize)]
pub struct BookingRow {
    pub number: u64,
    pub id: BookingId,
    pub reference: String,
    pub version: u64,
    pub status: Status,
    pub payment_status: PaymentStatus,
    /// A decimal number.
    pub balance: String,
    pub currency: Currency,
    pub starts_at: Instant,
    pub made_at: Instant,
    pub services: Vec<String>,
    /// Absent once the personal data was erased.
    pub name: Option<String>,
    pub email: Option<String>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BookingOrder {
    /// The newest first.
    #[default]
    Newest,
    /// What starts first.
    Start,
}

/// Which bookings are listed. An empty list of values is no condition.
#[derive(Debug, Default)]
pub struct BookingFilter {
    pub statuses: Vec<Status>,
    pub payment_statuses: Vec<PaymentStatus>,
    pub service: Option<String>,
    /// Whose first slot starts at this instant or later.
    pub from: Option<Instant>,
    /// And before this one.
    pub to: Option<Instant>,
    /// Words, as full-text search wants them.
    pub words: Option<String>,
    pub order: BookingOrder,
    pub after: Option<Cursor>,
    /// So many at most.
    pub most: u32,
}

impl BookingRow {
    /// Where a list goes on after it.
    pub fn cursor(&self, order: BookingOrder) -> Cursor {
        match order {
            BookingOrder::Newest => Cursor::of_number(self.number),
            BookingOrder::Start => Cursor { at_ms: self.starts_at.ms(), number: self.number },
        }
    }
}

/// Bookings as rows of JSON. `?1` and `?2` are the sort key after which the list goes on.
macro_rules! listing {
    ($from:literal, $after:literal, $order:literal, $outer:literal) => {
        concat!(
            "SELECT CAST(json_group_array(json_object('number', number, 'id', id, 'reference', reference, 'version', version, ",
            "'status', status, 'payment_status', payment_status, 'balance', balance, 'currency', currency, 'starts_at', starts_at, ",
            "'made_at', made_at, 'services', json(services), 'name', nullif(personal ->> '$.customer.name', ''), ",
            "'email', nullif(personal ->> '$.customer.email', '')) ORDER BY ",
            $outer,
            ") AS BLOB) FROM (SELECT bookings.* FROM ",
            $from,
            $after,
            " AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3))) ",
            "AND (?4 IS NULL OR payment_status IN (SELECT value FROM json_each(?4))) AND (?5 IS NULL OR instr(services, ?5)) ",
            // With a sign, since the list is read in its own order up to its limit: an index on the start would have all of it sorted first.
            "AND +starts_at >= ?6 AND +starts_at < ?7 ORDER BY ",
            $order,
            " LIMIT ?8) AS listed JOIN people ON people.booking = listed.id"
        )
    };
}

const NEWEST: &str =
    listing!("bookings WHERE ", "number < coalesce(?2, 9007199254740991)", "number DESC", "number DESC");
const SOONEST: &str =
    listing!("bookings WHERE ", "(starts_at, number) > (?1, ?2)", "starts_at, number", "starts_at, number");
const NEWEST_WITH_WORDS: &str = listing!(
    "booking_words CROSS JOIN bookings ON bookings.number = booking_words.rowid WHERE booking_words MATCH ?9 AND ",
    "booking_words.rowid < coalesce(?2, 9007199254740991)",
    "booking_words.rowid DESC",
    "number DESC"
);
const SOONEST_WITH_WORDS: &str = listing!(
    "booking_words CROSS JOIN bookings ON bookings.number = booking_words.rowid WHERE booking_words MATCH ?9 AND ",
    "(starts_at, number) > (?1, ?2)",
    "starts_at, number",
    "starts_at, number"
);

impl Store {
    /// Bookings that fit, in order.
    pub fn bookings(&self, filter: &BookingFilter) -> Result<Vec<BookingRow>, Fault> {
        let BookingFilter { statuses, payment_statuses, service, from, to, words, order, after, most } = filter;
        let sql = match (order, words) {
            (BookingOrder::Newest, None) => NEWEST,
            (BookingOrder::Start, None) => SOONEST,
            (BookingOrder::Newest, Some(_)) => NEWEST_WITH_WORDS,
            (BookingOrder::Start, Some(_)) => SOONEST_WITH_WORDS,
        };
        let (after_at, after_number) = match (order, after) {
            (BookingOrder::Newest, None) => (text(Instant::EPOCH), JsValue::NULL),
            // The list begins where the range does.
            (BookingOrder::Start, None) => (text(from.unwrap_or(Instant::EPOCH)), number(0)),
            (_, Some(cursor)) => (text(Instant::EPOCH.shifted_ms(cursor.at_ms)), number(cursor.number)),
        };
        // As it stands in the array: in quotes, so that no name is found inside another.
        let service = service.as_ref().map(leeway_json::write).transpose()?;
        let mut values = vec![
            after_at,
            after_number,
            any_of(statuses)?,
            any_of(payment_statuses)?,
            service.map_or(JsValue::NULL, JsValue::from),
            text(from.unwrap_or(Instant::EPOCH)),
            text(to.unwrap_or(Instant::EPOCH.shifted_ms(i64::MAX))),
            f64::from(*most).into(),
        ];
        values.extend(words.as_deref().map(JsValue::from_str));
        stored(&self.bytes(sql, &values)?.unwrap_or_default())
    }

    /// Writes the services of every booking: when the column is new.
    pub(super) fn project_all_services(&self) -> Result<(), Fault> {
        let listed = self.row("SELECT json_group_array(id) FROM bookings", &[])?;
        let listed = listed.and_then(|row| row.get(0).as_string()).unwrap_or_default();
        for id in leeway_json::read::<Vec<BookingId>>(&listed)? {
            let document = self.document(id)?.ok_or_else(|| Fault::Platform("a booking without events".to_owned()))?;
            let services = services(&document.read(None)?.booking)?;
            self.run("UPDATE bookings SET services = ? WHERE id = ?", &[services.into(), text(id)])?;
        }
        Ok(())
    }
}
