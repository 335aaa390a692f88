//! Pages: server-rendered HTML that works without JavaScript. They show what the rules said and decide nothing: every amount and every
//! instant on them comes from the core.
//!
//! Sentences are those of [`crate::words`], said and written for one [`Reader`]. With JavaScript `assets/page.js` asks the same compiled
//! rules in the browser on every choice, from the data that [`live`] embeds.
//!
//! Source: requirements E1, E5, E6, E7

mod booking;
mod choose;
pub mod facts;
mod layout;
mod live;
pub mod mailbox;
mod money;
mod move_review;
mod notice;
mod pay;
mod policy;
mod reasons;
mod reschedule;
mod review;
mod told;
mod trouble;
mod voucher;

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::event::{Canceled, Rebooked};
use leeway_core::id::{CommandId, ItemId, LineId, ParticipantId, RefundId, SlotId, VoucherId};
use leeway_core::request::Personal;
use leeway_core::time::Zone;
use leeway_core::timeline::Segment;
use leeway_core::voucher::Voucher;
use leeway_core::{Booking, Event, Instant, Item, Map, Money, Options, Refusal, Selection, Totals};

use maud::{Markup, html};

pub use self::pay::{BillShown, How, PayNotice};
pub use self::reschedule::Choosing;

use self::layout::{Script, Shell, Width};
use crate::access::Scope;
use crate::input;
use crate::object::{BoundQuote, Moving};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::reply::{Kind, Reply};
use crate::route::Method;
use crate::store::{Fault, Operator, Why};
use crate::words::{Language, Text, Word};

/// Where an address says the language.
const LANGUAGE_FIELD: &str = "lang";

/// Everything that the page of a booking shows.
pub struct Shown<'a> {
    /// The link's token, for the page's own links and forms.
    pub token: &'a str,
    /// The language that the address asks for.
    pub language: Option<Language>,
    /// What the link lets its holder do.
    pub scope: Scope,
    /// The slots opened for many in which it has places.
    pub slots: &'a [SlotId],
    pub at: Instant,
    pub booking: &'a Booking,
    pub personal: Personal,
    pub operator: &'a Operator,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub totals: Totals,
    pub options: Options,
    pub timeline: Vec<Segment>,
    /// What can be paid now, where anything can.
    pub payable: Option<Money>,
    /// The vouchers that its refunds made, as they are now, for whoever may spend them.
    pub vouchers: Vec<Voucher>,
    /// What vouchers are spent by.
    pub codes: Map<VoucherId, String>,
}

/// What a page says at its top.
#[derive(Debug)]
pub enum Notice {
    /// What was asked for is done: the events that say so, and whether it can be taken back.
    Done(Vec<Event>, Option<UndoOffer>),
    Renamed,
    /// A cancellation was taken back.
    Undone,
    /// The form came without a choice.
    NothingChosen,
    /// The quote that was shown no longer holds; this is a fresh one.
    QuoteChanged,
    /// The rules do not allow it; with the status that says so.
    Refused(Box<Refusal>, u16),
}

/// A cancellation that can be taken back.
#[derive(Debug, Clone, Copy)]
pub struct UndoOffer {
    pub command: CommandId,
    /// The last instant at which it can.
    pub until: Instant,
}

impl Notice {
    /// The rules' no, to be said; any other fault stays one.
    pub fn refused(fault: Fault) -> Result<Self, Fault> {
        match fault.why() {
            Why::Problem(problem) => {
                let (refusal, status) = problem.into_refusal()?;
                Ok(Self::Refused(refusal, status))
            }
            Why::Platform(what) => Err(Fault::platform(what)),
        }
    }

