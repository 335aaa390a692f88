//! Writes the vectors so that a host without the core's commands can run them: the booking before and after each step, the action and what is
//! expected in full, and what this build of the rules answers.

use anyhow::{Context as _, Result};
use leeway_core::{Booking, Offer};
use serde_json::{Value, json};

use crate::files::Filed;
use crate::native::{Native, native};
use crate::resolve::{Resolver, Wanted, wanted};
use crate::run::{Answer, Host, Seen, begin, expected, in_full};
use crate::vector::{Step, Then, Verb, Who};

/// One document with every vector. The expected values are the vector's own; `native` is what this program answers, which another build of
/// the same rules must answer to the letter.
///
/// # Errors
/// A vector that cannot be carried out.
pub fn prepare(vectors: &[Filed]) -> Result<Value> {
    vectors.iter().map(|filed| vector(filed).with_context(|| filed.vector.name.clone())).collect()
}

fn vector(filed: &Filed) -> Result<Value> {
    let vector = &filed.vector;
    let wanted = wanted(&vector.given)?;
    let mut host = native();
    begin(&wanted, vector, &mut host)?;
    let steps: Vec<Value> = vector.steps.iter().map(|step| one(&mut host, step, &wanted)).collect::<Result<_>>()?;
    Ok(json!({"name": vector.name, "file": filed.file, "steps": steps}))
}

fn one(host: &mut Native<crate::native::Core>, step: &Step, wanted: &Wanted) -> Result<Value> {
    let before: Booking = host.booking().context("there is a booking")?.clone();
    let resolver = Resolver { currency: wanted.currency, booking: Some(&before), slots: host.slots() };
    let step = Step { verb: in_full(&step.verb, wanted, resolver)?, ..step.clone() };
    let offers = host.offers()?;
    let answer = host.step(&step)?;
    let seen = host.seen(&step)?;
    let after = host.booking().context("there is a booking")?;
    let resolver = Resolver { currency: wanted.currency, booking: Some(after), slots: host.slots() };
    let then = expected(&step.then, resolver)?;
    let action = match &step.verb {
        Verb::Act(action) | Verb::Quote(action) => Some(action),
        Verb::Pay(_)
        | Verb::NoteFee(_)
        | Verb::Undo(_)
        | Verb::EnterRefund(_)
        | Verb::FinalizeRefund(_)
        | Verb::Refund(_)
        | Verb::Adjust(_)
        | Verb::Redeem(_)
        | Verb::Slot(_)
        | Verb::Collect(_)
        | Verb::Make(_)
        | Verb::EditPolicy(_)
        | Verb::Check => None,
    };
    Ok(json!({
        "at": step.at,
        "before": before,
        "after": after,
        "question": action.map(|action| question(action, &offers, &step, &answer)),
        "then": written(&then, action.is_some()),
        "native": native_answers(&seen),
    }))
}

fn question(action: &Value, offers: &[Offer], step: &Step, answer: &Answer) -> Value {
    let actor = match step.actor {
        Who::Customer => "customer",
        Who::Operator => "operator",
    };
    let native = match answer {
        Answer::Done(quote) => json!({"ok": true, "value": quote}),
        Answer::Refused(refusal) => json!({"ok": false, "refusal": refusal}),
    };
    json!({"action": action, "offers": offers, "at": step.at, "actor": actor, "native": native})
}

/// What the browser package can be asked of what is expected. It carries nothing out: refusals of other steps than actions are not its own.
fn written(then: &Then, is_action: bool) -> Value {
    let Then { refusal, quote, balance, paid, owed, promised, options, timeline, .. } = then;
    let refusal = refusal.as_ref().filter(|_| is_action);
    json!({
        "refusal": refusal, "quote": quote, "options": options, "timeline": timeline,
        "totals": {"balance": balance, "paid": paid, "owed": owed, "promised": promised},
    })
}

fn native_answers(seen: &Seen) -> Value {
    json!({"totals": seen.totals, "options": seen.options, "timeline": seen.timeline})
}
