//! Places, counted from the bookings: nothing is oversold, and what slots say of themselves is what bookings take.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use leeway_core::id::{ItemId, SlotId};
use leeway_core::slot::{Roster, SlotEvent};

use crate::simulate::store::Row;

/// All slots.
#[derive(Debug, Default)]
pub(super) struct Places {
    slots: BTreeMap<SlotId, Slot>,
    /// What bookings take, in slots that were opened and in their own.
    taken: BTreeMap<SlotId, BTreeMap<ItemId, u32>>,
}

/// A slot as its events say.
#[derive(Debug, Default)]
struct Slot {
    capacity: u32,
    is_open: bool,
    held: BTreeMap<ItemId, u32>,
    read: usize,
}

impl Places {
    /// Enters what was written of a slot.
    ///
    /// # Errors
    /// It gives out what it does not have.
    pub(super) fn read(&mut self, id: SlotId, rows: &[Row]) -> Result<()> {
        let slot = self.slots.entry(id).or_default();
        for row in rows.get(slot.read..).unwrap_or_default() {
            let event: SlotEvent = serde_json::from_str(&row.json)?;
            ensure!(serde_json::to_string(&event)? == row.json, "`{}` is read as something else", row.json);
            slot.enter(event)?;
        }
        slot.read = rows.len();
        Ok(())
    }

    /// A booking takes other places than before.
    pub(super) fn moved(&mut self, before: &[(SlotId, ItemId, u32)], after: &[(SlotId, ItemId, u32)]) {
        for (slot, item, _) in before {
            if let Some(taken) = self.taken.get_mut(slot) {
                taken.remove(item);
            }
        }
        for (slot, item, places) in after {
            self.taken.entry(*slot).or_default().insert(*item, *places);
        }
    }

    /// Compares what bookings take with what the slot has, and with the roster that the worker has.
    ///
    /// # Errors
    /// It is oversold, or somebody counted wrong.
    pub(super) fn check(&self, id: SlotId, roster: Option<&Roster>) -> Result<()> {
        // A slot that was never opened is a booking's own.
        let Some(slot) = self.slots.get(&id) else { return Ok(()) };
        let nobody = BTreeMap::new();
        let taken = self.taken.get(&id).unwrap_or(&nobody);
        let places: u32 = taken.values().sum();
        ensure!(places <= slot.capacity, "slot {id} is oversold: {places} of {} places", slot.capacity);
        ensure!(slot.held == *taken, "slot {id} holds places for {:?}, bookings take {taken:?}", slot.held);
        if let Some(roster) = roster {
            let same =
                (roster.capacity, roster.is_open) == (slot.capacity, slot.is_open) && roster.held.iter().eq(&slot.held);
            ensure!(same && roster.taken() == places, "slot {id}: the worker's roster is not what its events say");
        }
        Ok(())
    }

    /// Every slot that was opened.
    pub(super) fn all(&self) -> impl Iterator<Item = SlotId> {
        self.slots.keys().copied()
    }
}

impl Slot {
    fn enter(&mut self, event: SlotEvent) -> Result<()> {
        match event {
            SlotEvent::SlotOpened { capacity, .. } => (self.capacity, self.is_open) = (capacity, true),
            SlotEvent::SlotClosed {} => self.is_open = false,
            SlotEvent::PlacesHeld { item, places } => {
                let had = self.held.remove(&item).unwrap_or(0);
                ensure!(self.is_open || places <= had, "a closed slot gives out places");
                if places > 0 {
                    self.held.insert(item, places);
                }
            }
        }
        let held = self.held.values().try_fold(0_u32, |sum, places| sum.checked_add(*places)).context("too many")?;
        ensure!(held <= self.capacity, "{held} of {} places are given out", self.capacity);
        Ok(())
    }
}
