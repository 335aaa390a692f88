//! The rules themselves as a host: commands straight to the core. The questions (quote, options, timeline, balance) can be put to another
//! build of the rules, which is how the browser package runs the vectors.

use anyhow::{Context as _, Result, bail, ensure};
use leeway_core::balance::{payment_status, status, totals};
use leeway_core::booking::{Slot, SlotTime};
use leeway_core::command::{Action, Actor, Adjust, Command, EnterRefund, Envelope, RefundStep, Selection};
use leeway_core::commit::carry_out;
use leeway_core::freeze::freeze;
use leeway_core::id::{CommandId, PaymentId, RefundId, SlotId};
use leeway_core::rebook::KindPrice;
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::slot::{self, Roster, SlotCommand};
use leeway_core::undo::Undo;
use leeway_core::voucher::{self, Voucher};
use leeway_core::work::work;
use leeway_core::{
    Booking, Event, Instant, Map, Money, Offer, Policy, Quote, Refusal, balance, collect, options, quote, timeline,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::resolve::{NOBODY, Wanted};
use crate::run::{Answer, Host, Seen};
use crate::vector::{Step, Verb, Who};

mod log;
mod wanted;

use log::Log;
use wanted::{Collecting, NotedFee, Redeem, Undoing, read, read_payment, read_slot, read_step};

/// The questions that the browser package answers, as it is asked them: JSON in, JSON out.
pub trait Rules {
    /// What an action would do: a quote or a refusal.
    ///
    /// # Errors
    /// The question is malformed.
    fn quote(&self, booking: &Booking, action: &Value, offers: &[Offer], at: Instant, who: Who) -> Result<Answer>;

    /// What may be done.
    ///
    /// # Errors
    /// The question is malformed, or refused.
    fn options(&self, booking: &Booking, at: Instant) -> Result<Value>;

    /// How the price of canceling a selection changes.
    ///
    /// # Errors
    /// The question is malformed, or refused.
    fn timeline(&self, booking: &Booking, selection: &Value) -> Result<Value>;

    /// `owed`, `paid`, `promised` and `balance`.
    ///
    /// # Errors
    /// The question is malformed, or refused.
    fn totals(&self, booking: &Booking) -> Result<Value>;
}

/// The rules as they are compiled into this program.
#[derive(Debug, Clone, Copy, Default)]
pub struct Core;

impl Rules for Core {
    fn quote(&self, booking: &Booking, action: &Value, offers: &[Offer], at: Instant, who: Who) -> Result<Answer> {
        match quote(booking, &read::<Action>(action)?, offers, actor(who), at) {
            Ok(quote) => Ok(Answer::Done(Some(serde_json::to_value(quote)?))),
            Err(refusal) => refused(&refusal),
        }
    }

    fn options(&self, booking: &Booking, at: Instant) -> Result<Value> {
        Ok(serde_json::to_value(options(booking, at)?)?)
    }

    fn timeline(&self, booking: &Booking, selection: &Value) -> Result<Value> {
        Ok(serde_json::to_value(timeline(booking, &read::<Selection>(selection)?)?)?)
    }

    fn totals(&self, booking: &Booking) -> Result<Value> {
        Ok(serde_json::to_value(totals(booking)?)?)
    }
}

/// The host of the native run.
#[must_use]
pub fn native() -> Native<Core> {
    Native::new(Core)
}

/// A booking, slots and vouchers in memory, commands by the core, questions to some build of the rules.
#[derive(Debug, Clone)]
pub struct Native<R> {
    rules: R,
    policy: Option<Policy>,
    booking: Option<Booking>,
    opened: Vec<Opened>,
    slots: Vec<Uuid>,
    rosters: Map<SlotId, Roster>,
    vouchers: Vec<Voucher>,
    log: Log,
    ids: u128,
}

/// A slot that was opened.
#[derive(Debug, Clone)]
struct Opened {
    slot: Slot,
    service: String,
    prices: Vec<KindPrice>,
}

/// A slot as a vector gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenSlot {
    service: String,
    starts_at: Instant,
    ends_at: Instant,
    zone: leeway_core::time::Zone,
    capacity: u32,
    #[serde(default)]
    prices: Vec<KindPrice>,
}

