//! What canceling would do, to the last cent, with the one button that does it.
//!
//! Source: requirements E1, E5, E7

use leeway_core::booking::Line;
use leeway_core::explain::Reason;
use leeway_core::money::MoneyError;
use leeway_core::policy::RefundMode;
use leeway_core::quote::{CancelQuote, QuotedCharge, QuotedItem};
use leeway_core::refund::Share;
use leeway_core::{Item, Money, Quote, Selection};
use maud::{Markup, html};

use super::layout::{shell, sum};
use super::{Notice, Page, money, notice};
use crate::object::BoundQuote;
use crate::words::{Text, Word};

/// The whole page.
pub fn page(page: &Page<'_>, selection: &Selection, quote: &BoundQuote, notice: Option<&Notice>) -> Markup {
    let title = &*page.say(Word::PageReview);
    let content = html! {
        div.narrow {
            p.back { a href=(page.path("")) { "← " (page.say(Word::PageBack)) } }
            @match notice {
                Some(Notice::QuoteChanged) => (notice::changed(page, quote)),
                Some(other) => (notice::section(page, other)),
                None => {}
            }
            div.head {
                p.over { (page.say(Word::PageBooking { reference: page.shown.booking.reference.as_str() })) }
                h1 { (title) }
                p { (page.say(Word::PageReviewLead)) }
            }
            @if let Quote::Cancel(cancel) = &quote.quote {
                (what(page, cancel))
                (fees(page, cancel))
                (back(page, cancel))
                (confirm(page, selection, cancel, &quote.token))
            }
        }
    };
    shell(&page.shell(title, &format!("/cancel?{}", query(selection))), &content)
}

fn what(page: &Page<'_>, quote: &CancelQuote) -> Markup {
    html! {
        section.card aria-labelledby="what-h" {
            h2 #what-h { (page.say(Word::QuoteWhat)) }
            @for quoted in &quote.items {
                @if let Some(item) = page.item(quoted.item) { (what_item(page, item, quoted)) }
            }
            dl.sums { (sum(&page.say(Word::QuotePrice), &page.money(quote.price), Some("price"))) }
            @for reason in &quote.explanation {
                @if let Reason::ItemStays { item, limit } = reason {
                    p.note {
                        @match limit {
                            Some(limit) => (page.say(Word::ReasonItemStays { limit: &page.limit(*limit), service: page.service(*item) })),
                            None => (page.say(Word::ReasonItemStaysOff { service: page.service(*item) })),
                        }
                    }
                }
            }
        }
    }
}

fn what_item(page: &Page<'_>, item: &Item, quoted: &QuotedItem) -> Markup {
    let goes = |line: &&Line| quoted.lines.contains(&line.id);
    html! {
        div.what {
            h3 { (item.service) }
            p.when { time datetime=(item.slot.time.starts_at) { (page.reader.slot(&item.slot.time)) } }
            ul.people {
                @for one in &quoted.participants {
                    @let mut lines = item.lines.iter().filter(goes).filter(|line| line.participant == Some(*one));
                    li.person {
                        div.row {
                            span.name { (page.name(*one)) }
                            @if let Some(ticket) = lines.next() { (price(page, ticket)) }
                        }
                        @for line in lines { (row(page, item, line)) }
                    }
                }
                @for line in item.lines.iter().filter(goes).filter(|line| line.participant.is_none()) {
                    li { (row(page, item, line)) }
                }
            }
        }
    }
}

fn row(page: &Page<'_>, item: &Item, line: &Line) -> Markup {
    html! { div.row.extra { span { (page.label(item, line.id)) } (price(page, line)) } }
}

fn price(page: &Page<'_>, line: &Line) -> Markup {
    html! {
        @if line.price.is_zero() { span.amount.small { (page.say(Word::ItemsIncluded)) } }
        @else { span.amount { (page.money(line.price)) } }
    }
}

fn fees(page: &Page<'_>, quote: &CancelQuote) -> Markup {
    let adjusted: Vec<(Text, Money)> = quote.explanation.iter().filter_map(|reason| page.adjusts(reason)).collect();
    let charges: Vec<&QuotedCharge> = quote.charges.iter().filter(|charge| !charge.lines.is_empty()).collect();
    html! {
        section.card aria-labelledby="fee-h" {
            h2 #fee-h { (page.say(Word::QuoteFee)) }
            @if charges.is_empty() && adjusted.is_empty() { p { (page.say(Word::QuoteFeeNone)) } }
            @for charge in &charges { (charge_lines(page, charge, charges.len() > 1)) }
            @if !adjusted.is_empty() {
                ul.steps { @for (said, amount) in adjusted { (step(&said, &page.money(amount))) } }
            }
            (group_prices(page, &quote.explanation))
            dl.sums { div.total { dt { (page.say(Word::QuoteFeeSum)) } dd data-slot="fee" { (page.money(quote.fee)) } } }
        }
    }
}

/// What those who stay pay more, since a group's price is lost: owed beside the fee.
pub fn group_prices(page: &Page<'_>, reasons: &[Reason]) -> Markup {
    let lost: Vec<(Text, Money)> = reasons.iter().filter_map(|reason| page.group_price(reason)).collect();
    html! {
        @if !lost.is_empty() { ul.steps { @for (said, amount) in lost { (step(&said, &page.money(amount))) } } }
    }
}

