//! The auditor: after every step it reads what was written, keeps books of its own, and compares them with what the worker believes, with what
//! the provider says, and with the money that people really handed over.
//!
//! Sums, places and shares are counted again, in `books`, `refunds`, `places` and `vouchers`, from the events' JSON alone. It never asks the
//! core's sums what is right; it asks whether they are.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use leeway_core::id::{BookingId, ItemId, PaymentId, RefundId, SlotId, VoucherId};
use leeway_core::voucher::VoucherPart;
use leeway_core::{Booking, Currency, Money, evolve};

use self::books::Books;
use self::places::Places;
use self::refunds::{Entry, Share};
use self::vouchers::{Said, VoucherBooks};
use super::Tally;
use super::memory::{self, Memory};
use super::provider::Provider;
use super::store::{Store, Stream};

mod books;
mod places;
mod refunds;
mod vouchers;

/// What people handed over, and what was handed back to them, outside the worker.
#[derive(Debug, Default)]
pub(crate) struct Till {
    pub(crate) paid: BTreeMap<PaymentId, (BookingId, Money)>,
    pub(crate) handed_back: BTreeMap<(RefundId, PaymentId), i64>,
}

/// Sums over the whole operator in one currency, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    /// Held for bookings, as the core has it.
    held: i64,
    /// Left on vouchers, as the core has it.
    on_vouchers: i64,
    /// What people paid, of what was recorded.
    paid: i64,
    /// What went back as money, as the events say.
    went_back: i64,
    /// Bonuses that were given.
    bonuses: i64,
}

/// What the auditor knows of a booking.
#[derive(Debug, Default)]
struct Known {
    books: Books,
    /// The booking as its JSON says, by an `evolve` that never crashed.
    shadow: Option<Booking>,
    read: usize,
    places: Vec<(SlotId, ItemId, u32)>,
    /// What the operator's sums have of it.
    counted: Sums,
}

/// What bookings and vouchers say of each other: the same, and in the same commit.
#[derive(Debug, Default, PartialEq)]
struct Documents {
    issued: BTreeMap<VoucherId, Vec<VoucherPart>>,
    redeemed: BTreeMap<(VoucherId, PaymentId), Vec<VoucherPart>>,
}

/// The auditor.
#[derive(Debug, Default)]
pub(crate) struct Auditor {
    known: BTreeMap<BookingId, Known>,
    vouchers: BTreeMap<VoucherId, (VoucherBooks, i64)>,
    places: Places,
    sums: BTreeMap<[u8; 3], Sums>,
    recorded: BTreeSet<PaymentId>,
    /// In the order in which they were made.
    pub(crate) booking_ids: Vec<BookingId>,
    pub(crate) voucher_ids: Vec<VoucherId>,
    /// How many events there were of each kind.
    pub(crate) kinds: Tally,
}

impl Auditor {
    /// Reads what was written in a step and checks everything that it touches.
    ///
    /// # Errors
    /// What does not add up.
    pub(crate) fn check(
        &mut self,
        written: &BTreeSet<Stream>,
        (store, memory): (&Store, &Memory),
        (till, provider): (&Till, &Provider),
    ) -> Result<()> {
        let (mut by_bookings, mut by_vouchers) = (Documents::default(), Documents::default());
        let mut slots = BTreeSet::new();
        for stream in written {
            match *stream {
                Stream::Booking(id) => {
                    let touched = self.booking(id, store, till, &mut by_bookings);
                    slots.extend(touched.with_context(|| format!("booking {id}"))?);
                    self.compare_booking(id, memory, till, provider).with_context(|| format!("booking {id}"))?;
                }
                Stream::Slot(id) => {
                    self.places.read(id, store.events(*stream)).with_context(|| format!("slot {id}"))?;
                    slots.insert(id);
                }
                Stream::Voucher(id) => {
                    self.voucher(id, (store, memory), &mut by_vouchers).with_context(|| format!("voucher {id}"))?
                }
            }
        }
        ensure!(by_bookings == by_vouchers, "bookings say {by_bookings:?} of vouchers, which say {by_vouchers:?}");
        slots.into_iter().try_for_each(|id| self.places.check(id, memory.rosters.get(&id)))?;
        self.check_sums()
    }

