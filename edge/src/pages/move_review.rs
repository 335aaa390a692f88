//! What moving would do, to the last cent, with the one button that does it.
//!
//! Source: requirements D4, E1, E5, E7

use leeway_core::command::RefundTo;
use leeway_core::explain::Reason;
use leeway_core::quote::{QuotedMove, RebookQuote};
use leeway_core::rebook::Message;
use leeway_core::{Money, Quote};
use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell, sum};
use super::reschedule::{address, moving_fields};
use super::review::{due_once_paid_back, group_prices, share_line, step};
use super::words::{Word, say, word};
use super::{Notice, Page, notice};
use crate::object::{BoundQuote, Moving};

/// The whole page.
pub fn page(page: &Page<'_>, moving: &Moving, quote: &BoundQuote, notice: Option<&Notice>) -> Markup {
    let title = word(Word::MoveReviewTitle);
    let content = html! {
        div.narrow {
            p.back { a href=(address(page, moving, "")) { "← " (word(Word::RescheduleTitle)) } }
            @match notice {
                Some(Notice::QuoteChanged) => (notice::moved_otherwise()),
                Some(other) => (notice::section(page, other)),
                None => {}
            }
            div.head {
                p.over { (say(Word::BookingTitle, &[("reference", page.shown.booking.reference.as_str())])) }
                h1 { (title) }
                p { (word(Word::MoveReviewLead)) }
            }
            @if let Quote::Rebook(rebook) = &quote.quote {
                (what(page, rebook))
                (costs(page, rebook))
                (then(page, rebook))
                (limits(page, rebook))
                (confirm(page, moving, rebook, &quote.token))
            }
        }
    };
    shell(&Shell { title, operator: Some(page.operator()), script: Script::No, width: Width::Text }, &content)
}

fn what(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    html! {
        section.card aria-labelledby="what-h" {
            h2 #what-h { (word(Word::MoveWhat)) }
            @for quoted in &quote.moves { (what_item(page, quoted)) }
        }
    }
}

fn what_item(page: &Page<'_>, quoted: &QuotedMove) -> Markup {
    let names: Vec<&str> = quoted.participants.iter().map(|id| page.name(*id)).collect();
    html! {
        div.what {
            h3 { (page.service(quoted.item)) }
            @if !names.is_empty() { p { (names.join(", ")) } }
            dl.dates {
                @if let Some(item) = page.item(quoted.item) {
                    div { dt { (word(Word::MoveFrom)) } dd { s { time datetime=(item.slot.time.starts_at) { (page.format.slot(&item.slot.time)) } } } }
                }
                div { dt { (word(Word::MoveTo)) } dd { strong { time datetime=(quoted.slot.time.starts_at) { (page.format.slot(&quoted.slot.time)) } } } }
            }
        }
    }
}

fn costs(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    let adjusted: Vec<(String, Money)> = quote.explanation.iter().filter_map(|reason| page.adjusts(reason)).collect();
    let prices = quote.moves.iter().any(|one| one.old_price != one.new_price);
    let lines = quote.fees.iter().flat_map(|fee| &fee.lines);
    html! {
        section.card aria-labelledby="fee-h" {
            h2 #fee-h { (word(Word::MoveCosts)) }
            @for one in &quote.moves { (price(page, one)) }
            ul.steps {
                @if prices { (step(word(Word::PriceDifference), &page.money(quote.difference))) }
                @for line in lines { (step(&move_step(page, &line.code), &page.money(line.amount))) }
                @for (said, amount) in adjusted { (step(&said, &page.money(amount))) }
            }
            (group_prices(page, &quote.explanation))
            @if quote.charged.is_zero() { p { (word(Word::MoveFree)) } }
            @else { (total(page, quote.charged)) }
        }
    }
}

fn price(page: &Page<'_>, one: &QuotedMove) -> Markup {
    html! {
        @if one.old_price == one.new_price { p.small { (say(Word::SamePrice, &[("price", &page.money(one.old_price))])) } }
        @else {
            dl.sums {
                (sum(word(Word::OldPrice), &page.money(one.old_price), Some("old-price")))
                (sum(word(Word::NewPrice), &page.money(one.new_price), Some("new-price")))
            }
        }
    }
}

fn move_step(page: &Page<'_>, code: &leeway_core::explain::FeeCode) -> String {
    format!("{}: {}", word(Word::MoveFee), page.step(code))
}

fn total(page: &Page<'_>, charged: Money) -> Markup {
    let (said, amount) =
        if charged.is_negative() { (Word::MoveSumLess, charged.negated()) } else { (Word::MoveSum, charged) };
    html! { dl.sums { div.total { dt { (word(said)) } dd data-slot="charged" { (page.money(amount)) } } } }
}

fn then(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    let due = due_once_paid_back(page, quote.balance_after, quote.refund).unwrap_or(quote.balance_after);
    let by_hand = quote.settlement.by_hand;
    html! {
        section.card aria-labelledby="back-h" {
            h2 #back-h { (word(Word::MoveThen)) }
            @if quote.refund.is_positive() {
                @match quote.refund_to {
                    RefundTo::Voucher => {
                        ul.plain { @for part in &quote.voucher { li { (say(Word::VoucherWorth, &[("amount", &page.money(part.amount))])) } } }
                    }
                    RefundTo::Money => ul.plain { @for share in &quote.split { li { (share_line(page, share)) } } },
                }
                p { (page.mode(quote.refund_mode, None)) }
                dl.sums { div.total { dt { (word(Word::BackSum)) } dd data-slot="refund" { (page.money(quote.refund)) } } }
            }
            @if by_hand.is_positive() { p { (page.mode(leeway_core::policy::RefundMode::Never, Some(by_hand))) } }
            @if due.is_positive() { p { strong { (say(Word::DueThen, &[("amount", &page.money(due))])) } } }
            @else { p { (word(Word::StaysNothing)) } }
            @match quote.message {
                Message::PaymentRequired => p.note { (word(Word::PaymentFirst)) },
                Message::BookingChange => {}
            }
        }
    }
}

/// Whose limits hold afterwards, and what else has to be said.
fn limits(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    let is_limit = |reason: &&Reason| matches!(reason, Reason::LimitsAfter { .. });
    let (limits, others): (Vec<&Reason>, Vec<&Reason>) = quote.explanation.iter().partition(is_limit);
    html! {
        section.card aria-labelledby="limits-h" {
            h2 #limits-h { (word(Word::LimitsHeading)) }
            @for said in limits.iter().filter_map(|reason| page.sentence(reason)) { p { (said) } }
            @for said in others.iter().filter_map(|reason| page.sentence(reason)) { p.small { (said) } }
        }
    }
}

fn confirm(page: &Page<'_>, moving: &Moving, quote: &RebookQuote, token: &str) -> Markup {
    let Some(one) = quote.moves.first() else { return html! {} };
    let time = &one.slot.time;
    let when = page.format.at(time.starts_at, &time.zone, super::format::Style::Minute);
    let until = page.format.soon(quote.valid_until, page.shown.at, &time.zone);
    html! {
        form.confirm method="post" action=(page.path("/reschedule")) {
            (moving_fields(moving))
            input type="hidden" name="slot" value=(one.slot.id);
            input type="hidden" name="quote" value=(token);
            button.go type="submit" { (say(Word::ConfirmMove, &[("when", &when)])) }
            a.quiet href=(page.path("")) { (word(Word::KeepDate)) }
        }
        p.small { (say(Word::HoldsUntil, &[("until", &until)])) " " (word(Word::NoPlaceHeld)) }
    }
}
