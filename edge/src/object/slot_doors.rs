//! Slots for operators: open many at once, list them, change one. Who has places in them follows from bookings.
//!
//! Source: requirement D3

use leeway_core::booking::SlotTime;
use leeway_core::fields::FromObject;
use leeway_core::freeze::freeze;
use leeway_core::id::{CommandId, SlotId};
use leeway_core::policy::Code;
use leeway_core::rebook::KindPrice;
use leeway_core::slot::{self, SlotCommand};
use leeway_core::time::Zone;
use leeway_core::{Actor, Currency, Instant, Policy};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Asked, Desk};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{Method, split_url};
use crate::store::{Fault, Filter, OpenedSlot, SoldAs, Stamp, StoredSlot};
use crate::{host, input, log};

/// The most slots in one request, and in one answer.
const SLOTS_MAX: u32 = 500;
/// The most places of a slot: who has which is one row.
const CAPACITY_MAX: u32 = 10_000;
/// The most kinds of line with a price of their own.
const PRICES_MAX: usize = 24;
/// The longest name of a service, in characters.
const SERVICE_CHARS_MAX: usize = 120;

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SlotsRequest {
    slots: Vec<SlotRequest>,
}

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SlotRequest {
    service: String,
    starts_at: Instant,
    ends_at: Instant,
    zone: Zone,
    capacity: u32,
    #[serde(default)]
    prices: Vec<KindPrice>,
    policy: Code,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slots<'a> {
    slots: &'a [StoredSlot],
    /// Present where there are more: the last one, to go on after.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SlotId>,
}

/// What an operator wants of the places of a slot. Flat, so that an error knows its path.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlacesRequest {
    r#type: PlacesType,
    capacity: Option<u32>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlacesType {
    Open,
    Close,
}

/// What an operator changes about what a slot is sold as; what is absent stays.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SoldAsRequest {
    prices: Option<Vec<KindPrice>>,
    policy: Option<Code>,
}

impl Desk {
    pub(super) fn open_slots(&self, asked: &Asked) -> Result<Reply, Fault> {
        let SlotsRequest { slots } = input::json(&asked.body)?;
        if slots.is_empty() || slots.len() > SLOTS_MAX as usize {
            return Err(Problem::malformed("slots", format!("1 to {SLOTS_MAX} slots")).into());
        }
        let mut policies: Vec<Policy> = Vec::new();
        let mut opened = Vec::with_capacity(slots.len());
        for (index, wanted) in slots.into_iter().enumerate() {
            let path = format!("slots[{index}]");
            let known = policies.iter().find(|policy| policy.name == wanted.policy);
            let policy = match known {
                Some(policy) => policy.clone(),
                None => {
                    let policy = self.policy_named(&wanted.policy, &format!("{path}.policy"))?;
                    policies.push(policy.clone());
                    policy
                }
            };
            opened.push(opened_slot(wanted, &policy, &path, asked.at)?);
        }
        let stamp = stamp(asked);
        self.store.transaction(|| self.store.open_slots(&opened, stamp))?;
        log::committed("slots_opened", self.operator()?.id, stamp.command, opened.len() as u64);
        let slots: Vec<StoredSlot> = opened.into_iter().map(stored).collect();
        Ok(Reply::json(201, &Slots { slots: &slots, next: None }))
    }

    pub(super) fn list_slots(&self, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(split_url(&asked.url).1);
        let (from, to) = input::range(&fields)?;
        let after = match input::field(&fields, "after") {
            Some(id) => Some(slot_id(&id).map_err(|_| Problem::malformed("after", "expected the id of a slot"))?),
            None => None,
        };
        let service = input::field(&fields, "service");
        let most = SLOTS_MAX.saturating_add(1);
        let filter = Filter { service: service.as_deref(), from, to, after, room: 0, most };
        let found = self.store.slots_between(&filter)?.slots;
        let shown = found.get(..SLOTS_MAX as usize);
        let next = shown.and_then(<[_]>::last).map(|slot| slot.id);
        Ok(Reply::json(200, &Slots { slots: shown.unwrap_or(&found), next }))
    }

    pub(super) fn slot(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let id = slot_id(id)?;
        let found = self.store.slots(&[id])?;
        let slot = found.find(id).ok_or(Problem::SLOT_UNKNOWN)?;
        match asked.method {
            Method::Post => self.change_places(slot, asked)?,
            Method::Patch => self.change_sale(slot, asked)?,
            Method::Get | Method::Put | Method::Delete | Method::Options | Method::Other => {
                return Ok(Reply::json(200, slot));
            }
        }
        let found = self.store.slots(&[id])?;
        Ok(Reply::json(200, found.find(id).ok_or(Problem::SLOT_UNKNOWN)?))
    }

