//! The policy drawn as a timeline: a bar to scale with the reader's "now" on it, and the same as an ordered list for everybody.
//!
//! Source: requirement E7

use leeway_core::Instant;
use leeway_core::time::Zone;
use leeway_core::timeline::Segment;
use maud::{Markup, html};

use super::Page;
use crate::reader::{Naming, Reader, Style};
use crate::words::{Text, Word};

// Places and widths on the bar are in hundredths of a per cent of it.
const WIDTH: i64 = 10_000;
/// The least width of a stretch: a last hour must stay visible beside two months.
const WIDTH_MIN: i64 = 900;
/// Narrower than this, a stretch has no text in it; and on a narrow screen not below the second.
const LABEL_WIDTH_MIN: i64 = 1_300;
const LABEL_WIDTH_MIN_NARROW: i64 = 2_700;

/// A stretch with its place on the bar.
struct Stretch<'a> {
    from: Instant,
    until: Instant,
    segment: Option<&'a Segment>,
    tone: &'static str,
    x: i64,
    width: i64,
}

/// The whole section; nothing where nothing can be canceled.
pub fn section(page: &Page<'_>) -> Markup {
    let shown = page.shown;
    let stretches = stretches(page);
    if shown.booking.is_canceled() || stretches.is_empty() {
        return html! {};
    }
    html! {
        section.card.policy aria-labelledby="policy-h" {
            h2 #policy-h { (page.say(Word::PolicyHeading)) }
            (bar(page, &stretches))
            ol.stretches {
                @for stretch in &stretches { (row(page, stretch)) }
            }
            p.small {
                @if let Some(zone) = page.common_zone() {
                    (page.say(Word::PolicyZone { zone: &page.reader.zone_name(zone) })) " "
                }
                @if !super::choose::is_one_choice(page) { (page.say(Word::PolicyAll)) }
            }
        }
    }
}

fn stretches<'a>(page: &Page<'a>) -> Vec<Stretch<'a>> {
    let shown = page.shown;
    let booking = shown.booking;
    let mut from = booking.made_at.min(shown.at);
    let mut stretches = Vec::with_capacity(shown.timeline.len().saturating_add(1));
    // What had ended before the booking was made never held for it.
    for segment in shown.timeline.iter().filter(|segment| segment.until >= booking.made_at) {
        let tone = tone(segment);
        let until = segment.until.max(from);
        stretches.push(Stretch { from, until, segment: Some(segment), tone, x: 0, width: 0 });
        from = until;
    }
    let end = booking.items.iter().filter(|item| item.is_booked()).map(|item| item.slot.time.starts_at).max();
    if let Some(end) = end.filter(|end| *end > from && !stretches.is_empty()) {
        stretches.push(Stretch { from, until: end, segment: None, tone: "closed", x: 0, width: 0 });
    }
    place(&mut stretches);
    stretches
}

/// The color: by how much of the two sums is the fee.
fn tone(segment: &Segment) -> &'static str {
    let (fee, refund) = (segment.fee.minor(), segment.refund.minor());
    let is_below = |quarters: i64| fee.saturating_mul(4 - quarters) < refund.saturating_mul(quarters);
    match (segment.fee.is_positive(), segment.refund.is_positive()) {
        (false, _) => "free",
        (true, false) => "full",
        (true, true) if is_below(1) => "part",
        (true, true) if is_below(2) => "more",
        (true, true) => "most",
    }
}

