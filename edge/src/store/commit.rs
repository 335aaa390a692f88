//! Writing what one command did: the events of every stream that it touched, and the rows that can be worked out from them. Whoever calls
//! it holds the transaction.

use leeway_core::balance::{payment_status, status, totals};
use leeway_core::event::EVENT_VERSION;
use leeway_core::id::{BookingId, CommandId, SlotId, VoucherId};
use leeway_core::money::Amount;
use leeway_core::slot::{self, Roster};
use leeway_core::sort::distinct;
use leeway_core::voucher::{self, Voucher};
use leeway_core::{Actor, Booking, Instant, Map};
use serde::Serialize;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use super::{Fault, Origin, Store, number, text};

/// The version in which the events of slots and vouchers are written.
const BESIDE_VERSION: u16 = 1;

/// What is written when a command is carried out.
pub struct Commit<'a> {
    /// Who wanted it, and when.
    pub stamp: Stamp,
    /// The number of the booking's events before.
    pub version: u64,
    /// What it did.
    pub done: &'a leeway_core::Commit,
    /// The slots before it: all that it could touch.
    pub rosters: &'a Map<SlotId, Roster>,
    /// The voucher that it is paid with, before it.
    pub voucher: Option<&'a Voucher>,
    /// The quote that it carries out, as JSON.
    pub quote: Option<&'a str>,
}

/// What all events of a command have in common.
#[derive(Clone, Copy)]
pub struct Stamp {
    pub command: CommandId,
    pub actor: Actor,
    pub at: Instant,
    /// Through what it came.
    pub origin: Origin,
}

/// An event of some stream.
pub(super) struct Entry {
    pub stream: Uuid,
    pub seq: u64,
    pub version: u16,
    pub event: String,
}

impl Entry {
    pub fn of(stream: Uuid, seq: u64, version: u16, event: &impl Serialize) -> Result<Self, Fault> {
        Ok(Self { stream, seq, version, event: leeway_json::write(event)? })
    }

    /// An event of a slot or a voucher.
    pub fn beside(stream: Uuid, seq: u64, event: &impl Serialize) -> Result<Self, Fault> {
        Self::of(stream, seq, BESIDE_VERSION, event)
    }
}

