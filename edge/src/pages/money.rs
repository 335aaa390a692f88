//! Payments and refunds so far, and the plan that was agreed.

use leeway_core::booking::{ChargeKind, Payment};
use leeway_core::refund::{Refund, Task};
use leeway_core::{Instant, Money};
use maud::{Markup, html};

use super::format::Style;
use super::words::{Word, say, word};
use super::{Page, plain, told};

/// The whole section.
pub fn section(page: &Page<'_>) -> Markup {
    let booking = page.shown.booking;
    let open = booking.refunds.iter().filter(|refund| refund.state.is_open());
    html! {
        section.card.money aria-labelledby="money-h" {
            h2 #money-h { (word(Word::MoneyHeading)) }
            @if booking.payments.is_empty() && booking.refunds.is_empty() && booking.tasks.is_empty() {
                p.small { (word(Word::NothingYet)) }
            }
            ul.ledger {
                @for payment in &booking.payments { (entry(page, payment)) }
                @for refund in open { (promised(page, refund)) }
                @for task in &booking.tasks { (by_hand(page, task)) }
            }
            (plan(page))
        }
    }
}

fn entry(page: &Page<'_>, payment: &Payment) -> Markup {
    match payment {
        Payment::Received(received) => {
            let name = say(Word::Received, &[("method", told::paid_by(received.method))]);
            row(&name, Some(&date(page, received.at)), &page.money(received.amount))
        }
        Payment::Reversed { at, amount, .. } => row(word(Word::CameBack), Some(&date(page, *at)), &page.money(*amount)),
        Payment::PaidBack { at, amount, .. } => row(word(Word::PaidBack), Some(&date(page, *at)), &page.money(*amount)),
    }
}

fn promised(page: &Page<'_>, refund: &Refund) -> Markup {
    let to: Vec<String> = refund
        .split
        .iter()
        .map(|share| format!("{} {}", page.money(share.amount), told::back_to(share.method)))
        .collect();
    row(&page.refund_state(refund.state), Some(&to.join(", ")), &page.money(refund.amount.negated()))
}

fn by_hand(page: &Page<'_>, task: &Task) -> Markup {
    match task {
        Task::RefundByHand { amount } => {
            let name = say(Word::TaskByHand, &[("operator", page.operator())]);
            row(&name, None, &page.money(amount.negated()))
        }
    }
}

/// The instalments, where there are several.
fn plan(page: &Page<'_>) -> Markup {
    let instalments = page.shown.booking.plan.iter().filter_map(|charge| match &charge.kind {
        ChargeKind::Instalment { code, due } => Some((code, *due, charge.amount)),
        _ => None,
    });
    let instalments: Vec<(_, Instant, Money)> = instalments.collect();
    html! {
        @if instalments.len() > 1 && !page.shown.booking.is_canceled() {
            h3 { (word(Word::PlanHeading)) }
            ul.ledger {
                @for (code, due, amount) in instalments {
                    (row(&say(Word::Instalment, &[("name", &plain(code.as_str())), ("due", &date(page, due))]), None, &page.money(amount)))
                }
            }
        }
    }
}

fn row(name: &str, detail: Option<&str>, amount: &str) -> Markup {
    html! {
        li {
            div.row {
                span { (name) @if let Some(detail) = detail { " " span.small { (detail) } } }
                span.amount { (amount) }
            }
        }
    }
}

/// A day, in the zone of the booking.
pub fn date(page: &Page<'_>, at: Instant) -> String {
    let zone = page.shown.booking.items.first().map(|item| &item.slot.time.zone);
    zone.map_or_else(|| at.to_string(), |zone| page.format.at(at, zone, Style::Date))
}
