//! Explanations are complete: every amount of a quote can be worked out again from its own codes and parameters, and be said in sentences. The
//! sentences are written down in `tests/fixtures/explanations.txt`; after a change that is meant, `LEEWAY_WRITE=1` writes them anew.
//!
//! Source: requirement E7

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use leeway_core::explain::NextChange;
use leeway_core::{Action, Actor, Booking, Instant, Offer, Quote, Refusal, quote};
use leeway_tests::native::native;
use leeway_tests::resolve::{Resolver, wanted};
use leeway_tests::run::{Host, begin, in_full};
use leeway_tests::vector::{Step, Vector, Verb, Who};
use leeway_tests::{english, files, recompute};

const CASES: &str = include_str!("../fixtures/explanations.json");

/// An action that was asked about, with all that it was asked of.
struct Asked {
    booking: Booking,
    action: Action,
    offers: Vec<Offer>,
    actor: Actor,
    at: Instant,
}

impl Asked {
    fn quote(&self, at: Instant) -> Result<Quote, Refusal> {
        quote(&self.booking, &self.action, &self.offers, self.actor, at)
    }
}

/// Carries a vector out and answers every action in it.
fn asked(vector: &Vector) -> Vec<Asked> {
    let (wanted, mut host) = (wanted(&vector.given).unwrap(), native());
    begin(&wanted, vector, &mut host).unwrap();
    let mut all = Vec::new();
    for step in &vector.steps {
        let booking = host.booking().unwrap().clone();
        let resolver = Resolver { currency: wanted.currency, booking: Some(&booking), slots: host.slots() };
        let step = Step { verb: in_full(&step.verb, &wanted, resolver).unwrap(), ..step.clone() };
        if let Verb::Act(action) | Verb::Quote(action) = &step.verb {
            let actor = match step.actor {
                Who::Customer => Actor::Customer,
                Who::Operator => Actor::Operator,
            };
            let (action, offers) = (serde_json::from_str(&action.to_string()).unwrap(), host.offers().unwrap());
            all.push(Asked { booking, action, offers, actor, at: step.at });
        }
        host.step(&step).unwrap();
    }
    all
}

fn cases() -> Vec<Vector> {
    serde_json::from_str(CASES).unwrap()
}

#[test]
fn as_sentences() {
    let (mut text, mut quotes) = (String::new(), 0);
    for vector in cases() {
        let asked = asked(&vector).pop().unwrap();
        writeln!(text, "{} ({})", vector.name, vector.requirement.join(", ")).unwrap();
        let sentences = match asked.quote(asked.at) {
            Ok(quote) => {
                quotes += 1;
                english::quote(&asked.booking, &quote)
            }
            Err(refusal) => vec![english::refusal(&refusal)],
        };
        for sentence in sentences {
            writeln!(text, "  {sentence}").unwrap();
        }
        text.push('\n');
    }
    assert!(quotes >= 20, "{quotes} decisions are explained");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/explanations.txt");
    if env::var_os("LEEWAY_WRITE").is_some() {
        return fs::write(path, text).unwrap();
    }
    let there = fs::read_to_string(path).unwrap();
    let first = there.lines().zip(text.lines()).find(|(there, here)| there != here);
    assert!(there == text, "the sentences changed; LEEWAY_WRITE=1 writes them. First difference: {first:?}");
}

/// Every case here, and every action of every vector.
#[test]
fn every_amount_can_be_worked_out_again() {
    let vectors = files::all().unwrap().into_iter().map(|filed| filed.vector);
    let mut quotes = 0;
    for vector in cases().into_iter().chain(vectors) {
        for asked in asked(&vector) {
            let Ok(quote) = asked.quote(asked.at) else { continue };
            let quote = serde_json::to_value(quote).unwrap();
            let outcome = recompute::recompute(&quote);
            assert!(outcome.is_ok(), "{}: {outcome:?}\n{quote:#}", vector.name);
            quotes += 1;
        }
    }
    assert!(quotes >= 100, "{quotes} quotes were worked out again");
}

/// What a quote says that comes next is what is quoted then, and nothing changes before.
#[test]
fn the_next_change_is_what_is_quoted_then() {
    let vectors = files::all().unwrap().into_iter().map(|filed| filed.vector);
    for vector in cases().into_iter().chain(vectors) {
        for asked in asked(&vector) {
            let Ok(Quote::Cancel(now)) = asked.quote(asked.at) else { continue };
            let (after, then) = match &now.next_change {
                None => continue,
                Some(NextChange::Price { after, fee, refund }) => (*after, Some((*fee, *refund))),
                Some(NextChange::Closed { after, .. }) => (*after, None),
            };
            let amounts = |at| match asked.quote(at) {
                Ok(Quote::Cancel(quote)) => Some((quote.fee, quote.back.refund)),
                _ => None,
            };
            assert_eq!(amounts(after), Some((now.fee, now.back.refund)), "{}: at the last instant", vector.name);
            assert_eq!(amounts(after.just_after()), then, "{}: right after it", vector.name);
        }
    }
}

/// The check itself: a quote with one figure changed is not accepted.
#[test]
fn one_wrong_figure_is_found() {
    let mut found = 0;
    for vector in cases() {
        let asked = asked(&vector).pop().unwrap();
        let Ok(quote) = asked.quote(asked.at) else { continue };
        let quote = serde_json::to_value(quote).unwrap();
        for name in ["fee", "refund", "price", "charged", "difference", "kept", "balance_after", "group_price_lost"] {
            let mut wrong = quote.clone();
            let Some(amount) = wrong.get_mut(name).and_then(|money| money.get_mut("amount")) else { continue };
            *amount = serde_json::json!("77777.77");
            assert!(recompute::recompute(&wrong).is_err(), "{}: `{name}` could be anything", vector.name);
            found += 1;
        }
    }
    assert!(found > 100, "{found} figures were tried");
}