/// Gives every stretch the least width, and what is left in proportion to its time.
fn place(stretches: &mut [Stretch<'_>]) {
    let count = i64::try_from(stretches.len()).unwrap_or(i64::MAX).max(1);
    let total = stretches.iter().map(Stretch::lasts_ms).sum();
    let least = WIDTH_MIN.min(WIDTH / count);
    let to_share = WIDTH - least * count;
    let mut x = 0;
    for stretch in stretches {
        stretch.x = x;
        stretch.width = least + part_of(to_share, stretch.lasts_ms(), total);
        x += stretch.width;
    }
}

/// `width` × `ms` / `total`, without leaving the range: seven digits times two centuries in milliseconds.
fn part_of(width: i64, ms: i64, total: i64) -> i64 {
    width.saturating_mul(ms.clamp(0, total)).checked_div(total).unwrap_or_default()
}

impl Stretch<'_> {
    fn lasts_ms(&self) -> i64 {
        self.until.ms().saturating_sub(self.from.ms())
    }

    fn is_past(&self, at: Instant) -> bool {
        self.until < at
    }

    /// The first that is not past.
    fn is_now(&self, at: Instant) -> bool {
        !self.is_past(at) && (self.from < at || self.from == at && self.x == 0)
    }

    /// Where an instant in it is on the bar.
    fn at(&self, at: Instant) -> i64 {
        self.x + part_of(self.width, at.ms().saturating_sub(self.from.ms()), self.lasts_ms())
    }
}

fn bar(page: &Page<'_>, stretches: &[Stretch<'_>]) -> Markup {
    let at = page.shown.at;
    let now = stretches.iter().find(|stretch| !stretch.is_past(at)).map_or(WIDTH, |stretch| stretch.at(at));
    html! {
        svg.bar width="100%" height="88" aria-hidden="true" focusable="false" {
            clipPath id="bar-clip" { rect width="100%" y="28" height="34" rx="8" {} }
            g clip-path="url(#bar-clip)" {
                @for stretch in stretches {
                    rect class={ "seg " (stretch.tone) } x=(percent(stretch.x)) y="28" width=(percent(stretch.width)) height="34"
                        data-from=(stretch.from.ms()) data-until=(stretch.until.ms()) {}
                }
            }
            @for stretch in stretches {
                @if let Some(label) = label(page, stretch) {
                    text class={ "in " (stretch.tone) " " (narrow(stretch.width)) } x=(percent(stretch.x + stretch.width / 2))
                        y="50" text-anchor="middle" { (label) }
                }
            }
            @for stretch in stretches.iter().skip(1) {
                line.edge x1=(percent(stretch.x)) x2=(percent(stretch.x)) y1="28" y2="62" {}
            }
            (ticks(page, stretches))
            (now_marker(page, now))
        }
    }
}

/// The days at which stretches end, where there is room for them.
fn ticks(page: &Page<'_>, stretches: &[Stretch<'_>]) -> Markup {
    let (mut free_from, mut free_from_narrow) = (0, 0);
    let mut shown = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let end = stretch.x + stretch.width;
        let left = if is_at_end(end) { end - LABEL_WIDTH_MIN } else { end - LABEL_WIDTH_MIN / 2 };
        if left >= free_from {
            let class = if left >= free_from_narrow { "tick" } else { "tick wide" };
            if class == "tick" {
                free_from_narrow = left + LABEL_WIDTH_MIN_NARROW;
            }
            free_from = left + LABEL_WIDTH_MIN;
            shown.push((stretch.until, end, class));
        }
    }
    html! {
        @for (until, x, class) in shown {
            @if let Some(zone) = page.zone_of(until) {
                text class=(class) x=(percent(x)) y="81" text-anchor=(if is_at_end(x) { "end" } else { "middle" }) {
                    (page.reader.at(until, zone, Style::Day))
                }
            }
        }
    }
}

fn now_marker(page: &Page<'_>, x: i64) -> Markup {
    let anchor = if x < 600 {
        "start"
    } else if x > WIDTH - 600 {
        "end"
    } else {
        "middle"
    };
    html! {
        line.now #now-line x1=(percent(x)) x2=(percent(x)) y1="20" y2="68" {}
        circle.now #now-dot cx=(percent(x)) cy="20" r="4" {}
        text.now #now-text x=(percent(x)) y="11" text-anchor=(anchor) { (page.say(Word::PolicyNow)) }
    }
}

