//! Payments and refunds so far, how the price came about, and what is to be paid when.

use leeway_core::booking::{Charge, ChargeKind, Payment};
use leeway_core::plan::{Due, DueState};
use leeway_core::refund::{Refund, Task};
use leeway_core::{Instant, Money};
use maud::{Markup, html};

use super::Page;
use super::told::shares;
use crate::reader::Style;
use crate::words::{Text, Word};

/// The whole section.
pub fn section(page: &Page<'_>) -> Markup {
    let booking = page.shown.booking;
    let open = booking.refunds.iter().filter(|refund| refund.state.is_open());
    html! {
        section.card.money aria-labelledby="money-h" {
            h2 #money-h { (page.say(Word::MoneyHeading)) }
            @if booking.payments.is_empty() && booking.refunds.is_empty() && booking.tasks.is_empty() {
                p.small { (page.say(Word::MoneyNone)) }
            }
            ul.ledger {
                @for payment in &booking.payments { (entry(page, payment)) }
                @for refund in open { (promised(page, refund)) }
                @for task in &booking.tasks { (by_hand(page, task)) }
            }
            (price(page))
            (plan(page))
        }
    }
}

fn entry(page: &Page<'_>, payment: &Payment) -> Markup {
    match payment {
        Payment::Received(received) => {
            row(&page.received(received.method), Some(&date(page, received.at)), &page.money(received.amount))
        }
        Payment::Reversed { at, amount, .. } => {
            row(&page.say(Word::MoneyCameBack), Some(&date(page, *at)), &page.money(*amount))
        }
        Payment::PaidBack { at, amount, .. } => {
            row(&page.say(Word::MoneyPaidBack), Some(&date(page, *at)), &page.money(*amount))
        }
    }
}

fn promised(page: &Page<'_>, refund: &Refund) -> Markup {
    let to: Vec<Text> = shares(refund).map(|share| page.goes_back(&share)).collect();
    row(&page.refund_state(refund.state), Some(&to.join(", ")), &page.money(refund.amount.negated()))
}

fn by_hand(page: &Page<'_>, task: &Task) -> Markup {
    match task {
        Task::RefundByHand { amount } => {
            let name = page.say(Word::MoneyByHand { operator: page.operator() });
            row(&name, None, &page.money(amount.negated()))
        }
    }
}

/// What the price is made of, where that is more than what was agreed at first.
fn price(page: &Page<'_>) -> Markup {
    let booking = page.shown.booking;
    let is_canceled = booking.is_canceled();
    let counts = |charge: &&Charge| !is_canceled || charge.kind.outlives_cancellation();
    let (agreed, since): (Vec<&Charge>, Vec<&Charge>) =
        booking.charges().filter(counts).partition(|charge| matches!(charge.kind, ChargeKind::Instalment { .. }));
    let booked = Money::sum(booking.currency, agreed.iter().map(|charge| charge.amount));
    let owed = if is_canceled { Word::SumOwedCanceled } else { Word::SumOwed };
    html! {
        @if !since.is_empty() {
            h3 { (page.say(Word::PriceHeading)) }
            ul.ledger {
                @if let (Ok(booked), false) = (booked, agreed.is_empty()) { (row(&page.say(Word::PriceBooked), None, &page.money(booked))) }
                @for charge in since { (row(&entry_name(page, &charge.kind), Some(&date(page, charge.at)), &page.money(charge.amount))) }
            }
            dl.sums { div.total { dt { (page.say(owed)) } dd { (page.money(page.shown.totals.owed)) } } }
        }
    }
}

fn entry_name(page: &Page<'_>, kind: &ChargeKind) -> Text {
    page.say(match kind {
        ChargeKind::Instalment { code, .. } | ChargeKind::Adjustment { code } => {
            return page.reader.code(code.as_str());
        }
        ChargeKind::CanceledLines {} => Word::PriceCanceledLines,
        ChargeKind::GroupPriceLost {} => Word::PriceGroupPriceLost,
        ChargeKind::PriceDifference {} => Word::PriceDifference,
        ChargeKind::CancellationFee {} => Word::PriceCancellationFee,
        ChargeKind::MoveFee {} => Word::PriceMoveFee,
        ChargeKind::DifferenceKept {} => Word::PriceDifferenceKept,
        ChargeKind::ShortfallWaived {} => Word::PriceShortfallWaived,
        ChargeKind::GatewayFee {} => Word::PriceGatewayFee,
        ChargeKind::RefundDeclined { .. } => Word::PriceRefundDeclined { operator: page.operator() },
        ChargeKind::Refund { .. } => Word::PriceRefund,
    })
}

/// What is to be paid when, where there is more than one due, or one that is late.
fn plan(page: &Page<'_>) -> Markup {
    let dues: Vec<&Due> = page.shown.options.payment.dues.iter().filter(|due| due.amount.is_positive()).collect();
    let is_late = dues.iter().any(|due| due.state == DueState::Overdue);
    html! {
        @if dues.len() > 1 || is_late {
            h3 { (page.say(Word::MoneyPlan)) }
            ul.ledger { @for due in dues { (due_row(page, due)) } }
        }
    }
}

/// How a due stands: `next, until 3 Dec 2026; €50.00 of it is paid`.
pub fn due_state(page: &Page<'_>, due: &Due) -> Text {
    let by = date(page, due.due);
    let state = page.say(match due.state {
        DueState::Paid => Word::DuePaid,
        DueState::Overdue => Word::DueOverdue { due: &by },
        DueState::Next => Word::DueNext { due: &by },
        DueState::Later => Word::DueLater { due: &by },
    });
    if due.paid.is_positive() && due.state != DueState::Paid {
        let partly = page.say(Word::DuePartly { paid: &page.money(due.paid) });
        return format!("{state}; {partly}").into();
    }
    state
}

fn due_row(page: &Page<'_>, due: &Due) -> Markup {
    let state = due_state(page, due);
    let is_late = due.state == DueState::Overdue;
    html! {
        li {
            div.row {
                span { (page.reader.code(due.code.as_str())) " " span.small.late[is_late] { (state) } }
                span.amount { (page.money(due.amount)) }
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
    zone.map_or_else(|| at.to_string(), |zone| page.reader.at(at, zone, Style::Date))
}
