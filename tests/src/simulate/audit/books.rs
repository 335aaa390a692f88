//! One booking's books, kept by the auditor from its events alone: what is owed, what was paid, how much of each payment goes back, who attends.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use leeway_core::booking::Standing;
use leeway_core::event::{Canceled, CancellationUndone, Extent, GatewayFeeNoted, Made, PaymentRecorded, Rebooked};
use leeway_core::id::{CommandId, ItemId, LineId, ParticipantId, PaymentId, RefundId, SlotId, VoucherId};
use leeway_core::refund::Refund;
use leeway_core::voucher::VoucherPart;
use leeway_core::{Booking, Event, Money};

use super::refunds::Entry;

/// The books of one booking, in minor units of its currency.
#[derive(Debug, Default)]
pub(super) struct Books {
    items: BTreeMap<ItemId, BookedItem>,
    /// Everything that is owed while the booking takes place, fees included.
    plan: i64,
    /// What is owed even when nothing of it takes place.
    fees: i64,
    pub(super) payments: BTreeMap<PaymentId, PaymentRecorded>,
    pub(super) refunds: BTreeMap<RefundId, Entry>,
    generation: u16,
    /// What each command canceled that was not taken back.
    canceled: BTreeMap<CommandId, CanceledParts>,
    pub(super) written: Written,
}

/// What a cancellation changed.
#[derive(Debug)]
struct CanceledParts {
    /// Each item before it and after it.
    items: BTreeMap<ItemId, (BookedItem, BookedItem)>,
    /// What it added to the plan, and to what is owed even when nothing takes place.
    plan: i64,
    fees: i64,
}

/// What one event means outside the booking; taken by the auditor at once.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) issued: Vec<(VoucherId, Vec<VoucherPart>)>,
    pub(super) redeemed: Vec<(VoucherId, PaymentId, Vec<VoucherPart>)>,
    pub(super) received: Vec<(PaymentId, Money)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct BookedItem {
    slot: Option<SlotId>,
    is_booked: bool,
    attending: BTreeSet<ParticipantId>,
    /// What is still booked, at its price.
    lines: BTreeMap<LineId, i64>,
}

impl Books {
    /// Enters an event.
    ///
    /// # Errors
    /// It does not follow from those before it.
    pub(super) fn enter(&mut self, command: CommandId, event: &Event) -> Result<()> {
        match event {
            Event::BookingMade(made) => self.made(made),
            Event::PaymentRecorded(payment) => self.received(payment),
            Event::GatewayFeeNoted(noted) => self.fee_noted(noted),
            Event::PlanAdjusted(adjusted) => {
                self.plan += adjusted.amount.minor();
                ensure!(self.plan >= 0 || adjusted.amount.minor() > 0, "a rebate above the plan");
                Ok(())
            }
            Event::Canceled(canceled) => self.canceled(command, canceled),
            Event::CancellationUndone(undone) => self.undone(undone),
            Event::Rebooked(rebooked) => self.rebooked(rebooked),
            Event::RefundEntered(entered) => {
                self.plan += entered.virtual_charge.map_or(0, minor);
                self.entered(&entered.refund)
            }
            Event::RefundDeclined(declined) => {
                let entry = self.entry(declined.refund)?;
                ensure!(declined.kept.minor() == entry.minor, "another amount is kept than the entry's");
                entry.void()?;
                self.plan += declined.kept.minor();
                self.fees += declined.kept.minor();
                Ok(())
            }
            Event::RefundVoided(voided) => {
                self.plan += voided.restored.map_or(0, minor);
                self.entry(voided.refund)?.void()
            }
            Event::RefundApproved(approved) => self.entry(approved.refund)?.approve(),
            Event::RefundRouted(routed) => self.entry(routed.refund)?.route(routed.way),
            Event::RefundSubmitted(submitted) => self.entry(submitted.refund)?.submit(submitted.payment),
            Event::RefundSettled(settled) => self.entry(settled.refund)?.settle(settled.payments.as_deref()),
            Event::RefundFailed(failed) => self.entry(failed.refund)?.fail(failed.payment, failed.reversed.map(minor)),
            Event::VoucherIssued(issued) => {
                self.entry(issued.refund)?.issue(&issued.payments, &issued.parts)?;
                self.written.issued.push((issued.refund.into(), issued.parts.clone()));
                Ok(())
            }
            Event::CreditNoteMade(written) => self.entry(written.refund)?.credit_note(),
            Event::CreditNoteApproved(_) | Event::TaskOpened(_) | Event::ParticipantRenamed(_) => Ok(()),
            Event::LinksRevoked(revoked) => {
                ensure!(revoked.generation > self.generation, "links of generation {} come back", revoked.generation);
                self.generation = revoked.generation;
                Ok(())
            }
        }
    }

    fn entry(&mut self, id: RefundId) -> Result<&mut Entry> {
        self.refunds.get_mut(&id).with_context(|| format!("there is no refund {id}"))
    }

