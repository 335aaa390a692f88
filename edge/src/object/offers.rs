//! Slots as something can be moved to them: looked up for the actions that name them, and listed for whoever chooses one. Which of them a
//! customer may have is asked of the rules, one by one.
//!
//! Source: requirements D3, D4

use chrono::NaiveDate;
use leeway_core::command::{Move, MoveReason, SELECTED_MAX};
use leeway_core::id::{ItemId, ParticipantId, SlotId};
use leeway_core::quote::RebookQuote;
use leeway_core::refusal::Verb;
use leeway_core::slot::Roster;
use leeway_core::sort::distinct;
use leeway_core::time::Zone;
use leeway_core::{Action, Actor, Booking, Instant, Item, Map, Offer, Quote, Refusal, quote};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Desk;
use super::calendar;
use crate::input;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::{Fault, Filter};

/// The most slots that are looked at for one list.
const LOOKED_AT_MAX: u32 = 2_000;
/// The most offers of one answer.
const OFFERS_MAX: usize = 200;

/// The slots that a command is about.
#[derive(Default)]
pub struct LookedUp {
    /// As something can be moved to them.
    pub offers: Vec<Offer>,
    /// Who has places in them.
    pub rosters: Map<SlotId, Roster>,
}

impl LookedUp {
    /// Tells offers of other times, prices or terms apart; how much room there is makes no difference. Nothing where nothing moves.
    pub fn digest(&self) -> Result<u64, Fault> {
        if self.offers.is_empty() {
            return Ok(0);
        }
        let mut hash = Sha256::new();
        for offer in &self.offers {
            hash.update(leeway_json::write(&Offer { room: 0, ..offer.clone() })?);
        }
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
        Ok(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// Who would move, and from where.
#[derive(Debug, Clone)]
pub struct Moving {
    pub item: ItemId,
    /// Some of those who attend; empty: everybody.
    pub participants: Vec<ParticipantId>,
}

impl Moving {
    /// The action that moves them to a slot.
    pub fn to(&self, slot: SlotId) -> Action {
        let one = Move { item: self.item, participants: self.participants.clone(), slot };
        Action::Rebook { moves: vec![one], reason: MoveReason::CustomerRequest, overridden: None }
    }
}

/// An offer that the rules allow, with what moving to it would do.
pub struct Choice {
    pub offer: Offer,
    pub quote: Box<RebookQuote>,
}

impl Desk {
    /// The slots that an action names, and those in which the booking has places where the action can change that. One statement; none where
    /// no slot was opened for many.
    pub fn look_up(&self, action: &Action, held: &[SlotId]) -> Result<LookedUp, Fault> {
        let named: Vec<SlotId> = action.slots().collect();
        let held = match action {
            Action::Cancel { .. } | Action::Rebook { .. } => held,
            Action::Rename { .. } => &[],
        };
        let ids = distinct(named.iter().chain(held).copied().collect());
        let stored = self.store.slots(&ids)?;
        let offered = stored.slots.iter().filter(|slot| named.contains(&slot.id));
        Ok(LookedUp { offers: offered.filter_map(|slot| stored.offer(slot)).collect(), rosters: stored.rosters() })
    }

    /// The slots that start between two instants and that they may move to, in the order of their start.
    pub fn choices(
        &self,
        booking: &Booking,
        moving: &Moving,
        (from, to): (Instant, Instant),
        at: Instant,
    ) -> Result<Vec<Choice>, Fault> {
        let item = movable(booking, moving.item, at)?;
        let from = from.max(at.just_after());
        let filter = Filter { service: Some(&item.service), from, to, after: None, room: 1, most: LOOKED_AT_MAX };
        let stored = self.store.slots_between(&filter)?;
        let mut choices = Vec::with_capacity(stored.slots.len());
        for offer in stored.slots.iter().filter_map(|slot| stored.offer(slot)) {
            let offers = [offer];
            let [Offer { slot, .. }] = &offers;
            match quote(booking, &moving.to(slot.id), &offers, Actor::Customer, at) {
                Ok(Quote::Rebook(quote)) => {
                    let [offer] = offers;
                    choices.push(Choice { offer, quote });
                }
                Ok(Quote::Cancel(_) | Quote::Rename(_)) => {}
                Err(refusal) if is_about_the_slot(&refusal) => {}
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Ok(choices)
    }
}

/// An item that may be moved at all; the same "no" that its options give.
pub fn movable(booking: &Booking, id: ItemId, at: Instant) -> Result<&Item, Fault> {
    let item = booking.item(id).ok_or(Refusal::UnknownItem { item: id })?;
    let options = leeway_core::options(booking, at)?;
    let allowed = options.items.into_iter().find(|options| options.item == id);
    match allowed.map(|options| options.rebook) {
        Some(leeway_core::options::Permission::Allowed { .. }) => Ok(item),
        Some(leeway_core::options::Permission::Refused(refusal)) => Err(refusal.into()),
        None => Err(Problem::from(Refusal::SwitchedOff { verb: Verb::Rebook, item: id }).into()),
    }
}

impl Desk {
    /// As `month=2026-08`: the days that have any; as `day=2026-08-14`, or from `from` up to `to`: which.
    pub(super) fn slots_to_move_to(
        &self,
        booking: &Booking,
        fields: &[(String, String)],
        at: Instant,
    ) -> Result<Reply, Fault> {
        let moving = Moving::read(fields)?;
        let zone = &movable(booking, moving.item, at)?.slot.time.zone;
        let listed = match (calendar::month(fields)?, calendar::day(fields)?) {
            (Some(_), Some(_)) => return Err(Problem::malformed("day", "`month` or `day`, not both").into()),
            (Some(month), None) => {
                let choices = self.choices(booking, &moving, month.range(zone)?, at)?;
                Listed { item: moving.item, zone, days: Some(days(&choices, zone)?), offers: None, more: false }
            }
            (None, day) => {
                let range = day.map_or_else(|| input::range(fields), |day| calendar::range_of_day(day, zone))?;
                let choices = self.choices(booking, &moving, range, at)?;
                let more = choices.len() > OFFERS_MAX;
                let offers = choices.into_iter().take(OFFERS_MAX).map(|choice| choice.offer).collect();
                Listed { item: moving.item, zone, days: None, offers: Some(offers), more }
            }
        };
        Ok(Reply::json(200, &listed))
    }
}

impl Moving {
    /// `item`, and any number of `participant`.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Problem> {
        let id = |name: &str, text: &str| Uuid::try_parse(text).map_err(|_| Problem::malformed(name, "expected an id"));
        let item = input::field(fields, "item").ok_or_else(|| Problem::malformed("item", "missing"))?;
        let named = fields.iter().filter(|(name, _)| name == "participant").take(SELECTED_MAX);
        let participants = named.map(|(name, text)| id(name, text).map(ParticipantId));
        Ok(Self { item: ItemId(id("item", &item)?), participants: participants.collect::<Result<_, _>>()? })
    }
}

/// How many choices each local day has; none with none.
pub fn days(choices: &[Choice], zone: &Zone) -> Result<Vec<Day>, Problem> {
    let mut days: Vec<Day> = Vec::new();
    for choice in choices {
        let date = calendar::local_day(choice.offer.slot.time.starts_at, zone)?;
        match days.last_mut().filter(|day| day.day == date) {
            Some(day) => day.offers = day.offers.saturating_add(1),
            None => days.push(Day { day: date, offers: 1 }),
        }
    }
    Ok(days)
}

/// A day that has offers.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Day {
    #[serde(serialize_with = "calendar::as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub day: NaiveDate,
    pub offers: u32,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "OfferList"))]
pub struct Listed<'a> {
    item: ItemId,
    /// Whose days these are.
    zone: &'a Zone,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<Vec<Day>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offers: Option<Vec<Offer>>,
    /// Were there more than are listed?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
}

/// Does another slot perhaps do?
fn is_about_the_slot(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::SameSlot { .. }
            | Refusal::OtherService { .. }
            | Refusal::SlotStarted { .. }
            | Refusal::TooFar { .. }
            | Refusal::SlotFull { .. }
            | Refusal::SlotClosed { .. }
            | Refusal::WrongCurrency {}
            | Refusal::AmountOutOfRange {}
    )
}