impl<R: Rules> Native<R> {
    /// A host without a booking.
    pub fn new(rules: R) -> Self {
        Self {
            rules,
            policy: None,
            booking: None,
            opened: Vec::new(),
            slots: Vec::new(),
            rosters: Map::new(),
            vouchers: Vec::new(),
            log: Log::default(),
            ids: 0,
        }
    }

    fn fresh(&mut self) -> Uuid {
        self.ids = self.ids.wrapping_add(1);
        numbered(self.ids)
    }

    fn made(&self) -> Result<&Booking> {
        self.booking.as_ref().context("no booking has been made")
    }

    fn open_slot(&mut self, given: &Value) -> Result<()> {
        let GivenSlot { service, starts_at, ends_at, zone, capacity, prices } = read(given)?;
        let id = SlotId(self.fresh());
        let command = SlotCommand::Open { slot: id, capacity };
        let event = slot::decide(None, &command)?.context("a new slot is opened")?;
        self.rosters.extend(slot::evolve(None, &event).map(|roster| (id, roster)));
        self.opened.push(Opened { slot: Slot { id, time: SlotTime { starts_at, ends_at, zone } }, service, prices });
        self.slots.push(id.0);
        Ok(())
    }

    /// The slots as they can be moved to now.
    ///
    /// # Errors
    /// The policy cannot be frozen for one of them.
    pub fn offers(&self) -> Result<Vec<Offer>> {
        let policy = self.policy.as_ref().context("there is a policy")?;
        let offer = |opened: &Opened| {
            Ok(Offer {
                slot: opened.slot.clone(),
                service: opened.service.clone(),
                room: self.rosters.get(&opened.slot.id).map_or(0, Roster::room),
                prices: opened.prices.clone(),
                terms: freeze(policy, &opened.slot.time)?,
            })
        };
        self.opened.iter().map(offer).collect()
    }

