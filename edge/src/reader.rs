//! Who reads: in which language sentences are said, and how amounts and dates are written in them, by the platform's own `Intl`. No rule
//! depends on it.
//!
//! Making a formatter is slow, using one is not: each is made once for an instance. The page's script makes the same ones from the same
//! options, so that both write the same text.

use std::cell::RefCell;

use js_sys::{JSON, Object};
use leeway_core::booking::SlotTime;
use leeway_core::money::Amount;
use leeway_core::policy::Percent;
use leeway_core::time::Zone;
use leeway_core::{Instant, Map, Money};
use wasm_bindgen::prelude::*;

use crate::words::{Language, Text, Word};

const UTC: &str = "UTC";
/// No currency is called that.
const PERCENT: &str = "%";
/// The most formatters that are kept: zones times locales stay far below.
const KEPT_MAX: usize = 500;

/// How an instant is written: never less exact than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    static DATES: RefCell<Map<(String, String, Style), Option<DateTimeFormat>>> = RefCell::default();
    static NUMBERS: RefCell<Map<(String, String), Option<NumberFormat>>> = RefCell::default();
}

/// Has the zone been said already?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    Said,
    Needed,
}

/// One reader: the language, and how its amounts and dates are written.
pub struct Reader {
    pub language: Language,
    dates: String,
    amounts: String,
}

impl Reader {
    /// Reads what was asked for, else the customer's language, else the operator's, else English. Amounts and dates are as in the first of
    /// their locales that is of that language and names a region: a Polish date in an English sentence helps nobody.
    pub fn of(asked: Option<Language>, customer: Option<&str>, operator: &str) -> Self {
        let locales = [customer.unwrap_or(operator), operator];
        let language = asked.or_else(|| locales.into_iter().find_map(Language::of)).unwrap_or(Language::English);
        let own = locales.into_iter().find(|locale| locale.contains('-') && Language::of(locale) == Some(language));
        let or = |usual: &str| own.unwrap_or(usual).to_owned();
        Self { language, dates: or(usual_dates(language)), amounts: or(usual_amounts(language)) }
    }

    /// Says a sentence.
    pub fn say(&self, word: Word<'_>) -> Text {
        word.said(self.language)
    }

    /// The locales' tags: of dates, of amounts.
    pub fn locales(&self) -> [&str; 2] {
        [&self.dates, &self.amounts]
    }

    /// An operator's code in plain words: `booking_fee` is “Booking fee”.
    pub fn code(&self, code: &str) -> Text {
        self.language.code(code).map_or_else(|| plain(code).into(), Text::from)
    }

    /// `€411.50`
    pub fn money(&self, money: Money) -> String {
        let amount = Amount(money).to_string();
        let written = self.numbers(money.currency().code()).and_then(|format| format.format(&amount).ok());
        written.unwrap_or_else(|| money.to_string())
    }

    /// `12.5%`
    pub fn percent(&self, percent: Percent) -> String {
        let percent = percent.to_string();
        let written = self.numbers(PERCENT).and_then(|format| format.format(&percent).ok());
        written.unwrap_or_else(|| format!("{percent}%"))
    }

    /// An instant in a zone's local time, without the zone's name.
    pub fn at(&self, at: Instant, zone: &Zone, style: Style) -> String {
        let written = self.dates(zone, style).and_then(|format| format.format(js_ms(at)).ok());
        written.unwrap_or_else(|| at.to_string())
    }

    /// An instant to the last digit, without the zone's name.
    fn exact(&self, at: Instant, zone: &Zone) -> Text {
        self.say(Word::TimeAt { time: &self.at(at, zone, Style::exact(at)) })
    }

    /// An instant to the minute, without the zone's name.
    pub fn minute(&self, at: Instant, zone: &Zone) -> Text {
        self.say(Word::TimeAt { time: &self.at(at, zone, Style::Minute) })
    }