impl Store {
    /// Writes a new booking.
    pub fn open(&self, commit: &Commit<'_>, personal: &str) -> Result<(), Fault> {
        let rosters = self.append_all(commit)?;
        let booking = &commit.done.booking;
        let [status, payment_status, balance] = projected(booking)?;
        let values = [
            text(booking.id),
            booking.reference.as_str().into(),
            number(booking.version),
            f64::from(booking.link_generation).into(),
            status,
            payment_status,
            balance,
            booking.currency.code().into(),
            text(starts_at(booking, commit.stamp.at)),
            managed(booking, commit.rosters)?.into(),
            services(booking)?.into(),
            text(commit.stamp.at),
        ];
        self.run(
            "INSERT INTO bookings (id, reference, version, link_generation, status, payment_status, balance, currency, starts_at, slots, \
             services, made_at, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
             (SELECT coalesce(max(number), 0) + 1 FROM bookings))",
            &values,
        )?;
        let people = "INSERT INTO people (booking_number, personal) SELECT number, ? FROM bookings WHERE id = ?";
        self.run(people, &[personal.into(), text(booking.id)])?;
        self.update_slots(&rosters)?;
        self.follow(&commit.done.events, booking, commit.stamp)
    }

    /// Writes what a command did to a booking.
    pub fn change(&self, commit: &Commit<'_>) -> Result<(), Fault> {
        const SQL: &str = "UPDATE bookings SET version = ?, link_generation = ?, status = ?, payment_status = ?, balance = ?, starts_at = ?, \
             slots = coalesce(?, slots), services = ? WHERE id = ?";
        let rosters = self.append_all(commit)?;
        let booking = &commit.done.booking;
        let [status, payment_status, balance] = projected(booking)?;
        // A command that cannot touch a slot comes without rosters, and leaves the list as it is.
        let slots = if commit.rosters.is_empty() { JsValue::NULL } else { managed(booking, commit.rosters)?.into() };
        let starts_at = text(starts_at(booking, commit.stamp.at));
        let generation = f64::from(booking.link_generation).into();
        let version = number(booking.version);
        let services = services(booking)?.into();
        self.run(
            SQL,
            &[version, generation, status, payment_status, balance, starts_at, slots, services, text(booking.id)],
        )?;
        self.project_refunds(booking, &commit.done.events, commit.stamp.at)?;
        self.update_slots(&rosters)?;
        self.follow(&commit.done.events, booking, commit.stamp)
    }

    pub fn set_personal(&self, id: BookingId, personal: &str) -> Result<(), Fault> {
        let sql = "UPDATE people SET personal = ? WHERE booking_number = (SELECT number FROM bookings WHERE id = ?)";
        self.run(sql, &[personal.into(), text(id)])
    }

    /// Appends the events of all streams, writes the vouchers, and answers the slots as they are now.
    fn append_all(&self, commit: &Commit<'_>) -> Result<Vec<Roster>, Fault> {
        let done = commit.done;
        let mut entries = Vec::with_capacity(done.events.len().saturating_add(done.slots.len()));
        for (seq, event) in (commit.version.saturating_add(1)..).zip(&done.events) {
            entries.push(Entry::of(done.booking.id.0, seq, EVENT_VERSION, event)?);
        }
        let mut rosters: Map<SlotId, Roster> = Map::new();
        for (id, event) in &done.slots {
            let before = rosters.remove(id).or_else(|| commit.rosters.get(id).cloned());
            let after = slot::evolve(before, event).ok_or_else(|| not_begun("slot"))?;
            entries.push(Entry::beside(id.0, after.version, event)?);
            rosters.insert(*id, after);
        }
        let mut vouchers: Map<VoucherId, Voucher> = Map::new();
        for (id, event) in &done.vouchers {
            let before = vouchers.remove(id).or_else(|| commit.voucher.filter(|voucher| voucher.id == *id).cloned());
            let after = voucher::evolve(before, event, commit.stamp.at).ok_or_else(|| not_begun("voucher"))?;
            entries.push(Entry::beside(id.0, after.version, event)?);
            vouchers.insert(*id, after);
        }
        self.append(&entries, commit.stamp)?;
        self.record_act((done.booking.id, commit.version.saturating_add(1)), commit.stamp, commit.quote)?;
        for voucher in vouchers.values() {
            self.put_voucher(voucher, commit.stamp.at)?;
        }
        Ok(rosters.into_iter().map(|(_, roster)| roster).collect())
    }

    /// Two events a statement: most commands have no more.
    pub(super) fn append(&self, entries: &[Entry], stamp: Stamp) -> Result<(), Fault> {
        const ONE: &str =
            "INSERT INTO events (stream, seq, version, at, actor, command_id, event) VALUES (?, ?, ?, ?, ?, ?, ?)";
        const TWO: &str = "INSERT INTO events (stream, seq, version, at, actor, command_id, event) VALUES (?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?)";
        let (command, at) = (text(stamp.command.0), text(stamp.at));
        let actor = JsValue::from_str(actor_name(stamp.actor));
        for pair in entries.chunks(2) {
            let mut values = Vec::with_capacity(16);
            for entry in pair {
                values.extend([text(entry.stream), number(entry.seq), f64::from(entry.version).into()]);
                values.extend([at.clone(), actor.clone(), command.clone(), entry.event.as_str().into()]);
            }
            self.run(if pair.len() == 2 { TWO } else { ONE }, &values)?;
        }
        Ok(())
    }
}

fn not_begun(what: &str) -> Fault {
    Fault::platform(format!("an event of a {what} without its first one"))
}

/// The slots opened for many in which a booking has places, as a JSON array.
fn managed(booking: &Booking, rosters: &Map<SlotId, Roster>) -> Result<String, Fault> {
    let mut slots: Vec<SlotId> = slot::places(booking).keys().map(|(slot, _)| *slot).collect();
    slots.retain(|slot| rosters.contains_key(slot));
    slots.dedup();
    Ok(leeway_json::write(&slots)?)
}

/// What is offered in its items, each once, as a JSON array.
pub(super) fn services(booking: &Booking) -> Result<String, Fault> {
    let services: Vec<&str> = distinct(booking.items.iter().map(|item| item.service.as_str()).collect());
    Ok(leeway_json::write(&services)?)
}

/// When the first of what is booked starts; of a canceled booking, the first of all.
fn starts_at(booking: &Booking, at: Instant) -> Instant {
    let start = |item: &leeway_core::Item| item.slot.time.starts_at;
    let booked = booking.items.iter().filter(|item| item.is_booked()).map(start).min();
    booked.or_else(|| booking.items.iter().map(start).min()).unwrap_or(at)
}

fn actor_name(actor: Actor) -> &'static str {
    match actor {
        Actor::Customer => "customer",
        Actor::Operator => "operator",
        Actor::System => "system",
    }
}

/// The actor of a stored event.
pub(super) fn actor_named(name: &str) -> Option<Actor> {
    [Actor::Customer, Actor::Operator, Actor::System].into_iter().find(|actor| actor_name(*actor) == name)
}

fn projected(booking: &Booking) -> Result<[JsValue; 3], Fault> {
    let totals = totals(booking).map_err(leeway_core::Refusal::from)?;
    Ok([status(booking).as_str().into(), payment_status(&totals).as_str().into(), text(Amount(totals.balance))])
}
