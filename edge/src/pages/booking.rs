//! The page of a booking: what it is, until when what costs what, what may be chosen, what was paid.

use leeway_core::balance::{PaymentStatus, Status};
use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell, sum};
use super::{Notice, Page, choose, live, money, notice, policy, voucher};
use crate::words::Word;

/// The whole page.
pub fn page(page: &Page<'_>, notice: Option<&Notice>) -> Markup {
    let shown = page.shown;
    let title = page.say(Word::PageBooking { reference: shown.booking.reference.as_str() });
    let script = if choose::is_open(page) { Script::Yes } else { Script::No };
    let content = html! {
        @if let Some(notice) = notice { (notice::section(page, notice)) }
        (head(page, &title))
        div.columns {
            div.column { (voucher::section(page)) }
            div.column #policy { (policy::section(page)) }
            div.column #items { (choose::items(page)) }
            (panel(page))
            div.column { (money::section(page)) }
        }
        @if script == Script::Yes { (live::data(page)) }
    };
    shell(&Shell { script, width: Width::Columns, ..page.shell(&title, "") }, &content)
}

fn head(page: &Page<'_>, title: &str) -> Markup {
    let shown = page.shown;
    let (now, then) = page.lead();
    let standing = match shown.status {
        Status::Booked => "good",
        Status::PartlyCanceled => "mixed",
        Status::Canceled => "gone",
    };
    let paid = match shown.payment_status {
        PaymentStatus::Paid => "good",
        PaymentStatus::Unpaid | PaymentStatus::PartlyPaid | PaymentStatus::Overpaid => "mixed",
    };
    html! {
        div.head {
            h1 { (title) }
            p.tags {
                span class={ "tag " (standing) } { (page.status()) } " "
                span class={ "tag " (paid) } { (page.payment_status()) }
            }
            p.lead #lead {
                strong { (now) }
                @if let Some(then) = then { " " (then) }
            }
        }
    }
}

fn panel(page: &Page<'_>) -> Markup {
    html! {
        aside.panel aria-labelledby="summary-h" {
            div.card {
                h2 #summary-h { (page.say(Word::PanelSummary)) }
                (sums(page))
            }
            @if choose::is_open(page) { (choose::form(page)) }
        }
    }
}

fn sums(page: &Page<'_>) -> Markup {
    let totals = page.shown.totals;
    let owed = if page.shown.booking.is_canceled() { Word::SumOwedCanceled } else { Word::SumOwed };
    let open = if totals.balance.is_positive() {
        Word::SumDue
    } else if totals.balance.is_negative() {
        Word::SumWeOwe
    } else {
        Word::SumSettled
    };
    let balance = if totals.balance.is_negative() { totals.balance.negated() } else { totals.balance };
    html! {
        dl.sums {
            (sum(&page.say(owed), &page.money(totals.owed), None))
            (sum(&page.say(Word::SumPaid), &page.money(totals.paid), None))
            div.total.due[totals.balance.is_positive()] { dt { (page.say(open)) } dd { (page.money(balance)) } }
        }
        @if let Some(payable) = page.shown.payable {
            a.button.go href=(format!("/p/{}", page.shown.token)) { (page.say(Word::PayLink { amount: &page.money(payable) })) }
        }
        @if totals.promised.is_positive() {
            p.small { (page.say(Word::SumPromised { amount: &page.money(totals.promised) })) }
        }
    }
}