    fn carry_out(&mut self, at: Instant, actor: Actor, command: Command) -> Result<Result<Vec<Event>, Refusal>> {
        let id = CommandId(self.fresh());
        let envelope = Envelope { id, at, actor, command };
        let offers = self.offers()?;
        let before = self.booking.as_ref().filter(|_| !matches!(envelope.command, Command::Make(_)));
        let commit = match carry_out(before, &envelope, &offers, &self.rosters) {
            Ok(commit) => commit,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for (slot, event) in &commit.slots {
            let after = slot::evolve(self.rosters.remove(slot), event);
            self.rosters.extend(after.map(|roster| (*slot, roster)));
        }
        self.vouchers.extend(commit.vouchers.iter().filter_map(|(_, event)| voucher::evolve(None, event, at)));
        self.booking = Some(commit.booking);
        self.log.add(&envelope, &commit.events);
        Ok(Ok(commit.events))
    }

    fn command(&mut self, step: &Step, command: Command) -> Result<Answer> {
        answer(self.carry_out(step.at, Actor::Operator, command)?)
    }

    /// Quotes, carries out, and makes sure that what was quoted is what happened.
    fn act(&mut self, step: &Step, action: &Value) -> Result<Answer> {
        let (before, offers) = (self.made()?, self.offers()?);
        let answer = self.rules.quote(before, action, &offers, step.at, step.actor)?;
        let action: Action = read(action)?;
        let promised = quote(before, &action, &offers, actor(step.actor), step.at);
        let outcome = self.carry_out(step.at, actor(step.actor), Command::Act(action))?;
        match (&promised, &outcome) {
            (Ok(quote), Ok(events)) => same(quote, events, self.made()?)?,
            (Err(quoted), Err(decided)) => ensure!(quoted == decided, "quoted `{quoted}`, decided `{decided}`"),
            _ => bail!("quoted {promised:?}, decided {outcome:?}"),
        }
        Ok(answer)
    }

    fn refund(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let (refund, refund_step) = read_step(wanted)?;
        self.command(step, Command::Refund { refund, step: refund_step })
    }

    fn undo(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let Undoing { step: of, within_ms } = read(wanted)?;
        match self.log.past(of) {
            Ok(past) => {
                let command = Command::Undo(Box::new(Undo { past, within_ms }));
                answer(self.carry_out(step.at, actor(step.actor), command)?)
            }
            Err(refusal) => refused(&refusal),
        }
    }

    fn redeem(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let Redeem { voucher: index, amount } = read(wanted)?;
        let payment = PaymentId(self.fresh());
        let voucher = self.vouchers.get(index).context("no such voucher was issued")?;
        match voucher::redeem(self.made()?, voucher, payment, amount, step.at) {
            Ok((paid, redeemed)) => {
                let after = voucher::evolve(Some(voucher.clone()), &redeemed, step.at).context("it was issued")?;
                self.booking = leeway_core::evolve(self.booking.take(), &paid, step.at);
                let id = CommandId(self.fresh());
                self.log.add_event(id, step.at, &paid);
                if let Some(voucher) = self.vouchers.get_mut(index) {
                    *voucher = after;
                }
                Ok(Answer::Done(None))
            }
            Err(refusal) => refused(&refusal),
        }
    }

    fn slot(&mut self, wanted: &Value) -> Result<Answer> {
        let (id, command) = read_slot(wanted)?;
        match slot::decide(self.rosters.get(&id), &command) {
            Ok(event) => {
                let before = self.rosters.remove(&id);
                let after = match event {
                    Some(event) => slot::evolve(before, &event),
                    None => before,
                };
                self.rosters.extend(after.map(|roster| (id, roster)));
                Ok(Answer::Done(None))
            }
            Err(refusal) => refused(&refusal),
        }
    }

    fn collect(&self, step: &Step, wanted: &Value) -> Result<Answer> {
        let Collecting { ask, minimum } = read(wanted)?;
        match collect(self.made()?, ask, minimum, step.at) {
            Ok(collected) => Ok(Answer::Done(Some(serde_json::to_value(collected)?))),
            Err(refusal) => refused(&refusal),
        }
    }
}

impl<R: Rules> Host for Native<R> {
    fn open(&mut self, wanted: &Wanted, _at: Instant) -> Result<()> {
        (self.booking, self.ids) = (None, 0);
        (self.opened, self.slots) = (Vec::new(), Vec::new());
        (self.rosters, self.vouchers) = (Map::new(), Vec::new());
        self.log = Log::default();
        self.policy = Some(read(&wanted.policy).context("the policy")?);
        wanted.slots.iter().try_for_each(|slot| self.open_slot(slot)).context("a slot")
    }

    fn make(&mut self, request: &Value, at: Instant) -> Result<Answer> {
        let request: BookingRequest = read(request).context("the booking")?;
        let fallback = "LW-1".to_owned().try_into().map_err(anyhow::Error::msg)?;
        let policy = self.policy.clone().context("there is a policy")?;
        let (new, _) = prepare(&request, &policy, &fallback, at, || self.fresh())?;
        answer(self.carry_out(at, Actor::Operator, Command::Make(Box::new(new)))?)
    }

    fn booking(&self) -> Option<&Booking> {
        self.booking.as_ref()
    }

    fn slots(&self) -> &[Uuid] {
        &self.slots
    }

