//! The page of a bill: what it is for, what of it is paid, what is to be paid now, and the one button that leads to the checkout. On the way back
//! it says what came of that, as far as it is known.
//!
//! Source: requirements E2, E4

use leeway_core::balance::totals;
use leeway_core::collect::Collect;
use leeway_core::request::Personal;
use leeway_core::{Booking, Item, Money, Refusal};
use maud::{Markup, html};

use super::LANGUAGE_FIELD;
use super::layout::{Script, Shell, Width, shell, sum};
use super::notice::{good, warning};
use crate::reader::Reader;
use crate::store::Operator;
use crate::words::{Language, Text, Word};

/// Everything that the page of a bill shows.
pub struct BillShown<'a> {
    pub token: &'a str,
    /// The language that the address asks for.
    pub language: Option<Language>,
    /// The link to the booking itself, for those who hold it.
    pub control: Option<&'a str>,
    pub booking: &'a Booking,
    pub personal: &'a Personal,
    pub operator: &'a Operator,
    /// The operator's words for this bill.
    pub note: &'a str,
    pub due: Result<Collect, Refusal>,
    pub how: How,
}

/// How it is paid.
pub enum How {
    ByCard,
    /// With the operator's instructions.
    ByHand(String),
}

/// What the page says at its top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayNotice {
    /// The amount is another than the one that was shown.
    Changed,
    /// The customer came back without paying.
    Canceled,
    /// So much is paid.
    Paid(Money),
    /// The provider has not said yet.
    Waiting,
    /// Nothing came of it.
    NotPaid,
    /// It is to be paid by hand.
    Promised,
}

impl BillShown<'_> {
    fn reader(&self) -> Reader {
        Reader::of(self.language, self.personal.customer.locale.as_deref(), &self.operator.locale)
    }

    /// This page in a language.
    fn path(&self, language: Option<Language>) -> String {
        match language {
            Some(language) => format!("/p/{}?{LANGUAGE_FIELD}={}", self.token, language.tag()),
            None => format!("/p/{}", self.token),
        }
    }
}

/// The whole page.
pub fn page(bill: &BillShown<'_>, notice: Option<PayNotice>) -> Markup {
    let reader = bill.reader();
    let title = reader.say(Word::PayTitle { operator: &bill.operator.name });
    let content = html! {
        div.narrow {
            @if let Some(control) = bill.control {
                p.back { a href=(format!("/b/{control}")) { "← " (reader.say(Word::PageBack)) } }
            }
            @if let Some(notice) = notice { (told(bill, &reader, notice)) }
            div.head { h1 { (title) } @if !bill.note.is_empty() { p.lead { (bill.note) } } }
            section.card aria-labelledby="for-h" {
                h2 #for-h { (reader.say(Word::PayFor)) }
                ul.ledger { @for item in &bill.booking.items { (line(&reader, item)) } }
                (sums(bill, &reader))
            }
            @if notice != Some(PayNotice::Waiting) { (now(bill, &reader)) }
        }
    };
    let languages = Language::ALL.map(|language| (language, bill.path(Some(language))));
    let shell_of = Shell {
        reader: &reader,
        languages: Some(languages),
        title: &title,
        operator: Some(&bill.operator.name),
        script: Script::No,
        width: Width::Text,
    };
    shell(&shell_of, &content)
}

fn line(reader: &Reader, item: &Item) -> Markup {
    let booked = item.lines.iter().filter(|line| line.standing.is_booked()).map(|line| line.price);
    let price = item.lines.first().and_then(|line| Money::sum(line.price.currency(), booked).ok());
    html! {
        li {
            div.row.gone[!item.is_booked()] {
                span { (item.service) " " span.small { (reader.slot(&item.slot.time)) } }
                @if let Some(price) = price { span.amount { (reader.money(price)) } }
            }
        }
    }
}

