//! The rules themselves as a host: commands straight to the core. The questions (quote, options, timeline, balance) can be put to another
//! build of the rules, which is how the browser package runs the vectors.

use anyhow::{Context as _, Result, bail, ensure};
use leeway_core::balance::{payment_status, status, totals};
use leeway_core::command::{Action, Actor, Command, EnterRefund, Envelope, RecordPayment, Selection};
use leeway_core::decide::carry_out;
use leeway_core::id::{CommandId, PaymentId, RefundId};
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::{Booking, Event, Instant, Money, Policy, Quote, Refusal, balance, options, quote, timeline};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::resolve::{NOBODY, Wanted};
use crate::run::{Answer, Host, Seen};
use crate::vector::{Step, Verb, Who};

/// The questions that the browser package answers, as it is asked them: JSON in, JSON out.
pub trait Rules {
    /// What an action would do: a quote or a refusal.
    ///
    /// # Errors
    /// The question is malformed.
    fn quote(&self, booking: &Booking, action: &Value, at: Instant, who: Who) -> Result<Answer>;

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
    fn quote(&self, booking: &Booking, action: &Value, at: Instant, who: Who) -> Result<Answer> {
        match quote(booking, &read::<Action>(action)?, actor(who), at) {
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

/// A booking in memory, commands by the core, questions to some build of the rules.
#[derive(Debug, Clone)]
pub struct Native<R> {
    rules: R,
    booking: Option<Booking>,
    ids: u128,
}

impl<R: Rules> Native<R> {
    /// A host without a booking.
    pub fn new(rules: R) -> Self {
        Self { rules, booking: None, ids: 0 }
    }

    fn fresh(&mut self) -> Uuid {
        self.ids = self.ids.wrapping_add(1);
        numbered(self.ids)
    }

    fn made(&self) -> Result<&Booking> {
        self.booking.as_ref().context("no booking has been made")
    }

    fn carry_out(&mut self, step: &Step, command: Command) -> Result<Result<Vec<Event>, Refusal>> {
        let actor = match command {
            Command::Act(_) => actor(step.actor),
            Command::Make(_)
            | Command::RecordPayment(_)
            | Command::EnterRefund(_)
            | Command::FinalizeRefund { .. }
            | Command::RevokeLinks => Actor::Operator,
        };
        let envelope = Envelope { id: CommandId(self.fresh()), at: step.at, actor, command };
        Ok(match carry_out(Some(self.made()?.clone()), &envelope) {
            Ok((booking, events)) => {
                self.booking = booking;
                Ok(events)
            }
            Err(refusal) => Err(refusal),
        })
    }

    fn command(&mut self, step: &Step, command: Command) -> Result<Answer> {
        match self.carry_out(step, command)? {
            Ok(_) => Ok(Answer::Done(None)),
            Err(refusal) => refused(&refusal),
        }
    }

    /// Quotes, carries out, and makes sure that what was quoted is what happened.
    fn act(&mut self, step: &Step, action: &Value) -> Result<Answer> {
        let before = self.made()?;
        let answer = self.rules.quote(before, action, step.at, step.actor)?;
        let action: Action = read(action)?;
        let promised = quote(before, &action, actor(step.actor), step.at);
        let outcome = self.carry_out(step, Command::Act(action))?;
        match (&promised, &outcome) {
            (Ok(quote), Ok(events)) => same(quote, events, self.made()?)?,
            (Err(quoted), Err(decided)) => ensure!(quoted == decided, "quoted `{quoted}`, decided `{decided}`"),
            _ => bail!("quoted {promised:?}, decided {outcome:?}"),
        }
        Ok(answer)
    }

    fn edit_policy(wanted: &Value) -> Result<Answer> {
        // Frozen terms know no policy: reading it is all that can happen here.
        let _: Policy = read(wanted)?;
        Ok(Answer::Done(None))
    }
}

impl<R: Rules> Host for Native<R> {
    fn make(&mut self, wanted: &Wanted, at: Instant) -> Result<()> {
        let policy: Policy = read(&wanted.policy).context("the policy")?;
        let request: BookingRequest = read(&wanted.request).context("the booking")?;
        let fallback = "LW-1".to_owned().try_into().map_err(anyhow::Error::msg)?;
        (self.booking, self.ids) = (None, 0);
        let (new, _) = prepare(&request, &policy, &fallback, || self.fresh())?;
        let command = Command::Make(Box::new(new));
        let envelope = Envelope { id: CommandId(self.fresh()), at, actor: Actor::Operator, command };
        self.booking = carry_out(None, &envelope)?.0;
        Ok(())
    }

    fn booking(&self) -> Option<&Booking> {
        self.booking.as_ref()
    }

    fn step(&mut self, step: &Step) -> Result<Answer> {
        match &step.verb {
            Verb::Pay(payment) => {
                let payment = read_payment(payment, PaymentId(self.fresh()))?;
                self.command(step, Command::RecordPayment(payment))
            }
            Verb::Act(action) => self.act(step, action),
            Verb::Quote(action) => self.rules.quote(self.made()?, action, step.at, step.actor),
            Verb::EnterRefund(entry) => {
                let entry: EnterRefund = read(entry)?;
                self.command(step, Command::EnterRefund(entry))
            }
            Verb::FinalizeRefund(index) => {
                let refund = self.made()?.refunds.get(*index).map_or(RefundId(NOBODY), |refund| refund.id);
                self.command(step, Command::FinalizeRefund { refund })
            }
            Verb::EditPolicy(policy) => Self::edit_policy(policy),
            Verb::Check => Ok(Answer::Done(None)),
        }
    }

    fn seen(&mut self, step: &Step) -> Result<Seen> {
        let booking = self.made()?;
        Ok(Seen {
            totals: self.rules.totals(booking)?,
            status: serde_json::to_value(status(booking))?,
            payment_status: serde_json::to_value(payment_status(&totals(booking)?))?,
            options: self.rules.options(booking, step.at)?,
            timeline: self.rules.timeline(booking, &json!({"all": true}))?,
        })
    }
}

/// What was quoted is what happened.
fn same(quote: &Quote, events: &[Event], after: &Booking) -> Result<()> {
    let Quote::Cancel(quote) = quote else { return Ok(()) };
    let zero = Money::zero(after.currency);
    let (mut fee, mut refund) = (zero, zero);
    for event in events {
        if let Event::Canceled(canceled) = event {
            fee = canceled.fee.minus(canceled.waived)?.or_zero().plus(canceled.gateway_fee)?;
        } else if let Event::RefundEntered(entered) = event {
            let entry = &entered.refund;
            refund = refund.plus(entry.amount)?;
            ensure!(entry.split == quote.split, "quoted the split {:?}, decided {:?}", quote.split, entry.split);
        }
    }
    ensure!(fee == quote.fee, "quoted the fee {}, decided {fee}", quote.fee);
    ensure!(refund == quote.refund, "quoted the refund {}, decided {refund}", quote.refund);
    let balance = balance(after)?;
    ensure!(balance == quote.balance_after, "quoted the balance {}, decided {balance}", quote.balance_after);
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

fn refused(refusal: &Refusal) -> Result<Answer> {
    Ok(Answer::Refused(serde_json::to_value(refusal)?))
}

/// Reads as every host does, from text.
fn read<T: DeserializeOwned>(value: &Value) -> Result<T> {
    serde_json::from_str(&value.to_string()).with_context(|| format!("`{value}` is malformed"))
}

fn read_payment(value: &Value, id: PaymentId) -> Result<RecordPayment> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        method: leeway_core::booking::Method,
        amount: Money,
        gateway_fee: Option<Money>,
    }
    let Written { method, amount, gateway_fee } = read(value)?;
    Ok(RecordPayment { id, method, amount, gateway_fee })
}
