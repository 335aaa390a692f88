//! Where something can be moved to: a month whose days with room are links, the times of one day as radio buttons. Works without JavaScript;
//! choosing changes nothing.
//!
//! Source: requirement D3

use chrono::{Datelike as _, Days, NaiveDate};
use leeway_core::Item;
use maud::{Markup, html};

use super::layout::shell;
use super::{Notice, Page, notice};
use crate::object::{Choice, Day, Month, Moving, noon};
use crate::reader::Style;
use crate::words::{Text, Word};

/// From how few places on their number is told.
const FEW_PLACES: u32 = 5;

/// What can be chosen.
pub struct Choosing<'a> {
    pub moving: &'a Moving,
    pub item: &'a Item,
    pub month: Month,
    /// Its days that have a time.
    pub days: Vec<Day>,
    /// A day that was chosen, with its times.
    pub day: Option<(NaiveDate, Vec<Choice>)>,
    /// The month before, unless that is past.
    pub earlier: Option<Month>,
    /// Where this month has none: the next that may have.
    pub next_free: Option<Month>,
}

/// The whole page.
pub fn page(page: &Page<'_>, choosing: &Choosing<'_>, notice: Option<&Notice>) -> Markup {
    let title = &*page.say(Word::PageReschedule);
    let item = choosing.item;
    let when = page.reader.slot(&item.slot.time);
    let content = html! {
        div.narrow {
            p.back { a href=(page.path("")) { "← " (page.say(Word::PageBack)) } }
            @if let Some(notice) = notice { (notice::section(page, notice)) }
            div.head {
                p.over { (page.say(Word::PageBooking { reference: page.shown.booking.reference.as_str() })) }
                h1 { (title) }
                p { (page.say(Word::MoveLead { service: &item.service, when: &when })) }
            }
            @if item.attending().count() > 1 { (who(page, choosing)) }
            (month(page, choosing))
            @if let Some((day, times)) = &choosing.day { (day_times(page, choosing, *day, times)) }
        }
    };
    shell(&page.shell(title, &query(choosing.moving, &format!("&month={}", choosing.month.text()))), &content)
}

/// Who moves, and the boxes to choose some.
fn who(page: &Page<'_>, choosing: &Choosing<'_>) -> Markup {
    let chosen = &choosing.moving.participants;
    let moves = |id| chosen.is_empty() || chosen.contains(&id);
    let names: Vec<&str> = choosing.item.attending().filter(|one| moves(one.id)).map(|one| page.name(one.id)).collect();
    let names = &names.join(", ");
    let said = if chosen.is_empty() { Word::MoveEverybody { names } } else { Word::MoveSome { names } };
    html! {
        section.card aria-labelledby="who-h" {
            h2 #who-h { (page.say(Word::MoveWho)) }
            p { (page.say(said)) }
            details.rename {
                summary { (page.say(Word::MoveWhoChange)) }
                form method="get" action=(page.path("/reschedule")) {
                    (page.language_field())
                    input type="hidden" name="item" value=(choosing.item.id);
                    input type="hidden" name="month" value=(choosing.month.text());
                    @for one in choosing.item.attending() {
                        label.choice {
                            input type="checkbox" name="participant" value=(one.id) checked[moves(one.id)];
                            span { (page.name(one.id)) }
                        }
                    }
                    div { button.quiet { (page.say(Word::MoveWhoButton)) } }
                }
            }
        }
    }
}

fn month(page: &Page<'_>, choosing: &Choosing<'_>) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let name = |month: Month| page.reader.at(noon(month.first_day(), zone), zone, Style::Month);
    let link = |month: Month| address(page, choosing.moving, &format!("&month={}", month.text()));
    let later = choosing.month.next();
    html! {
        section.card aria-labelledby="month-h" {
            h2 #month-h { (page.say(Word::MoveMonth { month: &name(choosing.month) })) }
            @if choosing.days.is_empty() {
                p { (page.say(Word::MoveMonthNone { month: &name(choosing.month) })) }
                @match choosing.next_free {
                    Some(free) => p { a href=(link(free)) { (page.say(Word::MoveNextFree { month: &name(free) })) } },
                    None => p.small { (page.say(Word::MoveNothingFree { operator: page.operator() })) },
                }
            } @else {
                (grid(page, choosing))
            }
            nav.months aria-label=(page.say(Word::PageReschedule)) {
                @if let Some(earlier) = choosing.earlier {
                    a href=(link(earlier)) aria-label=(page.say(Word::MoveBeforeTo { month: &name(earlier) })) { "← " (page.say(Word::MoveBefore)) }
                } @else { span {} }
                @if !choosing.days.is_empty() || choosing.next_free.is_some() {
                    a href=(link(later)) aria-label=(page.say(Word::MoveNextTo { month: &name(later) })) { (page.say(Word::MoveNext)) " →" }
                }
            }
        }
    }
}