fn label(page: &Page<'_>, stretch: &Stretch<'_>) -> Option<Text> {
    let segment = stretch.segment.filter(|_| stretch.width >= LABEL_WIDTH_MIN)?;
    Some(if segment.fee.is_positive() { page.money(segment.fee).into() } else { page.say(Word::PolicyFreeShort) })
}

fn narrow(width: i64) -> &'static str {
    if width < LABEL_WIDTH_MIN_NARROW { "wide" } else { "" }
}

fn row(page: &Page<'_>, stretch: &Stretch<'_>) -> Markup {
    let at = page.shown.at;
    let (past, now) = (stretch.is_past(at), stretch.is_now(at));
    let written = |limit: Instant, how: fn(&Reader, Instant, &Zone, Naming) -> Text| {
        page.zone_of(limit)
            .map_or_else(|| limit.to_string().into(), |zone| how(&page.reader, limit, zone, naming(page)))
    };
    html! {
        li.past[past].now[now] data-until=(stretch.until.ms()) aria-current=[now.then_some("time")] {
            svg.swatch width="12" height="12" aria-hidden="true" focusable="false" {
                rect class={ "seg " (stretch.tone) } width="12" height="12" rx="3" {}
            }
            @match stretch.segment {
                Some(segment) => {
                    span.when { time datetime=(segment.until) { (written(segment.until, Reader::listed)) } }
                    span.what {
                        strong { (page.stretch_fee(segment)) }
                        @if let Some(refund) = page.stretch_refund(segment) { " · " (refund) }
                        @if let Some(gone) = gone(page, segment) { ", " (gone) }
                    }
                }
                None => {
                    span.when { time datetime=(stretch.from) { (written(stretch.from, Reader::listed_after)) } }
                    span.what { (page.say(Word::PolicyClosed)) }
                }
            }
            span.tag.now-tag hidden[!now] { (page.say(Word::PolicyNow)) }
            @if past { span.tag { (page.say(Word::PolicyPast)) } }
        }
    }
}

/// Items that can no longer be canceled in a stretch that ends then.
fn gone(page: &Page<'_>, segment: &Segment) -> Option<Text> {
    let booked = page.shown.booking.items.iter().filter(|item| item.is_booked());
    let gone = booked.filter(|item| item.terms.cancel.is_none_or(|limit| limit < segment.until));
    let gone: Vec<&str> = gone.map(|item| item.service.as_str()).collect();
    (!gone.is_empty()).then(|| page.say(Word::PolicyWithout { service: &gone.join(", ") }))
}

/// Is the zone said below the list, once for all?
fn naming(page: &Page<'_>) -> Naming {
    if page.common_zone().is_some() { Naming::Said } else { Naming::Needed }
}

/// Rounding down leaves the last stretch a little short of the end.
fn is_at_end(x: i64) -> bool {
    x > WIDTH - 50
}

fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_share_the_bar() {
        let stretch = |from, until| Stretch {
            from: Instant::EPOCH.shifted_ms(from),
            until: Instant::EPOCH.shifted_ms(until),
            segment: None,
            tone: "free",
            x: 0,
            width: 0,
        };
        let mut stretches = [stretch(0, 60_000), stretch(60_000, 60_001), stretch(60_001, 60_001)];
        place(&mut stretches);
        assert_eq!(stretches.each_ref().map(|one| (one.x, one.width)), [(0, 8_199), (8_199, 900), (9_099, 900)]);
        assert_eq!(stretches[0].at(Instant::EPOCH.shifted_ms(30_000)), 4_099);
        let mut many: Vec<_> = (0..40).map(|at| stretch(at, at + 1)).collect();
        place(&mut many);
        assert!(many.iter().all(|one| one.x + one.width <= WIDTH));
        assert_eq!(percent(8_105), "81.05%");
    }
}
