//! Runs a vector on a host and says what differs. What a host is, it does not know: see [`crate::native`] and `http`.

use anyhow::{Context as _, Result};
use leeway_core::Booking;
use serde_json::Value;

use crate::compare::differences;
use crate::resolve::{Resolver, Wanted, wanted};
use crate::vector::{Step, Then, Vector, Verb};

/// Somebody who carries out steps: the rules themselves, or a worker that has them inside.
pub trait Host {
    /// Makes the booking, and forgets the one before.
    ///
    /// # Errors
    /// It cannot be made.
    fn make(&mut self, wanted: &Wanted, at: leeway_core::Instant) -> Result<()>;

    /// The booking as it is now.
    fn booking(&self) -> Option<&Booking>;

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
    host.make(&wanted, vector.given.made_at).context("the booking is not made")?;
    for (index, step) in vector.steps.iter().enumerate() {
        let place = format!("steps[{index}]");
        run_step(&place, step, wanted.currency, host, found).with_context(|| place)?;
    }
    Ok(())
}

fn run_step(
    place: &str,
    step: &Step,
    currency: leeway_core::Currency,
    host: &mut impl Host,
    found: &mut Vec<String>,
) -> Result<()> {
    let resolver = Resolver { currency, booking: host.booking() };
    let step = Step { verb: in_full(&step.verb, resolver)?, ..step.clone() };
    let answer = host.step(&step)?;
    let seen = host.seen(&step)?;
    let booking = host.booking().context("the booking is gone")?;
    let then = expected(&step.then, Resolver { currency, booking: Some(booking) })?;
    compare_answer(place, &then, &answer, found);
    compare_seen(place, &then, booking, &seen, found)
}

/// A verb with its amounts and ids in full.
///
/// # Errors
/// As [`Resolver::resolve`].
pub fn in_full(verb: &Verb, resolver: Resolver<'_>) -> Result<Verb> {
    Ok(match verb {
        Verb::Pay(payment) => Verb::Pay(resolver.resolve(payment)?),
        Verb::Act(action) => Verb::Act(resolver.resolve(action)?),
        Verb::Quote(action) => Verb::Quote(resolver.resolve(action)?),
        Verb::EnterRefund(entry) => Verb::EnterRefund(resolver.resolve(entry)?),
        Verb::EditPolicy(policy) => Verb::EditPolicy(resolver.resolve(policy)?),
        Verb::FinalizeRefund(index) => Verb::FinalizeRefund(*index),
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
        (None, Answer::Done(quote)) => {
            if let Some(expected) = &then.quote {
                differences(&format!("{place}.quote"), expected, quote.as_ref().unwrap_or(&Value::Null), found);
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
            "terms" => booking.pointer("/items/0/terms"),
            list => booking.get(list),
        };
        differences(&format!("{place}.{name}"), expected, actual.unwrap_or(&Value::Null), found);
    }
    Ok(())
}