fn charge_lines(page: &Page<'_>, charge: &QuotedCharge, several: bool) -> Markup {
    let services: Vec<&str> = charge.items.iter().map(|item| page.service(*item)).collect();
    let services = services.join(", ");
    html! {
        @if several { h3 { (services) } }
        ul.steps { @for line in &charge.lines { (step(&page.step(&line.code), &page.money(line.amount))) } }
    }
}

pub fn step(said: &str, amount: &str) -> Markup {
    html! { li.row { span { (said) } span.amount { (amount) } } }
}

fn by_hand(quote: &CancelQuote) -> Option<Money> {
    quote
        .explanation
        .iter()
        .find_map(|reason| if let Reason::RefundByHand { amount } = reason { Some(*amount) } else { None })
}

/// What the customer owes once every refund is paid back; less than nothing where the operator settles the rest by hand.
pub fn due_once_paid_back(page: &Page<'_>, balance: Money, refund: Money) -> Result<Money, MoneyError> {
    balance.plus(refund)?.plus(page.shown.totals.promised)
}

fn due_after(page: &Page<'_>, quote: &CancelQuote) -> Result<Money, MoneyError> {
    due_once_paid_back(page, quote.back.balance_after, quote.back.refund)
}

fn back(page: &Page<'_>, quote: &CancelQuote) -> Markup {
    let due = due_after(page, quote).unwrap_or(quote.back.balance_after);
    html! {
        section.card aria-labelledby="back-h" {
            h2 #back-h { (page.say(Word::QuoteBack)) }
            @match (quote.back.refund.is_positive(), by_hand(quote)) {
                (true, _) => {
                    ul.plain { @for share in &quote.back.split { li { (share_line(page, share)) } } }
                    p { (page.mode(quote.back.refund_mode, quote.back.refund)) }
                }
                (false, Some(amount)) => p { (page.by_hand(amount)) },
                (false, None) => p { (page.say(Word::QuoteBackNothing)) },
            }
            dl.sums { div.total.refund { dt { (page.say(Word::QuoteRefund)) } dd data-slot="refund" { (page.money(quote.back.refund)) } } }
            p.small {
                @if due.is_positive() { strong { (page.say(Word::QuoteStaysDue { amount: &page.money(due) })) } }
                @else { (page.say(Word::QuoteStaysNothing)) }
            }
        }
    }
}

pub fn share_line(page: &Page<'_>, share: &Share) -> Text {
    let paid = page.shown.booking.received().find(|received| received.id == share.payment);
    let date = paid.map_or_else(String::new, |received| money::date(page, received.at));
    page.say(Word::QuoteShare { back: &page.goes_back(share), date: &date })
}

fn confirm(page: &Page<'_>, selection: &Selection, quote: &CancelQuote, token: &str) -> Markup {
    let zone = quote.items.first().and_then(|one| page.item(one.item)).map(|item| &item.slot.time.zone);
    let until = zone.map_or_else(
        || quote.valid_until.to_string().into(),
        |zone| page.reader.soon(quote.valid_until, page.shown.at, zone),
    );
    html! {
        form.confirm method="post" action=(page.path("/cancel")) {
            (chosen(selection))
            input type="hidden" name="quote" value=(token);
            button.danger type="submit" { (label(page, quote)) }
            a.quiet href=(page.path("")) { (page.say(Word::ConfirmKeep)) }
        }
        p.small {
            (page.say(Word::QuoteHolds { until: &until })) " "
            @if let Some(next) = &quote.next_change { (page.next_change(next)) }
        }
    }
}

/// The choice as a query.
fn query(selection: &Selection) -> String {
    match selection {
        Selection::All => "all=1".to_owned(),
        Selection::Parts { items, participants } => {
            let items = items.iter().map(|item| format!("item={item}"));
            items.chain(participants.iter().map(|one| format!("participant={one}"))).collect::<Vec<_>>().join("&")
        }
    }
}

/// The choice once more, as the form's fields.
fn chosen(selection: &Selection) -> Markup {
    html! {
        @match selection {
            Selection::All => input type="hidden" name="all" value="1";,
            Selection::Parts { items, participants } => {
                @for item in items { input type="hidden" name="item" value=(item); }
                @for one in participants { input type="hidden" name="participant" value=(one); }
            }
        }
    }
}

/// What happens when the button is pressed.
fn label(page: &Page<'_>, quote: &CancelQuote) -> Text {
    let refund = &page.money(quote.back.refund);
    let due = due_after(page, quote).unwrap_or(quote.back.balance_after);
    if quote.back.refund.is_positive() {
        let said = match quote.back.refund_mode {
            RefundMode::Approval => Word::ConfirmApproval { refund },
            RefundMode::Automatic | RefundMode::Never => Word::ConfirmRefund { refund },
        };
        page.say(said)
    } else if by_hand(quote).is_some() {
        page.say(Word::ConfirmByHand)
    } else if due.is_positive() {
        page.say(Word::ConfirmDue { amount: &page.money(due) })
    } else if quote.fee.is_zero() {
        page.say(Word::ConfirmFree)
    } else {
        page.say(Word::ConfirmNothing)
    }
}