    fn change_places(&self, slot: &StoredSlot, asked: &Asked) -> Result<(), Fault> {
        let command = match input::json(&asked.body)? {
            PlacesRequest { r#type: PlacesType::Close, capacity: None } => SlotCommand::Close {},
            PlacesRequest { r#type: PlacesType::Close, capacity: Some(_) } => {
                return Err(Problem::malformed("capacity", "closing takes none").into());
            }
            PlacesRequest { r#type: PlacesType::Open, capacity } => {
                let capacity = capacity.unwrap_or(slot.capacity);
                check_capacity(capacity, "capacity")?;
                SlotCommand::Open { slot: slot.id, capacity }
            }
        };
        // What changes nothing leaves no event.
        let Some(event) = slot::decide(slot.roster.as_ref(), &command)? else { return Ok(()) };
        let after = slot::evolve(slot.roster.clone(), &event);
        let after = after.ok_or_else(|| Fault::platform("a slot without its first event"))?;
        self.store.transaction(|| self.store.change_slot(&event, &after, stamp(asked)))?;
        log::committed("slot_changed", self.operator()?.id, slot.id, after.version);
        Ok(())
    }

    fn change_sale(&self, slot: &StoredSlot, asked: &Asked) -> Result<(), Fault> {
        let SoldAsRequest { prices, policy } = input::json(&asked.body)?;
        let policy = self.policy_named(policy.as_ref().unwrap_or(&slot.policy), "policy")?;
        let prices = prices.unwrap_or_else(|| slot.prices.clone());
        check_prices(&prices, &policy, "prices")?;
        check_zone(&policy, &slot.time(), "policy")?;
        let sold_as = SoldAs { service: slot.service.clone(), prices, policy: policy.name };
        self.store.transaction(|| self.store.sell_slot(slot.id, &sold_as))
    }

    fn policy_named(&self, name: &Code, path: &str) -> Result<Policy, Fault> {
        self.store.policy(name.as_str())?.ok_or_else(|| Problem::POLICY_UNKNOWN.at(path).into())
    }
}

fn stamp(asked: &Asked) -> Stamp {
    let command = CommandId(host::fresh_uuid(asked.at.ms()));
    Stamp { command, actor: Actor::Operator, at: asked.at, origin: asked.origin() }
}

fn slot_id(text: &str) -> Result<SlotId, Problem> {
    Uuid::try_parse(text).map(SlotId).map_err(|_| Problem::SLOT_UNKNOWN)
}

fn opened_slot(wanted: SlotRequest, policy: &Policy, path: &str, at: Instant) -> Result<OpenedSlot, Fault> {
    let SlotRequest { service, starts_at, ends_at, zone, capacity, prices, policy: name } = wanted;
    let plain = !service.trim().is_empty() && !service.chars().any(char::is_control);
    if !plain || service.chars().count() > SERVICE_CHARS_MAX {
        let detail = format!("a service has 1 to {SERVICE_CHARS_MAX} characters");
        return Err(Problem::malformed(format!("{path}.service"), detail).into());
    }
    if ends_at <= starts_at {
        return Err(Problem::malformed(format!("{path}.ends_at"), "a slot ends after it starts").into());
    }
    check_capacity(capacity, &format!("{path}.capacity"))?;
    check_prices(&prices, policy, &format!("{path}.prices"))?;
    let time = SlotTime { starts_at, ends_at, zone };
    check_zone(policy, &time, &format!("{path}.zone"))?;
    let command = SlotCommand::Open { slot: SlotId(host::fresh_uuid(at.ms())), capacity };
    let missing = || Fault::platform("a new slot is opened");
    let event = slot::decide(None, &command)?.ok_or_else(missing)?;
    let roster = slot::evolve(None, &event).ok_or_else(missing)?;
    Ok(OpenedSlot { time, sold_as: SoldAs { service, prices, policy: name }, event, roster })
}

fn stored(opened: OpenedSlot) -> StoredSlot {
    let OpenedSlot { time: SlotTime { starts_at, ends_at, zone }, sold_as, roster, .. } = opened;
    let SoldAs { service, prices, policy } = sold_as;
    let (room, is_open) = (roster.room(), u8::from(roster.is_open));
    let (id, capacity) = (roster.slot, roster.capacity);
    StoredSlot { id, service, starts_at, ends_at, zone, prices, policy, capacity, room, is_open, roster: None }
}

fn check_capacity(capacity: u32, path: &str) -> Result<(), Problem> {
    let fits = (1..=CAPACITY_MAX).contains(&capacity);
    if fits { Ok(()) } else { Err(Problem::malformed(path, format!("1 to {CAPACITY_MAX} places"))) }
}

/// One price a kind, in one currency, which is the policy's where that has one.
fn check_prices(prices: &[KindPrice], policy: &Policy, path: &str) -> Result<(), Problem> {
    if prices.len() > PRICES_MAX {
        return Err(Problem::malformed(path, format!("at most {PRICES_MAX} prices")));
    }
    let mut currency: Option<Currency> = policy.currency();
    for (index, priced) in prices.iter().enumerate() {
        let at = |field: &str| format!("{path}[{index}].{field}");
        if prices.iter().take(index).any(|before| before.kind == priced.kind) {
            return Err(Problem::malformed(at("kind"), format!("`{}` has a price already", priced.kind)));
        }
        if priced.price.is_negative() {
            return Err(Problem::malformed(at("price"), "a price is not negative"));
        }
        let first = *currency.get_or_insert(priced.price.currency());
        if first != priced.price.currency() {
            return Err(Problem::malformed(at("price"), format!("the other amounts are in {first}")));
        }
    }
    Ok(())
}

/// Can the policy's limits be worked out for the slot?
fn check_zone(policy: &Policy, time: &SlotTime, path: &str) -> Result<(), Problem> {
    freeze(policy, time).map(drop).map_err(|error| Problem::malformed(path, error.to_string()))
}
