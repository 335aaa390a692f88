//! Runs a vector on a host and says what differs. What a host is, it does not know: see [`crate::native`] and `http`.

use anyhow::{Context as _, Result, bail};
use leeway_core::{Booking, Instant};
use serde_json::Value;
use uuid::Uuid;

use crate::compare::differences;
use crate::resolve::{Resolver, Wanted, request, wanted};
use crate::vector::{Step, Then, Vector, Verb};

/// Somebody who carries out steps: the rules themselves, or a worker that has them inside.
pub trait Host {
    /// Writes the policy, opens the slots, and forgets all there was before.
    ///
    /// # Errors
    /// That cannot be done.
    fn open(&mut self, wanted: &Wanted, at: Instant) -> Result<()>;

    /// Makes a booking, which is the one that later steps are about.
    ///
    /// # Errors
    /// The host does something else than answering or refusing.
    fn make(&mut self, request: &Value, at: Instant) -> Result<Answer>;

    /// The booking as it is now.
    fn booking(&self) -> Option<&Booking>;

    /// The slots that are open, in the vector's order.
    fn slots(&self) -> &[Uuid];

    /// Carries out one step, in which every amount and id is in full.
    ///
    /// # Errors
    /// The host does something else than answering or refusing.
    fn step(&mut self, step: &Step) -> Result<Answer>;

    /// What can be seen at the step's instant, after it.
    ///
    /// # Errors
    /// The host does not answer.
    fn seen(&mut self, step: &Step) -> Result<Seen>;
}

/// What a step is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Done; with the quote, where the step is an action.
    Done(Option<Value>),
    /// Refused: `code` and `params`.
    Refused(Value),
}

/// What a booking looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// `owed`, `paid`, `promised`, `balance`.
    pub totals: Value,
    /// What is left of it.
    pub status: Value,
    /// How far it is paid.
    pub payment_status: Value,
    /// What the customer may do.
    pub options: Value,
    /// How the price of canceling everything changes.
    pub timeline: Value,
    /// What the operator has to see to.
    pub work: Value,
    /// The vouchers that were issued.
    pub vouchers: Value,
    /// The slots: `capacity` and `room`.
    pub slots: Value,
}

/// Runs a vector; answers a sentence for each difference.
pub fn run(vector: &Vector, host: &mut impl Host) -> Vec<String> {
    let mut found = Vec::new();
    if let Err(error) = try_run(vector, host, &mut found) {
        found.push(format!("{error:#}"));
    }
    found
}

fn try_run(vector: &Vector, host: &mut impl Host, found: &mut Vec<String>) -> Result<()> {
    let wanted = wanted(&vector.given)?;
    begin(&wanted, vector, host)?;
    for (index, step) in vector.steps.iter().enumerate() {
        let place = format!("steps[{index}]");
        run_step(&place, step, &wanted, host, found).with_context(|| place)?;
    }
    Ok(())
}

/// Makes what a vector is given.
///
/// # Errors
/// It cannot be made.
pub fn begin(wanted: &Wanted, vector: &Vector, host: &mut impl Host) -> Result<()> {
    host.open(wanted, vector.given.made_at).context("the policy or the slots are not made")?;
    let resolver = Resolver { currency: wanted.currency, booking: None, slots: host.slots() };
    let request = request(&vector.given.booking, &wanted.policy, resolver)?;
    match host.make(&request, vector.given.made_at).context("the booking is not made")? {
        Answer::Done(_) => Ok(()),
        Answer::Refused(refusal) => bail!("the booking is refused: {refusal}"),
    }
}

fn run_step(place: &str, step: &Step, wanted: &Wanted, host: &mut impl Host, found: &mut Vec<String>) -> Result<()> {
    let resolver = Resolver { currency: wanted.currency, booking: host.booking(), slots: host.slots() };
    let step = Step { verb: in_full(&step.verb, wanted, resolver)?, ..step.clone() };
    let answer = host.step(&step)?;
    let seen = host.seen(&step)?;
    let booking = host.booking().context("the booking is gone")?;
    let resolver = Resolver { currency: wanted.currency, booking: Some(booking), slots: host.slots() };
    let then = expected(&step.then, resolver)?;
    compare_answer(place, &then, &answer, found);
    compare_seen(place, &then, booking, &seen, found)
}

