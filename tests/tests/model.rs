//! Bookings and slots against a naive model: thousands of random commands, and after each of them the same people in the same places, the same
//! sums, and the same refusals where a slot is full. Limits of time and several windows are not in the model: those are in the properties.
//!
//! `MODEL_SEEDS` says how many runs; a failure names its seed and its step.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "model/naive.rs"]
mod naive;
#[path = "model/real.rs"]
mod real;

use leeway_core::booking::Standing;
use leeway_core::command::{Action, Actor, CancelReason, Move, MoveReason, RefundTo, Selection};
use leeway_core::slot::SlotCommand;

use naive::{Fate, Going, Gone, Guest, Model, Party, Rules, Run, Sale};
use real::Real;

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    /// A number below `below`.
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below
    }

    fn minor(&mut self, below: usize) -> i64 {
        i64::try_from(self.roll(below)).unwrap()
    }
}

/// Both worlds.
struct Duel {
    dice: Dice,
    model: Model,
    real: Real,
    /// How often slots were full, for a test that never fills one proves nothing.
    full: u32,
    moved: u32,
    refunded: u32,
    taken_back: u32,
    /// What was canceled of each sale, the oldest first.
    gone: Vec<(usize, Gone)>,
}

impl Duel {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let rules = Rules {
            percent: [0, 10, 33, 50, 100][dice.roll(5)],
            price_stays: dice.roll(2) == 0,
            move_fee: [0, 250, 4_000][dice.roll(3)],
        };
        let mut real = Real::new(rules);
        let run = |number| {
            let (capacity, price) = (u32::try_from(3 + dice.roll(8)).unwrap(), 10 + dice.minor(9_000));
            Run { id: real.open_slot(number, capacity, price), capacity, is_open: true, price }
        };
        let runs = (0..4).map(run).collect();
        let model = Model { rules, runs, sales: Vec::new() };
        Self { dice, model, real, full: 0, moved: 0, refunded: 0, taken_back: 0, gone: Vec::new() }
    }

    fn step(&mut self) {
        let sales = self.model.sales.len();
        match self.dice.roll(14) {
            _ if sales == 0 => self.make(),
            0 if sales < 6 => self.make(),
            0..=2 => self.pay(),
            3..=4 => self.cancel(),
            5..=9 => self.rebook(),
            10 => self.pay_back(),
            11..=12 => self.take_back(),
            _ => self.resize(),
        }
        self.compare();
    }

    fn pick_sale(&mut self) -> usize {
        self.dice.roll(self.model.sales.len())
    }

    fn make(&mut self) {
        let mut parties = Vec::new();
        for _ in 0..=self.dice.roll(2) {
            let slot = self.model.runs[self.dice.roll(4)].id;
            let prices: Vec<i64> = (0..self.dice.roll(4)).map(|_| self.dice.minor(9_000)).collect();
            parties.push((slot, prices, self.dice.minor(5_000)));
        }
        let (new, ids) = self.real.booking(&parties);
        let mut after = self.model.clone();
        let mut sale = Sale::default();
        for ((slot, prices, boat), (id, people)) in parties.into_iter().zip(ids) {
            sale.plan += prices.iter().sum::<i64>() + boat;
            let guests = prices.into_iter().zip(people);
            let guests = guests.map(|(price, id)| Guest { id, price, fate: Fate::Comes }).collect();
            sale.parties.push(Party { id, slot, guests, boat, fate: Fate::Comes, charged: 0, moves: 0 });
        }
        after.sales.push(sale);
        let fits = after.fits_after(&self.model);
        let done = self.real.make(new);
        self.agree(done, fits, after, &["slot_full", "slot_closed"]);
    }

    fn agree(&mut self, done: Result<u128, &'static str>, may: bool, after: Model, codes: &[&str]) {
        match done {
            Ok(_) => {
                assert!(may, "carried out, though the model refuses with one of {codes:?}");
                self.model = after;
            }
            Err(code) => {
                assert!(!may, "refused with `{code}`, though the model allows it");
                assert!(codes.contains(&code), "refused with `{code}`, the model with one of {codes:?}");
                self.full += u32::from(code == "slot_full");
            }
        }
    }

    fn pay(&mut self) {
        let sale = self.pick_sale();
        let owed = (self.model.sales[sale].owed() - self.model.sales[sale].paid).max(1);
        let minor = if self.dice.roll(2) == 0 { owed } else { 1 + self.dice.minor(9_000) };
        self.real.pay(sale, minor);
        self.model.sales[sale].paid += minor;
    }

    fn pay_back(&mut self) {
        let sale = self.pick_sale();
        if let Some((command, amount)) = self.model.sales[sale].promises.pop() {
            self.real.finalize(sale, command);
            self.model.sales[sale].paid -= amount;
            self.refunded += 1;
        }
    }

    fn cancel(&mut self) {
        let at = self.pick_sale();
        let (mut parties, mut guests, is_all) = (Vec::new(), Vec::new(), self.dice.roll(8) == 0);
        for party in self.model.sales[at].parties.iter().filter(|party| party.fate == Fate::Comes) {
            if is_all || self.dice.roll(5) == 0 {
                parties.push(party.id);
            }
            guests.extend(party.coming().into_iter().filter(|_| self.dice.roll(5) == 0));
        }
        if is_all {
            guests.clear();
        }
        let is_operators = self.dice.roll(4) == 0;
        let (actor, reason, fate) = if is_operators {
            (Actor::Operator, CancelReason::OperatorCancellation, Fate::Withdrawn)
        } else {
            (Actor::Customer, CancelReason::CustomerCancellation, Fate::Canceled)
        };
        let may = !parties.is_empty() || !guests.is_empty();
        let selection = if is_all { Selection::All } else { Selection::of_parts(parties.clone(), guests.clone()) };
        let action = Action::Cancel { selection, reason, refund_to: RefundTo::Money, overridden: None };
        let done = self.real.act(at, actor, action, false);
        let mut after = self.model.clone();
        if let Ok(command) = done {
            after.sales[at].cancel(self.model.rules, (&parties, &guests), fate, command);
            let found_and_left = (&self.model.sales[at], &after.sales[at]);
            self.gone.push((at, Gone::new(command, !is_operators, found_and_left)));
        }
        self.agree(done, may, after, &["nothing_selected", "nothing_to_cancel"]);
    }

    /// Mostly the latest that was canceled of a sale, and in time.
    fn take_back(&mut self) {
        let sale = self.pick_sale();
        let of_sale: Vec<usize> = (0..self.gone.len()).filter(|index| self.gone[*index].0 == sale).collect();
        if of_sale.is_empty() {
            return;
        }
        let standing = of_sale.iter().rposition(|index| !self.gone[*index].1.is_taken_back);
        let any = self.dice.roll(of_sale.len());
        let which = of_sale[standing.filter(|_| self.dice.roll(4) > 0).unwrap_or(any)];
        let (by_customer, in_time) = (self.dice.roll(3) > 0, self.dice.roll(6) > 0);
        let actor = if by_customer { Actor::Customer } else { Actor::Operator };
        let gone = self.gone[which].1.clone();
        let done = self.real.undo(sale, actor, (gone.command, if in_time { 0 } else { -1 }));
        if let Some(code) = gone.why_not(&self.model.sales[sale], by_customer, in_time) {
            assert_eq!(done, Err(code));
            return;
        }
        let mut after = self.model.clone();
        gone.take_back(&mut after.sales[sale]);
        let fits = after.fits_after(&self.model);
        self.taken_back += u32::from(done.is_ok());
        self.gone[which].1.is_taken_back = done.is_ok();
        self.agree(done, fits, after, &["slot_full", "slot_closed"]);
    }

    fn rebook(&mut self) {
        let at = self.pick_sale();
        let booked = |party: &&usize| self.model.sales[at].parties[**party].fate == Fate::Comes;
        let all: Vec<usize> = (0..self.model.sales[at].parties.len()).collect();
        let booked: Vec<usize> = all.iter().filter(booked).copied().collect();
        if booked.is_empty() {
            return;
        }
        let mut moves = Vec::new();
        for _ in 0..=self.dice.roll(3) {
            let party = booked[self.dice.roll(booked.len())];
            let guests = self.model.sales[at].parties[party].coming();
            let guests = guests.into_iter().filter(|_| self.dice.roll(2) == 0).collect();
            moves.push(Going { party, guests, to: self.dice.roll(4) });
        }
        let (by_operator, is_stale) = (self.dice.roll(3) == 0, self.dice.roll(3) == 0);
        let (actor, reason) = if by_operator {
            (Actor::Operator, MoveReason::OperatorRequest)
        } else {
            (Actor::Customer, MoveReason::CustomerRequest)
        };
        let wanted = moves.iter().map(|one| Move {
            item: self.model.sales[at].parties[one.party].id,
            participants: one.guests.clone(),
            slot: self.model.runs[one.to].id,
        });
        let action = Action::Rebook { moves: wanted.collect(), reason, overridden: None };
        let command = self.real.next();
        let done = self.real.act(at, actor, action, is_stale);
        if let Some(code) = self.model.why_not(at, &moves) {
            assert_eq!(done, Err(code), "{moves:?}");
            return;
        }
        let mut after = self.model.clone();
        let needs = after.rebook(at, &moves, by_operator, command);
        let mut runs = self.model.runs.iter().zip(needs);
        // Places that the same commit gives back count only where nobody looked before.
        let may = after.fits_after(&self.model) && (is_stale || runs.all(|(run, needs)| needs <= self.model.room(run)));
        self.moved += u32::from(done.is_ok());
        self.agree(done, may, after, &["slot_full", "slot_closed"]);
    }

    fn resize(&mut self) {
        let at = self.dice.roll(4);
        let (run, capacity) = (self.model.runs[at].clone(), u32::try_from(self.dice.roll(14)).unwrap());
        if self.dice.roll(4) == 0 {
            assert_eq!(self.real.slot(run.id, &SlotCommand::Close {}), Ok(()));
            self.model.runs[at].is_open = false;
            return;
        }
        let done = self.real.slot(run.id, &SlotCommand::Open { slot: run.id, capacity });
        if capacity < self.model.taken(run.id) {
            assert_eq!(done, Err("capacity_below_taken"));
        } else {
            assert_eq!(done, Ok(()));
            (self.model.runs[at].capacity, self.model.runs[at].is_open) = (capacity, true);
        }
    }

    fn compare(&self) {
        for run in &self.model.runs {
            let roster = self.real.roster(run.id);
            assert!(roster.held.iter().eq(&self.model.sits(run.id)), "who sits in {}: {:?}", run.id, roster.held);
            assert_eq!((roster.capacity, roster.room()), (run.capacity, self.model.room(run)));
            assert!(roster.taken() <= roster.capacity, "oversold");
        }
        for (sale, booking) in self.model.sales.iter().zip(self.real.bookings()) {
            let fate = |standing: Standing| match standing {
                Standing::Booked => Fate::Comes,
                Standing::Canceled => Fate::Canceled,
                Standing::Withdrawn => Fate::Withdrawn,
            };
            assert_eq!(booking.items.len(), sale.parties.len());
            for (item, party) in booking.items.iter().zip(&sale.parties) {
                assert_eq!((item.id, item.slot.id, fate(item.standing)), (party.id, party.slot, party.fate));
                let told: Vec<_> = item.participants.iter().map(|one| (one.id, fate(one.standing))).collect();
                let known: Vec<_> = party.guests.iter().map(|guest| (guest.id, guest.fate)).collect();
                assert_eq!(told, known);
            }
            let totals = leeway_core::balance::totals(booking).unwrap();
            let plan: i64 = booking.plan.iter().map(|charge| charge.amount.minor()).sum();
            assert_eq!((plan, totals.owed.minor()), (sale.plan, sale.owed()), "plan and owed");
            let told = (totals.paid.minor(), totals.promised.minor(), totals.balance.minor());
            assert_eq!(told, (sale.paid, sale.promised(), sale.owed() - sale.paid), "paid, promised, balance");
        }
    }
}

/// Source: requirements C1, D1, D3, D4
#[test]
fn bookings_and_slots_do_what_a_naive_model_does() {
    let seeds = std::env::var("MODEL_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(500);
    let (mut full, mut moved, mut refunded, mut taken_back) = (0, 0, 0, 0);
    for seed in 1..=seeds {
        let mut duel = Duel::new(seed);
        for step in 0..200 {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| duel.step()));
            assert!(outcome.is_ok(), "seed {seed}, step {step}");
        }
        (full, moved, refunded) = (full + duel.full, moved + duel.moved, refunded + duel.refunded);
        taken_back += duel.taken_back;
    }
    let each = u32::try_from(seeds).unwrap();
    let reached = [full, moved, refunded, taken_back];
    assert!(reached.iter().all(|times| *times > each), "full, moved, paid back, taken back: {reached:?}");
}