/// What is owed, by what made it, what has been paid, what is still due.
fn sums(bill: &BillShown<'_>, reader: &Reader) -> Markup {
    let Ok(totals) = totals(bill.booking) else { return html! {} };
    let owed = if bill.booking.is_canceled() { Word::SumOwedCanceled } else { Word::SumOwed };
    html! {
        dl.sums {
            (sum(&reader.say(owed), &reader.money(totals.owed), None))
            (sum(&reader.say(Word::SumPaid), &reader.money(totals.paid), None))
            @if totals.balance.is_negative() {
                div.total { dt { (reader.say(Word::SumWeOwe)) } dd { (reader.money(totals.balance.negated())) } }
            } @else {
                div.total.due[totals.balance.is_positive()] { dt { (reader.say(Word::SumDue)) } dd { (reader.money(totals.balance)) } }
            }
        }
    }
}

fn now(bill: &BillShown<'_>, reader: &Reader) -> Markup {
    match &bill.due {
        Ok(due) => payable(bill, reader, *due),
        Err(refusal) => html! {
            section.card { p { strong { (refused(reader, refusal)) } } }
        },
    }
}

/// The form repeats the amount that is shown: another amount opens nothing.
fn payable(bill: &BillShown<'_>, reader: &Reader, due: Collect) -> Markup {
    let amount = reader.money(due.amount);
    html! {
        section.card aria-labelledby="now-h" {
            h2 #now-h { (reader.say(Word::PayNow)) }
            dl.sums {
                div.total.refund { dt { (reader.say(Word::PayAmount)) } dd { (amount) } }
                @if due.left.is_positive() { (sum(&reader.say(Word::PayLeft), &reader.money(due.left), None)) }
            }
            @match &bill.how {
                How::ByCard => p.small { (reader.say(Word::PayByCard)) },
                How::ByHand(instructions) => {
                    @if !instructions.is_empty() { p.prose { (instructions) } }
                    p.small { (reader.say(Word::PayReference { reference: bill.booking.reference.as_str() })) }
                }
            }
            form method="post" action=(bill.path(bill.language)) {
                input type="hidden" name="amount" value=(due.amount.to_string());
                @match &bill.how {
                    How::ByCard => button.primary type="submit" { (reader.say(Word::PayButton { amount: &amount })) },
                    How::ByHand(_) => button.primary type="submit" { (reader.say(Word::PayPromise)) },
                }
            }
        }
    }
}

/// The rules' no, for people. Only those that a bill can meet have words of their own.
fn refused(reader: &Reader, refusal: &Refusal) -> Text {
    if let Refusal::AmountAboveBalance { most } = refusal {
        return reader.say(Word::PayAboveBalance { amount: &reader.money(*most) });
    }
    if let Refusal::BelowMinimumCharge { minimum } | Refusal::LeavesBelowMinimum { minimum, .. } = refusal {
        return reader.say(Word::PayBelowMinimum { amount: &reader.money(*minimum) });
    }
    reader.say(match refusal.code() {
        "nothing_due" => Word::PayNothing,
        "booking_canceled" => Word::PayBookingCanceled,
        _ => Word::PayNotNow,
    })
}

fn told(bill: &BillShown<'_>, reader: &Reader, notice: PayNotice) -> Markup {
    let warn = |heading, text| warning(&reader.say(heading), &reader.say(text));
    match notice {
        PayNotice::Paid(amount) => good(&reader.say(Word::PayDone { amount: &reader.money(amount) }), None),
        PayNotice::Promised => good(&reader.say(Word::PayPromised), Some(&reader.say(Word::PayPromisedNext))),
        PayNotice::Changed => warn(Word::ChangedHeading, Word::PayChanged),
        PayNotice::Canceled => warn(Word::PayBack, Word::PayBackNext),
        PayNotice::NotPaid => warn(Word::PayFailed, Word::PayBackNext),
        PayNotice::Waiting => warn(Word::PayWaiting, Word::PayWaitingNext { operator: &bill.operator.name }),
    }
}
