//! Pages: server-rendered HTML that works without JavaScript. They show what the rules said and decide nothing: every amount and every
//! instant on them comes from the core.
//!
//! The sentences are in [`words`], amounts and dates are written by [`mod@format`]. With JavaScript `assets/page.js` asks the same compiled
//! rules in the browser on every choice, from the data that [`live`] embeds.
//!
//! Source: requirements E1, E5, E6, E7

mod booking;
mod choose;
mod format;
mod layout;
mod live;
mod money;
mod move_review;
mod notice;
mod policy;
mod reasons;
mod reschedule;
mod review;
mod told;
mod trouble;
mod words;

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::event::{Canceled, Rebooked};
use leeway_core::id::{ItemId, LineId, ParticipantId, RefundId, SlotId};
use leeway_core::request::Personal;
use leeway_core::time::Zone;
use leeway_core::timeline::Segment;
use leeway_core::{Booking, Event, Instant, Item, Money, Options, Refusal, Selection, Totals};

pub use self::reschedule::Choosing;

use self::format::Format;
use crate::access::Scope;
use crate::object::{BoundQuote, Moving};
use crate::problem::Problem;
use crate::reply::{Kind, Reply};
use crate::store::Operator;

/// Everything that the page of a booking shows.
pub struct Shown<'a> {
    /// The link's token, for the page's own links and forms.
    pub token: &'a str,
    /// What the link lets its holder do.
    pub scope: Scope,
    /// The slots opened for many in which it has places.
    pub slots: &'a [SlotId],
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
    /// What was asked for is done: the events that say so.
    Done(Vec<Event>),
    Renamed,
    /// The form came without a choice.
    NothingChosen,
    /// The quote that was shown no longer holds; this is a fresh one.
    QuoteChanged,
    /// The rules do not allow it; with the status that says so.
    Refused(Box<Refusal>, u16),
}

impl Notice {
    /// The status of a page with it.
    fn status(&self) -> u16 {
        match self {
            Self::Done(_) | Self::Renamed => 200,
            Self::NothingChosen => 422,
            Self::QuoteChanged => 409,
            Self::Refused(_, status) => *status,
        }
    }
}

/// The page of a booking.
pub fn control(shown: &Shown<'_>, notice: Option<Notice>) -> Reply {
    let status = notice.as_ref().map_or(200, Notice::status);
    page(status, booking::page(&Page::of(shown), notice.as_ref()))
}

/// What canceling would do, with the button that does it.
pub fn review(shown: &Shown<'_>, selection: &Selection, quote: &BoundQuote, notice: Option<Notice>) -> Reply {
    let status = notice.as_ref().map_or(200, Notice::status);
    page(status, review::page(&Page::of(shown), selection, quote, notice.as_ref()))
}

/// Where something can be moved to.
pub fn reschedule(shown: &Shown<'_>, choosing: &Choosing<'_>, notice: Option<Notice>) -> Reply {
    let status = notice.as_ref().map_or(200, Notice::status);
    page(status, reschedule::page(&Page::of(shown), choosing, notice.as_ref()))
}

/// What moving would do, with the button that does it.
pub fn move_review(shown: &Shown<'_>, moving: &Moving, quote: &BoundQuote, notice: Option<Notice>) -> Reply {
    let status = notice.as_ref().map_or(200, Notice::status);
    page(status, move_review::page(&Page::of(shown), moving, quote, notice.as_ref()))
}

/// An error, for people.
pub fn problem(problem: &Problem) -> Reply {
    let reply = page(problem.status, trouble::page(problem));
    match problem.retry_after_s {
        Some(seconds) => reply.with("retry-after", seconds.to_string()),
        None => reply,
    }
}

fn page(status: u16, page: maud::Markup) -> Reply {
    Reply::bytes(status, Kind::Html, page.into_string().into_bytes())
}

/// What is shown, and how its reader reads amounts and dates.
struct Page<'a> {
    shown: &'a Shown<'a>,
    format: Format,
}

impl<'a> Page<'a> {
    fn of(shown: &'a Shown<'a>) -> Self {
        let customer = shown.personal.customer.locale.as_deref();
        Self { shown, format: Format::of(customer, &shown.operator.locale) }
    }

    fn money(&self, money: Money) -> String {
        self.format.money(money)
    }

    fn operator(&self) -> &str {
        &self.shown.operator.name
    }

    /// The booking's page, or one below it.
    fn path(&self, below: &str) -> String {
        format!("/b/{}{below}", self.shown.token)
    }

    fn item(&self, id: ItemId) -> Option<&'a Item> {
        self.shown.booking.item(id)
    }

    fn service(&self, id: ItemId) -> &'a str {
        self.item(id).map_or("", |item| item.service.as_str())
    }

    fn name(&self, id: ParticipantId) -> &str {
        self.shown.personal.names.get(&id).map_or("–", String::as_str)
    }

    /// The name of a line: its label, else its kind in plain words.
    fn label(&self, item: &Item, id: LineId) -> String {
        if let Some(label) = self.shown.personal.labels.get(&id) {
            return label.clone();
        }
        let kind = item.lines.iter().find(|line| line.id == id).map_or("", |line| line.kind.as_str());
        if kind == "ticket" { words::word(words::Word::Ticket).to_owned() } else { plain(kind) }
    }

    /// The zone of all items, where they have one.
    fn common_zone(&self) -> Option<&'a Zone> {
        let mut zones = self.shown.booking.items.iter().map(|item| &item.slot.time.zone);
        let first = zones.next()?;
        zones.all(|zone| zone == first).then_some(first)
    }

    /// The zone in which a limit is read: that of the item whose limit it is, else the first one's.
    fn zone_of(&self, limit: Instant) -> Option<&'a Zone> {
        let items = &self.shown.booking.items;
        let own = items.iter().find(|item| item.terms.windows.iter().any(|window| window.until == limit));
        own.or(items.first()).map(|item| &item.slot.time.zone)
    }

    /// A limit to the last digit, with its zone.
    fn limit(&self, limit: Instant) -> String {
        self.zone_of(limit).map_or_else(|| limit.to_string(), |zone| self.format.limit(limit, zone))
    }

    /// From when on a limit is past, with its zone.
    fn after(&self, limit: Instant) -> String {
        self.zone_of(limit).map_or_else(|| limit.to_string(), |zone| self.format.after(limit, zone))
    }

    fn refund(&self, id: RefundId) -> Option<&'a leeway_core::refund::Refund> {
        self.shown.booking.refunds.iter().find(|refund| refund.id == id)
    }
}

/// An operator's code in plain words: `booking_fee` is “Booking fee”.
fn plain(code: &str) -> String {
    let text = code.replace(['_', '-'], " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The cancellation among a command's events.
fn cancellation(events: &[Event]) -> Option<&Canceled> {
    events.iter().find_map(|event| if let Event::Canceled(canceled) = event { Some(canceled.as_ref()) } else { None })
}

/// The move among a command's events.
fn rebooking(events: &[Event]) -> Option<&Rebooked> {
    events.iter().find_map(|event| if let Event::Rebooked(rebooked) = event { Some(rebooked.as_ref()) } else { None })
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_in_plain_words() {
        assert_eq!(super::plain("booking_fee"), "Booking fee");
        assert_eq!(super::plain(""), "");
    }
}