    /// The status of a page with it.
    fn status(&self) -> u16 {
        match self {
            Self::Done(..) | Self::Renamed | Self::Undone => 200,
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

/// What is due, with the button that leads to the checkout.
pub fn bill(bill: &BillShown<'_>, notice: Option<PayNotice>) -> Reply {
    let status = match (notice, &bill.due) {
        (Some(PayNotice::Changed), _) => 409,
        (Some(_), _) | (None, _) => 200,
    };
    let reply = page(status, pay::page(bill, notice));
    // The provider's word is a matter of seconds: the page looks again by itself, also without a script.
    if notice == Some(PayNotice::Waiting) { reply.with("refresh", "4".to_owned()) } else { reply }
}

/// An error, for people: in place of what was asked for.
pub fn problem(problem: &Problem, language: Language, asked: (Method, &str)) -> Reply {
    let reply = page(problem.status(), trouble::page(problem, &Reader::of(Some(language), None, ""), asked));
    match problem.retry_after_s() {
        Some(seconds) => reply.with("retry-after", seconds.to_string()),
        None => reply,
    }
}

/// The language that a query asks for.
pub fn asked_language(query: &str) -> Option<Language> {
    input::field(&input::form(query), LANGUAGE_FIELD).as_deref().and_then(Language::of)
}

/// The address of a booking's page, or of one below it, with the language that is asked for.
pub fn address(token: &str, below: &str, language: Option<Language>) -> String {
    let (page, place) = below.split_once('#').unwrap_or((below, ""));
    let mut address = format!("/b/{token}{page}");
    if let Some(language) = language {
        address.push(if page.contains('?') { '&' } else { '?' });
        address.push_str(LANGUAGE_FIELD);
        address.push('=');
        address.push_str(language.tag());
    }
    if !place.is_empty() {
        address.push('#');
        address.push_str(place);
    }
    address
}

fn page(status: u16, page: Markup) -> Reply {
    Reply::bytes(status, Kind::Html, page.into_string().into_bytes())
}

/// What is shown, and how its reader reads amounts and dates.
struct Page<'a> {
    shown: &'a Shown<'a>,
    reader: Reader,
}

impl<'a> Page<'a> {
    fn of(shown: &'a Shown<'a>) -> Self {
        let customer = shown.personal.customer.locale.as_deref();
        Self { shown, reader: Reader::of(shown.language, customer, &shown.operator.locale) }
    }

    fn say(&self, word: Word<'_>) -> Text {
        self.reader.say(word)
    }

    fn money(&self, money: Money) -> String {
        self.reader.money(money)
    }

    fn operator(&self) -> &str {
        &self.shown.operator.name
    }

    /// The booking's page, or one below it, in the language that this one was asked for in.
    fn path(&self, below: &str) -> String {
        address(self.shown.token, below, self.shown.language)
    }

    /// The shell around one column of text, for the page that is at `here` below the booking's.
    fn shell<'s>(&'s self, title: &'s str, here: &str) -> Shell<'s> {
        let (reader, languages, operator) = (&self.reader, Some(self.languages(here)), Some(self.operator()));
        Shell { reader, languages, title, operator, script: Script::No, width: Width::Text }
    }

    /// The same page in every language.
    fn languages(&self, below: &str) -> [(Language, String); 3] {
        Language::ALL.map(|language| (language, address(self.shown.token, below, Some(language))))
    }

    /// The language that was asked for, as a field: a form that is sent by GET loses what its address says.
    fn language_field(&self) -> Markup {
        html! { @if let Some(language) = self.shown.language { input type="hidden" name=(LANGUAGE_FIELD) value=(language.tag()); } }
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
        self.reader.code(kind).into_owned()
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
    fn limit(&self, limit: Instant) -> Text {
        let written = self.zone_of(limit).map(|zone| self.reader.limit(limit, zone));
        written.unwrap_or_else(|| self.say(Word::TimeUntil { time: &limit.to_string() }))
    }

    /// From when on a limit is past, with its zone.
    fn after(&self, limit: Instant) -> Text {
        let written = self.zone_of(limit).map(|zone| self.reader.after(limit, zone));
        written.unwrap_or_else(|| self.say(Word::TimeAfter { time: &limit.to_string() }))
    }

    fn refund(&self, id: RefundId) -> Option<&'a leeway_core::refund::Refund> {
        self.shown.booking.refunds.iter().find(|refund| refund.id == id)
    }
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
    fn addresses_keep_their_language_and_place() {
        let german = Some(super::Language::German);
        assert_eq!(super::address("T", "", None), "/b/T");
        assert_eq!(super::address("T", "", german), "/b/T?lang=de");
        assert_eq!(super::address("T", "/reschedule?item=1#times", german), "/b/T/reschedule?item=1&lang=de#times");
    }
}
