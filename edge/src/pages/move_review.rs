//! What moving would do, to the last cent, with the one button that does it.
//!
//! Source: requirements D4, E1, E5, E7

use leeway_core::command::RefundTo;
use leeway_core::explain::Reason;
use leeway_core::quote::{QuotedMove, RebookQuote};
use leeway_core::rebook::Message;
use leeway_core::{Money, Quote};
use maud::{Markup, html};

use super::layout::{shell, sum};
use super::reschedule::{address, moving_fields, query};
use super::review::{due_once_paid_back, group_prices, share_line, step};
use super::{Notice, Page, notice};
use crate::object::{BoundQuote, Moving};
use crate::words::{Text, Word};

/// The whole page.
pub fn page(page: &Page<'_>, moving: &Moving, quote: &BoundQuote, notice: Option<&Notice>) -> Markup {
    let title = &*page.say(Word::PageMoveReview);
    let slot = match &quote.quote {
        Quote::Rebook(rebook) => rebook.moves.first().map_or_else(String::new, |one| format!("&slot={}", one.slot.id)),
        Quote::Cancel(_) | Quote::Rename(_) => String::new(),
    };
    let content = html! {
        div.narrow {
            p.back { a href=(address(page, moving, "")) { "← " (page.say(Word::PageReschedule)) } }
            @match notice {
                Some(Notice::QuoteChanged) => (notice::moved_otherwise(page)),
                Some(other) => (notice::section(page, other)),
                None => {}
            }
            div.head {
                p.over { (page.say(Word::PageBooking { reference: page.shown.booking.reference.as_str() })) }
                h1 { (title) }
                p { (page.say(Word::PageMoveReviewLead)) }
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
    shell(&page.shell(title, &query(moving, &slot)), &content)
}

fn what(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    html! {
        section.card aria-labelledby="what-h" {
            h2 #what-h { (page.say(Word::MovedWhat)) }
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
                    div { dt { (page.say(Word::MovedFrom)) } dd { s { time datetime=(item.slot.time.starts_at) { (page.reader.slot(&item.slot.time)) } } } }
                }
                div { dt { (page.say(Word::MovedTo)) } dd { strong { time datetime=(quoted.slot.time.starts_at) { (page.reader.slot(&quoted.slot.time)) } } } }
            }
        }
    }
}

fn costs(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    let adjusted: Vec<(Text, Money)> = quote.explanation.iter().filter_map(|reason| page.adjusts(reason)).collect();
    let prices = quote.moves.iter().any(|one| one.old_price != one.new_price);
    let lines = quote.fees.iter().flat_map(|fee| &fee.lines);
    html! {
        section.card aria-labelledby="fee-h" {
            h2 #fee-h { (page.say(Word::MovedCosts)) }
            @for one in &quote.moves { (price(page, one)) }
            ul.steps {
                @if prices { (step(&page.say(Word::MovedDifference), &page.money(quote.difference))) }
                @for line in lines { (step(&page.say(Word::MovedFee { step: &page.step(&line.code) }), &page.money(line.amount))) }
                @for (said, amount) in adjusted { (step(&said, &page.money(amount))) }
            }
            (group_prices(page, &quote.explanation))
            @if quote.charged.is_zero() { p { (page.say(Word::MovedFree)) } }
            @else { (total(page, quote.charged)) }
        }
    }
}

fn price(page: &Page<'_>, one: &QuotedMove) -> Markup {
    html! {
        @if one.old_price == one.new_price { p.small { (page.say(Word::MovedSame { price: &page.money(one.old_price) })) } }
        @else {
            dl.sums {
                (sum(&page.say(Word::MovedOld), &page.money(one.old_price), Some("old-price")))
                (sum(&page.say(Word::MovedNew), &page.money(one.new_price), Some("new-price")))
            }
        }
    }
}

fn total(page: &Page<'_>, charged: Money) -> Markup {
    let (said, amount) =
        if charged.is_negative() { (Word::MovedSumLess, charged.negated()) } else { (Word::MovedSum, charged) };
    html! { dl.sums { div.total { dt { (page.say(said)) } dd data-slot="charged" { (page.money(amount)) } } } }
}

fn then(page: &Page<'_>, quote: &RebookQuote) -> Markup {
    let due = due_once_paid_back(page, quote.back.balance_after, quote.back.refund).unwrap_or(quote.back.balance_after);
    let by_hand = quote.back.settlement.by_hand;
    html! {
        section.card aria-labelledby="back-h" {
            h2 #back-h { (page.say(Word::MovedThen)) }
            @if quote.back.refund.is_positive() {
                @match quote.back.refund_to {
                    RefundTo::Voucher => {
                        ul.plain { @for part in &quote.back.voucher { li { (page.say(Word::BackVoucher { amount: &page.money(part.amount) })) } } }
                    }
                    RefundTo::Money => ul.plain { @for share in &quote.back.split { li { (share_line(page, share)) } } },
                }
                p { (page.mode(quote.back.refund_mode, quote.back.refund)) }
                dl.sums { div.total { dt { (page.say(Word::QuoteRefund)) } dd data-slot="refund" { (page.money(quote.back.refund)) } } }
            }
            @if by_hand.is_positive() { p { (page.by_hand(by_hand)) } }
            @if due.is_positive() { p { strong { (page.say(Word::MovedDue { amount: &page.money(due) })) } } }
            @else { p { (page.say(Word::QuoteStaysNothing)) } }
            @match quote.message {
                Message::PaymentRequired => p.note { (page.say(Word::MovedPaymentFirst)) },
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
            h2 #limits-h { (page.say(Word::MovedLimits)) }
            @for said in limits.iter().filter_map(|reason| page.sentence(reason)) { p { (said) } }
            @for said in others.iter().filter_map(|reason| page.sentence(reason)) { p.small { (said) } }
        }
    }
}

fn confirm(page: &Page<'_>, moving: &Moving, quote: &RebookQuote, token: &str) -> Markup {
    let Some(one) = quote.moves.first() else { return html! {} };
    let time = &one.slot.time;
    let when = page.reader.minute(time.starts_at, &time.zone);
    let until = page.reader.soon(quote.valid_until, page.shown.at, &time.zone);
    html! {
        form.confirm method="post" action=(page.path("/reschedule")) {
            (moving_fields(moving))
            input type="hidden" name="slot" value=(one.slot.id);
            input type="hidden" name="quote" value=(token);
            button.go type="submit" { (page.say(Word::MovedConfirm { when: &when })) }
            a.quiet href=(page.path("")) { (page.say(Word::MovedKeep)) }
        }
        p.small { (page.say(Word::QuoteHolds { until: &until })) " " (page.say(Word::MovedNoPlace)) }
    }
}
