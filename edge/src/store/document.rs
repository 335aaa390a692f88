//! A booking as it is loaded: its events and what lies beside them, in one row of one column. Not what is written: see [`super::commit`].

use std::fmt;
use std::ops::Range;

use js_sys::{ArrayBuffer, Uint8Array};
use leeway_core::command::CancelReason;
use leeway_core::event::{Canceled, Extent, Stored};
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId, SlotId};
use leeway_core::undo::{Past, Recorded};
use leeway_core::{Actor, Booking, Event, Instant, Refusal, Selection, evolve};
use leeway_json::Raw;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;
use wasm_bindgen::JsCast as _;

use super::commit::actor_named;
use super::{Fault, Store, stored, text};

/// A booking's events, as stored, with what lies beside them.
pub struct Document(Box<[u8]>);

#[derive(FromObject)]
struct Contents<'a> {
    generation: u16,
    slots: Vec<SlotId>,
    #[serde(borrow)]
    personal: Raw<'a>,
    events: Vec<Row>,
}

/// A stored event.
struct Row {
    at: Instant,
    command: Uuid,
    event: Event,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    V,
    At,
    Command,
    Event,
}

// Read by hand: an event is read where it stands, in the version that the statement writes before it. Kept as it is and read afterwards, every
// byte of the log would be gone through twice.
impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Row;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a stored event")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let (mut version, mut at, mut command, mut event) = (None, None, None, None);
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::V => version = Some(map.next_value()?),
                        Field::At => at = Some(map.next_value()?),
                        Field::Command => command = Some(map.next_value()?),
                        Field::Event => {
                            let version = version.ok_or_else(|| de::Error::missing_field("v"))?;
                            event = Some(map.next_value_seed(Stored { version })?);
                        }
                    }
                }
                match (at, command, event) {
                    (Some(at), Some(command), Some(event)) => Ok(Row { at, command, event }),
                    _ => Err(de::Error::missing_field("at, command or event")),
                }
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A booking with what lies beside it.
pub struct Loaded<'a> {
    /// Links of a lower generation are revoked.
    pub generation: u16,
    /// The slots opened for many in which the booking has places.
    pub slots: Vec<SlotId>,
    /// Names and addresses, as JSON.
    pub personal: Raw<'a>,
    /// Folded from all its events.
    pub booking: Booking,
    /// The command, where it was carried out before.
    pub repeated: Option<Repeated>,
}

/// A command that was carried out before.
pub struct Repeated {
    /// When.
    pub at: Instant,
    /// Its own events.
    pub events: Vec<Event>,
    /// The booking right after them.
    pub after: Booking,
}

/// A cancellation as it was.
pub struct Precedent {
    /// The booking before it.
    pub booking: Booking,
    /// What was canceled.
    pub selection: Selection,
    /// When.
    pub at: Instant,
}

impl Document {
    /// Folds, and shows the booking after each of its events.
    pub fn replay(&self, mut each: impl FnMut(&Booking, &Event, Instant)) -> Result<(), Fault> {
        let Contents { events, .. } = stored(&self.0)?;
        let mut booking = None;
        for row in events {
            let event = row.event;
            booking = evolve(booking, &event, row.at);
            if let Some(booking) = &booking {
                each(booking, &event, row.at);
            }
        }
        Ok(())
    }

    /// The cancellations by customers, each with the booking right before it.
    pub fn cancellations(&self) -> Result<Vec<Precedent>, Fault> {
        let Contents { events, .. } = stored(&self.0)?;
        let mut found = Vec::new();
        let mut booking = None;
        for row in events {
            let event = row.event;
            if let (Event::Canceled(canceled), Some(booking)) = (&event, &booking)
                && canceled.reason == CancelReason::CustomerCancellation
            {
                found.push(Precedent { booking: Booking::clone(booking), selection: selected(canceled), at: row.at });
            }
            booking = evolve(booking, &event, row.at);
        }
        Ok(found)
    }

    /// Reads and folds. With a command, looks whether it was carried out.
    pub fn read(&self, command: Option<Uuid>) -> Result<Box<Loaded<'_>>, Fault> {
        let Contents { generation, slots, personal, events } = stored(&self.0)?;
        let mut booking = None;
        let mut own = Vec::new();
        let (mut after, mut done_at) = (None, None);
        for row in events {
            let (at, of, event) = (row.at, row.command, row.event);
            let is_own = Some(of) == command;
            if !is_own && !own.is_empty() && after.is_none() {
                after.clone_from(&booking);
            }
            booking = evolve(booking, &event, at);
            if is_own {
                done_at = Some(at);
                own.push(event);
            }
        }
        let booking = booking.ok_or_else(|| Fault::platform("a booking without its first event"))?;
        let repeated = done_at.map(|at| Repeated { at, events: own, after: after.unwrap_or_else(|| booking.clone()) });
        Ok(Box::new(Loaded { generation, slots, personal, booking, repeated }))
    }
}

/// What somebody had selected who canceled that.
fn selected(canceled: &Canceled) -> Selection {
    let (whole, parts): (Vec<_>, Vec<_>) = canceled.items.iter().partition(|item| item.extent == Extent::Whole);
    let participants = parts.into_iter().flat_map(|part| part.participants.iter().copied());
    Selection::of_parts(whole.into_iter().map(|item| item.item).collect(), participants.collect())
}

