//! The rows of slots that were opened for many bookings. What may be done with one is decided in the core.

use leeway_core::booking::{Slot, SlotTime};
use leeway_core::fields::FromObject;
use leeway_core::freeze::freeze;
use leeway_core::id::SlotId;
use leeway_core::policy::Code;
use leeway_core::rebook::KindPrice;
use leeway_core::slot::{Roster, SlotEvent};
use leeway_core::time::Zone;
use leeway_core::{Instant, Map, Offer, Policy};
use serde::Serialize;

use super::commit::{Entry, Stamp};
use super::{Fault, Store, stored, text};

/// A slot as it is stored, with who has places in it where that was asked for.
#[derive(Debug, Clone, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SlotRow"))]
pub struct StoredSlot {
    pub id: SlotId,
    pub service: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub zone: Zone,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<KindPrice>,
    pub policy: Code,
    pub capacity: u32,
    pub room: u32,
    /// 0 or 1.
    #[serde(serialize_with = "as_bool")]
    #[cfg_attr(test, schemars(with = "bool"))]
    pub is_open: u8,
    #[serde(default, skip_serializing)]
    pub roster: Option<Roster>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn as_bool<S: serde::Serializer>(flag: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(*flag != 0)
}

/// A new slot: what it is sold as, and its first event.
pub struct OpenedSlot {
    pub time: SlotTime,
    pub sold_as: SoldAs,
    pub event: SlotEvent,
    pub roster: Roster,
}

/// What an operator can change about a slot beside its places.
#[derive(Debug, Clone)]
pub struct SoldAs {
    pub service: String,
    pub prices: Vec<KindPrice>,
    pub policy: Code,
}

/// Slots with the policies that they name.
#[derive(Debug, Default, FromObject)]
pub struct StoredSlots {
    pub slots: Vec<StoredSlot>,
    policies: Map<Code, Policy>,
}

/// Which slots are listed.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Of this service; absent, of all.
    pub service: Option<&'a str>,
    /// That start at this instant or later.
    pub from: Instant,
    /// And before this one.
    pub to: Instant,
    /// In the order of their start, those after this one.
    pub after: Option<SlotId>,
    /// With so many places to have, or more.
    pub room: u32,
    /// So many at most.
    pub most: u32,
}

impl StoredSlot {
    pub fn time(&self) -> SlotTime {
        SlotTime { starts_at: self.starts_at, ends_at: self.ends_at, zone: self.zone.clone() }
    }
}

impl StoredSlots {
    /// A slot as something can be moved to it, under its policy as that is now. None where a limit of the policy cannot be worked out for it.
    pub fn offer(&self, slot: &StoredSlot) -> Option<Offer> {
        let time = slot.time();
        let terms = freeze(self.policies.get(&slot.policy)?, &time).ok()?;
        let slot_of = Slot { id: slot.id, time };
        Some(Offer {
            slot: slot_of,
            service: slot.service.clone(),
            room: slot.room,
            prices: slot.prices.clone(),
            terms,
        })
    }

    pub fn rosters(&self) -> Map<SlotId, Roster> {
        self.slots.iter().filter_map(|slot| Some((slot.id, slot.roster.clone()?))).collect()
    }

    pub fn find(&self, id: SlotId) -> Option<&StoredSlot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
}

/// What is written of a new slot.
#[derive(Serialize)]
struct Row<'a> {
    id: SlotId,
    service: &'a str,
    starts_at: Instant,
    ends_at: Instant,
    zone: &'a Zone,
    prices: &'a [KindPrice],
    policy: Code,
    roster: &'a Roster,
    room: u32,
    is_open: u8,
}

/// What is written back of a slot.
#[derive(Serialize)]
struct Projected<'a> {
    roster: &'a Roster,
    room: u32,
    is_open: u8,
}

impl<'a> Projected<'a> {
    fn of(roster: &'a Roster) -> Self {
        Self { roster, room: roster.room(), is_open: u8::from(roster.is_open) }
    }
}

/// The chosen slots and their policies in one row of one column.
macro_rules! with_policies {
    ($chosen:expr, $more:literal) => {
        concat!(
            "WITH chosen AS (",
            $chosen,
            ") SELECT CAST(json_object('slots', (SELECT json_group_array(json_object('id', id, 'service', service, 'starts_at', starts_at, ",
            "'ends_at', ends_at, 'zone', zone, 'prices', json(prices), 'policy', policy, 'capacity', capacity, 'room', room, 'is_open', is_open",
            $more,
            ") ORDER BY starts_at, id) FROM chosen), 'policies', (SELECT json_group_object(name, json(body)) FROM policies ",
            "WHERE name IN (SELECT policy FROM chosen))) AS BLOB)"
        )
    };
}

