//! What a crash takes away: bookings, slots and vouchers as the worker holds them, each read back from the store's JSON when it is next asked for.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use leeway_core::event::{EVENT_VERSION, Stored};
use leeway_core::id::{BookingId, CommandId, SlotId, VoucherId};
use leeway_core::slot::{self, Roster, SlotEvent};
use leeway_core::undo::{Past, Recorded};
use leeway_core::voucher::{self, VoucherEvent};
use leeway_core::{Booking, Event, Map, Refusal, Voucher, evolve};
use serde::de::DeserializeSeed as _;

use super::store::{Store, Stream};

/// The worker's memory.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) bookings: BTreeMap<BookingId, Booking>,
    pub(crate) rosters: Map<SlotId, Roster>,
    pub(crate) vouchers: BTreeMap<VoucherId, Voucher>,
}

impl Memory {
    /// Makes sure that a booking is here, if it was ever made.
    ///
    /// # Errors
    /// What lies in the store cannot be read.
    pub(crate) fn load_booking(&mut self, store: &Store, id: BookingId) -> Result<()> {
        if !self.bookings.contains_key(&id) {
            self.bookings.extend(booking(store, id)?.map(|booking| (id, booking)));
        }
        Ok(())
    }

    /// Makes sure that a slot's places are here, if it was ever opened.
    ///
    /// # Errors
    /// As [`Self::load_booking`].
    pub(crate) fn load_roster(&mut self, store: &Store, id: SlotId) -> Result<()> {
        if !self.rosters.contains_key(&id) {
            self.rosters.extend(roster(store, id)?.map(|roster| (id, roster)));
        }
        Ok(())
    }

    /// Makes sure that a voucher is here, if it was ever issued.
    ///
    /// # Errors
    /// As [`Self::load_booking`].
    pub(crate) fn load_voucher(&mut self, store: &Store, id: VoucherId) -> Result<()> {
        if !self.vouchers.contains_key(&id) {
            self.vouchers.extend(voucher(store, id)?.map(|voucher| (id, voucher)));
        }
        Ok(())
    }
}

/// Reads an event of a booking.
///
/// # Errors
/// It is none.
pub(crate) fn event(json: &str) -> Result<Event> {
    let mut reader = serde_json::Deserializer::from_str(json);
    Stored { version: EVENT_VERSION }.deserialize(&mut reader).with_context(|| format!("`{json}` is no event"))
}

fn booking(store: &Store, id: BookingId) -> Result<Option<Booking>> {
    let mut rows = store.events(Stream::Booking(id)).iter();
    rows.try_fold(None, |booking, row| Ok(evolve(booking, &event(&row.json)?, row.at)))
}

/// A command that was carried out, as its booking's log tells.
///
/// # Errors
/// What lies in the store cannot be read.
pub(crate) fn past(store: &Store, booking: BookingId, command: CommandId) -> Result<Result<Past, Refusal>> {
    let rows = store.events(Stream::Booking(booking));
    let events: Vec<Event> = rows.iter().map(|row| event(&row.json)).collect::<Result<_>>()?;
    let Some(actor) = rows.iter().find(|row| row.command == command).map(|row| row.actor) else {
        return Ok(Err(Refusal::NothingToUndo {}));
    };
    let log = rows.iter().zip(&events).map(|(row, event)| Recorded { command: row.command, at: row.at, event });
    Ok(Past::find(log, command, actor))
}

fn roster(store: &Store, id: SlotId) -> Result<Option<Roster>> {
    let mut rows = store.events(Stream::Slot(id)).iter();
    rows.try_fold(None, |roster, row| Ok(slot::evolve(roster, &serde_json::from_str::<SlotEvent>(&row.json)?)))
}

fn voucher(store: &Store, id: VoucherId) -> Result<Option<Voucher>> {
    let mut rows = store.events(Stream::Voucher(id)).iter();
    rows.try_fold(None, |voucher, row| {
        Ok(voucher::evolve(voucher, &serde_json::from_str::<VoucherEvent>(&row.json)?, row.at))
    })
}
