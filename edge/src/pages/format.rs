//! Amounts and dates for people, by the platform's own `Intl`. No rule depends on it.
//!
//! Making a formatter is slow, using one is not: each is made once for an instance. The page's script makes the same ones from the same
//! options, so that both write the same text.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{JSON, Object};
use leeway_core::booking::SlotTime;
use leeway_core::money::Amount;
use leeway_core::time::Zone;
use leeway_core::{Instant, Money};
use wasm_bindgen::prelude::*;

use super::words::{LANGUAGE, Word, say};

/// Where a reader's own locale is not known, or is of a language that we have no words in: the day before the month.
const FALLBACK: &str = "en-GB";
/// And amounts with short signs that are no other currency's.
const FALLBACK_AMOUNTS: &str = "en";
const UTC: &str = "UTC";
/// The most formatters that are kept: zones times locales stay far below.
const KEPT_MAX: usize = 500;

/// How an instant is written: never less exact than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `Thu, 26 Nov 2026, 10:00`
    Minute,
    /// `Thu, 26 Nov 2026, 10:00:59`
    Second,
    /// `Thu, 26 Nov 2026, 10:00:59.999`
    Millisecond,
    /// `26 Nov 2026`
    Date,
    /// `26 Nov`
    Day,
    /// `10:00`
    Time,
    /// `Friday, 14 August 2026`
    LongDay,
    /// `August 2026`
    Month,
    /// `Fri`
    Weekday,
    /// `14`
    DayOfMonth,
}

impl Style {
    /// The options that `Intl.DateTimeFormat` takes for it.
    pub const fn options(self) -> &'static str {
        match self {
            Self::Minute => {
                r#"{"weekday":"short","day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit"}"#
            }
            Self::Second => {
                r#"{"weekday":"short","day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit","second":"2-digit"}"#
            }
            Self::Millisecond => {
                r#"{"weekday":"short","day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit","second":"2-digit","fractionalSecondDigits":3}"#
            }
            Self::Date => r#"{"day":"numeric","month":"short","year":"numeric"}"#,
            Self::Day => r#"{"day":"numeric","month":"short"}"#,
            Self::Time => r#"{"hour":"2-digit","minute":"2-digit"}"#,
            Self::LongDay => r#"{"weekday":"long","day":"numeric","month":"long","year":"numeric"}"#,
            Self::Month => r#"{"month":"long","year":"numeric"}"#,
            Self::Weekday => r#"{"weekday":"short"}"#,
            Self::DayOfMonth => r#"{"day":"numeric"}"#,
        }
    }

    /// The shortest that loses nothing.
    pub fn exact(at: Instant) -> Self {
        match (at.ms() % 60_000, at.ms() % 1_000) {
            (0, _) => Self::Minute,
            (_, 0) => Self::Second,
            (_, _) => Self::Millisecond,
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, catch, js_name = format)]
    fn format(this: &DateTimeFormat, ms: f64) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch, js_name = formatRange)]
    fn format_range(this: &DateTimeFormat, from_ms: f64, to_ms: f64) -> Result<String, JsValue>;

    #[derive(Clone)]
    type NumberFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;
    /// A text, so that every digit is kept.
    #[wasm_bindgen(method, catch, js_name = format)]
    fn format(this: &NumberFormat, amount: &str) -> Result<String, JsValue>;
}

thread_local! {
    static DATES: RefCell<HashMap<(String, String, Style), Option<DateTimeFormat>>> = RefCell::default();
    static AMOUNTS: RefCell<HashMap<(String, String), Option<NumberFormat>>> = RefCell::default();
}

/// Has the zone been said already?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    Said,
    Needed,
}

/// How one reader reads amounts and dates.
pub struct Format {
    dates: String,
    amounts: String,
}

impl Format {
    /// The customer's locale, else the operator's; where that is of a language that we have no words in, our own: a Polish date in an
    /// English sentence helps nobody.
    pub fn of(customer: Option<&str>, operator: &str) -> Self {
        let spoken = |locale: &&str| {
            let language = locale.split('-').next().unwrap_or_default();
            language.eq_ignore_ascii_case(LANGUAGE) && locale.contains('-')
        };
        let own = customer.or(Some(operator)).filter(spoken);
        let or = |fallback: &str| own.unwrap_or(fallback).to_owned();
        Self { dates: or(FALLBACK), amounts: or(FALLBACK_AMOUNTS) }
    }

    /// The locales' tags: of dates, of amounts.
    pub fn locales(&self) -> [&str; 2] {
        [&self.dates, &self.amounts]
    }

    /// `€411.50`
    pub fn money(&self, money: Money) -> String {
        let amount = Amount(money).to_string();
        let written = self.amounts(money.currency().code()).and_then(|format| format.format(&amount).ok());
        written.unwrap_or_else(|| money.to_string())
    }

    /// An instant in a zone's local time, without the zone's name.
    pub fn at(&self, at: Instant, zone: &Zone, style: Style) -> String {
        let written = self.dates(zone, style).and_then(|format| format.format(js_ms(at)).ok());
        written.unwrap_or_else(|| at.to_string())
    }

    /// An instant to the last digit, without the zone's name.
    fn exact(&self, at: Instant, zone: &Zone) -> String {
        self.at(at, zone, Style::exact(at))
    }

    /// A last instant, as it follows “until”: `Thu, 26 Nov 2026, 10:00 (Tokyo time)`, `just before …` where it ends a minute.
    ///
    /// Source: requirement B1
    pub fn limit(&self, limit: Instant, zone: &Zone) -> String {
        match whole_minute_after(limit) {
            Some(next) => say(Word::JustBefore, &[("time", &self.zoned(next, zone))]),
            None => self.zoned(limit, zone),
        }
    }

