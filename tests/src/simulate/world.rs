//! One run: who does something next, and the auditor after it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use leeway_core::Instant;
use leeway_core::command::Actor;
use leeway_core::id::CommandId;
use leeway_core::slot::SlotCommand;

use super::audit::{Auditor, Till};
use super::catalog::{Catalog, DAY_MS, HOUR_MS, MINUTE_MS};
use super::network::{Network, Packet};
use super::people::{Outside, Thought, View};
use super::provider::Provider;
use super::random::Random;
use super::server::{Crash, Reply, Request, Server, Wanted, word_of};
use super::store::Stream;
use super::{COMMANDS, Fault, Report, Stopwatch};

/// The most bookings of a run: so many that each of them sees a good deal.
const BOOKINGS_MOST: usize = 60;
/// More steps than any run takes until nothing is under way any more.
const QUIET_STEPS_MAX: u64 = 200_000;

/// Everything that there is.
pub(crate) struct World {
    random: Random,
    now: Instant,
    catalog: Catalog,
    server: Server,
    provider: Provider,
    network: Network,
    till: Till,
    auditor: Auditor,
    /// What was sent and not answered yet: it is sent again.
    unanswered: BTreeMap<CommandId, Request>,
    outside: BTreeMap<CommandId, Outside>,
    /// What was written to in the last step.
    written: BTreeSet<Stream>,
    pub(crate) step: u64,
}

impl World {
    /// Makes a world up.
    ///
    /// # Errors
    /// The catalog is wrong.
    pub(crate) fn new(seed: u64, fault: Fault, stopwatch: Stopwatch) -> Result<Self> {
        let mut random = Random::of(seed);
        let catalog = Catalog::make_up(&mut random)?;
        let provider = if fault == Fault::ProviderForgets { Provider::forgetful() } else { Provider::default() };
        let now = Instant::from_ms(catalog.begins_ms)?;
        let mut world = Self {
            random,
            now,
            catalog,
            server: Server::new(fault, stopwatch),
            provider,
            network: Network::default(),
            till: Till::default(),
            auditor: Auditor::default(),
            unanswered: BTreeMap::new(),
            outside: BTreeMap::new(),
            written: BTreeSet::new(),
            step: 0,
        };
        world.open_slots()?;
        Ok(world)
    }

    fn open_slots(&mut self) -> Result<()> {
        let slots: Vec<_> = self.catalog.slots.iter().map(|opened| opened.slot.id).collect();
        for slot in slots {
            let capacity = u32::try_from(self.random.between(3, 25))?;
            let wanted = Wanted::Slot(slot, SlotCommand::Open { slot, capacity });
            let request = Request { id: CommandId(self.random.id()), actor: Actor::Operator, wanted, seen: None };
            self.server.handle(&request, &self.catalog, self.now, None)?;
        }
        Ok(())
    }

