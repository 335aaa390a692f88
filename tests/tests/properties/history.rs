//! What has happened at one operator: bookings with their events, slots with places, vouchers. Commands are carried out as a store would; a
//! refused command leaves no trace. What is tried is in `play`.

use leeway_core::booking::{Method, Slot};
use leeway_core::command::{Action, Actor, Command, Envelope, MakeBooking, ProviderWord, RecordPayment, RefundStep};
use leeway_core::commit::{Commit, carry_out};
use leeway_core::id::{CommandId, PaymentId, RefundId, SlotId};
use leeway_core::rebook::KindPrice;
use leeway_core::refund::{Refund, RefundState, ShareState, Way};
use leeway_core::slot::{self, Roster, SlotCommand, SlotEvent};
use leeway_core::undo::{Past, Recorded, Undo};
use leeway_core::voucher::{self, Voucher, VoucherEvent};
use leeway_core::{Booking, Event, Instant, Money, Offer, Refusal, Terms, evolve};
use uuid::Uuid;

/// Commands are so far apart, since the items that one makes are counted on from its id.
const STEP: u128 = 256;

/// A booking and the events that made it.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    pub booking: Booking,
    pub events: Vec<(Event, Instant)>,
    /// Of which command each of them came.
    pub commands: Vec<(CommandId, Actor)>,
    /// What a provider was asked to pay back, and so can speak of at any time.
    pub asked: Vec<Asked>,
}

/// A share that a provider was asked to pay back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub refund: RefundId,
    pub payment: PaymentId,
    pub attempt: u16,
}

/// A slot that was opened for many.
#[derive(Debug, Clone)]
pub(crate) struct OpenSlot {
    pub slot: Slot,
    pub prices: Vec<KindPrice>,
    pub terms: Terms,
}

/// A voucher and the events that made it.
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    pub voucher: Voucher,
    pub events: Vec<(VoucherEvent, Instant)>,
}

/// All that one operator has.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub tracks: Vec<Track>,
    pub slots: Vec<OpenSlot>,
    pub rosters: leeway_core::Map<SlotId, Roster>,
    pub slot_events: Vec<(SlotId, SlotEvent)>,
    pub purses: Vec<Purse>,
    /// When the last command was tried.
    pub now: Instant,
    ids: u128,
}

impl History {
    /// An operator without bookings.
    pub(crate) fn new(now: Instant) -> Self {
        let (tracks, slots, purses) = (Vec::new(), Vec::new(), Vec::new());
        Self { tracks, slots, rosters: leeway_core::Map::new(), slot_events: Vec::new(), purses, now, ids: 1 << 64 }
    }

    pub(crate) fn fresh(&mut self) -> Uuid {
        self.ids += STEP;
        Uuid::from_u128(self.ids)
    }

    /// The booking that questions are asked about.
    pub(crate) fn booking(&self) -> &Booking {
        &self.tracks[0].booking
    }

    /// Opens a slot for many.
    pub(crate) fn open_slot(&mut self, open: OpenSlot, capacity: u32) {
        let id = open.slot.id;
        self.slots.push(open);
        self.slot_command(id, &SlotCommand::Open { slot: id, capacity }).unwrap();
    }

    pub(crate) fn slot_command(&mut self, id: SlotId, command: &SlotCommand) -> Result<(), Refusal> {
        if let Some(event) = slot::decide(self.rosters.get(&id), command)? {
            self.keep_slot(id, event);
        }
        Ok(())
    }

    fn keep_slot(&mut self, id: SlotId, event: SlotEvent) {
        let after = slot::evolve(self.rosters.remove(&id), &event).unwrap();
        self.rosters.insert(id, after);
        self.slot_events.push((id, event));
    }

