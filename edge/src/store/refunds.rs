//! The rows of refund entries: looked for and counted, never read to decide. They follow the log in the commit that changes it.
//!
//! Source: requirement C8

use std::collections::BTreeSet;

use leeway_core::booking::Method;
use leeway_core::fields::FromObject;
use leeway_core::freeze;
use leeway_core::id::{BookingId, RefundId};
use leeway_core::refund::{Document as Written, Refund, RefundReason, RefundState, Way};
use leeway_core::sort::sorted;
use leeway_core::{Booking, Currency, Event, Instant};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::{Fault, Store, number, stored, text};
use crate::cursor::Cursor;

/// A refund entry as it is listed.
#[derive(Debug, FromObject)]
pub struct RefundRow {
    pub number: u64,
    pub id: RefundId,
    pub booking: BookingId,
    pub reference: String,
    /// Absent once the personal data was erased.
    pub name: Option<String>,
    pub email: Option<String>,
    pub reason: RefundReason,
    pub state: RefundState,
    pub way: Way,
    methods: u32,
    pub document: Option<Written>,
    pub currency: Currency,
    pub minor: i64,
    pub note: String,
    pub entered_at: Instant,
    pub settled_at: Option<Instant>,
}

impl RefundRow {
    /// How the money had come.
    pub fn methods(&self) -> Vec<Method> {
        METHODS.into_iter().filter(|method| self.methods & bit(*method) != 0).collect()
    }
}

const METHODS: [Method; 4] = [Method::Card, Method::Cash, Method::BankTransfer, Method::Voucher];

/// A method's bit in a row.
fn bit(method: Method) -> u32 {
    match method {
        Method::Card => 1,
        Method::Cash => 2,
        Method::BankTransfer => 4,
        Method::Voucher => 8,
    }
}

fn bits(methods: impl Iterator<Item = Method>) -> u32 {
    methods.fold(0, |bits, method| bits | bit(method))
}

/// Which refund entries are listed. An empty list of values is no condition.
#[derive(Debug, Default)]
pub struct RefundFilter {
    pub reasons: Vec<RefundReason>,
    pub states: Vec<RefundState>,
    pub ways: Vec<Way>,
    pub methods: Vec<Method>,
    /// Entered at this instant or later.
    pub from: Option<Instant>,
    /// And before this one.
    pub to: Option<Instant>,
    /// Words, as full-text search wants them.
    pub words: Option<String>,
    pub after: Option<Cursor>,
    /// So many at most.
    pub most: u32,
}

/// Refund entries that have everything in common that is counted by.
#[derive(Debug, FromObject)]
pub struct RefundCount {
    pub currency: Currency,
    pub reason: RefundReason,
    pub state: RefundState,
    pub way: Way,
    pub month: String,
    pub count: u64,
    pub minor: i64,
}

/// What is written of an entry.
#[derive(Serialize)]
struct Projected<'a> {
    id: RefundId,
    reason: RefundReason,
    state: RefundState,
    way: Way,
    methods: u32,
    document: Option<Written>,
    currency: Currency,
    minor: i64,
    note: &'a str,
}

impl<'a> Projected<'a> {
    fn of(refund: &'a Refund) -> Self {
        let Refund { id, reason, state, way, document, amount, .. } = refund;
        Self {
            id: *id,
            reason: *reason,
            state: *state,
            way: *way,
            methods: bits(refund.split.iter().map(|share| share.method)),
            document: *document,
            currency: amount.currency(),
            minor: amount.minor(),
            note: &refund.note,
        }
    }
}