/// The month as weeks from Monday on; days with room are links.
fn grid(page: &Page<'_>, choosing: &Choosing<'_>) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let first = choosing.month.first_day();
    let before = u64::from(first.weekday().num_days_from_monday());
    let start = first.checked_sub_days(Days::new(before)).unwrap_or(first);
    let written = |day: NaiveDate, style| page.reader.at(noon(day, zone), zone, style);
    let weeks: Vec<Vec<NaiveDate>> = start
        .iter_weeks()
        .take_while(|week| Month::of(*week) <= choosing.month)
        .map(|week| week.iter_days().take(7).collect())
        .collect();
    html! {
        table.month {
            thead { tr {
                @for day in start.iter_days().take(7) { th scope="col" { (written(day, Style::Weekday)) } }
            } }
            tbody {
                @for week in &weeks {
                    tr { @for day in week { td { @if Month::of(*day) == choosing.month { (cell(page, choosing, *day)) } } } }
                }
            }
        }
    }
}

fn cell(page: &Page<'_>, choosing: &Choosing<'_>, day: NaiveDate) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let at = noon(day, zone);
    let number = page.reader.at(at, zone, Style::DayOfMonth);
    let Some(with) = choosing.days.iter().find(|with| with.day == day) else { return html! { span { (number) } } };
    let day_said = &page.reader.at(at, zone, Style::LongDay);
    let label = page.say(Word::MoveDayOffers { count: u64::from(with.offers), day: day_said });
    let is_chosen = choosing.day.as_ref().is_some_and(|(chosen, _)| *chosen == day);
    let address = address(page, choosing.moving, &format!("&day={day}#times"));
    html! { a href=(address) aria-label=(label) aria-current=[is_chosen.then_some("date")] { (number) } }
}

fn day_times(page: &Page<'_>, choosing: &Choosing<'_>, day: NaiveDate, times: &[Choice]) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let long = page.reader.at(noon(day, zone), zone, Style::LongDay);
    let zone = page.reader.zone_name(zone);
    let only = times.len() == 1;
    html! {
        section.card #times aria-labelledby="times-h" {
            h2 #times-h { (page.say(Word::MoveDay { day: &long })) }
            @if times.is_empty() { p { (page.say(Word::MoveDayNone)) } }
            @else {
                form.times method="get" action=(page.path("/reschedule")) {
                    (page.language_field())
                    (moving_fields(choosing.moving))
                    fieldset {
                        legend.small { (page.say(Word::MoveZone { zone: &zone })) }
                        @for choice in times {
                            label.time {
                                input type="radio" name="slot" value=(choice.offer.slot.id) required checked[only];
                                span { (page.reader.times(&choice.offer.slot.time)) }
                                span.small { (cost(page, choice)) @if let Some(left) = places(page, choice.offer.room) { " · " (left) } }
                            }
                        }
                    }
                    button.primary { (page.say(Word::MoveReview)) }
                }
            }
        }
    }
}

fn cost(page: &Page<'_>, choice: &Choice) -> Text {
    let charged = choice.quote.charged;
    if charged.is_positive() {
        page.say(Word::MoveMore { amount: &page.money(charged) })
    } else if charged.is_negative() {
        page.say(Word::MoveLess { amount: &page.money(charged.negated()) })
    } else {
        page.say(Word::MoveSame)
    }
}

/// How many are left, where they are few.
fn places(page: &Page<'_>, room: u32) -> Option<Text> {
    (room <= FEW_PLACES).then(|| page.say(Word::MovePlaces { count: u64::from(room) }))
}

/// Who would move, as fields of a form.
pub fn moving_fields(moving: &Moving) -> Markup {
    html! {
        input type="hidden" name="item" value=(moving.item);
        @for one in &moving.participants { input type="hidden" name="participant" value=(one); }
    }
}

/// The address of this page for the same who, with more in its query.
pub fn address(page: &Page<'_>, moving: &Moving, more: &str) -> String {
    page.path(&query(moving, more))
}

/// The same below the booking's page.
pub fn query(moving: &Moving, more: &str) -> String {
    let mut address = format!("/reschedule?item={}", moving.item);
    for one in &moving.participants {
        address.push_str("&participant=");
        address.push_str(&one.to_string());
    }
    address.push_str(more);
    address
}
