//! Errors, for people: a kind sentence, what to do next, and the code in small print.

use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::words::Word;

/// The page of a problem.
pub fn page(problem: &Problem, reader: &Reader) -> Markup {
    let (title, next) = told(problem);
    let content = html! {
        div.trouble.card {
            h1 { (reader.say(title)) }
            p.lead { (reader.say(next)) }
            p.small { (reader.say(Word::ProblemCode { code: problem.code })) }
        }
    };
    shell(
        &Shell {
            reader,
            title: &reader.say(title),
            languages: None,
            operator: None,
            script: Script::No,
            width: Width::Text,
        },
        &content,
    )
}

fn told(problem: &Problem) -> (Word<'static>, Word<'static>) {
    match (problem.code, problem.status) {
        ("provider_unreachable", _) => (Word::ProblemProviderUnreachable, Word::ProblemProviderUnreachableNext),
        ("provider_refused", _) => (Word::ProblemProviderRefused, Word::ProblemProviderRefusedNext),
        ("payment_pending", _) => (Word::ProblemPaymentPending, Word::ProblemPaymentPendingNext),
        ("link_unknown", _) => (Word::ProblemLinkUnknown, Word::ProblemLinkUnknownNext),
        ("link_expired", _) => (Word::ProblemLinkExpired, Word::ProblemLinkExpiredNext),
        ("link_revoked", _) => (Word::ProblemLinkRevoked, Word::ProblemLinkRevokedNext),
        ("out_of_scope", _) => (Word::ProblemOutOfScope, Word::ProblemOutOfScopeNext),
        (_, 429) => (Word::ProblemTooManyRequests, Word::ProblemTooManyRequestsNext),
        ("malformed" | "quote_unknown" | "too_large" | "length_required" | "method_not_allowed", _) => {
            (Word::ProblemMalformed, Word::ProblemMalformedNext)
        }
        (_, 404) => (Word::ProblemNotFound, Word::ProblemNotFoundNext),
        (_, 500..) => (Word::ProblemInternal, Word::ProblemInternalNext),
        (_, _) => (Word::ProblemRefused, Word::ProblemRefusedNext),
    }
}
