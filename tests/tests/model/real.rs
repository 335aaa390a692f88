//! The rules themselves, commanded as a store would: what one command changes is kept together or not at all.

use leeway_core::booking::{Line, Method, Slot, SlotTime, Standing};
use leeway_core::command::{Action, Actor, Command, Envelope, MakeBooking, NewItem, RecordPayment, RefundStep};
use leeway_core::commit::carry_out;
use leeway_core::freeze::freeze;
use leeway_core::id::{BookingId, CommandId, ItemId, LineId, ParticipantId, PaymentId, RefundId, SlotId};
use leeway_core::policy::Code;
use leeway_core::rebook::KindPrice;
use leeway_core::slot::{self, Roster, SlotCommand, SlotEvent};
use leeway_core::undo::{Past, Recorded, Undo};
use leeway_core::{Booking, Currency, Event, Instant, Map, Money, Offer, Policy, Refusal};
use serde_json::json;
use uuid::Uuid;

use super::naive::Rules;

const AT: &str = "2026-01-10T09:00:00Z";
/// Commands are so far apart, since the items that one makes are counted on from its id.
const STEP: u128 = 256;

/// The ids of an item that was made: its own, and its guests'.
pub(crate) type Made = (ItemId, Vec<ParticipantId>);

pub(crate) struct Real {
    policy: Policy,
    offers: Vec<Offer>,
    rosters: Map<SlotId, Roster>,
    bookings: Vec<Booking>,
    /// What happened to each of them.
    logs: Vec<Vec<(CommandId, Actor, Event)>>,
    ids: u128,
}

fn money(minor: i64) -> Money {
    Money::of_minor(minor, Currency::parse("EUR").unwrap()).unwrap()
}

impl Real {
    pub(crate) fn new(rules: Rules) -> Self {
        let policy = json!({"name": "model", "rebook": "start",
            "moves": {"fee": {"fixed": money(rules.move_fee)}, "cheaper": if rules.price_stays { "keep" } else { "refund" }},
            "windows": [{"code": "flat", "until": "start", "percent": rules.percent.to_string(), "refund": "automatic"}]});
        let policy = serde_json::from_value(policy).unwrap();
        let (offers, rosters, bookings, logs) = (Vec::new(), Map::new(), Vec::new(), Vec::new());
        Self { policy, offers, rosters, bookings, logs, ids: 1 << 64 }
    }

    fn fresh(&mut self) -> Uuid {
        self.ids += STEP;
        Uuid::from_u128(self.ids)
    }

    /// The number of the next command.
    pub(crate) fn next(&self) -> u128 {
        self.ids + STEP
    }

    pub(crate) fn bookings(&self) -> &[Booking] {
        &self.bookings
    }

    pub(crate) fn roster(&self, id: SlotId) -> &Roster {
        self.rosters.get(&id).unwrap()
    }

    pub(crate) fn open_slot(&mut self, number: i64, capacity: u32, price: i64) -> SlotId {
        let id = SlotId(self.fresh());
        let starts_at = Instant::parse("2026-08-14T08:00:00Z").unwrap().shifted_ms(number * 86_400_000);
        let zone = leeway_core::time::Zone::parse("Europe/Zagreb").unwrap();
        let time = SlotTime { starts_at, ends_at: starts_at.just_after(), zone };
        let terms = freeze(&self.policy, &time).unwrap();
        let prices = vec![KindPrice { kind: Code::parse("ticket").unwrap(), price: money(price) }];
        self.offers.push(Offer { slot: Slot { id, time }, service: "Tour".to_owned(), room: 0, prices, terms });
        self.slot(id, &SlotCommand::Open { slot: id, capacity }).unwrap();
        id
    }

