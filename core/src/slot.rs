//! Who has which places in a slot: a state machine of its own beside the bookings, which never gives out more places than there are. A move
//! changes three of them (the booking and both slots) in one commit.
//!
//! Not when a slot is, nor what it costs: see [`crate::booking::Slot`] and [`crate::rebook::Offer`].
//!
//! Source: requirement D3

use serde::{Deserialize, Serialize};

use crate::booking::Booking;
use crate::fields::FromObject;
use crate::id::{ItemId, SlotId};
use crate::map::Map;
use crate::refusal::Refusal;

/// The places of one slot, as its events left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// The slot.
    pub slot: SlotId,
    /// How many places there are.
    pub capacity: u32,
    /// Are places given out?
    pub is_open: bool,
    /// Who has how many of them. No item with none.
    pub held: Map<ItemId, u32>,
    /// The number of its events.
    pub version: u64,
}

/// What can be wanted of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SlotCommand {
    /// A new slot, or another number of places.
    Open {
        /// The slot.
        slot: SlotId,
        /// How many places.
        capacity: u32,
    },
    /// No more places are given out; those that are taken stay.
    Close {},
    /// An item has so many places from now on; none: it gives them back. Said twice it is the same.
    Hold {
        /// The item.
        item: ItemId,
        /// How many.
        places: u32,
    },
}

/// What happened to a slot: `{"kind":…,"body":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum SlotEvent {
    /// It gives out so many places.
    SlotOpened {
        /// The slot.
        slot: SlotId,
        /// How many.
        capacity: u32,
    },
    /// It gives out no more.
    SlotClosed {},
    /// An item has so many places.
    PlacesHeld {
        /// The item.
        item: ItemId,
        /// How many; none: they are free again.
        places: u32,
    },
}

impl Roster {
    /// How many places are taken.
    #[must_use]
    pub fn taken(&self) -> u32 {
        self.held.values().fold(0, |sum, places| sum.saturating_add(*places))
    }

    /// How many places can be had.
    #[must_use]
    pub fn room(&self) -> u32 {
        if self.is_open { self.capacity.saturating_sub(self.taken()) } else { 0 }
    }
}

/// Decides what a command does to a slot; `None` is a slot that was not opened.
///
/// # Errors
/// A [`Refusal`] when there are not so many places. Nothing has happened then.
///
/// ```
/// use leeway_core::Refusal;
/// use leeway_core::id::{ItemId, SlotId};
/// use leeway_core::slot::{SlotCommand, decide, evolve};
/// let id = "0195f3a0-0000-7000-8000-000000000001".parse()?;
/// let opened = decide(None, &SlotCommand::Open { slot: SlotId(id), capacity: 2 })?;
/// let roster = opened.and_then(|event| evolve(None, &event));
/// let hold = |places| SlotCommand::Hold { item: ItemId(id), places };
/// assert!(decide(roster.as_ref(), &hold(2))?.is_some());
/// assert_eq!(decide(roster.as_ref(), &hold(3)), Err(Refusal::SlotFull { slot: SlotId(id), room: 2 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(roster: Option<&Roster>, command: &SlotCommand) -> Result<Option<SlotEvent>, Refusal> {
    match (roster, *command) {
        (None, SlotCommand::Open { slot, capacity }) => Ok(Some(SlotEvent::SlotOpened { slot, capacity })),
        (None, SlotCommand::Close {} | SlotCommand::Hold { .. }) => Err(Refusal::NotMade {}),
        (Some(roster), SlotCommand::Open { slot, capacity }) => {
            let taken = roster.taken();
            if slot != roster.slot {
                return Err(Refusal::UnknownSlot { slot });
            }
            if capacity < taken {
                return Err(Refusal::CapacityBelowTaken { taken });
            }
            let changes = capacity != roster.capacity || !roster.is_open;
            Ok(changes.then_some(SlotEvent::SlotOpened { slot, capacity }))
        }
        (Some(roster), SlotCommand::Close {}) => Ok(roster.is_open.then_some(SlotEvent::SlotClosed {})),
        (Some(roster), SlotCommand::Hold { item, places }) => hold(roster, item, places),
    }
}

fn hold(roster: &Roster, item: ItemId, places: u32) -> Result<Option<SlotEvent>, Refusal> {
    let has = roster.held.get(&item).copied().unwrap_or(0);
    let more = places.saturating_sub(has);
    if more > 0 && !roster.is_open {
        return Err(Refusal::SlotClosed { slot: roster.slot });
    }
    let room = roster.room();
    if more > room {
        return Err(Refusal::SlotFull { slot: roster.slot, room });
    }
    Ok((places != has).then_some(SlotEvent::PlacesHeld { item, places }))
}

/// Applies an event; `None` is a slot that was not opened. Total.
#[must_use]
pub fn evolve(roster: Option<Roster>, event: &SlotEvent) -> Option<Roster> {
    match (roster, *event) {
        (None, SlotEvent::SlotOpened { slot, capacity }) => {
            Some(Roster { slot, capacity, is_open: true, held: Map::new(), version: 1 })
        }
        (None, SlotEvent::SlotClosed {} | SlotEvent::PlacesHeld { .. }) => None,
        (Some(mut roster), event) => {
            roster.version = roster.version.saturating_add(1);
            match event {
                SlotEvent::SlotOpened { capacity, .. } => (roster.capacity, roster.is_open) = (capacity, true),
                SlotEvent::SlotClosed {} => roster.is_open = false,
                SlotEvent::PlacesHeld { item, places: 0 } => drop(roster.held.remove(&item)),
                SlotEvent::PlacesHeld { item, places } => drop(roster.held.insert(item, places)),
            }
            Some(roster)
        }
    }
}