/// A booking at the moment of one command: what is told of it later is what held then.
pub struct Moment {
    /// When.
    pub at: Instant,
    /// Right before it; nothing where it made the booking.
    pub before: Option<Booking>,
    /// What it did.
    pub events: Vec<Event>,
    /// Right after it.
    pub after: Booking,
    /// As it is now.
    pub now: Booking,
}

impl Document {
    /// The commands that did something to this booking, in order.
    pub fn commands(&self) -> Result<Vec<Uuid>, Fault> {
        let Contents { events, .. } = stored(&self.0)?;
        let mut commands: Vec<Uuid> = events.iter().map(|row| row.command).collect();
        commands.dedup();
        Ok(commands)
    }

    /// The moment of a command, and names and addresses as they are now, as JSON. None where it did nothing to this booking.
    pub fn moment(&self, command: Uuid) -> Result<Option<(Moment, Raw<'_>)>, Fault> {
        let Contents { personal, events, .. } = stored(&self.0)?;
        let (mut booking, mut before, mut after) = (None, None, None);
        let mut own: Vec<(Instant, Event)> = Vec::new();
        for row in events {
            let (at, event) = (row.at, row.event);
            if row.command == command {
                if own.is_empty() {
                    before.clone_from(&booking);
                }
                booking = evolve(booking, &event, at);
                after.clone_from(&booking);
                own.push((at, event));
            } else {
                booking = evolve(booking, &event, at);
            }
        }
        let at = own.first().map(|(at, _)| *at);
        let events = own.into_iter().map(|(_, event)| event).collect();
        Ok(match (at, after, booking) {
            (Some(at), Some(after), Some(now)) => Some((Moment { at, before, events, after, now }, personal)),
            (_, _, _) => None,
        })
    }
}

impl Store {
    /// The bookings of which something was canceled in a stretch of time, what was canceled last first.
    pub fn canceled(&self, range: &Range<Instant>, most: u32) -> Result<Vec<BookingId>, Fault> {
        const SQL: &str = "SELECT CAST(json_group_array(stream ORDER BY last DESC) AS BLOB) FROM (SELECT stream, max(at) AS last FROM events \
             WHERE kind = 'canceled' AND at >= ? AND at < ? GROUP BY stream ORDER BY last DESC LIMIT ?)";
        let values = [text(range.start), text(range.end), f64::from(most).into()];
        stored(&self.bytes(SQL, &values)?.unwrap_or_default())
    }

    /// A booking's events and what lies beside them, in one row of one column. Not a join: SQLite would prepare one anew for every other booking.
    pub fn document(&self, id: BookingId) -> Result<Option<Document>, Fault> {
        const SQL: &str = "SELECT CAST('{\"generation\":' || link_generation || ',\"slots\":' || slots || ',\"personal\":' || \
             (SELECT personal FROM people WHERE booking_number = bookings.number) || ',\"events\":[' || (SELECT group_concat('{\"v\":' || version || ',\"at\":\"' || at || \
             '\",\"command\":\"' || command_id || '\",\"event\":' || event || '}', ',' ORDER BY seq) FROM events WHERE stream = ?1) \
             || ']}' AS BLOB) FROM bookings WHERE id = ?1";
        Ok(self.bytes(SQL, &[text(id)])?.map(|bytes| Document(bytes.into_boxed_slice())))
    }

    /// The first column of the first row, as bytes.
    pub(super) fn bytes(&self, sql: &'static str, values: &[wasm_bindgen::JsValue]) -> Result<Option<Vec<u8>>, Fault> {
        let buffer = self.row(sql, values)?.and_then(|row| row.get(0).dyn_into::<ArrayBuffer>().ok());
        Ok(buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()))
    }
}

impl Document {
    /// A command in the log, with who wanted it.
    fn past(&self, id: CommandId, actor: Actor) -> Result<Past, Fault> {
        let Contents { events, .. } = stored(&self.0)?;
        let mut log = Vec::with_capacity(events.len());
        for row in events {
            log.push((CommandId(row.command), row.at, row.event));
        }
        let recorded = log.iter().map(|(command, at, event)| Recorded { command: *command, at: *at, event });
        Ok(Past::find(recorded, id, actor)?)
    }
}

impl Document {
    /// An event by its number in the log, when it happened, and the booking right after it.
    pub fn event(&self, seq: u64) -> Result<(Event, Instant, Booking), Fault> {
        let Contents { events, .. } = stored(&self.0)?;
        let mut booking = None;
        for (number, row) in (1_u64..).zip(events) {
            let event = row.event;
            booking = evolve(booking, &event, row.at);
            if number == seq {
                let booking = booking.ok_or_else(|| Fault::platform("a booking without its first event"))?;
                return Ok((event, row.at, booking));
            }
        }
        Err(Fault::platform("no such event"))
    }
}

impl Store {
    /// A command that was carried out, for whoever takes it back.
    pub fn past(&self, document: &Document, booking: BookingId, id: CommandId) -> Result<Past, Fault> {
        const SQL: &str = "SELECT actor FROM events WHERE stream = ? AND command_id = ? LIMIT 1";
        let row = self.row(SQL, &[text(booking), text(id)])?.ok_or(Refusal::NothingToUndo {})?;
        let actor = row.get(0).as_string().as_deref().and_then(actor_named);
        document.past(id, actor.ok_or_else(|| Fault::platform("an event by nobody"))?)
    }
}