    /// A last instant: `until Thu, 26 Nov 2026, 10:00 (Tokyo time)`, `until just before …` where it ends a minute.
    ///
    /// Source: requirement B1
    pub fn limit(&self, limit: Instant, zone: &Zone) -> Text {
        match whole_minute_after(limit) {
            Some(next) => self.say(Word::TimeUntilBefore { time: &self.zoned(next, zone) }),
            None => self.say(Word::TimeUntil { time: &self.zoned(limit, zone) }),
        }
    }

    /// A last instant in a list of them: `Until Thu, 26 Nov 2026, 10:00`, `Before …`.
    pub fn listed(&self, limit: Instant, zone: &Zone, naming: Naming) -> Text {
        match whole_minute_after(limit) {
            Some(next) => self.say(Word::TimeListBefore { time: &self.named(next, zone, naming) }),
            None => self.say(Word::TimeListUntil { time: &self.named(limit, zone, naming) }),
        }
    }

    /// From when on a last instant is past, as a sentence begins: `After Thu, 26 Nov 2026, 10:00 (Tokyo time)`.
    pub fn after(&self, limit: Instant, zone: &Zone) -> Text {
        self.listed_after(limit, zone, Naming::Needed)
    }

    /// The same in a list.
    pub fn listed_after(&self, limit: Instant, zone: &Zone, naming: Naming) -> Text {
        match whole_minute_after(limit) {
            Some(next) => self.say(Word::TimeFrom { time: &self.named(next, zone, naming) }),
            None => self.say(Word::TimeAfter { time: &self.named(limit, zone, naming) }),
        }
    }

    fn named(&self, at: Instant, zone: &Zone, naming: Naming) -> Text {
        match naming {
            Naming::Said => self.exact(at, zone),
            Naming::Needed => self.zoned(at, zone),
        }
    }

    /// An instant to the last digit, with the zone's name.
    pub fn zoned(&self, at: Instant, zone: &Zone) -> Text {
        self.in_zone(&self.exact(at, zone), zone)
    }

    fn in_zone(&self, time: &str, zone: &Zone) -> Text {
        self.say(Word::TimeIn { time, zone: &self.zone_name(zone) })
    }

    /// What people call a zone's time: that of its city.
    pub fn zone_name(&self, zone: &Zone) -> Text {
        let city = zone.name().rsplit('/').next().unwrap_or(UTC);
        if city == UTC {
            return UTC.into();
        }
        let name = self.language.city(city).map_or_else(|| city.replace('_', " "), str::to_owned);
        self.say(Word::TimeCity { city: &name })
    }

    /// When a slot is: `Sat, 12 Dec 2026, 14:30–16:00 (Tokyo time)`.
    pub fn slot(&self, time: &SlotTime) -> Text {
        self.in_zone(&self.range(time, Style::Minute), &time.zone)
    }

    /// A slot on a day that was said: `14:30–16:00`, without the zone's name.
    pub fn times(&self, time: &SlotTime) -> String {
        let same_day =
            self.at(time.starts_at, &time.zone, Style::Date) == self.at(time.ends_at, &time.zone, Style::Date);
        self.range(time, if same_day { Style::Time } else { Style::Minute })
    }

    fn range(&self, time: &SlotTime, style: Style) -> String {
        let format = self.dates(&time.zone, style);
        let range = format.and_then(|format| format.format_range(js_ms(time.starts_at), js_ms(time.ends_at)).ok());
        range.unwrap_or_else(|| format!("{} – {}", time.starts_at, time.ends_at))
    }

    /// A last instant, by its time alone where it is on the day of `today`: `until 10:00 (Tokyo time)`.
    pub fn soon(&self, at: Instant, today: Instant, zone: &Zone) -> Text {
        let same_day = self.at(at, zone, Style::Date) == self.at(today, zone, Style::Date);
        let whole_minutes = Style::exact(at) == Style::Minute || at > today.shifted_ms(60_000);
        match (same_day, whole_minutes) {
            // Cut to the minute: it holds at least until then.
            (true, true) => {
                let time = self.say(Word::TimeAt { time: &self.at(at, zone, Style::Time) });
                self.say(Word::TimeUntil { time: &self.in_zone(&time, zone) })
            }
            (_, _) => self.limit(at, zone),
        }
    }