    fn made(&mut self, made: &Made) -> Result<()> {
        ensure!(self.items.is_empty(), "it is made twice");
        self.generation = 1;
        self.plan = made.plan.iter().map(|part| part.amount.minor()).sum();
        for item in &made.items {
            let booked = BookedItem {
                slot: Some(item.slot.id),
                is_booked: true,
                attending: item.participants.iter().map(|one| one.id).collect(),
                lines: item.lines.iter().map(|line| (line.id, line.price.minor())).collect(),
            };
            self.items.insert(item.id, booked);
        }
        let price: i64 = self.items.values().flat_map(|item| item.lines.values()).sum();
        ensure!(price == self.plan, "the plan comes to {}, the price is {price}", self.plan);
        Ok(())
    }

    fn received(&mut self, payment: &PaymentRecorded) -> Result<()> {
        ensure!(payment.amount.is_positive(), "a payment of {}", payment.amount);
        match &payment.voucher {
            Some(redeemed) => {
                let parts: i64 = redeemed.parts.iter().map(|part| part.amount.minor()).sum();
                ensure!(parts == payment.amount.minor(), "a voucher's parts do not come to the payment");
                self.written.redeemed.push((redeemed.voucher, payment.id, redeemed.parts.clone()));
            }
            None => self.written.received.push((payment.id, payment.amount)),
        }
        ensure!(self.payments.insert(payment.id, payment.clone()).is_none(), "payment {} comes twice", payment.id);
        Ok(())
    }

    fn fee_noted(&mut self, noted: &GatewayFeeNoted) -> Result<()> {
        let payment = self.payments.get_mut(&noted.payment).context("a fee of a payment that never came")?;
        ensure!(payment.gateway_fee.is_none(), "the gateway took something twice");
        ensure!((0..=payment.amount.minor()).contains(&noted.fee.minor()), "a fee of {}", noted.fee);
        payment.gateway_fee = Some(noted.fee);
        Ok(())
    }

    fn canceled(&mut self, command: CommandId, canceled: &Canceled) -> Result<()> {
        let (mut price, mut items) = (0, BTreeMap::new());
        for part in &canceled.items {
            let item = self.items.get_mut(&part.item).context("an item that there is not")?;
            let before = item.clone();
            ensure!(item.is_booked, "item {} is canceled twice", part.item);
            for line in &part.lines {
                price += item.lines.remove(line).context("a line that is not booked")?;
            }
            for participant in &part.participants {
                ensure!(item.attending.remove(participant), "{participant} does not attend");
            }
            item.is_booked = part.extent == Extent::Part;
            ensure!(item.is_booked || item.lines.is_empty(), "item {} ends, and not all of its lines", part.item);
            items.insert(part.item, (before, item.clone()));
        }
        ensure!(canceled.price.minor() == price, "lines of {price} are canceled for {}", canceled.price);
        let (fee, waived, gateway) = (canceled.fee.minor(), canceled.waived.minor(), canceled.gateway_fee.minor());
        ensure!(fee >= 0 && waived >= 0 && gateway >= 0, "a fee below nothing");
        let plan = canceled.group_price_lost.map_or(0, minor) - price + fee - waived + gateway;
        let fees = fee - waived + gateway;
        self.canceled.insert(command, CanceledParts { items, plan, fees });
        self.plan += plan;
        self.fees += fees;
        Ok(())
    }

    /// As if it had not happened: the same people in the same items, the same sums, and nothing goes back.
    fn undone(&mut self, undone: &CancellationUndone) -> Result<()> {
        let past = self.canceled.remove(&undone.command).context("nothing was canceled by it, or it was taken back")?;
        for (id, (before, after)) in past.items {
            let now = self.items.get_mut(&id).context("an item that there is not")?;
            ensure!(*now == after, "item {id} changed since it was canceled");
            *now = before;
        }
        let taken_back: i64 = undone.charges.iter().map(|charge| charge.amount.minor()).sum();
        ensure!(taken_back == -past.plan, "{taken_back} is taken back of {}", past.plan);
        self.plan -= past.plan;
        self.fees -= past.fees;
        // A cancellation's refund entry has the id of its command.
        let refund = RefundId(undone.command.0);
        let entry = self.refunds.get_mut(&refund);
        ensure!(entry.is_some() == (undone.refund == Some(refund)), "the refund {:?} is taken back", undone.refund);
        entry.map_or(Ok(()), Entry::void)
    }

