//! What a page says at its top: the receipt of what was done, or why something was not.

use leeway_core::booking::Standing;
use leeway_core::event::{Canceled, CanceledItem, Extent, MovedItem, Rebooked};
use leeway_core::money::MoneyError;
use leeway_core::refund::Refund;
use leeway_core::refund::Task;
use leeway_core::{Event, Money};
use maud::{Markup, html};

use super::layout::{icon, sum};
use super::told::shares;
use super::{Notice, Page, UndoOffer, cancellation, rebooking};
use crate::object::BoundQuote;
use crate::words::{Text, Word};

const CHECK: &str = "M4 12.5 9.5 18 20 6.5";
const ALERT: &str = "M12 7v6M12 17h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18";

/// A notice on the page of a booking.
pub fn section(page: &Page<'_>, notice: &Notice) -> Markup {
    match notice {
        Notice::Done(events, undo) => match (cancellation(events), rebooking(events)) {
            (Some(canceled), _) => receipt(page, canceled, events, undo.as_ref()),
            (None, Some(rebooked)) => moved(page, rebooked, events),
            (None, None) => html! {},
        },
        Notice::Renamed => good(&page.say(Word::DoneRenamed), None),
        Notice::Undone => good(&page.say(Word::UndoDone), None),
        Notice::NothingChosen => warning(&page.say(Word::ChooseHeading), &page.say(Word::ChooseText)),
        Notice::Refused(refusal, _) => warning(&page.say(Word::RefusedHeading), &page.refusal(refusal)),
        Notice::QuoteChanged => html! {},
    }
}

/// The notice on a review whose earlier quote no longer holds.
pub fn changed(page: &Page<'_>, quote: &BoundQuote) -> Markup {
    let leeway_core::Quote::Cancel(quote) = &quote.quote else { return html! {} };
    let (fee, refund) = (page.money(quote.fee), page.money(quote.back.refund));
    warning(&page.say(Word::ChangedHeading), &page.say(Word::ChangedText { fee: &fee, refund: &refund }))
}

/// Good news, with what comes next.
pub fn good(heading: &str, text: Option<&str>) -> Markup {
    html! {
        div.notice.good role="status" {
            (icon(CHECK))
            div { p { strong { (heading) } } @if let Some(text) = text { p { (text) } } }
        }
    }
}

/// Something to look at.
pub fn warning(heading: &str, text: &str) -> Markup {
    html! {
        div.notice.warn role="alert" { (icon(ALERT)) div { p { strong { (heading) } } p { (text) } } }
    }
}

/// What was canceled, what was charged, what goes back and how far that has come.
fn receipt(page: &Page<'_>, canceled: &Canceled, events: &[Event], undo: Option<&UndoOffer>) -> Markup {
    let charged = canceled.charged().map_or_else(|_| String::new(), |fee| page.money(fee));
    let refund = refund_of(page, events);
    html! {
        section.notice.good.receipt role="status" aria-labelledby="done-h" {
            (icon(CHECK))
            div {
                h2 #done-h { (page.say(Word::DoneHeading)) }
                ul.plain { @for item in &canceled.items { li { (what(page, item)) } } }
                dl.sums {
                    (sum(&page.say(Word::DoneCharged), &charged, Some("done-fee")))
                    @if let Some(refund) = refund { (sum(&page.say(Word::DoneRefund), &page.money(refund.amount), Some("done-refund"))) }
                }
                @match refund {
                    Some(refund) => (on_its_way(page, refund)),
                    None => p.small { (no_refund(page, events)) },
                }
                @if let Some(undo) = undo { (take_back(page, undo)) }
            }
        }
    }
}

/// The way back, while there is one.
fn take_back(page: &Page<'_>, undo: &UndoOffer) -> Markup {
    let zone = page.shown.booking.items.first().map(|item| &item.slot.time.zone);
    let limit = zone.map(|zone| page.reader.limit(undo.until, zone)).unwrap_or_default();
    html! {
        form.undo method="post" action=(page.path("/undo")) {
            input type="hidden" name="command" value=(undo.command);
            p.small { (page.say(Word::UndoOffer { limit: &limit })) }
            button.quiet type="submit" { (page.say(Word::UndoButton)) }
        }
    }
}