/// How many places each item of a booking takes in which slot: one for each who attends, one for an item that nobody attends by name.
#[must_use]
pub fn places(booking: &Booking) -> Map<(SlotId, ItemId), u32> {
    let booked = booking.items.iter().filter(|item| item.is_booked());
    let of_item = booked.map(|item| {
        let attending = u32::try_from(item.attending().count()).unwrap_or(u32::MAX);
        ((item.slot.id, item.id), attending.max(1))
    });
    of_item.collect()
}

/// What slots have to do when a booking changes: places given back first, then taken. They belong into the same commit as the booking's events.
///
/// Source: requirement D3
#[must_use]
pub fn follow(before: Option<&Booking>, after: &Booking) -> Vec<(SlotId, SlotCommand)> {
    let old = before.map(places).unwrap_or_default();
    let new = places(after);
    let given = old.keys().filter(|key| !new.contains_key(*key)).map(|(slot, item)| (*slot, *item, 0));
    let (more, less): (Vec<_>, Vec<_>) = new
        .iter()
        .filter(|(key, places)| old.get(*key) != Some(*places))
        .map(|((slot, item), places)| (*slot, *item, *places))
        .partition(|(slot, item, places)| old.get(&(*slot, *item)).is_none_or(|had| places > had));
    let all = given.chain(less).chain(more);
    all.map(|(slot, item, places)| (slot, SlotCommand::Hold { item, places })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const SLOT: SlotId = SlotId(Uuid::from_u128(1));

    fn item(number: u128) -> ItemId {
        ItemId(Uuid::from_u128(number))
    }

    fn hold(number: u128, places: u32) -> SlotCommand {
        SlotCommand::Hold { item: item(number), places }
    }

    /// Three places, two of them taken by item 1.
    fn roster() -> Roster {
        let held = Map::from_iter([(item(1), 2)]);
        Roster { slot: SLOT, capacity: 3, is_open: true, held, version: 2 }
    }

    fn after(roster: Roster, command: SlotCommand) -> Roster {
        let event = decide(Some(&roster), &command).unwrap().unwrap();
        evolve(Some(roster), &event).unwrap()
    }

    #[test]
    fn never_more_places_than_there_are() {
        assert_eq!(decide(Some(&roster()), &hold(2, 2)), Err(Refusal::SlotFull { slot: SLOT, room: 1 }));
        assert_eq!(decide(Some(&roster()), &hold(1, 4)), Err(Refusal::SlotFull { slot: SLOT, room: 1 }));
        let full = after(roster(), hold(1, 3));
        assert_eq!((full.taken(), full.room(), full.version), (3, 0, 3));
        let free = after(full, hold(1, 0));
        assert_eq!((free.taken(), free.held.len()), (0, 0), "no item is kept with no place");
    }

    #[test]
    fn the_same_wish_twice_is_one_event() {
        assert_eq!(decide(Some(&roster()), &hold(1, 2)), Ok(None));
        assert_eq!(decide(Some(&roster()), &hold(7, 0)), Ok(None));
        assert_eq!(decide(Some(&roster()), &SlotCommand::Open { slot: SLOT, capacity: 3 }), Ok(None));
        let closed = after(roster(), SlotCommand::Close {});
        assert_eq!(decide(Some(&closed), &SlotCommand::Close {}), Ok(None));
    }

    #[test]
    fn closed_gives_nothing_out_and_takes_back() {
        let closed = after(roster(), SlotCommand::Close {});
        assert_eq!(closed.room(), 0);
        assert_eq!(decide(Some(&closed), &hold(2, 1)), Err(Refusal::SlotClosed { slot: SLOT }));
        assert_eq!(after(closed.clone(), hold(1, 1)).taken(), 1);
        assert_eq!(after(closed, SlotCommand::Open { slot: SLOT, capacity: 3 }).room(), 1, "open again");
    }

    #[test]
    fn what_cannot_be_opened() {
        let open = |slot, capacity| decide(Some(&roster()), &SlotCommand::Open { slot, capacity });
        assert_eq!(open(SLOT, 1), Err(Refusal::CapacityBelowTaken { taken: 2 }));
        assert!(open(SLOT, 2).is_ok());
        let other = SlotId(Uuid::from_u128(9));
        assert_eq!(open(other, 5), Err(Refusal::UnknownSlot { slot: other }));
        assert_eq!(decide(None, &hold(1, 1)), Err(Refusal::NotMade {}));
        assert_eq!(evolve(None, &SlotEvent::SlotClosed {}), None);
    }

    #[test]
    fn places_are_given_back_before_others_are_taken() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        let before: Booking = serde_json::from_str(text).unwrap();
        let mut moved = before.clone();
        moved.items[0].slot.id = SLOT;
        moved.items[1].participants[0].standing = crate::booking::Standing::Canceled;
        moved.items[2].standing = crate::booking::Standing::Canceled;
        let held: Vec<(SlotId, u32)> = follow(Some(&before), &moved)
            .into_iter()
            .map(|(slot, command)| match command {
                SlotCommand::Hold { places, .. } => (slot, places),
                SlotCommand::Open { .. } | SlotCommand::Close {} => unreachable!("a booking only holds places"),
            })
            .collect();
        let slot = |index: usize| before.items[index].slot.id;
        assert_eq!(held, [(slot(0), 0), (slot(2), 0), (slot(1), 3), (SLOT, 4)]);
        assert_eq!(follow(Some(&before), &before), []);
        assert_eq!(follow(None, &before).len(), before.items.len());
    }

    #[test]
    fn what_nobody_attends_by_name_takes_one_place() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        let mut booking: Booking = serde_json::from_str(text).unwrap();
        booking.items[0].participants.clear();
        assert_eq!(places(&booking).values().copied().collect::<std::collections::BTreeSet<_>>(), [1, 4].into());
    }
}