    /// The slots as they can be moved to now.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let offer = |open: &OpenSlot| Offer {
            slot: open.slot.clone(),
            service: "Tour".to_owned(),
            room: self.rosters.get(&open.slot.id).unwrap().room(),
            prices: open.prices.clone(),
            terms: open.terms.clone(),
        };
        self.slots.iter().map(offer).collect()
    }

    fn envelope(&mut self, actor: Actor, command: Command, at: Instant) -> Envelope {
        self.now = at.max(self.now);
        Envelope { id: CommandId(self.fresh()), at: self.now, actor, command }
    }

    pub(crate) fn make(&mut self, new: MakeBooking, at: Instant) -> Result<(), Refusal> {
        let envelope = self.envelope(Actor::Operator, Command::Make(Box::new(new)), at);
        let Commit { booking, events, slots, vouchers } = carry_out(None, &envelope, &[], &self.rosters)?;
        assert!(vouchers.is_empty(), "a new booking issues no voucher");
        let commands = events.iter().map(|_| (envelope.id, envelope.actor)).collect();
        let events = events.into_iter().map(|event| (event, envelope.at)).collect();
        self.tracks.push(Track { booking, events, commands, asked: Vec::new() });
        slots.into_iter().for_each(|(id, event)| self.keep_slot(id, event));
        Ok(())
    }

    /// Carries a command out; time never goes back.
    pub(crate) fn command(
        &mut self,
        on: usize,
        actor: Actor,
        command: Command,
        at: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let offers = if matches!(command, Command::Act(Action::Rebook { .. })) { self.offers() } else { Vec::new() };
        let envelope = self.envelope(actor, command, at);
        let commit = carry_out(Some(&self.tracks[on].booking), &envelope, &offers, &self.rosters)?;
        self.keep(on, commit.booking, &commit.events, (envelope.id, actor));
        commit.slots.into_iter().for_each(|(id, event)| self.keep_slot(id, event));
        for (id, event) in commit.vouchers {
            let voucher = voucher::evolve(None, &event, self.now).unwrap();
            assert_eq!(voucher.id, id);
            self.purses.push(Purse { voucher, events: vec![(event, self.now)] });
        }
        Ok(commit.events)
    }

    fn keep(&mut self, on: usize, booking: Booking, events: &[Event], by: (CommandId, Actor)) {
        let (now, track) = (self.now, &mut self.tracks[on]);
        track.booking = booking;
        track.events.extend(events.iter().map(|event| (event.clone(), now)));
        track.commands.extend(events.iter().map(|_| by));
        for asked in track.booking.refunds.iter().flat_map(to_ask) {
            if !track.asked.contains(&asked) {
                track.asked.push(asked);
            }
        }
    }

    /// As the customer or the operator of the booking that questions are asked about.
    pub(crate) fn act(&mut self, actor: Actor, action: Action, at: Instant) -> Result<Vec<Event>, Refusal> {
        self.command(0, actor, Command::Act(action), at)
    }

    pub(crate) fn pay(
        &mut self,
        on: usize,
        method: Method,
        (minor, gateway_minor): (i64, Option<i64>),
        at: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let money = |minor| Money::of_minor(minor, self.tracks[on].booking.currency);
        let (amount, gateway_fee) = (money(minor)?, gateway_minor.map(money).transpose()?);
        let payment = RecordPayment { id: PaymentId(self.fresh()), method, amount, gateway_fee };
        self.command(on, Actor::Operator, Command::RecordPayment(payment), at)
    }

    /// Pays with a voucher: both change in one transaction.
    pub(crate) fn redeem(
        &mut self,
        on: usize,
        purse: usize,
        amount: Option<Money>,
        at: Instant,
    ) -> Result<(), Refusal> {
        self.now = at.max(self.now);
        let (payment, by, now) = (PaymentId(self.fresh()), (CommandId(self.fresh()), Actor::Customer), self.now);
        let (track, purse) = (&self.tracks[on], &mut self.purses[purse]);
        let (paid, redeemed) = voucher::redeem(&track.booking, &purse.voucher, payment, amount, now)?;
        purse.voucher = voucher::evolve(Some(purse.voucher.clone()), &redeemed, now).unwrap();
        purse.events.push((redeemed, now));
        let after = evolve(Some(track.booking.clone()), &paid, now).unwrap();
        self.keep(on, after, &[paid], by);
        Ok(())
    }

    /// Takes back what a command canceled.
    pub(crate) fn undo(
        &mut self,
        on: usize,
        actor: Actor,
        (command, within_ms): (CommandId, i64),
        at: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let track = &self.tracks[on];
        let by = track.commands.iter().find(|(id, _)| *id == command).map_or(Actor::System, |(_, by)| *by);
        let log = track.events.iter().zip(&track.commands);
        let log = log.map(|((event, at), (command, _))| Recorded { command: *command, at: *at, event });
        let past = Past::find(log, command, by)?;
        self.command(on, actor, Command::Undo(Box::new(Undo { past, within_ms })), at)
    }

    /// What a provider says of something that it was asked for.
    pub(crate) fn say(
        &mut self,
        on: usize,
        asked: Asked,
        word: ProviderWord,
        at: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let Asked { refund, payment, attempt } = asked;
        let step = RefundStep::Provider { payment, attempt, word };
        self.command(on, Actor::System, Command::Refund { refund, step }, at)
    }
}

/// What of an entry its gateway is asked for: cards, as long as nothing else was decided.
fn to_ask(refund: &Refund) -> Vec<Asked> {
    let goes = refund.way == Way::AsPaid && refund.state != RefundState::AwaitingApproval;
    let open = refund.open_shares().filter(|share| goes && share.state == ShareState::Open);
    let cards = open.filter(|share| share.method == Method::Card);
    cards.map(|share| Asked { refund: refund.id, payment: share.payment, attempt: share.attempt }).collect()
}

/// What all lines cost, canceled ones included, in minor units.
pub(crate) fn price(booking: &Booking) -> i64 {
    booking.items.iter().flat_map(|item| &item.lines).map(|line| line.price.minor()).sum()
}

/// What the gateways took that was kept from refunds, in minor units.
pub(crate) fn gateway_kept(booking: &Booking) -> i64 {
    use leeway_core::booking::ChargeKind;
    let kept = booking.plan.iter().filter(|charge| charge.kind == ChargeKind::GatewayFee {});
    kept.map(|charge| charge.amount.minor()).sum()
}
