//! What messages say about a booking: the values of a template's variables, in the words in which the pages tell the same. Everything is told
//! as it was at the moment of the command that the message is about; only links are of today.
//!
//! Source: requirements E7, F5

mod blocks;
mod diary;

pub use diary::Diary;

use leeway_core::balance::{payment_status, status, totals};
use leeway_core::booking::Received;
use leeway_core::event::RefundFailed;
use leeway_core::id::{RefundId, VoucherId};
use leeway_core::refund::Refund;
use leeway_core::request::Personal;
use leeway_core::time::Zone;
use leeway_core::voucher::{self, Voucher};
use leeway_core::{Event, Instant, Map, Money, MoneyError, Refusal, Selection, options, timeline};

use super::told::shares;
use super::{Page, Shown, cancellation, rebooking};
use crate::access::Scope;
use crate::mail::kind::Kind;
use crate::mail::letter::{Value, Values};
use crate::mail::template::Variable;
use crate::reader::Reader;
use crate::store::{Fault, Moment, Operator};
use crate::words::Language;

/// What a message is about.
pub struct About<'a> {
    pub moment: Moment,
    pub personal: Personal,
    pub operator: &'a Operator,
    /// The booking's page, of today.
    pub control_url: String,
    /// What the vouchers of its refunds are spent by.
    pub codes: Map<VoucherId, String>,
    /// In which language it is written.
    pub language: Language,
}

/// The values of the variables of a message about a booking.
pub fn values(kind: Kind, about: &About<'_>) -> Result<Values, Fault> {
    let moment = &about.moment;
    let shown = shown(about)?;
    let page = Page::of(&shown);
    let mut values = about_everybody(&page, &about.control_url);
    let more = match kind {
        Kind::Confirmation | Kind::PaymentRequired => booked(&page)?,
        Kind::Change => changed(&page, moment)?,
        Kind::PaymentReceived => paid(&page, moment)?,
        Kind::Canceled => canceled(&page, moment)?,
        Kind::RefundSent => sent(&page, moment)?,
        Kind::RefundFailed => failed(&page, moment)?,
        Kind::PaymentLink => vec![(Variable::Items, Value::Block(blocks::booked_items(&page)))],
        // These are not about a booking.
        Kind::SignInLink | Kind::Inquiry => Vec::new(),
    };
    values.extend(more);
    Ok(values)
}

/// The booking as its page would have shown it then.
fn shown<'a>(about: &'a About<'_>) -> Result<Shown<'a>, Fault> {
    let (booking, at) = (&about.moment.after, about.moment.at);
    let totals = totals(booking).map_err(Refusal::from)?;
    Ok(Shown {
        token: "",
        language: Some(about.language),
        scope: Scope::CONTROL,
        slots: &[],
        at,
        booking,
        personal: about.personal.clone(),
        operator: about.operator,
        status: status(booking),
        payment_status: payment_status(&totals),
        totals,
        options: options(booking, at)?,
        timeline: timeline(booking, &Selection::All)?,
        payable: None,
        vouchers: issued(&about.moment),
        codes: about.codes.clone(),
    })
}

/// The vouchers that the command issued, as they were then.
fn issued(moment: &Moment) -> Vec<Voucher> {
    let begins = moment.events.iter().filter_map(|event| voucher::issued_by(&moment.after, event));
    begins.filter_map(|event| voucher::evolve(None, &event, moment.at)).collect()
}

/// What somebody is asked to pay by a link.
pub struct Bill<'a> {
    pub amount: Money,
    pub url: String,
    pub note: &'a str,
    pub expires_at: Instant,
    pub zone: &'a Zone,
}

impl Bill<'_> {
    /// The values that a message with the link has beside those of its booking, where it has one.
    pub fn told(&self, reader: &Reader) -> [(Variable, Value); 4] {
        [
            text(Variable::AmountDue, reader.money(self.amount)),
            (Variable::PaymentUrl, Value::Link(self.url.clone())),
            text(Variable::Note, self.note),
            text(Variable::ExpiresAt, reader.zoned(self.expires_at, self.zone)),
        ]
    }
}

/// The values of a message with a way into the portal.
pub fn sign_in(reader: &Reader, url: String, expires_at: Instant, zone: &Zone) -> [(Variable, Value); 2] {
    [(Variable::SignInUrl, Value::Link(url)), text(Variable::ExpiresAt, reader.zoned(expires_at, zone))]
}

type Told = Vec<(Variable, Value)>;

fn text(variable: Variable, text: impl Into<String>) -> (Variable, Value) {
    (variable, Value::Text(text.into()))
}

fn about_everybody(page: &Page<'_>, control_url: &str) -> Values {
    let customer = &page.shown.personal.customer;
    let mut values = Values::from_iter([
        text(Variable::OperatorName, page.operator()),
        text(Variable::CustomerName, &customer.name),
        text(Variable::CustomerEmail, &customer.email),
        text(Variable::Reference, page.shown.booking.reference.as_str()),
        (Variable::ControlUrl, Value::Link(control_url.to_owned())),
    ]);
    values.extend(customer.phone.iter().map(|phone| text(Variable::CustomerPhone, phone)));
    values
}

fn booked(page: &Page<'_>) -> Result<Told, Fault> {
    let mut told = due(page);
    told.push((Variable::Items, Value::Block(blocks::booked_items(page))));
    told.push((Variable::Amounts, Value::Block(blocks::sums(page))));
    told.extend(terms(page));
    Ok(told)
}

