//! The worker as the simulation has it: one request at a time, decided by the core, committed to the store, answered; and it can crash between
//! any two of these steps. Rules are the core's: here is only what lies around them.
//!
//! INVARIANT: the provider is asked only for what the booking knows it is being asked for. `Accepted` is committed before the call, so that
//! from then on nobody sends the same money another way.

use anyhow::{Context as _, Result};
use leeway_core::booking::Method;
use leeway_core::command::{Actor, Command, Envelope, MakeBooking, ProviderWord, RefundStep};
use leeway_core::id::{BookingId, CommandId, PaymentId, RefundId, SlotId, VoucherId};
use leeway_core::refund::{RefundState, ShareState, Way};
use leeway_core::slot::{self, Roster, SlotCommand, SlotEvent};
use leeway_core::undo::Undo;
use leeway_core::voucher::{self, VoucherEvent};
use leeway_core::{Booking, Commit, Event, Instant, Money, Offer, Refusal, carry_out};
use serde::Serialize;

use super::catalog::Catalog;
use super::memory::{self, Memory};
use super::provider::Provider;
use super::random::Random;
use super::store::{PayoutKey, Sending, Store, Stream, Transaction};
use super::{Fault, Stopwatch, Tally};

/// What somebody sends.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) id: CommandId,
    pub(crate) actor: Actor,
    pub(crate) wanted: Wanted,
    /// The version of the booking that the sender has seen, where it matters.
    pub(crate) seen: Option<u64>,
}

/// What is wanted.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Make(Box<MakeBooking>),
    Booking(BookingId, Command),
    /// What a command canceled is taken back.
    Undo {
        booking: BookingId,
        command: CommandId,
        within_ms: i64,
    },
    Redeem {
        booking: BookingId,
        voucher: VoucherId,
        payment: PaymentId,
        amount: Option<Money>,
    },
    Slot(SlotId, SlotCommand),
}

/// What comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Done, now or before.
    Done,
    /// The rules' no.
    Refused,
    /// The booking is not what the sender has seen.
    Stale,
    /// Nothing comes back: the worker is gone.
    Crashed,
}

/// Between which two steps the worker crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    BeforeCommit,
    AfterCommit,
    AfterClaim,
    AfterAsking,
}

/// What one command changes, before it is written.
struct Change {
    booking: Option<Commit>,
    /// A booking that was paid by voucher, and that voucher.
    redeemed: Option<(BookingId, Event, VoucherId, VoucherEvent)>,
    slot: Option<(SlotId, SlotEvent)>,
}

/// The worker.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) memory: Memory,
    pub(crate) fault: Fault,
    stopwatch: Stopwatch,
    pub(crate) rules_ns: u64,
    pub(crate) decided: u64,
    pub(crate) refused: u64,
    pub(crate) repeated: u64,
    pub(crate) crashes: u64,
    pub(crate) refusals: Tally,
}

impl Server {
    pub(crate) fn new(fault: Fault, stopwatch: Stopwatch) -> Self {
        Self {
            store: Store::default(),
            memory: Memory::default(),
            fault,
            stopwatch,
            rules_ns: 0,
            decided: 0,
            refused: 0,
            repeated: 0,
            crashes: 0,
            refusals: Tally::new(),
        }
    }

    /// Everything that is not in the store is gone.
    pub(crate) fn crash(&mut self) -> Reply {
        self.memory = Memory::default();
        self.crashes += 1;
        Reply::Crashed
    }

    /// Carries out a request, unless it was carried out before.
    ///
    /// # Errors
    /// Something that cannot be: the store cannot be read, or somebody else wrote to it.
    pub(crate) fn handle(
        &mut self,
        request: &Request,
        catalog: &Catalog,
        at: Instant,
        crash: Option<Crash>,
    ) -> Result<Reply> {
        self.handle_sending(request, None, catalog, at, crash)
    }

    fn handle_sending(
        &mut self,
        request: &Request,
        sending: Option<(PayoutKey, Sending)>,
        catalog: &Catalog,
        at: Instant,
        crash: Option<Crash>,
    ) -> Result<Reply> {
        if self.store.was_done(request.id) && self.fault != Fault::DedupeSkipped {
            self.repeated += 1;
            return Ok(Reply::Done);
        }
        if let (Some(seen), Wanted::Booking(booking, _)) = (request.seen, &request.wanted)
            && self.store.length(Stream::Booking(*booking)) != seen
        {
            return Ok(Reply::Stale);
        }
        self.load(&request.wanted, catalog)?;
        let change = match self.decide(request, catalog, at)? {
            Ok(change) => change,
            Err(refusal) => {
                self.refused += 1;
                *self.refusals.entry(refusal.code()).or_default() += 1;
                return Ok(Reply::Refused);
            }
        };
        if crash == Some(Crash::BeforeCommit) {
            return Ok(self.crash());
        }
        let transaction = self.transaction(request, &change, sending)?;
        self.store.commit(transaction, at)?;
        if crash == Some(Crash::AfterCommit) {
            return Ok(self.crash());
        }
        self.remember(change, at);
        Ok(Reply::Done)
    }

