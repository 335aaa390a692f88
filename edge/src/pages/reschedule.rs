//! Where something can be moved to: a month whose days with room are links, the times of one day as radio buttons. Works without JavaScript;
//! choosing changes nothing.
//!
//! Source: requirement D3

use chrono::{Datelike as _, Days, NaiveDate};
use leeway_core::Item;
use maud::{Markup, html};

use super::format::Style;
use super::layout::{Script, Shell, Width, shell};
use super::words::{Word, say, word};
use super::{Notice, Page, notice};
use crate::object::{Choice, Day, Month, Moving, noon};

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
    let title = word(Word::RescheduleTitle);
    let item = choosing.item;
    let when = page.format.slot(&item.slot.time);
    let content = html! {
        div.narrow {
            p.back { a href=(page.path("")) { "← " (word(Word::Back)) } }
            @if let Some(notice) = notice { (notice::section(page, notice)) }
            div.head {
                p.over { (say(Word::BookingTitle, &[("reference", page.shown.booking.reference.as_str())])) }
                h1 { (title) }
                p { (say(Word::MoveLead, &[("service", &item.service), ("when", &when)])) }
            }
            @if item.attending().count() > 1 { (who(page, choosing)) }
            (month(page, choosing))
            @if let Some((day, times)) = &choosing.day { (day_times(page, choosing, *day, times)) }
        }
    };
    shell(&Shell { title, operator: Some(page.operator()), script: Script::No, width: Width::Text }, &content)
}

/// Who moves, and the boxes to choose some.
fn who(page: &Page<'_>, choosing: &Choosing<'_>) -> Markup {
    let chosen = &choosing.moving.participants;
    let moves = |id| chosen.is_empty() || chosen.contains(&id);
    let names: Vec<&str> = choosing.item.attending().filter(|one| moves(one.id)).map(|one| page.name(one.id)).collect();
    let said = if chosen.is_empty() { Word::WhoEverybody } else { Word::WhoSome };
    html! {
        section.card aria-labelledby="who-h" {
            h2 #who-h { (word(Word::WhoHeading)) }
            p { (say(said, &[("names", &names.join(", "))])) }
            details.rename {
                summary { (word(Word::WhoChange)) }
                form method="get" action=(page.path("/reschedule")) {
                    input type="hidden" name="item" value=(choosing.item.id);
                    input type="hidden" name="month" value=(choosing.month.text());
                    @for one in choosing.item.attending() {
                        label.choice {
                            input type="checkbox" name="participant" value=(one.id) checked[moves(one.id)];
                            span { (page.name(one.id)) }
                        }
                    }
                    div { button.quiet { (word(Word::WhoButton)) } }
                }
            }
        }
    }
}

fn month(page: &Page<'_>, choosing: &Choosing<'_>) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let name = |month: Month| page.format.at(noon(month.first_day(), zone), zone, Style::Month);
    let link = |month: Month| address(page, choosing.moving, &format!("&month={}", month.text()));
    let later = choosing.month.next();
    html! {
        section.card aria-labelledby="month-h" {
            h2 #month-h { (say(Word::MonthHeading, &[("month", &name(choosing.month))])) }
            @if choosing.days.is_empty() {
                p { (say(Word::MonthNone, &[("month", &name(choosing.month))])) }
                @match choosing.next_free {
                    Some(free) => p { a href=(link(free)) { (say(Word::NextFree, &[("month", &name(free))])) } },
                    None => p.small { (say(Word::NothingFree, &[("operator", page.operator())])) },
                }
            } @else {
                (grid(page, choosing))
            }
            nav.months aria-label=(word(Word::RescheduleTitle)) {
                @if let Some(earlier) = choosing.earlier {
                    a href=(link(earlier)) aria-label=(say(Word::MonthBeforeTo, &[("month", &name(earlier))])) { "← " (word(Word::MonthBefore)) }
                } @else { span {} }
                @if !choosing.days.is_empty() || choosing.next_free.is_some() {
                    a href=(link(later)) aria-label=(say(Word::MonthNextTo, &[("month", &name(later))])) { (word(Word::MonthNext)) " →" }
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
    let written = |day: NaiveDate, style| page.format.at(noon(day, zone), zone, style);
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
    let number = page.format.at(at, zone, Style::DayOfMonth);
    let Some(with) = choosing.days.iter().find(|with| with.day == day) else { return html! { span { (number) } } };
    let count = with.offers.to_string();
    let said = if with.offers == 1 { Word::DayOne } else { Word::DayMany };
    let label = say(said, &[("day", &page.format.at(at, zone, Style::LongDay)), ("count", &count)]);
    let is_chosen = choosing.day.as_ref().is_some_and(|(chosen, _)| *chosen == day);
    let address = address(page, choosing.moving, &format!("&day={day}#times"));
    html! { a href=(address) aria-label=(label) aria-current=[is_chosen.then_some("date")] { (number) } }
}

fn day_times(page: &Page<'_>, choosing: &Choosing<'_>, day: NaiveDate, times: &[Choice]) -> Markup {
    let zone = &choosing.item.slot.time.zone;
    let long = page.format.at(noon(day, zone), zone, Style::LongDay);
    let zone = super::format::zone_name(zone);
    let only = times.len() == 1;
    html! {
        section.card #times aria-labelledby="times-h" {
            h2 #times-h { (say(Word::DayHeading, &[("day", &long)])) }
            @if times.is_empty() { p { (word(Word::DayNone)) } }
            @else {
                form.times method="get" action=(page.path("/reschedule")) {
                    (moving_fields(choosing.moving))
                    fieldset {
                        legend.small { (say(Word::TimesZone, &[("zone", &zone)])) }
                        @for choice in times {
                            label.time {
                                input type="radio" name="slot" value=(choice.offer.slot.id) required checked[only];
                                span { (page.format.times(&choice.offer.slot.time)) }
                                span.small { (cost(page, choice)) @if let Some(left) = places(choice.offer.room) { " · " (left) } }
                            }
                        }
                    }
                    button.primary { (word(Word::MoveReview)) }
                }
            }
        }
    }
}

fn cost(page: &Page<'_>, choice: &Choice) -> String {
    let charged = choice.quote.charged;
    if charged.is_positive() {
        say(Word::ChoiceMore, &[("amount", &page.money(charged))])
    } else if charged.is_negative() {
        say(Word::ChoiceLess, &[("amount", &page.money(charged.negated()))])
    } else {
        word(Word::ChoiceSame).to_owned()
    }
}

fn places(room: u32) -> Option<String> {
    match room {
        1 => Some(word(Word::PlaceLeft).to_owned()),
        ..=FEW_PLACES => Some(say(Word::PlacesLeft, &[("count", &room.to_string())])),
        _ => None,
    }
}

/// Who would move, as fields of a form.
pub fn moving_fields(moving: &Moving) -> Markup {
    html! {
        input type="hidden" name="item" value=(moving.item);
        @for one in &moving.participants { input type="hidden" name="participant" value=(one); }
    }
}

/// This page for the same who, with more in its query.
pub fn address(page: &Page<'_>, moving: &Moving, more: &str) -> String {
    let mut address = page.path("/reschedule?item=");
    address.push_str(&moving.item.to_string());
    for one in &moving.participants {
        address.push_str("&participant=");
        address.push_str(&one.to_string());
    }
    address.push_str(more);
    address
}
