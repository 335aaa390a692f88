//! Errors, for people: a kind sentence, what to do next, and the code in small print.

use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::route::{Method, split_url};
use crate::words::{Language, Word};

/// How an address says the language.
const ASKED: &str = "lang=";

/// The page of a problem, instead of the one that was asked for.
pub fn page(problem: &Problem, reader: &Reader, (method, url): (Method, &str)) -> Markup {
    let (title, next) = told(problem);
    let again = again(method, url);
    let content = html! {
        div.trouble.card {
            h1 { (reader.say(title)) }
            p.lead { (reader.say(next)) }
            p.small { (reader.say(Word::ProblemCode { code: problem.code() })) }
        }
    };
    shell(
        &Shell {
            reader,
            title: &reader.say(title),
            languages: Some(Language::ALL.map(|language| (language, [again.as_str(), language.tag()].concat()))),
            operator: None,
            script: Script::No,
            width: Width::Text,
        },
        &content,
    )
}

/// What was asked for, up to its language. What a form sent is not in its address: then the page that it is below.
fn again(method: Method, url: &str) -> String {
    let (path, query) = split_url(url);
    let (path, query) = if method == Method::Get { (path, query) } else { (above(path), "") };
    let mut address = [path, "?"].concat();
    for field in query.split('&').filter(|field| !field.is_empty() && !field.starts_with(ASKED)) {
        address.push_str(field);
        address.push('&');
    }
    address.push_str(ASKED);
    address
}

/// `/b/TOKEN` of `/b/TOKEN/cancel`.
fn above(path: &str) -> &str {
    path.match_indices('/').nth(2).and_then(|(at, _)| path.get(..at)).unwrap_or(path)
}

fn told(problem: &Problem) -> (Word<'static>, Word<'static>) {
    match (problem.code(), problem.status()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_asked_for_but_for_the_language() {
        assert_eq!(again(Method::Get, "https://a.example/b/T"), "/b/T?lang=");
        assert_eq!(again(Method::Get, "https://a.example/b/T/cancel?all=1&lang=pl#x"), "/b/T/cancel?all=1&lang=");
        assert_eq!(again(Method::Get, "https://a.example/b/T?language=pl&&lang"), "/b/T?language=pl&lang&lang=");
        assert_eq!(again(Method::Post, "https://a.example/b/T/cancel?lang=pl"), "/b/T?lang=");
        assert_eq!(again(Method::Post, "https://a.example/p/T"), "/p/T?lang=");
    }
}
