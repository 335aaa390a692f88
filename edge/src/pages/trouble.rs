//! Errors, for people: a kind sentence, what to do next, and the code in small print.

use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell};
use super::words::{Word, say, word};
use crate::problem::Problem;

/// The page of a problem.
pub fn page(problem: &Problem) -> Markup {
    let (title, next) = told(problem);
    let content = html! {
        div.trouble.card {
            h1 { (word(title)) }
            p.lead { (word(next)) }
            p.small { (say(Word::ProblemCode, &[("code", problem.code)])) }
        }
    };
    shell(&Shell { title: word(title), operator: None, script: Script::No, width: Width::Text }, &content)
}

fn told(problem: &Problem) -> (Word, Word) {
    match (problem.code, problem.status) {
        ("link_unknown", _) => (Word::LinkUnknown, Word::LinkUnknownNext),
        ("link_expired", _) => (Word::LinkExpired, Word::LinkExpiredNext),
        ("link_revoked", _) => (Word::LinkRevoked, Word::LinkRevokedNext),
        ("out_of_scope", _) => (Word::OutOfScope, Word::OutOfScopeNext),
        (_, 429) => (Word::TooMany, Word::TooManyNext),
        ("malformed" | "quote_unknown" | "too_large" | "length_required" | "method_not_allowed", _) => {
            (Word::BadForm, Word::BadFormNext)
        }
        (_, 404) => (Word::Missing, Word::MissingNext),
        (_, 500..) => (Word::Broken, Word::BrokenNext),
        (_, _) => (Word::RuleNo, Word::RuleNoNext),
    }
}