    /// Runs until enough was decided and nothing is under way; once in between, too, nothing is.
    ///
    /// # Errors
    /// Something does not hold; [`Self::step`] says when.
    pub(crate) fn run(&mut self) -> Result<()> {
        for until in [COMMANDS / 2, COMMANDS] {
            while self.server.decided < until {
                self.something_happens()?;
                self.check()?;
            }
            self.become_quiet()?;
            self.auditor.check_all(&self.server.store, (&self.till, &self.provider))?;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        self.written = self.server.store.take_written();
        let (store, memory) = (&self.server.store, &self.server.memory);
        self.auditor.check(&self.written, (store, memory), (&self.till, &self.provider))?;
        self.step += 1;
        Ok(())
    }

    fn something_happens(&mut self) -> Result<()> {
        self.time_passes();
        match self.random.below(1000) {
            0..3 => drop(self.server.crash()),
            3..60 => self.provider_moves()?,
            60..150 => self.outbox_moves()?,
            150..170 => self.somebody_asks_the_provider()?,
            170..200 => self.somebody_tries_again(),
            200..560 if self.network.length() < 24 => self.somebody_thinks()?,
            _ => match self.network.arrives(&mut self.random) {
                Some(packet) => self.arrives(packet)?,
                None => self.somebody_thinks()?,
            },
        }
        Ok(())
    }

    /// Mostly minutes; sometimes days, and sometimes the clock is put back.
    fn time_passes(&mut self) {
        let by_ms = match self.random.below(1000) {
            0..8 => self.random.between(0, 2 * DAY_MS),
            8..20 => -self.random.between(0, 2 * HOUR_MS),
            _ => self.random.between(0, 30 * MINUTE_MS),
        };
        self.now = self.now.shifted_ms(by_ms);
    }

    fn somebody_thinks(&mut self) -> Result<()> {
        let mut view = View {
            catalog: &self.catalog,
            store: &self.server.store,
            memory: &mut self.server.memory,
            random: &mut self.random,
            bookings: &self.auditor.booking_ids,
            vouchers: &self.auditor.voucher_ids,
            bookings_most: BOOKINGS_MOST,
            now: self.now,
        };
        for Thought { request, outside } in view.think()? {
            match outside {
                Outside::Paid { payment, booking, amount } => drop(self.till.paid.insert(payment, (booking, amount))),
                Outside::HandsBack(_) => drop(self.outside.insert(request.id, outside)),
                Outside::Nothing => {}
            }
            self.unanswered.insert(request.id, request.clone());
            self.network.send(Packet::Request(request), &mut self.random);
        }
        Ok(())
    }

    fn somebody_tries_again(&mut self) {
        let waiting: Vec<&Request> = self.unanswered.values().collect();
        if let Some(request) = self.random.pick(&waiting) {
            self.network.send(Packet::Request((*request).clone()), &mut self.random);
        }
    }

    fn arrives(&mut self, packet: Packet) -> Result<()> {
        let crash = self.crash();
        match packet {
            Packet::Request(request) => {
                let reply = self.server.handle(&request, &self.catalog, self.now, crash)?;
                // One answer in twenty is lost.
                if !self.random.chance(50) {
                    self.answered(request.id, reply)?;
                }
            }
            Packet::Word(key, word) => {
                let request = word_of(key, word, CommandId(self.random.id()));
                self.server.handle(&request, &self.catalog, self.now, crash)?;
            }
        }
        Ok(())
    }

    fn answered(&mut self, id: CommandId, reply: Reply) -> Result<()> {
        match reply {
            Reply::Crashed => return Ok(()),
            Reply::Refused | Reply::Stale => {}
            // The operator hands back what was confirmed, once: an answer that comes again is about the same money.
            Reply::Done => {
                if let Some(Outside::HandsBack(shares)) = self.outside.remove(&id) {
                    for (refund, payment, minor) in shares {
                        *self.till.handed_back.entry((refund, payment)).or_default() += minor;
                    }
                }
            }
        }
        self.unanswered.remove(&id);
        Ok(())
    }

    /// Rarely, and then at any point.
    fn crash(&mut self) -> Option<Crash> {
        if !self.random.chance(12) {
            return None;
        }
        let points = [Crash::BeforeCommit, Crash::AfterCommit, Crash::AfterClaim, Crash::AfterAsking];
        self.random.pick(&points).copied()
    }

    fn provider_moves(&mut self) -> Result<()> {
        if let Some((key, word)) = self.provider.happens(&mut self.random) {
            self.network.send(Packet::Word(key, word), &mut self.random);
            self.look_at(Stream::Booking(key.booking))?;
        }
        Ok(())
    }

    fn outbox_moves(&mut self) -> Result<()> {
        let unsent = self.server.store.unsent();
        let at = self.random.index(unsent.len());
        let Some(key) = unsent.iter().nth(at).copied() else { return Ok(()) };
        let crash = self.crash();
        let world = (&mut self.provider, &self.catalog, &mut self.random);
        self.server.send(key, world, self.now, crash)?;
        self.look_at(Stream::Booking(key.booking))
    }

    /// Words that were lost are found by asking.
    fn somebody_asks_the_provider(&mut self) -> Result<()> {
        let asked: Vec<_> = self.server.store.payouts().collect();
        let Some(key) = self.random.pick(&asked).copied() else { return Ok(()) };
        if let Some(word) = self.provider.word(key) {
            self.network.send(Packet::Word(key, word), &mut self.random);
        }
        Ok(())
    }

    /// Has the auditor look at what only changed outside.
    fn look_at(&mut self, stream: Stream) -> Result<()> {
        self.server.store.look_at(stream);
        Ok(())
    }

    /// Nobody wants anything new, nothing is lost any more, and the provider comes to an end.
    fn become_quiet(&mut self) -> Result<()> {
        let first = self.step;
        loop {
            ensure!(self.step - first < QUIET_STEPS_MAX, "it does not become quiet");
            if let Some(packet) = self.network.arrives(&mut self.random) {
                self.arrives(packet)?;
            } else if let Some(request) = self.unanswered.values().next().cloned() {
                self.network.send_surely(Packet::Request(request));
            } else if !self.server.store.unsent().is_empty() {
                self.outbox_moves()?;
            } else if let Some((key, _)) = self.provider.happens(&mut self.random) {
                self.look_at(Stream::Booking(key.booking))?;
            } else if self.ask_about_all()? {
                return Ok(());
            }
            self.check()?;
        }
    }

    /// Asks the provider about every refund that it ever was to pay; answers whether that was no news.
    fn ask_about_all(&mut self) -> Result<bool> {
        let events = self.server.store.count();
        let asked: Vec<_> = self.server.store.payouts().collect();
        for key in asked {
            let Some(word) = self.provider.word(key) else { continue };
            let request = word_of(key, word, CommandId(self.random.id()));
            self.server.handle(&request, &self.catalog, self.now, None)?;
            self.check()?;
        }
        Ok(self.server.store.count() == events && self.server.store.unsent().is_empty())
    }

    /// Every event of what was written to in the last step, in JSON.
    pub(crate) fn last_written(&self) -> Vec<String> {
        let rows = self.written.iter().flat_map(|stream| self.server.store.events(*stream));
        rows.map(|row| format!("{} {}", row.at, row.json)).collect()
    }

    /// What it came to.
    pub(crate) fn report(&self, seed: u64) -> Report {
        let Server { decided, refused, repeated, crashes, rules_ns, store, refusals, .. } = &self.server;
        Report {
            seed,
            commands: *decided,
            refused: *refused,
            repeated: *repeated,
            crashes: *crashes,
            events: store.count(),
            payouts: u64::try_from(store.payouts().count()).unwrap_or(u64::MAX),
            kinds: self.auditor.kinds.clone(),
            refusals: refusals.clone(),
            rules_ns: *rules_ns,
            hash: store.hash().value(),
        }
    }
}