    pub(crate) fn slot(&mut self, id: SlotId, command: &SlotCommand) -> Result<(), &'static str> {
        let event = slot::decide(self.rosters.get(&id), command).map_err(|refusal| refusal.code())?;
        event.into_iter().for_each(|event| self.keep(id, event));
        Ok(())
    }

    fn keep(&mut self, id: SlotId, event: SlotEvent) {
        let after = slot::evolve(self.rosters.remove(&id), &event).unwrap();
        self.rosters.insert(id, after);
    }

    /// A booking of parties: each in its slot, with its guests' prices and what they hire together.
    pub(crate) fn booking(&mut self, parties: &[(SlotId, Vec<i64>, i64)]) -> (MakeBooking, Vec<Made>) {
        let (mut items, mut made) = (Vec::new(), Vec::new());
        for (slot, prices, boat) in parties {
            let offer = self.offers.iter().find(|offer| offer.slot.id == *slot).unwrap().clone();
            let id = ItemId(self.fresh());
            let participants: Vec<_> = prices.iter().map(|_| ParticipantId(self.fresh())).collect();
            let bound = prices.iter().zip(&participants).map(|(price, id)| ("ticket", Some(*id), *price));
            let lines = bound.chain([("boat", None, *boat)]).collect::<Vec<_>>().into_iter();
            let lines = lines.map(|(kind, participant, price)| Line {
                id: LineId(self.fresh()),
                kind: Code::parse(kind).unwrap(),
                participant,
                price: money(price),
                standing: Standing::Booked,
            });
            let lines = lines.collect();
            made.push((id, participants.clone()));
            let (service, group) = (offer.service, None);
            items.push(NewItem { id, service, slot: offer.slot, terms: offer.terms, participants, lines, group });
        }
        let (id, reference) = (BookingId(self.fresh()), "LW-1".to_owned().try_into().unwrap());
        (MakeBooking { id, reference, currency: money(0).currency(), items, plan: Vec::new() }, made)
    }

    /// Carries a command out; the number that it had.
    fn command(
        &mut self,
        on: Option<usize>,
        actor: Actor,
        command: Command,
        offers: &[Offer],
    ) -> Result<u128, &'static str> {
        let id = self.fresh();
        let envelope = Envelope { id: CommandId(id), at: Instant::parse(AT).unwrap(), actor, command };
        let before = on.map(|on| &self.bookings[on]);
        let commit = carry_out(before, &envelope, offers, &self.rosters).map_err(|refusal: Refusal| refusal.code())?;
        commit.slots.into_iter().for_each(|(id, event)| self.keep(id, event));
        let happened = commit.events.into_iter().map(|event| (envelope.id, actor, event));
        match on {
            Some(on) => {
                self.bookings[on] = commit.booking;
                self.logs[on].extend(happened);
            }
            None => {
                self.bookings.push(commit.booking);
                self.logs.push(happened.collect());
            }
        }
        Ok(id.as_u128())
    }

    pub(crate) fn make(&mut self, new: MakeBooking) -> Result<u128, &'static str> {
        self.command(None, Actor::Operator, Command::Make(Box::new(new)), &[])
    }

    pub(crate) fn pay(&mut self, on: usize, minor: i64) {
        let payment = RecordPayment {
            id: PaymentId(self.fresh()),
            method: Method::Cash,
            amount: money(minor),
            gateway_fee: None,
        };
        self.command(Some(on), Actor::Operator, Command::RecordPayment(payment), &[]).unwrap();
    }

    pub(crate) fn finalize(&mut self, on: usize, command: u128) {
        let refund = RefundId(Uuid::from_u128(command));
        let command = Command::Refund { refund, step: RefundStep::Finalize {} };
        self.command(Some(on), Actor::Operator, command, &[]).unwrap();
    }

    /// Takes back what a command canceled.
    pub(crate) fn undo(
        &mut self,
        on: usize,
        actor: Actor,
        (command, within_ms): (u128, i64),
    ) -> Result<u128, &'static str> {
        let (at, id) = (Instant::parse(AT).unwrap(), CommandId(Uuid::from_u128(command)));
        let by = self.logs[on].iter().find(|(command, _, _)| *command == id).unwrap().1;
        let log = self.logs[on].iter().map(|(command, _, event)| Recorded { command: *command, at, event });
        let past = Past::find(log, id, by).map_err(|refusal| refusal.code())?;
        self.command(Some(on), actor, Command::Undo(Box::new(Undo { past, within_ms })), &[])
    }

    /// Cancels or moves. A stale offer was looked up when there was room for everybody.
    pub(crate) fn act(
        &mut self,
        on: usize,
        actor: Actor,
        action: Action,
        is_stale: bool,
    ) -> Result<u128, &'static str> {
        let offers: Vec<Offer> = self
            .offers
            .iter()
            .cloned()
            .map(|mut offer| {
                offer.room = if is_stale { 1_000 } else { self.rosters.get(&offer.slot.id).unwrap().room() };
                offer
            })
            .collect();
        self.command(Some(on), actor, Command::Act(action), &offers)
    }
}