    fn rebooked(&mut self, rebooked: &Rebooked) -> Result<()> {
        let mut difference = 0;
        for moved in &rebooked.moves {
            let item = self.items.get_mut(&moved.item).context("an item that there is not")?;
            ensure!(item.is_booked, "item {} moves, and is not booked", moved.item);
            let mut lines = BTreeMap::new();
            for line in &moved.lines {
                let old = item.lines.remove(&line.line).context("a line that is not booked")?;
                difference += line.price.minor() - old;
                lines.insert(line.line, line.price.minor());
            }
            let attending: BTreeSet<ParticipantId> = moved.participants.iter().copied().collect();
            ensure!(attending.is_subset(&item.attending), "somebody moves who does not attend");
            match moved.extent {
                Extent::Whole => {
                    ensure!(item.lines.is_empty() && attending == item.attending, "not all of the item moves");
                    (item.slot, item.lines) = (Some(moved.slot.id), lines);
                }
                Extent::Part => {
                    item.attending.retain(|one| !attending.contains(one));
                    let new = BookedItem { slot: Some(moved.slot.id), is_booked: true, attending, lines };
                    ensure!(self.items.insert(moved.into, new).is_none(), "item {} is there already", moved.into);
                }
            }
        }
        ensure!(
            rebooked.difference.minor() == difference,
            "prices differ by {difference}, not {}",
            rebooked.difference
        );
        let (kept, fee, gateway) = (rebooked.kept.minor(), rebooked.fee.minor(), rebooked.gateway_fee.minor());
        ensure!(kept >= 0 && fee >= 0 && gateway >= 0, "a fee below nothing");
        self.plan += difference + rebooked.group_price_lost.minor() + kept + fee + gateway;
        self.fees += kept + fee + gateway;
        Ok(())
    }

    fn entered(&mut self, refund: &Refund) -> Result<()> {
        let entry = Entry::new(refund)?;
        for (payment, share) in &entry.shares {
            let from = self.payments.get(payment).with_context(|| format!("payment {payment} never came"))?;
            ensure!(share.method == from.method, "a share goes back another way than its payment came");
        }
        ensure!(self.refunds.insert(refund.id, entry).is_none(), "refund {} is entered twice", refund.id);
        self.check_payments()
    }

    /// Of no payment goes more back than came in, of a voucher's bonus no more than was given.
    fn check_payments(&self) -> Result<()> {
        let live = || self.refunds.values().filter(|entry| !entry.is_void);
        for (id, payment) in &self.payments {
            let shares = || live().filter_map(|entry| entry.shares.get(id));
            let back: i64 = shares().map(|share| share.minor).sum();
            ensure!(back <= payment.amount.minor(), "{back} goes back of payment {id}, which was {}", payment.amount);
            let Some(redeemed) = &payment.voucher else { continue };
            for part in redeemed.parts.iter().filter(|part| part.bonus.is_some()) {
                let parts = shares().flat_map(|share| &share.parts).filter(|back| back.bonus == part.bonus);
                let bonus: i64 = parts.map(|back| back.amount.minor()).sum();
                ensure!(bonus <= part.amount.minor(), "more bonus goes back of payment {id} than it had");
            }
        }
        Ok(())
    }

    /// Money in.
    pub(super) fn paid_in(&self) -> i64 {
        self.payments.values().map(|payment| payment.amount.minor()).sum()
    }

    fn is_canceled(&self) -> bool {
        self.items.values().all(|item| !item.is_booked)
    }

    /// How many places each item takes where.
    pub(super) fn places(&self) -> impl Iterator<Item = (SlotId, ItemId, u32)> {
        let booked = self.items.iter().filter(|(_, item)| item.is_booked);
        booked.filter_map(|(id, item)| Some((item.slot?, *id, u32::try_from(item.attending.len().max(1)).ok()?)))
    }

    /// Compares with the booking as the core has it.
    ///
    /// # Errors
    /// What differs.
    pub(super) fn check(&self, booking: &Booking) -> Result<()> {
        let back: i64 = self.refunds.values().map(Entry::went_back).sum();
        let owed = if self.is_canceled() { self.fees } else { self.plan };
        let balance = leeway_core::balance(booking)?.minor();
        ensure!(
            balance == owed - self.paid_in() + back,
            "the balance is {balance}, the events say {}",
            owed - self.paid_in() + back
        );
        ensure!(booking.link_generation == self.generation, "links are of generation {}", booking.link_generation);
        for item in &booking.items {
            let Some(mine) = self.items.get(&item.id) else { bail!("item {} comes from nowhere", item.id) };
            let attending = item.participants.iter().filter(|one| one.standing == Standing::Booked).map(|one| one.id);
            let lines = item.lines.iter().filter(|line| line.standing == Standing::Booked);
            let same = mine.is_booked == (item.standing == Standing::Booked)
                && (!mine.is_booked || mine.slot == Some(item.slot.id))
                && attending.collect::<BTreeSet<_>>() == mine.attending
                && lines.map(|line| (line.id, line.price.minor())).collect::<BTreeMap<_, _>>() == mine.lines;
            ensure!(same, "item {} is not what its events say", item.id);
        }
        booking
            .refunds
            .iter()
            .try_for_each(|refund| self.refunds.get(&refund.id).context("a refund from nowhere")?.check(refund))
    }
}

fn minor(amount: Money) -> i64 {
    amount.minor()
}