    /// A last instant in a list of them: `Until Thu, 26 Nov 2026, 10:00`, `Before …`.
    pub fn listed(&self, limit: Instant, zone: &Zone, naming: Naming) -> String {
        let (said, at) = whole_minute_after(limit).map_or((Word::UntilTime, limit), |next| (Word::BeforeTime, next));
        say(said, &[("until", &self.named(at, zone, naming))])
    }

    /// When a last instant in a list is past.
    pub fn listed_after(&self, limit: Instant, zone: &Zone, naming: Naming) -> String {
        let (said, at) = whole_minute_after(limit).map_or((Word::After, limit), |next| (Word::From, next));
        say(said, &[("time", &self.named(at, zone, naming))])
    }

    fn named(&self, at: Instant, zone: &Zone, naming: Naming) -> String {
        match naming {
            Naming::Said => self.exact(at, zone),
            Naming::Needed => self.zoned(at, zone),
        }
    }

    /// From when on a last instant is past, as a sentence begins: `After Thu, 26 Nov 2026, 10:00 (Tokyo time)`.
    pub fn after(&self, limit: Instant, zone: &Zone) -> String {
        match whole_minute_after(limit) {
            Some(next) => say(Word::From, &[("time", &self.zoned(next, zone))]),
            None => say(Word::After, &[("time", &self.zoned(limit, zone))]),
        }
    }

    /// An instant to the last digit, with the zone's name.
    fn zoned(&self, at: Instant, zone: &Zone) -> String {
        in_zone(&self.exact(at, zone), zone)
    }

    /// When a slot is: `Sat, 12 Dec 2026, 14:30–16:00 (Tokyo time)`.
    pub fn slot(&self, time: &SlotTime) -> String {
        let format = self.dates(&time.zone, Style::Minute);
        let range = format.and_then(|format| format.format_range(js_ms(time.starts_at), js_ms(time.ends_at)).ok());
        let range = range.unwrap_or_else(|| format!("{} – {}", time.starts_at, time.ends_at));
        in_zone(&range, &time.zone)
    }

    /// A slot on a day that was said: `14:30–16:00`, without the zone's name.
    pub fn times(&self, time: &SlotTime) -> String {
        let same_day =
            self.at(time.starts_at, &time.zone, Style::Date) == self.at(time.ends_at, &time.zone, Style::Date);
        let format = self.dates(&time.zone, if same_day { Style::Time } else { Style::Minute });
        let range = format.and_then(|format| format.format_range(js_ms(time.starts_at), js_ms(time.ends_at)).ok());
        range.unwrap_or_else(|| format!("{} – {}", time.starts_at, time.ends_at))
    }

    /// A time of the day of `today`, with its date where it is on another one.
    pub fn soon(&self, at: Instant, today: Instant, zone: &Zone) -> String {
        let same_day = self.at(at, zone, Style::Date) == self.at(today, zone, Style::Date);
        let whole_minutes = Style::exact(at) == Style::Minute || at > today.shifted_ms(60_000);
        match (same_day, whole_minutes) {
            // Cut to the minute: it holds at least until then.
            (true, true) => in_zone(&self.at(at, zone, Style::Time), zone),
            (_, _) => self.limit(at, zone),
        }
    }

    fn dates(&self, zone: &Zone, style: Style) -> Option<DateTimeFormat> {
        let key = (self.dates.clone(), zone.name().to_owned(), style);
        DATES.with_borrow_mut(|known| {
            if known.len() > KEPT_MAX {
                known.clear();
            }
            let make = || {
                let options = options(style.options())?;
                js_sys::Reflect::set(&options, &"timeZone".into(), &zone.name().into()).ok()?;
                [&self.dates, FALLBACK].iter().find_map(|locale| DateTimeFormat::new(locale, &options).ok())
            };
            known.entry(key).or_insert_with(make).clone()
        })
    }

    fn amounts(&self, currency: &str) -> Option<NumberFormat> {
        let key = (self.amounts.clone(), currency.to_owned());
        AMOUNTS.with_borrow_mut(|known| {
            if known.len() > KEPT_MAX {
                known.clear();
            }
            let make = || {
                let options = options(&format!(r#"{{"style":"currency","currency":"{currency}"}}"#))?;
                [&self.amounts, FALLBACK_AMOUNTS].iter().find_map(|locale| NumberFormat::new(locale, &options).ok())
            };
            known.entry(key).or_insert_with(make).clone()
        })
    }
}

/// The whole minute that begins right after a last instant.
pub fn whole_minute_after(limit: Instant) -> Option<Instant> {
    let next = limit.just_after();
    (next.ms() % 60_000 == 0).then_some(next)
}

/// What people call a zone's time: that of its city.
pub fn zone_name(zone: &Zone) -> String {
    let city = zone.name().rsplit('/').next().unwrap_or(UTC).replace('_', " ");
    if city == UTC { city } else { say(Word::CityTime, &[("city", &city)]) }
}

fn in_zone(time: &str, zone: &Zone) -> String {
    say(Word::InZone, &[("time", time), ("zone", &zone_name(zone))])
}

fn options(json: &str) -> Option<Object> {
    JSON::parse(json).ok()?.dyn_into().ok()
}

/// Milliseconds as the platform counts them: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "an instant is within 2^53 ms")]
fn js_ms(at: Instant) -> f64 {
    at.ms() as f64
}