/// The columns of a listed entry.
macro_rules! listed {
    ($chosen:expr) => {
        concat!(
            "SELECT CAST(json_group_array(json_object('number', number, 'id', id, 'booking', booking, 'reference', reference, ",
            "'name', nullif(name, ''), 'email', nullif(email, ''), 'reason', reason, 'state', state, 'way', way, 'methods', methods, 'document', document, ",
            "'currency', currency, 'minor', minor, 'note', note, 'entered_at', entered_at, 'settled_at', settled_at) ",
            "ORDER BY number DESC) AS BLOB) FROM (SELECT refunds.*, reference, personal ->> '$.customer.name' AS name, ",
            "personal ->> '$.customer.email' AS email FROM (",
            $chosen,
            ") AS refunds JOIN bookings ON bookings.id = refunds.booking JOIN people ON people.booking_number = bookings.number)"
        )
    };
}

/// The entries before a number that fit, the newest first.
macro_rules! searched {
    ($words:literal) => {
        listed!(concat!(
            "SELECT * FROM refunds WHERE number < coalesce(?1, 9007199254740991) AND (?2 IS NULL OR reason IN (SELECT value FROM json_each(?2))) ",
            "AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) AND (?4 IS NULL OR way IN (SELECT value FROM json_each(?4))) ",
            "AND (?5 = 0 OR methods & ?5) AND entered_at >= ?6 AND entered_at < ?7",
            $words,
            " ORDER BY number DESC LIMIT ?8"
        ))
    };
}