/// The refund that a command entered, as it is now.
fn refund_of<'a>(page: &Page<'a>, events: &'a [Event]) -> Option<&'a Refund> {
    let entered =
        events.iter().find_map(|event| if let Event::RefundEntered(entered) = event { Some(entered) } else { None });
    entered.map(|entered| page.refund(entered.refund.id).unwrap_or(&entered.refund))
}

fn on_its_way(page: &Page<'_>, refund: &Refund) -> Markup {
    html! {
        p.small {
            (page.refund_state(refund.state)) ": "
            @for (index, share) in shares(refund).enumerate() {
                @if index > 0 { ", " }
                (page.goes_back(&share))
            }
            "."
        }
    }
}

/// What was moved where, and what that did to the price.
fn moved(page: &Page<'_>, rebooked: &Rebooked, events: &[Event]) -> Markup {
    let change = change(rebooked).unwrap_or(rebooked.fee);
    let refund = refund_of(page, events);
    html! {
        section.notice.good.receipt role="status" aria-labelledby="done-h" {
            (icon(CHECK))
            div {
                h2 #done-h { (page.say(Word::MovedDone)) }
                ul.plain { @for one in &rebooked.moves { li { (moved_item(page, one)) } } }
                dl.sums {
                    @if change.is_positive() { (sum(&page.say(Word::MovedDoneDearer), &page.money(change), Some("done-charged"))) }
                    @if change.is_negative() { (sum(&page.say(Word::MovedDoneCheaper), &page.money(change.negated()), Some("done-charged"))) }
                    @if let Some(refund) = refund { (sum(&page.say(Word::DoneRefund), &page.money(refund.amount), Some("done-refund"))) }
                }
                @if change.is_zero() { p.small { (page.say(Word::MovedDoneFree)) } }
                @if let Some(refund) = refund { (on_its_way(page, refund)) }
            }
        }
    }
}

fn moved_item(page: &Page<'_>, one: &MovedItem) -> Text {
    let names: Vec<&str> = one.participants.iter().map(|id| page.name(*id)).collect();
    let what = if names.is_empty() { one.service.clone() } else { format!("{}: {}", one.service, names.join(", ")) };
    page.say(Word::MovedDoneTo { what: &what, when: &page.reader.slot(&one.slot.time) })
}

/// What the booking costs more since, or less.
pub fn change(rebooked: &Rebooked) -> Result<Money, MoneyError> {
    let Rebooked { difference, kept, group_price_lost, fee, gateway_fee, .. } = rebooked;
    difference.plus(*kept)?.plus(*group_price_lost)?.plus(*fee)?.plus(*gateway_fee)
}

/// The notice on the review of a move whose earlier quote no longer holds.
pub fn moved_otherwise(page: &Page<'_>) -> Markup {
    warning(&page.say(Word::ChangedHeading), &page.say(Word::MovedChanged))
}

pub fn no_refund(page: &Page<'_>, events: &[Event]) -> Text {
    let by_hand = events.iter().find_map(|event| {
        if let Event::TaskOpened(Task::RefundByHand { amount }) = event { Some(*amount) } else { None }
    });
    match by_hand {
        Some(amount) => page.by_hand(amount),
        None => page.say(Word::DoneNoRefund),
    }
}

/// `Yanaka food walk: Ren Sato, Mika Sato`
fn what(page: &Page<'_>, canceled: &CanceledItem) -> Markup {
    let names: Vec<&str> = canceled.participants.iter().map(|id| page.name(*id)).collect();
    let whole = canceled.extent == Extent::Whole
        && page.item(canceled.item).is_some_and(|item| item.standing != Standing::Booked);
    html! {
        @if whole { strong { (page.service(canceled.item)) } } @else { (page.service(canceled.item)) }
        @if !names.is_empty() { ": " (names.join(", ")) }
    }
}
