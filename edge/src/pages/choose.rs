//! What was booked, with a box to tick wherever the rules allow canceling, and the form that asks for a review.
//!
//! A box that is past its limit is shown, disabled, and says so: a button that is shown never fails for a reason the rules knew.
//!
//! Source: requirements E6, F3

use leeway_core::booking::{Line, Participant};
use leeway_core::options::{ItemOptions, Permission};
use leeway_core::timeline::Segment;
use leeway_core::{Item, Refusal};
use maud::{Markup, html};

use super::Page;
use super::layout::sum;
use crate::access::Scope;
use crate::words::Word;

/// The id of the form that the boxes belong to, wherever they stand.
const FORM: &str = "cancel-form";

/// May anything be canceled?
pub fn is_open(page: &Page<'_>) -> bool {
    may_change(page) && matches!(page.shown.options.cancel, Permission::Allowed { .. })
}

/// Does the link let its holder change anything?
fn may_change(page: &Page<'_>) -> bool {
    page.shown.scope.includes(Scope::CHANGE)
}

fn may_cancel(page: &Page<'_>, item: &Item) -> bool {
    options(page, item).is_some_and(|options| matches!(options.cancel, Permission::Allowed { .. }))
}

fn options<'a>(page: &Page<'a>, item: &Item) -> Option<&'a ItemOptions> {
    page.shown.options.items.iter().find(|options| options.item == item.id)
}

fn open_items(page: &Page<'_>) -> usize {
    page.shown.booking.items.iter().filter(|item| may_cancel(page, item)).count()
}

/// Is there only one thing to choose? Then no box is drawn.
pub fn is_one_choice(page: &Page<'_>) -> bool {
    let booked = page.shown.booking.items.iter().filter(|item| item.is_booked());
    let most = booked.clone().map(|item| item.attending().count()).max().unwrap_or_default();
    booked.count() == 1 && most <= 1
}

/// What was booked.
pub fn items(page: &Page<'_>) -> Markup {
    let boxes = is_open(page) && !is_one_choice(page);
    html! {
        section aria-labelledby="items-h" {
            div.section-head {
                h2 #items-h { (page.say(Word::ItemsHeading)) }
                @if boxes { p.small { (page.say(Word::ItemsHint)) } }
            }
            @if boxes && open_items(page) > 1 {
                label.choice.everything {
                    input type="checkbox" name="all" value="1" form=(FORM);
                    span { (page.say(Word::ItemsEverything)) }
                }
            }
            @for item in &page.shown.booking.items { (card(page, item, boxes)) }
        }
    }
}

fn card(page: &Page<'_>, item: &Item, boxes: bool) -> Markup {
    let heading = format!("i-{}", item.id);
    let boxes = boxes && item.is_booked();
    let attending = item.attending().count();
    html! {
        article.card.item.gone[!item.is_booked()] aria-labelledby=(heading) {
            h3 id=(heading) { (item.service) }
            p.when {
                time datetime=(item.slot.time.starts_at) { (page.reader.slot(&item.slot.time)) }
                @if !item.is_booked() { " " span.tag.gone { (page.say(Word::StatusCanceled)) } }
            }
            @if boxes && attending != 1 { (whole_item(page, item, attending)) }
            ul.people {
                @for one in &item.participants { (person(page, item, one, boxes)) }
                (shared(page, item))
            }
            (limits(page, item))
        }
    }
}

fn whole_item(page: &Page<'_>, item: &Item, attending: usize) -> Markup {
    let said = if attending == 0 { Word::ItemsOnly } else { Word::ItemsWhole };
    let open = may_cancel(page, item);
    html! {
        label.choice.whole {
            input type="checkbox" name="item" value=(item.id) form=(FORM) disabled[!open] aria-describedby=[(!open).then(|| note_id(item))];
            span { (page.say(said)) }
        }
    }
}

fn person(page: &Page<'_>, item: &Item, one: &Participant, boxes: bool) -> Markup {
    let booked = one.standing.is_booked();
    let mut lines = item.lines.iter().filter(|line| line.participant == Some(one.id));
    let ticket = lines.next();
    let open = may_cancel(page, item);
    html! {
        li.person.gone[!booked] {
            div.row {
                @if boxes && booked {
                    label.choice {
                        input type="checkbox" name="participant" value=(one.id) form=(FORM) data-item=(item.id) disabled[!open]
                            aria-describedby=[(!open).then(|| note_id(item))];
                        span { (page.name(one.id)) }
                    }
                } @else {
                    span { span.name { (page.name(one.id)) } @if !booked && item.is_booked() { " " span.tag.gone { (page.say(Word::StatusCanceled)) } } }
                }
                @if let Some(ticket) = ticket { (price(page, ticket)) }
            }
            @for line in lines { (row(page, item, line)) }
        }
    }
}

/// Lines that belong to nobody by name.
fn shared(page: &Page<'_>, item: &Item) -> Markup {
    let lines: Vec<&Line> = item.lines.iter().filter(|line| line.participant.is_none()).collect();
    html! {
        @if !lines.is_empty() {
            li.shared {
                @if !item.participants.is_empty() { p.small { (page.say(Word::ItemsShared)) } }
                @for line in lines { (row(page, item, line)) }
            }
        }
    }
}