    fn step(&mut self, step: &Step) -> Result<Answer> {
        self.log.next_step();
        match &step.verb {
            Verb::Pay(payment) => {
                let payment = read_payment(payment, PaymentId(self.fresh()))?;
                self.command(step, Command::RecordPayment(payment))
            }
            Verb::NoteFee(noted) => {
                let NotedFee { payment, fee } = read(noted)?;
                self.command(step, Command::NoteGatewayFee { payment, fee })
            }
            Verb::Undo(wanted) => self.undo(step, wanted),
            Verb::Act(action) => self.act(step, action),
            Verb::Quote(action) => self.rules.quote(self.made()?, action, &self.offers()?, step.at, step.actor),
            Verb::EnterRefund(entry) => {
                let entry: EnterRefund = read(entry)?;
                self.command(step, Command::EnterRefund(entry))
            }
            Verb::FinalizeRefund(index) => {
                let refund = self.made()?.refunds.get(*index).map_or(RefundId(NOBODY), |refund| refund.id);
                self.command(step, Command::Refund { refund, step: RefundStep::Finalize {} })
            }
            Verb::Refund(wanted) => self.refund(step, wanted),
            Verb::Adjust(adjust) => {
                let adjust: Adjust = read(adjust)?;
                self.command(step, Command::Adjust(adjust))
            }
            Verb::Redeem(wanted) => self.redeem(step, wanted),
            Verb::Slot(wanted) => self.slot(wanted),
            Verb::Collect(wanted) => self.collect(step, wanted),
            Verb::Make(request) => self.make(request, step.at),
            Verb::EditPolicy(policy) => {
                // Frozen terms know no policy: it reaches later bookings and offers.
                self.policy = Some(read(policy)?);
                Ok(Answer::Done(None))
            }
            Verb::Check => Ok(Answer::Done(None)),
        }
    }

    fn seen(&mut self, step: &Step) -> Result<Seen> {
        let booking = self.made()?;
        let slots = self.slots.iter().filter_map(|id| self.rosters.get(&SlotId(*id)));
        Ok(Seen {
            totals: self.rules.totals(booking)?,
            status: serde_json::to_value(status(booking))?,
            payment_status: serde_json::to_value(payment_status(&totals(booking)?))?,
            options: self.rules.options(booking, step.at)?,
            timeline: self.rules.timeline(booking, &json!({"all": true}))?,
            work: serde_json::to_value(work(booking))?,
            vouchers: serde_json::to_value(&self.vouchers)?,
            slots: slots.map(|roster| json!({"capacity": roster.capacity, "room": roster.room()})).collect(),
        })
    }
}

/// What was quoted is what happened.
fn same(quote: &Quote, events: &[Event], after: &Booking) -> Result<()> {
    let zero = Money::zero(after.currency);
    let (promised, refund, split) = match quote {
        Quote::Cancel(quote) => (quote.back.balance_after, quote.back.refund, &quote.back.split),
        Quote::Rebook(quote) => (quote.back.balance_after, quote.back.refund, &quote.back.split),
        Quote::Rename(_) => return Ok(()),
    };
    let (mut charged, mut refunded, mut settled) = (zero, zero, zero);
    for event in events {
        if let Event::Canceled(canceled) = event {
            charged = canceled.charged()?;
        } else if let Event::RefundEntered(entered) = event {
            let entry = &entered.refund;
            refunded = refunded.plus(entry.amount)?;
            ensure!(entry.split == *split, "quoted the split {split:?}, decided {:?}", entry.split);
        } else if let Event::VoucherIssued(issued) = event {
            let shares = split.iter().filter(|share| issued.payments.contains(&share.payment));
            settled = settled.plus(Money::sum(after.currency, shares.map(|share| share.amount))?)?;
        }
    }
    if let Quote::Cancel(quote) = quote {
        ensure!(charged == quote.fee, "quoted the fee {}, decided {charged}", quote.fee);
    }
    ensure!(refunded == refund, "quoted the refund {refund}, decided {refunded}");
    // The quote's balance is the one before any money moves; a voucher settles at once.
    let balance = balance(after)?.minus(settled)?;
    ensure!(balance == promised, "quoted the balance {promised}, decided {balance}");
    Ok(())
}

/// The id with a number: a valid version 7, so that every host takes it.
fn numbered(number: u128) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 | number)
}

fn actor(who: Who) -> Actor {
    match who {
        Who::Customer => Actor::Customer,
        Who::Operator => Actor::Operator,
    }
}

fn answer(outcome: Result<Vec<Event>, Refusal>) -> Result<Answer> {
    match outcome {
        Ok(_) => Ok(Answer::Done(None)),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Result<Answer> {
    Ok(Answer::Refused(serde_json::to_value(refusal)?))
}