    fn load(&mut self, wanted: &Wanted, catalog: &Catalog) -> Result<()> {
        let Self { store, memory, .. } = self;
        match wanted {
            Wanted::Make(new) => memory.load_booking(store, new.id)?,
            Wanted::Booking(id, _) | Wanted::Undo { booking: id, .. } => memory.load_booking(store, *id)?,
            Wanted::Redeem { booking, voucher, .. } => {
                memory.load_booking(store, *booking)?;
                memory.load_voucher(store, *voucher)?;
            }
            Wanted::Slot(id, _) => return memory.load_roster(store, *id),
        }
        catalog.slots.iter().try_for_each(|opened| memory.load_roster(store, opened.slot.id))
    }

    fn decide(&mut self, request: &Request, catalog: &Catalog, at: Instant) -> Result<Result<Change, Refusal>> {
        self.decided += 1;
        let offers = self.offers(&request.wanted, catalog);
        let undo = match &request.wanted {
            Wanted::Undo { booking, command, within_ms } => match memory::past(&self.store, *booking, *command)? {
                Ok(past) => Some(Command::Undo(Box::new(Undo { past, within_ms: *within_ms }))),
                Err(refusal) => return Ok(Err(refusal)),
            },
            Wanted::Make(_) | Wanted::Booking(..) | Wanted::Redeem { .. } | Wanted::Slot(..) => None,
        };
        let began = (self.stopwatch)();
        let change = self.decide_timed(request, undo, &offers, at);
        self.rules_ns += (self.stopwatch)().saturating_sub(began);
        Ok(change)
    }

    fn decide_timed(
        &self,
        request: &Request,
        undo: Option<Command>,
        offers: &[Offer],
        at: Instant,
    ) -> Result<Change, Refusal> {
        let nothing = Change { booking: None, redeemed: None, slot: None };
        let envelope = |command| Envelope { id: request.id, at, actor: request.actor, command };
        let bookings = &self.memory.bookings;
        let carried = |booking: Option<&Booking>, command: Command| {
            let commit = carry_out(booking, &envelope(command), offers, &self.memory.rosters)?;
            Ok(Change { booking: Some(commit), redeemed: None, slot: None })
        };
        match &request.wanted {
            Wanted::Make(new) => carried(bookings.get(&new.id), Command::Make(new.clone())),
            Wanted::Booking(id, command) => carried(bookings.get(id), command.clone()),
            Wanted::Undo { booking, .. } => carried(bookings.get(booking), undo.ok_or(Refusal::NothingToUndo {})?),
            Wanted::Redeem { booking, voucher, payment, amount } => {
                let (Some(paid), Some(with)) = (bookings.get(booking), self.memory.vouchers.get(voucher)) else {
                    return Err(Refusal::NotMade {});
                };
                let (event, redeemed) = voucher::redeem(paid, with, *payment, *amount, at)?;
                Ok(Change { redeemed: Some((*booking, event, *voucher, redeemed)), ..nothing })
            }
            Wanted::Slot(id, command) => {
                let event = slot::decide(self.memory.rosters.get(id), command)?;
                Ok(Change { slot: event.map(|event| (*id, event)), ..nothing })
            }
        }
    }

    /// The slots that a move names, as they are now.
    fn offers(&self, wanted: &Wanted, catalog: &Catalog) -> Vec<Offer> {
        let Wanted::Booking(_, Command::Act(action)) = wanted else { return Vec::new() };
        let named: Vec<SlotId> = action.slots().collect();
        let opened = catalog.slots.iter().filter(|opened| named.contains(&opened.slot.id));
        opened.map(|opened| opened.offer(self.memory.rosters.get(&opened.slot.id).map_or(0, Roster::room))).collect()
    }

    fn transaction(
        &self,
        request: &Request,
        change: &Change,
        sending: Option<(PayoutKey, Sending)>,
    ) -> Result<Transaction> {
        let mut writing = Writing { store: &self.store, events: Vec::new() };
        let mut outbox = Vec::new();
        if let Some(commit) = &change.booking {
            let stream = Stream::Booking(commit.booking.id);
            commit.events.iter().try_for_each(|event| writing.add(stream, event))?;
            if self.fault != Fault::PlacesNotWritten {
                commit.slots.iter().try_for_each(|(slot, event)| writing.add(Stream::Slot(*slot), event))?;
            }
            if self.fault != Fault::VoucherNotWritten {
                let mut vouchers = commit.vouchers.iter();
                vouchers.try_for_each(|(voucher, event)| writing.add(Stream::Voucher(*voucher), event))?;
            }
            if self.fault != Fault::OutboxNotWritten {
                outbox = payouts(&commit.booking).filter(|(key, _)| self.store.outgoing(*key).is_none()).collect();
            }
        }
        if let Some((booking, paid, voucher, redeemed)) = &change.redeemed {
            writing.add(Stream::Booking(*booking), paid)?;
            writing.add(Stream::Voucher(*voucher), redeemed)?;
        }
        if let Some((slot, event)) = &change.slot {
            writing.add(Stream::Slot(*slot), event)?;
        }
        let sending = sending.map(|(key, sending)| match &change.booking {
            // Nobody wants it any more: another attempt has begun, or the money went another way.
            Some(commit) if sending == Sending::Claimed && commit.events.is_empty() => (key, Sending::Over),
            Some(_) | None => (key, sending),
        });
        let Request { id: command, actor, .. } = *request;
        Ok(Transaction { command, actor, events: writing.events, outbox, sending })
    }

