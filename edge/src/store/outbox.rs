//! The rows of the outbox. What is done with one is decided in [`crate::effects`].

use leeway_core::fields::FromObject;
use leeway_core::{Booking, Event, Instant};
use leeway_json::Raw;
use wasm_bindgen::JsValue;

use super::commit::Stamp;
use super::{Fault, Store, number, stored, text};
use crate::effects::follow::follow;
use crate::effects::webhooks;
use crate::effects::{Kind, Needs, NewRow, Row, State};
use crate::object::Listing;

/// Open rows that no open row of their lane is before.
macro_rules! heads {
    () => {
        "FROM outbox AS head WHERE state IN ('waiting', 'tried') AND NOT EXISTS (SELECT 1 FROM outbox AS before \
         WHERE before.lane = head.lane AND before.state IN ('waiting', 'tried') AND before.seq < head.seq)"
    };
}

/// A row as operators see it.
macro_rules! shown {
    () => {
        "json_object('id', seq, 'kind', kind, 'booking', booking, 'state', state, 'attempts', attempts, 'body', json(body), 'made_at', made_at, \
         'due_at', CASE WHEN state IN ('waiting', 'tried') THEN due_at END, 'ended_at', ended_at, 'last_error', last_error)"
    };
}

impl Store {
    /// Writes the rows that follow from what a command did. Whoever calls it holds the transaction.
    pub(super) fn follow(&self, events: &[Event], after: &Booking, stamp: Stamp) -> Result<(), Fault> {
        let mut rows = follow(events, after, stamp.command, stamp.at, &self.switches.borrow())?;
        if !self.has_checkouts.get() {
            rows.retain(|row| row.needs == Needs::Nothing);
        }
        rows.extend(webhooks::follow(events, after, stamp.at, &self.listeners.borrow())?);
        self.enqueue(&rows, stamp.at)
    }

    /// Writes rows, each where what it needs is there: one statement, and none for no row.
    pub fn enqueue(&self, rows: &[NewRow], at: Instant) -> Result<(), Fault> {
        const SQL: &str = "INSERT OR IGNORE INTO outbox (lane, kind, booking, command, dedupe, body, made_at, due_at) \
             SELECT value ->> 'lane', value ->> 'kind', value ->> 'booking', value ->> 'command', value ->> 'dedupe', value ->> 'body', ?2, \
             value ->> 'due_at' FROM json_each(?1) WHERE CASE value ->> '$.needs.what' WHEN 'nothing' THEN TRUE WHEN 'open_checkout' THEN \
             EXISTS (SELECT 1 FROM checkouts WHERE booking = value ->> 'booking' AND state IN ('opening', 'open')) ELSE \
             EXISTS (SELECT 1 FROM checkouts WHERE id = value ->> '$.needs.intent' AND intent IS NOT NULL) END";
        let Some(first) = rows.iter().map(|row| row.due_at).min() else { return Ok(()) };
        self.run(SQL, &[leeway_json::write(rows)?.into(), text(at)])?;
        self.arm(first);
        Ok(())
    }

    /// Writes rows, and makes due again what is there of them: something has happened to what they are about.
    pub fn poke(&self, rows: &[NewRow], at: Instant) -> Result<(), Fault> {
        const SQL: &str = "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ?2, ended_at = NULL \
             WHERE dedupe IN (SELECT value ->> 'dedupe' FROM json_each(?1)) AND state <> 'tried'";
        // One that is under way is looked at once more: its attempt may have been too early to know.
        const UNDER_WAY: &str = "UPDATE outbox SET due_at = ?2 WHERE dedupe IN (SELECT value ->> 'dedupe' FROM json_each(?1)) \
             AND state = 'tried'";
        let json = leeway_json::write(rows)?;
        self.run(UNDER_WAY, &[json.as_str().into(), text(at)])?;
        self.run(SQL, &[json.into(), text(at)])?;
        self.enqueue(rows, at)
    }

    /// Takes rows whose time has come, the heads of their lanes; marks the attempt, and until when nobody else takes them.
    pub fn claim(&self, now: Instant, until: Instant, most: u32) -> Result<Vec<Row>, Fault> {
        const DUE: &str = concat!("SELECT count(*) ", heads!(), " AND due_at <= ?");
        const SQL: &str = concat!(
            "UPDATE outbox SET state = 'tried', attempts = attempts + 1, due_at = ?2 WHERE seq IN (SELECT seq ",
            heads!(),
            " AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?3) RETURNING json_object('seq', seq, 'kind', kind, 'booking', booking, \
             'command', command, 'body', body, 'leased_until', due_at, 'attempts', attempts)"
        );
        // Most alarms end with nothing left: that is found out without a write.
        let due = self.row(DUE, &[text(now)])?.and_then(|row| row.get(0).as_f64());
        if due.unwrap_or_default() < 1.0 {
            return Ok(Vec::new());
        }
        let values = [text(now), text(until), f64::from(most).into()];
        let rows = self.transaction(|| self.column(SQL, &values))?;
        rows.iter().map(|row| stored(row.as_bytes())).collect()
    }