fn changed(page: &Page<'_>, moment: &Moment) -> Result<Told, Fault> {
    let mut told = due(page);
    let rebooked = rebooking(&moment.events);
    let mut amounts = match rebooked {
        Some(rebooked) => blocks::moved_amounts(page, moment, rebooked).map_err(Refusal::from)?,
        None => Vec::new(),
    };
    amounts.extend(entered(page, moment).map(|refund| blocks::refund(page, refund)).unwrap_or_default());
    amounts.extend(blocks::sums(page));
    told.push((Variable::Items, Value::Block(blocks::moved_items(page, moment.before.as_ref(), rebooked))));
    told.push((Variable::Amounts, Value::Block(amounts)));
    told.extend(terms(page));
    Ok(told)
}

fn paid(page: &Page<'_>, moment: &Moment) -> Result<Told, Fault> {
    let mut told = due(page);
    let ids: Vec<_> = moment
        .events
        .iter()
        .filter_map(|event| if let Event::PaymentRecorded(paid) = event { Some(paid.id) } else { None })
        .collect();
    let received: Vec<&Received> = page.shown.booking.received().filter(|one| ids.contains(&one.id)).collect();
    if let Some(one) = received.first() {
        told.push(text(Variable::PaidAmount, page.money(one.amount)));
        told.push(text(Variable::PaymentMethod, page.received(one.method)));
    }
    let mut amounts = blocks::received(page, &received);
    amounts.extend(blocks::sums(page));
    told.push((Variable::Items, Value::Block(blocks::booked_items(page))));
    told.push((Variable::Amounts, Value::Block(amounts)));
    Ok(told)
}

fn canceled(page: &Page<'_>, moment: &Moment) -> Result<Told, Fault> {
    let Some(canceled) = cancellation(&moment.events) else { return Ok(Vec::new()) };
    let fee = canceled.charged().map_err(Refusal::from)?;
    let mut told = vec![text(Variable::FeeAmount, page.money(fee))];
    let mut amounts = blocks::fee(page, moment, canceled)?;
    match entered(page, moment) {
        Some(refund) => {
            told.extend(goes_back(page, refund));
            amounts.extend(blocks::refund(page, refund));
        }
        None => amounts.extend(blocks::no_refund(page, &moment.events)),
    }
    told.extend(still_due(page).map_err(Refusal::from)?);
    told.push((Variable::Items, Value::Block(blocks::canceled_items(page, canceled))));
    told.push((Variable::Amounts, Value::Block(amounts)));
    Ok(told)
}

fn sent(page: &Page<'_>, moment: &Moment) -> Result<Told, Fault> {
    let settled = moment
        .events
        .iter()
        .find_map(|event| if let Event::RefundSettled(settled) = event { Some(settled.refund) } else { None });
    let issued = moment
        .events
        .iter()
        .find_map(|event| if let Event::VoucherIssued(issued) = event { Some(issued.refund) } else { None });
    let Some(refund) = settled.or(issued).and_then(|id| page.refund(id)) else { return Ok(Vec::new()) };
    let mut told: Told = goes_back(page, refund).into_iter().collect();
    told.extend(still_due(page).map_err(Refusal::from)?);
    told.push((Variable::Amounts, Value::Block(blocks::refund(page, refund))));
    Ok(told)
}

fn failed(page: &Page<'_>, moment: &Moment) -> Result<Told, Fault> {
    let failed = moment
        .events
        .iter()
        .find_map(|event| if let Event::RefundFailed(failed) = event { Some(failed) } else { None });
    let Some(RefundFailed { refund, payment, why, .. }) = failed else { return Ok(Vec::new()) };
    let share = page.refund(*refund).and_then(|refund| refund.share(*payment));
    let amount = share.map(|share| text(Variable::RefundAmount, page.money(share.amount)));
    Ok(amount.into_iter().chain([text(Variable::Problem, why)]).collect())
}

/// The refund that the command entered, as it was right after it.
fn entered<'a>(page: &Page<'a>, moment: &Moment) -> Option<&'a Refund> {
    let id = moment
        .events
        .iter()
        .find_map(|event| if let Event::RefundEntered(entered) = event { Some(entered.refund.id) } else { None });
    id.and_then(|id: RefundId| page.refund(id))
}

fn goes_back(page: &Page<'_>, refund: &Refund) -> [(Variable, Value); 2] {
    let ways: Vec<_> = shares(refund).map(|share| page.goes_back(&share)).collect();
    [text(Variable::RefundAmount, page.money(refund.amount)), text(Variable::RefundWay, ways.join(", "))]
}

/// What is to be paid next, and until when.
fn due(page: &Page<'_>) -> Told {
    let payment = &page.shown.options.payment;
    if !payment.due_now.is_positive() {
        return Vec::new();
    }
    let mut told = vec![text(Variable::AmountDue, page.money(payment.due_now))];
    if let (Some(until), Some(zone)) = (payment.due_until, zone(page)) {
        told.push(text(Variable::DueUntil, page.reader.zoned(until, zone)));
    }
    told
}

/// What the customer owes once every refund is paid back.
fn still_due(page: &Page<'_>) -> Result<Option<(Variable, Value)>, MoneyError> {
    let due: Money = page.shown.totals.balance.plus(page.shown.totals.promised)?;
    Ok(due.is_positive().then(|| text(Variable::AmountDue, page.money(due))))
}

/// What canceling costs, as the booking's page has it on top.
fn terms(page: &Page<'_>) -> Option<(Variable, Value)> {
    let (now, then) = page.lead();
    let then = then.map(|then| format!(" {then}")).unwrap_or_default();
    (!page.shown.booking.is_canceled()).then(|| text(Variable::Terms, format!("{now}{then}")))
}

fn zone<'a>(page: &Page<'a>) -> Option<&'a Zone> {
    page.shown.booking.items.first().map(|item| &item.slot.time.zone)
}
