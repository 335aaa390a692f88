//! Pages: server-rendered HTML. They show what the rules said and decide nothing.

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::request::Personal;
use leeway_core::timeline::Segment;
use leeway_core::{Booking, Instant, Options, Totals};
use maud::{DOCTYPE, html};

use crate::object::BoundQuote;
use crate::problem::Problem;
use crate::reply::{Kind, Reply};
use crate::store::Operator;

/// Everything that the page of a booking shows.
pub struct Shown<'a> {
    /// The link's token, for the page's own links and forms.
    pub token: &'a str,
    pub at: Instant,
    pub booking: &'a Booking,
    pub personal: Personal,
    pub operator: Operator,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub totals: Totals,
    pub options: Options,
    pub timeline: Vec<Segment>,
}

/// What a page says at its top.
#[derive(Debug)]
pub enum Notice {
    /// What was asked for is done.
    Canceled,
    Renamed,
    /// The form came without a choice.
    NothingChosen,
    /// The quote that was shown no longer holds; this is a fresh one.
    QuoteChanged,
    /// The rules do not allow it.
    Refused(Box<Problem>),
}

impl Notice {
    /// What the address says of how the reader came here.
    pub fn of(query: &str) -> Option<Self> {
        match query {
            "done=canceled" => Some(Self::Canceled),
            "done=renamed" => Some(Self::Renamed),
            _ => None,
        }
    }
}

/// The page of a booking.
pub fn control(shown: &Shown<'_>, _notice: Option<Notice>) -> Reply {
    page(200, html! { h1 { (shown.booking.reference.as_str()) } })
}

/// What canceling would do, with the button that does it.
pub fn review(shown: &Shown<'_>, _quote: &BoundQuote, _notice: Option<Notice>, status: u16) -> Reply {
    page(status, html! { h1 { (shown.booking.reference.as_str()) } })
}

/// An error, for people.
pub fn problem(problem: &Problem) -> Reply {
    page(problem.status, html! { h1 { (problem.title) } })
}

fn page(status: u16, body: maud::Markup) -> Reply {
    let page = html! { (DOCTYPE) html lang="en" { head { title { "Booking" } } body { (body) } } };
    Reply::bytes(status, Kind::Html, page.into_string().into_bytes())
}
