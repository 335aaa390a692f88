//! The rows of bookings as they are listed and searched. A booking itself is read from its events: see [`super::document`].

use std::ops::Range;

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::fields::FromObject;
use leeway_core::id::BookingId;
use leeway_core::{Currency, Instant};
use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::commit::services;
use super::refunds::any_of;
use super::{Fault, Store, number, stored, text};
use crate::cursor::Cursor;

/// Words that more bookings have are common. In the worker of the tests two are many, so that both ways of searching are tested.
const RARE_MOST: u32 = if cfg!(feature = "test-doors") { 2 } else { 2_000 };

/// A booking as it is listed.
#[derive(Debug, FromObject)]
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

impl BookingFilter {
    /// When the first slot may start.
    fn range(&self) -> Range<Instant> {
        self.from.unwrap_or(Instant::EPOCH)..self.to.unwrap_or(Instant::EPOCH.shifted_ms(i64::MAX))
    }

    /// Is there a condition beside the words?
    fn is_narrowed(&self) -> bool {
        let lists = [self.statuses.is_empty(), self.payment_statuses.is_empty(), self.service.is_none()];
        lists.contains(&false) || self.range() != Self::default().range()
    }
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

/// Bookings as rows of JSON: the numbers of those that fit are chosen in an index that holds all that is asked of them, and only they are looked up.
/// What is passed over costs no look at the table, of which a list of 50 may pass over 100,000 rows.
macro_rules! listing {
    ($chosen:expr, $order:literal) => {
        concat!(
            "SELECT CAST(json_group_array(json_object('number', number, 'id', id, 'reference', reference, 'version', version, ",
            "'status', status, 'payment_status', payment_status, 'balance', balance, 'currency', currency, 'starts_at', starts_at, ",
            "'made_at', made_at, 'services', json(services), 'name', nullif(personal ->> '$.customer.name', ''), ",
            "'email', nullif(personal ->> '$.customer.email', '')) ORDER BY ",
            $order,
            ") AS BLOB) FROM (",
            $chosen,
            ") CROSS JOIN bookings ON bookings.number = chosen JOIN people ON people.booking_number = bookings.number"
        )
    };
}

/// The numbers of bookings that fit, in order, up to a limit. `?1` and `?2` are the sort key after which the list goes on.
macro_rules! chosen {
    ($from:literal, $after:literal, $words:literal, $order:literal) => {
        concat!(
            "SELECT bookings.number AS chosen FROM ",
            $from,
            " WHERE ",
            $after,
            " AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3))) ",
            "AND (?4 IS NULL OR payment_status IN (SELECT value FROM json_each(?4))) AND (?5 IS NULL OR instr(services, ?5)) ",
            "AND +starts_at >= ?6",
            $words,
            " ORDER BY ",
            $order,
            " LIMIT ?8"
        )
    };
}

// A sign before a column keeps it from choosing the index: a list is read in its own order up to its limit, and never sorted.
macro_rules! newest {
    ($words:literal) => {
        listing!(
            chosen!("bookings", "number < coalesce(?2, 9007199254740991) AND +starts_at < ?7", $words, "number DESC"),
            "number DESC"
        )
    };
}
macro_rules! soonest {
    ($words:literal) => {
        listing!(
            chosen!("bookings", "(starts_at, number) > (?1, ?2) AND starts_at < ?7", $words, "starts_at, number"),
            "starts_at, number"
        )
    };
}

/// All that has the words is looked up; of the newest, which the words' own index has in order, only as many as are listed.
macro_rules! with_words {
    ($after:literal, $order:literal, $outer:literal) => {
        listing!(
            chosen!(
                "booking_words CROSS JOIN bookings ON bookings.number = booking_words.rowid",
                $after,
                " AND booking_words MATCH ?9 AND +starts_at < ?7",
                $order
            ),
            $outer
        )
    };
}

const NEWEST: &str = newest!("");
const SOONEST: &str = soonest!("");
const NEWEST_WITH_WORDS: &str =
    with_words!("booking_words.rowid < coalesce(?2, 9007199254740991)", "booking_words.rowid DESC", "number DESC");
const SOONEST_WITH_WORDS: &str =
    with_words!("(+starts_at, number) > (?1, ?2)", "starts_at, number", "starts_at, number");
/// All that has the words is a set, in which bookings are looked for in the order of the list: of words that are common, looking each of theirs up
/// would cost several times as much.
const NEWEST_OF_WORDS: &str = newest!(" AND +number IN (SELECT rowid FROM booking_words WHERE booking_words MATCH ?9)");
const SOONEST_OF_WORDS: &str =
    soonest!(" AND +number IN (SELECT rowid FROM booking_words WHERE booking_words MATCH ?9)");

impl Store {
    /// Bookings that fit, in order.
    pub fn bookings(&self, filter: &BookingFilter) -> Result<Vec<BookingRow>, Fault> {
        let BookingFilter { statuses, payment_statuses, service, words, order, after, most, .. } = filter;
        let sql = match (order, words) {
            (BookingOrder::Newest, None) => NEWEST,
            (BookingOrder::Start, None) => SOONEST,
            (BookingOrder::Newest, Some(_)) if !filter.is_narrowed() => NEWEST_WITH_WORDS,
            (BookingOrder::Newest, Some(words)) if self.are_rare(words)? => NEWEST_WITH_WORDS,
            (BookingOrder::Newest, Some(_)) => NEWEST_OF_WORDS,
            (BookingOrder::Start, Some(words)) if self.are_rare(words)? => SOONEST_WITH_WORDS,
            (BookingOrder::Start, Some(_)) => SOONEST_OF_WORDS,
        };
        let range = filter.range();
        let (after_at, after_number) = match (order, after) {
            (BookingOrder::Newest, None) => (text(Instant::EPOCH), JsValue::NULL),
            // The list begins where the range does.
            (BookingOrder::Start, None) => (text(range.start), number(0)),
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
            text(range.start),
            text(range.end),
            f64::from(*most).into(),
        ];
        values.extend(words.as_deref().map(JsValue::from_str));
        stored(&self.bytes(sql, &values)?.unwrap_or_default())
    }

    /// Do few bookings have these words?
    fn are_rare(&self, words: &str) -> Result<bool, Fault> {
        const SQL: &str = "SELECT 1 FROM booking_words WHERE booking_words MATCH ? LIMIT 1 OFFSET ?";
        Ok(self.row(SQL, &[words.into(), RARE_MOST.into()])?.is_none())
    }

    /// Writes the services of every booking: when the column is new.
    pub(super) fn project_all_services(&self) -> Result<(), Fault> {
        let listed = self.row("SELECT json_group_array(id) FROM bookings", &[])?;
        let listed = listed.and_then(|row| row.get(0).as_string()).unwrap_or_default();
        for id in leeway_json::read::<Vec<BookingId>>(&listed)? {
            let document = self.document(id)?.ok_or_else(|| Fault::platform("a booking without events"))?;
            let services = services(&document.read(None)?.booking)?;
            self.run("UPDATE bookings SET services = ? WHERE id = ?", &[services.into(), text(id)])?;
        }
        Ok(())
    }
}