impl Store {
    /// Writes the entries of a booking as they are after some of its events; nothing where none is about a refund.
    pub(super) fn project_refunds(&self, booking: &Booking, events: &[Event], at: Instant) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO refunds (id, booking, booking_number, entered_at, month, settled_at, reason, state, way, methods, document, \
             currency, minor, note) SELECT value ->> 'id', ?2, (SELECT number FROM bookings WHERE id = ?2), ?3, ?4, iif(value ->> 'state' = 'settled', ?3, NULL), value ->> 'reason', \
             value ->> 'state', value ->> 'way', value ->> 'methods', value ->> 'document', value ->> 'currency', value ->> 'minor', \
             value ->> 'note' FROM json_each(?1) WHERE true ON CONFLICT (id) DO UPDATE SET state = excluded.state, way = excluded.way, \
             document = excluded.document, \
             settled_at = iif(excluded.state = 'settled', coalesce(settled_at, excluded.settled_at), NULL)";
        if !events.iter().any(is_about_a_refund) {
            return Ok(());
        }
        let rows: Vec<_> = booking.refunds.iter().map(Projected::of).collect();
        let month = self.month(at)?;
        self.run(SQL, &[leeway_json::write(&rows)?.into(), text(booking.id), text(at), month.into()])
    }

    /// The month of an instant in the operator's calendar.
    fn month(&self, at: Instant) -> Result<String, Fault> {
        let day = freeze::local_day(at, &self.zone()?).map_err(|error| Fault::platform(error.to_string()))?;
        Ok(day.to_string().chars().take(7).collect())
    }

    /// Entries that fit, the newest first.
    pub fn refunds(&self, filter: &RefundFilter) -> Result<Vec<RefundRow>, Fault> {
        const ALL: &str = searched!("");
        // An entry without a note has no words but its booking's.
        const WITH_WORDS: &str = searched!(
            " AND (booking_number IN (SELECT rowid FROM booking_words WHERE booking_words MATCH ?9) \
             OR number IN (SELECT rowid FROM refund_words WHERE refund_words MATCH ?9))"
        );
        let RefundFilter { reasons, states, ways, methods, from, to, words, after, most } = filter;
        let mut values = vec![
            after.map_or(JsValue::NULL, |cursor| number(cursor.number)),
            any_of(reasons)?,
            any_of(states)?,
            any_of(ways)?,
            bits(methods.iter().copied()).into(),
            text(from.unwrap_or(Instant::EPOCH)),
            text(to.unwrap_or(Instant::EPOCH.shifted_ms(i64::MAX))),
            f64::from(*most).into(),
        ];
        values.extend(words.as_deref().map(JsValue::from_str));
        let sql = if words.is_some() { WITH_WORDS } else { ALL };
        stored(&self.bytes(sql, &values)?.unwrap_or_default())
    }

    /// Those of one booking, the newest first.
    pub fn refunds_of(&self, booking: &Booking) -> Result<Vec<RefundRow>, Fault> {
        const SQL: &str = listed!("SELECT * FROM refunds WHERE id IN (SELECT value FROM json_each(?))");
        let ids: Vec<_> = booking.refunds.iter().map(|refund| refund.id).collect();
        stored(&self.bytes(SQL, &[leeway_json::write(&ids)?.into()])?.unwrap_or_default())
    }

    /// One of them.
    pub fn refund(&self, id: RefundId) -> Result<Option<RefundRow>, Fault> {
        const SQL: &str = listed!("SELECT * FROM refunds WHERE id = ?");
        let found: Vec<RefundRow> = stored(&self.bytes(SQL, &[text(id)])?.unwrap_or_default())?;
        Ok(found.into_iter().next())
    }

    /// How many were entered between two instants, and how much that was.
    pub fn count_refunds(&self, from: Instant, to: Instant) -> Result<Vec<RefundCount>, Fault> {
        const SQL: &str = "SELECT CAST(json_group_array(json_object('currency', currency, 'reason', reason, 'state', state, 'way', way, \
             'month', month, 'count', count, 'minor', minor)) AS BLOB) FROM (SELECT currency, reason, state, way, month, count(*) AS count, \
             sum(minor) AS minor FROM refunds WHERE entered_at >= ? AND entered_at < ? GROUP BY currency, reason, state, way, month)";
        stored(&self.bytes(SQL, &[text(from), text(to)])?.unwrap_or_default())
    }

    /// Writes the rows of every booking that has entries, in the order in which they were entered: when the table is new.
    pub(super) fn project_all_refunds(&self) -> Result<(), Fault> {
        const SQL: &str = "SELECT json_group_array(stream ORDER BY first) FROM (SELECT stream, min(at) AS first FROM events \
             WHERE kind = 'refund_entered' GROUP BY stream)";
        let listed = self.row(SQL, &[])?.and_then(|row| row.get(0).as_string()).unwrap_or_default();
        let mut steps = Vec::new();
        for id in leeway_json::read::<BTreeSet<BookingId>>(&listed)? {
            let document = self.document(id)?.ok_or_else(|| Fault::platform("events without a booking"))?;
            document.replay(|booking, event, at| {
                if is_about_a_refund(event) {
                    steps.push((at, booking.clone(), event.clone()));
                }
            })?;
        }
        let order = steps.iter().enumerate().map(|(place, (at, ..))| (*at, place));
        for (_, place) in sorted(order.collect()) {
            let Some((at, booking, event)) = steps.get(place) else { continue };
            self.project_refunds(booking, std::slice::from_ref(event), *at)?;
        }
        Ok(())
    }
}

/// A condition's values as JSON; none is no condition.
pub(super) fn any_of<T: Serialize>(values: &[T]) -> Result<JsValue, Fault> {
    Ok(if values.is_empty() { JsValue::NULL } else { leeway_json::write(values)?.into() })
}

/// Does an event change an entry, or make one?
fn is_about_a_refund(event: &Event) -> bool {
    match event {
        Event::RefundEntered(_)
        | Event::RefundApproved(_)
        | Event::RefundDeclined(_)
        | Event::RefundVoided(_)
        | Event::RefundRouted(_)
        | Event::RefundSubmitted(_)
        | Event::RefundSettled(_)
        | Event::RefundFailed(_)
        | Event::VoucherIssued(_)
        | Event::CreditNoteMade(_)
        | Event::CreditNoteApproved(_)
        | Event::CancellationUndone(_) => true,
        Event::BookingMade(_)
        | Event::PaymentRecorded(_)
        | Event::GatewayFeeNoted(_)
        | Event::PlanAdjusted(_)
        | Event::Canceled(_)
        | Event::Rebooked(_)
        | Event::TaskOpened(_)
        | Event::ParticipantRenamed(_)
        | Event::LinksRevoked(_) => false,
    }
}
