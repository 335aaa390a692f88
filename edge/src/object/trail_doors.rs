//! The trail of a booking: who did what, when, from where, and what they were told; and the erasing of what it shows of people.
//!
//! Source: requirement F6

use leeway_core::id::CommandId;
use leeway_core::request::{Customer, Personal};
use leeway_core::{Actor, Instant, Map};
use leeway_json::Raw;
use serde::Serialize;
use uuid::Uuid;

use super::api::booking_id;
use super::{Asked, Desk};
use crate::cursor::Cursor;
use crate::input;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::split_url;
use crate::store::{self, Act, ActBy, Fault};

/// An event with who is behind it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TrailEntry<'a> {
    pub seq: u64,
    pub at: Instant,
    pub actor: Actor,
    /// What let them act; absent where nobody from outside did, and for what is older than the trail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<TrailBy>,
    /// From where, as the platform saw it, until the personal data is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Events of one command have the same.
    pub command: CommandId,
    /// What happened, with its facts.
    #[cfg_attr(test, schemars(with = "super::description::LoggedEvent"))]
    pub event: Raw<'a>,
    /// The quote that was carried out, as it was shown, with its explanation: of cancellations and moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<leeway_core::Quote>"))]
    pub quote: Option<Raw<'a>>,
}

/// What lets somebody act.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TrailBy {
    /// A link; those of a lower generation than the booking's are revoked.
    Link { generation: u16 },
    /// An API key.
    Key { id: Uuid, name: String },
}

/// A part of the trail, the oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Trail<'a> {
    pub events: Vec<TrailEntry<'a>>,
    /// Present where there are more: sent back as `cursor`, the trail goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Desk {
    pub(super) fn trail(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(split_url(&asked.url).1);
        let limit = input::limit(&fields)?;
        let after = Cursor::read(&fields)?.unwrap_or_default().number;
        let booking = booking_id(id)?;
        let bytes = self.store.acts(booking, after, limit.saturating_add(1))?;
        let acts: Vec<Act<'_>> = store::stored(&bytes)?;
        if acts.is_empty() && self.store.document(booking)?.is_none() {
            return Err(Problem::BOOKING_UNKNOWN.into());
        }
        let (acts, next) = input::page(acts, limit, |act| Cursor::of_number(act.seq));
        let events = acts.into_iter().map(entry).collect();
        Ok(Reply::json(200, &Trail { events, next }))
    }

    /// Erases names, addresses and labels. The log has none of them and stays as it is.
    pub(super) fn erase_personal(&self, id: &str) -> Result<Reply, Fault> {
        let document = self.own(id)?;
        let id = document.read(None)?.booking.id;
        let nobody = Customer { name: String::new(), email: String::new(), phone: None, locale: None };
        let erased = Personal { customer: nobody, names: Map::new(), labels: Map::new() };
        let erased = leeway_json::write(&erased)?;
        self.store.transaction(|| self.store.erase_personal(id, &erased))?;
        crate::log::committed("personal_erased", self.operator()?.id, id, 1);
        Ok(Reply::empty(204))
    }
}

fn entry(act: Act<'_>) -> TrailEntry<'_> {
    let Act { seq, at, actor, command, by, key, key_name, generation, address, quote, event } = act;
    let by = by.and_then(|by| match by {
        ActBy::Link => Some(TrailBy::Link { generation: generation? }),
        ActBy::Key => Some(TrailBy::Key { id: key?, name: key_name? }),
    });
    TrailEntry { seq, at, actor, by, address, command, event, quote }
}