    /// Ends a row, unless something has happened since it was taken: then it is due once more.
    pub fn end_row(&self, row: &Row, state: State, error: Option<&str>, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "UPDATE outbox SET state = iif(due_at = ?1, ?2, 'waiting'), last_error = ?3, ended_at = iif(due_at = ?1, ?4, NULL) \
             WHERE seq = ?5";
        self.run(SQL, &[text(row.leased_until), state.as_str().into(), optional(error), text(at), number(row.seq)])
    }

    /// Puts a row off to another time, unless something has happened since it was taken.
    pub fn put_off(&self, row: &Row, until: Instant, error: Option<&str>, attempts: u32) -> Result<(), Fault> {
        const SQL: &str = "UPDATE outbox SET due_at = iif(due_at = ?1, ?2, due_at), last_error = coalesce(?3, last_error), attempts = ?4 \
             WHERE seq = ?5";
        let values =
            [text(row.leased_until), text(until), optional(error), f64::from(attempts).into(), number(row.seq)];
        self.run(SQL, &values)?;
        self.arm(until);
        Ok(())
    }

    /// Deletes rows that ended before an instant; the dead stay until somebody has seen to them.
    pub fn prune_outbox(&self, before: Instant) -> Result<(), Fault> {
        const OLD: &str = "SELECT 1 FROM outbox WHERE ended_at < ? AND state IN ('done', 'dropped') LIMIT 1";
        const SQL: &str = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE ended_at < ? AND \
             state IN ('done', 'dropped') LIMIT 1000)";
        if self.row(OLD, &[text(before)])?.is_none() {
            return Ok(());
        }
        self.run(SQL, &[text(before)])
    }

    /// Makes a dead row due again; says whether there was one.
    pub fn revive(&self, seq: u64, at: Instant) -> Result<bool, Fault> {
        const SQL: &str = "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ?, ended_at = NULL WHERE seq = ? AND state = 'dead' \
             RETURNING seq";
        let revived = self.row(SQL, &[text(at), number(seq)])?.is_some();
        self.arm(at);
        Ok(revived)
    }

    /// Rows of the outbox, the oldest first, and where to go on.
    pub fn outbox(&self, listing: Listing) -> Result<(Vec<Raw<'static>>, Option<u64>), Fault> {
        const SQL: &str = concat!(
            "SELECT ",
            shown!(),
            " FROM outbox WHERE seq > ?1 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR kind = ?3) ORDER BY seq LIMIT ?4"
        );
        let Listing { state, kind, after, most } = listing;
        let (state, kind) = (optional(state.map(State::as_str)), optional(kind.map(Kind::as_str)));
        // One more than asked for tells whether there are more.
        let mut rows = self.column(SQL, &[number(after), state, kind, f64::from(most.saturating_add(1)).into()])?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let rows: Vec<_> = rows.into_iter().map(Raw::parse).collect::<Result<_, _>>()?;
        let last = rows.last().filter(|_| more).map(|row| seq_of(row)).transpose()?;
        Ok((rows, last))
    }

    /// One row of the outbox, as it is shown.
    pub fn outbox_row(&self, seq: u64) -> Result<Option<Raw<'static>>, Fault> {
        const SQL: &str = concat!("SELECT ", shown!(), " FROM outbox WHERE seq = ?");
        let row = self.column(SQL, &[number(seq)])?.pop();
        Ok(row.map(Raw::parse).transpose()?)
    }

    /// When the next row is due.
    fn next_due(&self) -> Result<Option<Instant>, Fault> {
        const SQL: &str = concat!("SELECT min(due_at) ", heads!());
        let due = self.row(SQL, &[])?.and_then(|row| row.get(0).as_string());
        due.map(|due| Instant::parse(&due).map_err(|error| Fault::platform(error.to_string()))).transpose()
    }

    /// Sees to it that the alarm rings at an instant, or before it. Inside a transaction it is set when that has committed.
    fn arm(&self, at: Instant) {
        let wanted = self.wanted.get().map_or(at, |before| before.min(at));
        self.wanted.set(Some(wanted));
        if self.depth.get() == 0 {
            self.set_wanted_alarm();
        }
    }

    pub(super) fn set_wanted_alarm(&self) {
        let Some(at) = self.wanted.take() else { return };
        if self.armed.get().is_some_and(|armed| armed <= at) {
            return;
        }
        self.armed.set(Some(at));
        #[expect(clippy::cast_precision_loss, reason = "an instant is within 2^53 ms")]
        let at_ms = at.ms() as f64;
        // Its promise settles with the commit that the output waits for; there is nothing to do with either outcome here.
        drop(self.storage.set_alarm(at_ms));
    }

    /// Sets the alarm for what is due next, whatever was set before: after it has rung, and when an object starts.
    pub fn rearm(&self) {
        self.armed.set(None);
        match self.next_due() {
            Ok(Some(next)) => self.arm(next),
            Ok(None) => {}
            Err(fault) => crate::log::error("rearm", &format!("{fault:?}")),
        }
    }
}

fn seq_of(row: &Raw<'_>) -> Result<u64, Fault> {
    #[derive(FromObject)]
    struct Id {
        id: u64,
    }
    Ok(leeway_json::read::<Id>(row.as_str())?.id)
}

fn optional(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, JsValue::from_str)
}