fn row(page: &Page<'_>, item: &Item, line: &Line) -> Markup {
    html! {
        div.row.extra.gone[!line.standing.is_booked()] {
            span { (page.label(item, line.id)) }
            (price(page, line))
        }
    }
}

/// A price; a ticket that costs nothing is part of something else.
fn price(page: &Page<'_>, line: &Line) -> Markup {
    html! {
        @if line.price.is_zero() { span.amount.small { (page.say(Word::ItemsIncluded)) } }
        @else if line.standing.is_booked() { span.amount { (page.money(line.price)) } }
        @else { s.amount { (page.money(line.price)) } }
    }
}

fn note_id(item: &Item) -> String {
    format!("n-{}", item.id)
}

/// Until when what may be done, or why not.
fn limits(page: &Page<'_>, item: &Item) -> Markup {
    let Some(options) = options(page, item).filter(|_| item.is_booked()) else { return html! {} };
    let zoned = |until| page.reader.limit(until, &item.slot.time.zone);
    html! {
        @match &options.cancel {
            Permission::Allowed { until } => p.small id=(note_id(item)) { (page.say(Word::ItemsCancelUntil { until: &zoned(*until) })) },
            Permission::Refused(refusal) => p.note id=(note_id(item)) { (page.refusal(refusal)) },
        }
        (reschedule(page, item, options))
        @match &options.rename {
            Permission::Allowed { until } => {
                @if may_change(page) && item.attending().next().is_some() { (rename(page, item, &zoned(*until))) }
            }
            Permission::Refused(Refusal::PastLimit { .. }) if item.attending().next().is_some() => {
                @if let Permission::Refused(refusal) = &options.rename { p.small { (page.refusal(refusal)) } }
            }
            Permission::Refused(_) => {}
        }
    }
}

/// The way to another date, where the slot is one of many.
fn reschedule(page: &Page<'_>, item: &Item, options: &ItemOptions) -> Markup {
    let zoned = |until| page.reader.limit(until, &item.slot.time.zone);
    let is_managed = page.shown.slots.contains(&item.slot.id);
    let address = page.path(&format!("/reschedule?item={}", item.id));
    html! {
        @match &options.rebook {
            Permission::Allowed { until } if is_managed => {
                p.small { (page.say(Word::ItemsMoveUntil { until: &zoned(*until) })) }
                @if may_change(page) {
                    p { a.button href=(address) aria-label=(page.say(Word::ItemsMoveOf { service: &item.service })) { (page.say(Word::ItemsMove)) } }
                }
            }
            Permission::Refused(refusal @ (Refusal::PastLimit { .. } | Refusal::TooManyMoves { .. })) if is_managed => {
                p.small { (page.refusal(refusal)) }
            }
            Permission::Allowed { .. } | Permission::Refused(_) => {}
        }
    }
}

fn rename(page: &Page<'_>, item: &Item, until: &str) -> Markup {
    html! {
        details.rename {
            summary { (page.say(Word::RenameHeading)) }
            p.small { (page.say(Word::RenameUntil { until })) }
            @for one in item.attending() {
                form method="post" action=(page.path("/rename")) autocomplete="off" {
                    input type="hidden" name="participant" value=(one.id);
                    label for={ "r-" (one.id) } { (page.say(Word::RenameLabel { name: page.name(one.id) })) }
                    div.field {
                        input type="text" id={ "r-" (one.id) } name="name" value=(page.name(one.id)) required maxlength="120";
                        button.quiet { (page.say(Word::RenameButton)) }
                    }
                }
            }
        }
    }
}

/// The form that asks for a review, with what the choice costs.
pub fn form(page: &Page<'_>) -> Markup {
    let one = is_one_choice(page);
    let now = page.shown.timeline.iter().find(|segment| segment.until >= page.shown.at);
    html! {
        form.card #cancel-form method="get" action=(page.path("/cancel")) data-one[one] {
            (page.language_field())
            h2 { (page.say(Word::PanelHeading)) }
            @if one { input type="hidden" name="all" value="1"; }
            div #live aria-live="polite" {
                p #live-title { (page.say(if one { Word::LiveSelection } else { Word::PanelEverything })) }
                p.refusal #live-refusal hidden {}
                @if let Some(now) = now { (preview(page, now)) }
                p.small #live-next {}
            }
            button.primary #live-button type="submit" { (page.say(Word::LiveReview)) }
            p.small { (page.say(Word::PanelNote)) }
        }
    }
}

fn preview(page: &Page<'_>, now: &Segment) -> Markup {
    html! {
        div #live-amounts {
            ul.steps #live-steps {}
            dl.sums {
                (sum(&page.say(Word::LiveFee), &page.money(now.fee), Some("fee")))
                div.total { dt { (page.say(Word::LiveRefund)) } dd data-slot="refund" { (page.money(now.refund)) } }
                div hidden { dt { (page.say(Word::LiveByHand)) } dd data-slot="by_hand" {} }
                div hidden { dt { (page.say(Word::LiveDue)) } dd data-slot="due" {} }
            }
        }
    }
}
