//! The model: who sits where and who owes what, kept in plain lists and whole numbers. It knows one policy without time and none of the core's
//! functions; only ids are the core's, so that both speak of the same.

use std::collections::BTreeMap;

use leeway_core::id::{ItemId, ParticipantId, SlotId};

/// So many per cent of what is canceled; what becomes of a lower price; what a move costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub percent: i64,
    pub price_stays: bool,
    pub move_fee: i64,
}

/// Comes, was canceled for a fee, or taken out by the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Comes,
    Canceled,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Guest {
    pub id: ParticipantId,
    pub price: i64,
    pub fate: Fate,
}

/// People who go together, and what they hire together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Party {
    pub id: ItemId,
    pub slot: SlotId,
    pub guests: Vec<Guest>,
    pub boat: i64,
    pub fate: Fate,
    pub charged: i64,
    /// How often it was moved: who went away and came back has been away.
    pub moves: u32,
}

impl Party {
    pub(crate) fn coming(&self) -> Vec<ParticipantId> {
        let coming = self.guests.iter().filter(|guest| guest.fate == Fate::Comes);
        coming.map(|guest| guest.id).collect()
    }

    pub(crate) fn places(&self) -> u32 {
        match (self.fate, self.coming().len()) {
            (Fate::Canceled | Fate::Withdrawn, _) => 0,
            (Fate::Comes, 0) => 1,
            (Fate::Comes, guests) => u32::try_from(guests).unwrap(),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Sale {
    pub parties: Vec<Party>,
    pub plan: i64,
    pub fees: i64,
    pub paid: i64,
    /// What is promised back, by the number of the command.
    pub promises: Vec<(u128, i64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub id: SlotId,
    pub capacity: u32,
    pub is_open: bool,
    pub price: i64,
}

/// Everything.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub rules: Rules,
    pub runs: Vec<Run>,
    pub sales: Vec<Sale>,
}

/// One move: of a party, these guests (nobody: everybody), to that slot.
#[derive(Debug, Clone)]
pub(crate) struct Going {
    pub party: usize,
    pub guests: Vec<ParticipantId>,
    pub to: usize,
}

/// Half away from zero; nothing here is below zero.
fn percent_of(percent: i64, amount: i64) -> i64 {
    (amount * percent + 50) / 100
}

impl Sale {
    pub(crate) fn is_over(&self) -> bool {
        self.parties.iter().all(|party| party.fate != Fate::Comes)
    }

    pub(crate) fn owed(&self) -> i64 {
        if self.is_over() { self.fees } else { self.plan }
    }

    pub(crate) fn promised(&self) -> i64 {
        self.promises.iter().map(|(_, amount)| amount).sum()
    }

    fn promise(&mut self, command: u128, amount: i64) {
        if amount > 0 {
            self.promises.push((command, amount));
        }
    }

    /// Takes guests out of a party, or ends it; what that costs.
    fn leave(&mut self, rules: Rules, party: usize, guests: Option<&[ParticipantId]>, fate: Fate) {
        let party = &mut self.parties[party];
        let coming = party.coming();
        let goes = |id: ParticipantId| guests.is_none_or(|guests| guests.contains(&id));
        let ends = guests.is_none() || coming.iter().all(|id| goes(*id));
        let mut off = 0;
        for guest in party.guests.iter_mut().filter(|guest| guest.fate == Fate::Comes && goes(guest.id)) {
            guest.fate = fate;
            off += guest.price;
        }
        if ends {
            party.fate = fate;
            off += party.boat;
        }
        self.plan -= off;
        if fate == Fate::Canceled {
            let gone = party.guests.iter().filter(|guest| guest.fate == Fate::Canceled);
            let boat = if party.fate == Fate::Canceled { party.boat } else { 0 };
            let gone: i64 = gone.map(|guest| guest.price).sum::<i64>() + boat;
            let fee = (percent_of(rules.percent, gone) - party.charged).max(0);
            party.charged += fee;
            self.plan += fee;
            self.fees += fee;
        }
    }

    /// Whole parties, and guests of others.
    pub(crate) fn cancel(
        &mut self,
        rules: Rules,
        (parties, guests): (&[ItemId], &[ParticipantId]),
        fate: Fate,
        command: u128,
    ) {
        for index in 0..self.parties.len() {
            let party = &self.parties[index];
            let named = party.coming().iter().any(|id| guests.contains(id));
            match (party.fate, parties.contains(&party.id)) {
                (Fate::Comes, true) => self.leave(rules, index, None, fate),
                (Fate::Comes, false) if named => self.leave(rules, index, Some(guests), fate),
                (Fate::Comes | Fate::Canceled | Fate::Withdrawn, _) => {}
            }
        }
        let held = self.paid - self.promised();
        if self.is_over() {
            let waived = (self.fees - held).clamp(0, self.fees);
            self.fees -= waived;
            self.plan -= waived;
        }
        self.promise(command, held - self.owed());
    }
}

/// A cancellation, and what it found and left.
#[derive(Debug, Clone)]
pub(crate) struct Gone {
    pub command: u128,
    pub by_customer: bool,
    before: Sale,
    after: Sale,
    pub is_taken_back: bool,
}

impl Gone {
    pub(crate) fn new(command: u128, by_customer: bool, (before, after): (&Sale, &Sale)) -> Self {
        Self { command, by_customer, before: before.clone(), after: after.clone(), is_taken_back: false }
    }

    /// Why it cannot be taken back, before anybody looks at places.
    pub(crate) fn why_not(&self, sale: &Sale, by_customer: bool, in_time: bool) -> Option<&'static str> {
        let waits = |sale: &Sale| sale.promises.iter().any(|(command, _)| *command == self.command);
        if self.is_taken_back {
            Some("nothing_to_undo")
        } else if by_customer && !self.by_customer {
            Some("not_your_own")
        } else if !in_time {
            Some("undo_too_late")
        } else if waits(&self.after) && !waits(sale) {
            Some("refund_under_way")
        } else {
            (sale.parties != self.after.parties).then_some("undo_overtaken")
        }
    }

    /// As if it had not happened, but for what was paid since.
    pub(crate) fn take_back(&self, sale: &mut Sale) {
        sale.parties.clone_from(&self.before.parties);
        sale.plan += self.before.plan - self.after.plan;
        sale.fees += self.before.fees - self.after.fees;
        sale.promises.retain(|(command, _)| *command != self.command);
    }
}

impl Model {
    /// Who has how many places in a slot.
    pub(crate) fn sits(&self, slot: SlotId) -> BTreeMap<ItemId, u32> {
        let parties = self.sales.iter().flat_map(|sale| &sale.parties);
        let there = parties.filter(|party| party.slot == slot && party.places() > 0);
        there.map(|party| (party.id, party.places())).collect()
    }

    pub(crate) fn taken(&self, slot: SlotId) -> u32 {
        self.sits(slot).values().sum()
    }

    pub(crate) fn room(&self, run: &Run) -> u32 {
        if run.is_open { run.capacity - self.taken(run.id) } else { 0 }
    }

    /// Does everybody fit, and nobody new sit in what is closed?
    pub(crate) fn fits_after(&self, before: &Self) -> bool {
        self.runs.iter().all(|run| {
            let had = before.sits(run.id);
            let comes = |(id, places): (&ItemId, &u32)| *places > had.get(id).copied().unwrap_or(0);
            let has = self.sits(run.id);
            self.taken(run.id) <= run.capacity && (run.is_open || !has.iter().any(comes))
        })
    }

    /// Why moves cannot be, before anybody looks at places.
    pub(crate) fn why_not(&self, sale: usize, moves: &[Going]) -> Option<&'static str> {
        let sale = &self.sales[sale];
        for (index, one) in moves.iter().enumerate() {
            let party = &sale.parties[one.party];
            let is_whole = |going: &Going| {
                let coming = sale.parties[going.party].coming();
                going.guests.is_empty() || coming.iter().all(|id| going.guests.contains(id))
            };
            let twice = |other: &Going| {
                let shared = one.guests.iter().any(|id| other.guests.contains(id));
                other.party == one.party && (shared || is_whole(one) || is_whole(other))
            };
            if moves[..index].iter().any(twice) {
                return Some("moved_twice");
            }
            if self.runs[one.to].id == party.slot {
                return Some("same_slot");
            }
        }
        None
    }

    /// Carries moves out, wherever they lead; the places that they need, slot by slot.
    pub(crate) fn rebook(&mut self, sale: usize, moves: &[Going], by_operator: bool, command: u128) -> Vec<u32> {
        let (rules, runs) = (self.rules, self.runs.clone());
        let sale = &mut self.sales[sale];
        let mut needs = vec![0; runs.len()];
        let mut change = 0;
        for (index, one) in moves.iter().enumerate() {
            let party = &mut sale.parties[one.party];
            // The last who leave take the rest along: they are everybody who is still there.
            let coming = party.coming();
            let goes = |id: &ParticipantId| one.guests.is_empty() || one.guests.contains(id);
            let going: Vec<_> = coming.iter().copied().filter(goes).collect();
            let is_whole = going.len() == coming.len();
            needs[one.to] += u32::try_from(going.len()).unwrap().max(1);
            let (mut old, mut new) = (if is_whole { party.boat } else { 0 }, if is_whole { party.boat } else { 0 });
            for guest in party.guests.iter_mut().filter(|guest| going.contains(&guest.id)) {
                old += guest.price;
                guest.price = match (by_operator, rules.price_stays) {
                    (true, _) => guest.price.min(runs[one.to].price),
                    (false, true) => guest.price.max(runs[one.to].price),
                    (false, false) => runs[one.to].price,
                };
                new += guest.price;
            }
            if !by_operator {
                let costs = percent_of(rules.percent, (old - new).max(0)) + rules.move_fee.min(old);
                sale.fees += costs;
                change += costs;
            }
            change += new - old;
            if is_whole {
                (party.slot, party.moves) = (runs[one.to].id, party.moves + 1);
            } else {
                let (leave, stay) = party.guests.drain(..).partition(|guest| going.contains(&guest.id));
                party.guests = stay;
                let id = ItemId(uuid::Uuid::from_u128(command + u128::try_from(index).unwrap()));
                let slot = runs[one.to].id;
                let party = Party { id, slot, guests: leave, boat: 0, fate: Fate::Comes, charged: 0, moves: 0 };
                sale.parties.push(party);
            }
        }
        sale.plan += change;
        let free = sale.paid - sale.promised() - sale.plan;
        sale.promise(command, free.min(-change));
        needs
    }
}