    /// A last instant that is long ahead, cut to the minute: it holds at least until then.
    pub fn within(&self, at: Instant, zone: &Zone) -> Text {
        self.say(Word::TimeUntil { time: &self.in_zone(&self.minute(at, zone), zone) })
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
                [&self.dates, usual_dates(self.language)]
                    .iter()
                    .find_map(|locale| DateTimeFormat::new(locale, &options).ok())
            };
            known.get_or_insert_with(key, make).clone()
        })
    }

    /// Writes amounts of a currency, or percentages.
    fn numbers(&self, unit: &str) -> Option<NumberFormat> {
        let key = (self.amounts.clone(), unit.to_owned());
        NUMBERS.with_borrow_mut(|known| {
            if known.len() > KEPT_MAX {
                known.clear();
            }
            let make = || {
                let options = options(&match unit {
                    PERCENT => r#"{"style":"unit","unit":"percent","maximumFractionDigits":20}"#.to_owned(),
                    currency => format!(r#"{{"style":"currency","currency":"{currency}"}}"#),
                })?;
                let usual = usual_amounts(self.language);
                [&self.amounts, usual].iter().find_map(|locale| NumberFormat::new(locale, &options).ok())
            };
            known.get_or_insert_with(key, make).clone()
        })
    }
}

/// How dates are written where no region is known: in English, the day before the month.
const fn usual_dates(language: Language) -> &'static str {
    match language {
        Language::English => "en-GB",
        Language::Polish => "pl-PL",
        Language::German => "de-DE",
    }
}

/// And amounts: with short signs that are no other currency's.
const fn usual_amounts(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Polish => "pl-PL",
        Language::German => "de-DE",
    }
}

/// The whole minute that begins right after a last instant.
pub fn whole_minute_after(limit: Instant) -> Option<Instant> {
    let next = limit.just_after();
    (next.ms() % 60_000 == 0).then_some(next)
}

/// A code that has no name in the reader's language. Its letters are of ASCII; the capitals of all others are a table of 12 kB.
fn plain(code: &str) -> String {
    let mut text = code.replace(['_', '-'], " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn options(json: &str) -> Option<Object> {
    JSON::parse(json).ok()?.dyn_into().ok()
}

/// Milliseconds as the platform counts them: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "an instant is within 2^53 ms")]
fn js_ms(at: Instant) -> f64 {
    at.ms() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_plain_words() {
        let reader = |operator| Reader::of(None, None, operator);
        assert_eq!(reader("en").code("booking_fee"), "Booking fee");
        assert_eq!(reader("de-AT").code("booking_fee"), "Buchungsgebühr");
        assert_eq!(reader("pl").code("rope_course"), "Rope course");
        assert_eq!(reader("en").code(""), "");
    }

    #[test]
    fn a_reader_is_the_customer_first() {
        let locales = |asked, customer, operator| {
            let reader = Reader::of(asked, customer, operator);
            (reader.language, reader.dates, reader.amounts)
        };
        let of = |language, dates: &str, amounts: &str| (language, dates.to_owned(), amounts.to_owned());
        assert_eq!(locales(None, Some("de-AT"), "en"), of(Language::German, "de-AT", "de-AT"));
        assert_eq!(locales(None, Some("hr-HR"), "pl"), of(Language::Polish, "pl-PL", "pl-PL"), "no words in Croatian");
        assert_eq!(locales(None, None, "hr"), of(Language::English, "en-GB", "en"));
        assert_eq!(locales(Some(Language::German), Some("pl-PL"), "de-CH"), of(Language::German, "de-CH", "de-CH"));
        assert_eq!(locales(Some(Language::English), Some("pl-PL"), "de-CH"), of(Language::English, "en-GB", "en"));
    }
}