/// A verb with its amounts and ids in full.
///
/// # Errors
/// As [`Resolver::resolve`].
pub fn in_full(verb: &Verb, wanted: &Wanted, resolver: Resolver<'_>) -> Result<Verb> {
    Ok(match verb {
        Verb::Pay(payment) => Verb::Pay(resolver.resolve(payment)?),
        Verb::NoteFee(noted) => Verb::NoteFee(resolver.resolve(noted)?),
        Verb::Undo(undo) => Verb::Undo(resolver.resolve(undo)?),
        Verb::Act(action) => Verb::Act(resolver.resolve(action)?),
        Verb::Quote(action) => Verb::Quote(resolver.resolve(action)?),
        Verb::EnterRefund(entry) => Verb::EnterRefund(resolver.resolve(entry)?),
        Verb::EditPolicy(policy) => Verb::EditPolicy(resolver.resolve(policy)?),
        Verb::FinalizeRefund(index) => Verb::FinalizeRefund(*index),
        Verb::Refund(step) => Verb::Refund(resolver.resolve(step)?),
        Verb::Adjust(adjust) => Verb::Adjust(resolver.resolve(adjust)?),
        Verb::Redeem(redeem) => Verb::Redeem(resolver.resolve(redeem)?),
        Verb::Slot(command) => Verb::Slot(resolver.resolve(command)?),
        Verb::Collect(ask) => Verb::Collect(resolver.resolve(ask)?),
        Verb::Make(booking) => Verb::Make(request(booking, &wanted.policy, resolver)?),
        Verb::Check => Verb::Check,
    })
}

/// What is expected, with its amounts and ids in full.
///
/// # Errors
/// As [`Resolver::resolve`].
pub fn expected(then: &Then, resolver: Resolver<'_>) -> Result<Then> {
    let full = |value: &Option<Value>| value.as_ref().map(|value| resolver.resolve(value)).transpose();
    Ok(Then {
        refusal: full(&then.refusal)?,
        quote: full(&then.quote)?,
        collect: full(&then.collect)?,
        balance: full(&then.balance)?,
        paid: full(&then.paid)?,
        owed: full(&then.owed)?,
        promised: full(&then.promised)?,
        status: full(&then.status)?,
        payment_status: full(&then.payment_status)?,
        options: full(&then.options)?,
        timeline: full(&then.timeline)?,
        terms: full(&then.terms)?,
        refunds: full(&then.refunds)?,
        tasks: full(&then.tasks)?,
        items: full(&then.items)?,
        plan: full(&then.plan)?,
        payments: full(&then.payments)?,
        work: full(&then.work)?,
        vouchers: full(&then.vouchers)?,
        slots: full(&then.slots)?,
    })
}

fn compare_answer(place: &str, then: &Then, answer: &Answer, found: &mut Vec<String>) {
    match (&then.refusal, answer) {
        (Some(expected), Answer::Refused(refusal)) => {
            differences(&format!("{place}.refusal"), expected, refusal, found);
        }
        (Some(expected), Answer::Done(_)) => {
            found.push(format!("{place}: expected the refusal {expected}, but it is done"))
        }
        (None, Answer::Refused(refusal)) => found.push(format!("{place}: refused: {refusal}")),
        (None, Answer::Done(answered)) => {
            for (name, expected) in [("quote", &then.quote), ("collect", &then.collect)] {
                let Some(expected) = expected else { continue };
                differences(&format!("{place}.{name}"), expected, answered.as_ref().unwrap_or(&Value::Null), found);
            }
        }
    }
}

fn compare_seen(place: &str, then: &Then, booking: &Booking, seen: &Seen, found: &mut Vec<String>) -> Result<()> {
    let booking = serde_json::to_value(booking)?;
    for (name, expected) in then.seen() {
        let Some(expected) = expected else { continue };
        let actual = match name {
            "balance" | "paid" | "owed" | "promised" => seen.totals.get(name),
            "status" => Some(&seen.status),
            "payment_status" => Some(&seen.payment_status),
            "options" => Some(&seen.options),
            "timeline" => Some(&seen.timeline),
            "work" => Some(&seen.work),
            "vouchers" => Some(&seen.vouchers),
            "slots" => Some(&seen.slots),
            "terms" => booking.pointer("/items/0/terms"),
            list => booking.get(list),
        };
        differences(&format!("{place}.{name}"), expected, actual.unwrap_or(&Value::Null), found);
    }
    Ok(())
}