/// Slots in the order of their start.
macro_rules! listing {
    ($more:literal) => {
        with_policies!(
            concat!(
                "SELECT * FROM slots WHERE starts_at >= ?1 AND starts_at < ?2 AND room >= ?3 AND ",
                "(?4 IS NULL OR (starts_at, id) > (SELECT starts_at, id FROM slots WHERE id = ?4)) ",
                $more,
                "ORDER BY starts_at, id LIMIT ?5"
            ),
            ""
        )
    };
}

impl Store {
    /// These slots with who has places in them and their policies: one statement, and none for no slot.
    pub fn slots(&self, ids: &[SlotId]) -> Result<StoredSlots, Fault> {
        const SQL: &str = with_policies!(
            "SELECT * FROM slots WHERE id IN (SELECT value FROM json_each(?))",
            ", 'roster', json(roster)"
        );
        if ids.is_empty() {
            return Ok(StoredSlots::default());
        }
        let bytes = self.bytes(SQL, &[leeway_json::write(ids)?.into()])?.unwrap_or_default();
        stored(&bytes)
    }

    /// Slots in the order of their start, with their policies, without who has places in them.
    pub fn slots_between(&self, filter: &Filter<'_>) -> Result<StoredSlots, Fault> {
        const ALL: &str = listing!("");
        const OF_SERVICE: &str = listing!("AND service = ?6 ");
        let Filter { service, from, to, after, room, most } = *filter;
        let after = after.map_or(wasm_bindgen::JsValue::NULL, text);
        let mut values = vec![text(from), text(to), f64::from(room).into(), after, f64::from(most).into()];
        values.extend(service.map(wasm_bindgen::JsValue::from_str));
        let sql = if service.is_some() { OF_SERVICE } else { ALL };
        stored(&self.bytes(sql, &values)?.unwrap_or_default())
    }

    /// The first start of a slot with room, after an instant.
    pub fn next_start(&self, service: &str, after: Instant) -> Result<Option<Instant>, Fault> {
        let sql = "SELECT min(starts_at) FROM slots WHERE service = ? AND starts_at > ? AND room > 0";
        let row = self.row(sql, &[service.into(), text(after)])?;
        let start = row.and_then(|row| row.get(0).as_string());
        start.map(|start| Instant::parse(&start).map_err(|error| Fault::platform(error.to_string()))).transpose()
    }

    /// Writes new slots.
    pub fn open_slots(&self, opened: &[OpenedSlot], stamp: Stamp) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO slots (id, service, starts_at, ends_at, zone, prices, policy, capacity, room, is_open, roster) \
             SELECT value ->> 'id', value ->> 'service', value ->> 'starts_at', value ->> 'ends_at', value ->> 'zone', value -> 'prices', \
             value ->> 'policy', value ->> '$.roster.capacity', value ->> 'room', value ->> 'is_open', value -> 'roster' FROM json_each(?)";
        let entry = |slot: &OpenedSlot| Entry::beside(slot.roster.slot.0, slot.roster.version, &slot.event);
        self.append(&opened.iter().map(entry).collect::<Result<Vec<_>, _>>()?, stamp)?;
        let rows: Vec<_> = opened
            .iter()
            .map(|OpenedSlot { time, sold_as, roster, .. }| {
                let SlotTime { starts_at, ends_at, ref zone } = *time;
                let SoldAs { ref service, ref prices, policy } = *sold_as;
                let Projected { roster, room, is_open } = Projected::of(roster);
                Row { id: roster.slot, service, starts_at, ends_at, zone, prices, policy, roster, room, is_open }
            })
            .collect();
        self.run(SQL, &[leeway_json::write(&rows)?.into()])
    }

    /// Writes what happened to the places of a slot.
    pub fn change_slot(&self, event: &SlotEvent, after: &Roster, stamp: Stamp) -> Result<(), Fault> {
        self.append(&[Entry::beside(after.slot.0, after.version, event)?], stamp)?;
        self.update_slots(std::slice::from_ref(after))
    }

    /// Writes slots back: one statement, and none for no slot.
    pub(super) fn update_slots(&self, rosters: &[Roster]) -> Result<(), Fault> {
        const SQL: &str = "UPDATE slots SET roster = changed.value -> 'roster', capacity = changed.value ->> '$.roster.capacity', \
             room = changed.value ->> 'room', is_open = changed.value ->> 'is_open' FROM json_each(?) AS changed \
             WHERE slots.id = changed.value ->> '$.roster.slot'";
        if rosters.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = rosters.iter().map(Projected::of).collect();
        self.run(SQL, &[leeway_json::write(&rows)?.into()])
    }

    /// What a slot is sold as from now on.
    pub fn sell_slot(&self, id: SlotId, sold_as: &SoldAs) -> Result<(), Fault> {
        let values = [leeway_json::write(&sold_as.prices)?.into(), sold_as.policy.as_str().into(), text(id)];
        self.run("UPDATE slots SET prices = ?, policy = ? WHERE id = ?", &values)
    }
}