    fn remember(&mut self, change: Change, at: Instant) {
        let began = (self.stopwatch)();
        let memory = &mut self.memory;
        if let Some(commit) = change.booking {
            for (id, event) in &commit.slots {
                let after = slot::evolve(memory.rosters.remove(id), event);
                memory.rosters.extend(after.map(|roster| (*id, roster)));
            }
            for (id, event) in &commit.vouchers {
                memory.vouchers.extend(voucher::evolve(None, event, at).map(|voucher| (*id, voucher)));
            }
            memory.bookings.insert(commit.booking.id, commit.booking);
        }
        if let Some((booking, paid, voucher, redeemed)) = change.redeemed {
            let after = leeway_core::evolve(memory.bookings.remove(&booking), &paid, at);
            memory.bookings.extend(after.map(|after| (booking, after)));
            let after = voucher::evolve(memory.vouchers.remove(&voucher), &redeemed, at);
            memory.vouchers.extend(after.map(|after| (voucher, after)));
        }
        if let Some((id, event)) = change.slot {
            let after = slot::evolve(memory.rosters.remove(&id), &event);
            memory.rosters.extend(after.map(|roster| (id, roster)));
        }
        self.rules_ns += (self.stopwatch)().saturating_sub(began);
    }

    /// Sends a message of the outbox: claims it, asks the provider, records the answer.
    ///
    /// # Errors
    /// As [`Self::handle`].
    pub(crate) fn send(
        &mut self,
        key: PayoutKey,
        (provider, catalog, random): (&mut Provider, &Catalog, &mut Random),
        at: Instant,
        crash: Option<Crash>,
    ) -> Result<()> {
        let outgoing = self.store.outgoing(key).context("an unsent message is in the outbox")?;
        if outgoing.sending == Sending::Waiting && self.fault != Fault::AskedBeforeClaimed {
            let claim = word_of(key, ProviderWord::Accepted, CommandId(random.id()));
            match self.handle_sending(&claim, Some((key, Sending::Claimed)), catalog, at, crash)? {
                Reply::Done => {}
                Reply::Refused => self.store.send(key, Sending::Over),
                Reply::Stale | Reply::Crashed => return Ok(()),
            }
            if self.store.outgoing(key).is_none_or(|outgoing| outgoing.sending != Sending::Claimed) {
                return Ok(());
            }
            if crash == Some(Crash::AfterClaim) {
                self.crash();
                return Ok(());
            }
        }
        let word = provider.ask(key, outgoing.amount.minor(), random);
        if crash == Some(Crash::AfterAsking) {
            self.crash();
            return Ok(());
        }
        if random.chance(100) {
            // The answer is lost; the message stays.
            return Ok(());
        }
        let answer = word_of(key, word, CommandId(random.id()));
        match self.handle_sending(&answer, Some((key, Sending::Over)), catalog, at, None)? {
            Reply::Refused => self.store.send(key, Sending::Over),
            Reply::Done | Reply::Stale | Reply::Crashed => {}
        }
        Ok(())
    }
}

/// A provider's word as a command. Every time it is said it is a command of its own: that it changes nothing twice is the core's to see to.
pub(crate) fn word_of(key: PayoutKey, word: ProviderWord, id: CommandId) -> Request {
    let PayoutKey { booking, refund, payment, attempt } = key;
    let step = RefundStep::Provider { payment, attempt, word };
    Request { id, actor: Actor::System, wanted: Wanted::Booking(booking, Command::Refund { refund, step }), seen: None }
}

/// What the provider is to pay back of a booking.
fn payouts(booking: &Booking) -> impl Iterator<Item = (PayoutKey, Money)> {
    let key = |refund: RefundId, payment, attempt| PayoutKey { booking: booking.id, refund, payment, attempt };
    let approved = booking.refunds.iter().filter(|refund| {
        refund.way == Way::AsPaid && refund.state.is_open() && refund.state != RefundState::AwaitingApproval
    });
    approved.flat_map(move |refund| {
        let open = refund.split.iter().filter(|share| share.method == Method::Card && share.state == ShareState::Open);
        open.map(move |share| (key(refund.id, share.payment, share.attempt), share.amount))
    })
}

/// Events on their way into a transaction.
struct Writing<'a> {
    store: &'a Store,
    events: Vec<(Stream, u64, String)>,
}

impl Writing<'_> {
    fn add(&mut self, stream: Stream, event: &impl Serialize) -> Result<()> {
        let written = self.events.iter().rfind(|(other, _, _)| *other == stream).map(|(_, before, _)| before + 1);
        let before = written.unwrap_or_else(|| self.store.length(stream));
        self.events.push((stream, before, serde_json::to_string(event)?));
        Ok(())
    }
}