    /// Money is neither made nor lost: what is held and what vouchers are worth is what came in, less what went back, plus bonuses.
    fn check_sums(&self) -> Result<()> {
        for (currency, sums) in &self.sums {
            let Sums { held, on_vouchers, paid, went_back, bonuses } = *sums;
            let conserved = held + on_vouchers == paid - went_back + bonuses;
            ensure!(conserved, "{}: money is not conserved: {sums:?}", String::from_utf8_lossy(currency));
        }
        Ok(())
    }

    /// Enters what was written of a booking; answers the slots in which it takes other places than before.
    fn booking(&mut self, id: BookingId, store: &Store, till: &Till, documents: &mut Documents) -> Result<Vec<SlotId>> {
        let known = self.known.entry(id).or_default();
        let rows = store.events(Stream::Booking(id));
        if known.read == 0 && !rows.is_empty() {
            self.booking_ids.push(id);
        }
        for row in rows.get(known.read..).unwrap_or_default() {
            let event = memory::event(&row.json)?;
            ensure!(serde_json::to_string(&event)? == row.json, "`{}` is read as something else", row.json);
            known.books.enter(row.command, &event)?;
            *self.kinds.entry(event.kind()).or_default() += 1;
            known.shadow = evolve(known.shadow.take(), &event, row.at);
        }
        known.read = rows.len();
        let Some(shadow) = &known.shadow else { return Ok(Vec::new()) };
        known.books.check(shadow)?;
        let written = std::mem::take(&mut known.books.written);
        documents.issued.extend(written.issued);
        documents
            .redeemed
            .extend(written.redeemed.into_iter().map(|(voucher, payment, parts)| ((voucher, payment), parts)));
        let mut paid = known.counted.paid;
        for (payment, amount) in written.received {
            let came = till.paid.get(&payment);
            ensure!(came == Some(&(id, amount)), "payment {payment} of {amount} is recorded, and {came:?} came");
            ensure!(self.recorded.insert(payment), "payment {payment} is recorded in two bookings");
            paid += amount.minor();
        }
        let sums = Sums {
            held: shadow.payments.iter().map(|payment| payment.amount().minor()).sum(),
            went_back: known.books.refunds.values().map(Entry::went_back_as_money).sum(),
            bonuses: known.books.refunds.values().map(|entry| entry.bonus_given).sum(),
            on_vouchers: 0,
            paid,
        };
        let before = std::mem::replace(&mut known.counted, sums);
        self.sums.entry(key(shadow.currency)).or_default().change(before, sums);
        let places: Vec<(SlotId, ItemId, u32)> = known.books.places().collect();
        if places == known.places {
            return Ok(Vec::new());
        }
        self.places.moved(&known.places, &places);
        let before = std::mem::replace(&mut known.places, places);
        Ok(before.iter().chain(&known.places).map(|(slot, _, _)| *slot).collect())
    }

    /// Compares a booking with what the worker has in its memory, and with what left outside.
    fn compare_booking(&self, id: BookingId, memory: &Memory, till: &Till, provider: &Provider) -> Result<()> {
        let Some(known) = self.known.get(&id) else { return Ok(()) };
        let here = memory.bookings.get(&id);
        ensure!(
            here.is_none() || here == known.shadow.as_ref(),
            "what the worker has is not what its events say: {here:?} and {:?}",
            known.shadow
        );
        let is_under_way = |out: Out, share: &Share| share.check_out(out.by_provider, out.by_hand);
        shares_out(&known.books, till, provider, is_under_way)
    }

