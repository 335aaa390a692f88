//! Which sites may use the control doors from their own pages: those that the operator allows, none unless told.
//!
//! The operator's object knows them, so it answers preflights too. It is awake for that anyway: a page asks for the booking before it asks
//! for leave to change it, and the POST follows at once. A forged, expired or revoked link gets no further than the entry. A link is all that
//! one needs to act, and no cookie is ever read: this protects no door, it lets pages read what they are told.

use web_sys::Request;

use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::Fault;

/// How long a browser may remember what it was allowed, in seconds; browsers cut it to their own limit.
const REMEMBERED_S: &str = "86400";

/// The site whose page asks.
pub fn origin(request: &Request) -> Option<String> {
    request.headers().get("origin").ok().flatten()
}

/// Answers what a browser asks before it sends a page's POST.
///
/// # Errors
/// The operator does not allow that site.
pub fn preflight(origin: Option<&str>, allowed: &[String]) -> Result<Reply, Fault> {
    if find(origin, allowed).is_none() {
        return Err(Problem::ORIGIN_NOT_ALLOWED.into());
    }
    let reply = Reply::empty(204);
    let reply = reply.with("access-control-allow-methods", "GET, POST".to_owned());
    let reply = reply.with("access-control-allow-headers", "content-type".to_owned());
    Ok(reply.with("access-control-max-age", REMEMBERED_S.to_owned()))
}

/// Lets the page of an allowed site read an answer.
pub fn readable(reply: Reply, origin: Option<&str>, allowed: &[String]) -> Reply {
    let Some(origin) = find(origin, allowed) else { return reply };
    let reply = reply.with("access-control-allow-origin", origin.to_owned()).with("vary", "origin".to_owned());
    reply.with("access-control-expose-headers", "retry-after".to_owned())
}

/// Lets any page read why the entry refuses a link: that tells nothing of a booking, and whose link it is may not be known. Without it a
/// widget could not tell an expired link from a broken connection.
pub fn readable_by_all(reply: Reply) -> Reply {
    reply.with("access-control-allow-origin", "*".to_owned())
}

fn find<'a>(origin: Option<&str>, allowed: &'a [String]) -> Option<&'a str> {
    let origin = origin?;
    allowed.iter().map(String::as_str).find(|one| *one == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed() -> Vec<String> {
        vec!["https://www.example.com".to_owned(), "http://localhost:5173".to_owned()]
    }

    #[test]
    fn a_site_is_allowed_to_the_letter() {
        for origin in [
            "https://www.example.com.evil.org",
            "https://example.com",
            "http://www.example.com",
            "https://www.example.com:8443",
            "null",
            "*",
            "",
        ] {
            assert!(preflight(Some(origin), &allowed()).is_err(), "{origin}");
            assert!(readable(Reply::empty(200), Some(origin), &allowed()).headers.is_empty(), "{origin}");
        }
        assert!(preflight(None, &allowed()).is_err());
        assert!(preflight(Some("https://www.example.com"), &[]).is_err());
        let reply = readable(Reply::empty(200), Some("http://localhost:5173"), &allowed());
        assert!(reply.headers.contains(&("access-control-allow-origin", "http://localhost:5173".to_owned())));
    }
}