    fn voucher(&mut self, id: VoucherId, (store, memory): (&Store, &Memory), documents: &mut Documents) -> Result<()> {
        let (books, counted) = self.vouchers.entry(id).or_default();
        if books.shadow.is_none() {
            self.voucher_ids.push(id);
        }
        for said in books.read(store.events(Stream::Voucher(id)))? {
            match said {
                Said::Issued(parts) => drop(documents.issued.insert(id, parts)),
                Said::Redeemed(payment, parts) => drop(documents.redeemed.insert((id, payment), parts)),
            }
        }
        let here = memory.vouchers.get(&id);
        ensure!(here.is_none() || here == books.shadow.as_ref(), "what the worker has is not what its events say");
        let before = std::mem::replace(counted, books.check()?);
        if let Some(shadow) = &books.shadow {
            self.sums.entry(key(shadow.currency)).or_default().on_vouchers += *counted - before;
        }
        Ok(())
    }

    /// Checks everything once more, when nothing is under way any more.
    ///
    /// # Errors
    /// What does not add up.
    pub(crate) fn check_all(&self, store: &Store, (till, provider): (&Till, &Provider)) -> Result<()> {
        let mut memory = Memory::default();
        for stream in store.streams() {
            match stream {
                Stream::Booking(id) => memory.load_booking(store, id)?,
                Stream::Slot(id) => memory.load_roster(store, id)?,
                Stream::Voucher(id) => memory.load_voucher(store, id)?,
            }
        }
        for (id, known) in &self.known {
            self.compare_booking(*id, &memory, till, provider).with_context(|| format!("booking {id}"))?;
            known
                .books
                .refunds
                .values()
                .try_for_each(Entry::check_nothing_waits)
                .with_context(|| format!("booking {id}"))?;
            let is_over = |out: Out, share: &Share| share.check_quiet(out.by_provider, out.by_hand);
            shares_out(&known.books, till, provider, is_over).with_context(|| format!("booking {id}, in the end"))?;
        }
        self.places.all().try_for_each(|id| self.places.check(id, memory.rosters.get(&id)))?;
        for payment in till.paid.keys() {
            ensure!(self.recorded.contains(payment), "payment {payment} came, and nobody recorded it");
        }
        self.check_out_of_nowhere(till, provider)?;
        self.check_sums()
    }

    /// Nothing left that no booking speaks of.
    fn check_out_of_nowhere(&self, till: &Till, provider: &Provider) -> Result<()> {
        let books = || self.known.values().map(|known| &known.books);
        let entries: BTreeMap<RefundId, &Entry> =
            books().flat_map(|books| &books.refunds).map(|(id, entry)| (*id, entry)).collect();
        let out = provider.all_left().map(|(share, _)| share).chain(till.handed_back.keys().copied());
        for (refund, payment) in out {
            let known = entries.get(&refund).is_some_and(|entry| entry.shares.contains_key(&payment));
            ensure!(known, "money left for refund {refund}, payment {payment}, which nobody knows");
        }
        Ok(())
    }
}

/// What left for a share.
#[derive(Debug, Clone, Copy)]
struct Out {
    by_provider: i64,
    by_hand: i64,
}

fn shares_out(
    books: &Books,
    till: &Till,
    provider: &Provider,
    check: impl Fn(Out, &Share) -> Result<()>,
) -> Result<()> {
    for (refund, entry) in &books.refunds {
        for (payment, share) in &entry.shares {
            let by_hand = till.handed_back.get(&(*refund, *payment)).copied().unwrap_or(0);
            let out = Out { by_provider: provider.left(*refund, *payment), by_hand };
            check(out, share).with_context(|| format!("refund {refund}, payment {payment}"))?;
        }
    }
    Ok(())
}

impl Sums {
    fn change(&mut self, before: Self, after: Self) {
        self.held += after.held - before.held;
        self.paid += after.paid - before.paid;
        self.went_back += after.went_back - before.went_back;
        self.bonuses += after.bonuses - before.bonuses;
    }
}

fn key(currency: Currency) -> [u8; 3] {
    currency.code().as_bytes().try_into().unwrap_or_default()
}
