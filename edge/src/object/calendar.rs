//! Months and days of a slot's own calendar, as they are asked for and as instants. Zones are the core's.
//!
//! Source: requirement D3

use chrono::{Datelike as _, Months, NaiveDate};
use leeway_core::Instant;
use leeway_core::freeze;
use leeway_core::time::Zone;
use serde::Serializer;

use crate::input;
use crate::problem::Problem;

const HALF_A_DAY_MS: i64 = 12 * 60 * 60 * 1000;

/// A month, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month after it; the last one that can be said stays.
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The month before it.
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// Its first instant, and that of the next one.
    pub fn range(self, zone: &Zone) -> Result<(Instant, Instant), Problem> {
        Ok((day_start("month", self.0, zone)?, day_start("month", self.next().0, zone)?))
    }

    /// `2026-08`
    pub fn text(self) -> String {
        self.0.to_string().chars().take(7).collect()
    }
}

/// The field `month`, such as `2026-08`.
pub fn month(fields: &[(String, String)]) -> Result<Option<Month>, Problem> {
    let Some(text) = input::field(fields, "month") else { return Ok(None) };
    let first =
        parse(&format!("{text}-01")).ok_or_else(|| Problem::malformed("month", "not a month such as `2026-08`"))?;
    Ok(Some(Month(first)))
}

/// The field `day`, such as `2026-08-14`.
pub fn day(fields: &[(String, String)]) -> Result<Option<NaiveDate>, Problem> {
    let Some(text) = input::field(fields, "day") else { return Ok(None) };
    let day = parse(&text).ok_or_else(|| Problem::malformed("day", "not a day such as `2026-08-14`"))?;
    Ok(Some(day))
}

/// The first instant of a day, and that of the next one.
pub fn range_of_day(day: NaiveDate, zone: &Zone) -> Result<(Instant, Instant), Problem> {
    let next = day.succ_opt().unwrap_or(day);
    Ok((day_start("day", day, zone)?, day_start("day", next, zone)?))
}

/// The day of an instant.
pub fn local_day(at: Instant, zone: &Zone) -> Result<NaiveDate, Problem> {
    freeze::local_day(at, zone).map_err(|_| Problem::INTERNAL)
}

fn day_start(field: &str, day: NaiveDate, zone: &Zone) -> Result<Instant, Problem> {
    freeze::day_start(day, zone).map_err(|error| Problem::malformed(field, error.to_string()))
}

fn parse(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    parts.next().is_none().then_some(date)
}

/// An instant in the middle of a day, to write the day by.
pub fn noon(day: NaiveDate, zone: &Zone) -> Instant {
    freeze::day_start(day, zone).unwrap_or(Instant::EPOCH).shifted_ms(HALF_A_DAY_MS)
}

/// As people and programs write a day.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub fn as_text<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str, text: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), text.to_owned())]
    }

    #[test]
    fn days_and_months_as_they_are_written() {
        assert_eq!(day(&fields("day", "2026-08-14")).unwrap().unwrap().to_string(), "2026-08-14");
        assert_eq!(month(&fields("month", "2026-12")).unwrap().unwrap().next().text(), "2027-01");
        assert_eq!(month(&fields("month", "2026-01")).unwrap().unwrap().before().text(), "2025-12");
        for text in ["", "2026-02-30", "2026-8-14", "2026-08-14-1", "+026-08-14", "２０２６-08-14", "2026-08"] {
            assert!(day(&fields("day", text)).is_err(), "{text}");
        }
        assert_eq!(day(&fields("x", "2026-08-14")).unwrap(), None);
        assert!(month(&fields("month", "2026-13")).is_err());
    }

    #[test]
    fn a_month_across_a_change_of_the_clock() {
        let zone = Zone::parse("Europe/Zagreb").unwrap();
        let (from, to) = month(&fields("month", "2026-03")).unwrap().unwrap().range(&zone).unwrap();
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-02-28T23:00:00.000Z".into(), "2026-03-31T22:00:00.000Z".into())
        );
        assert!(month(&fields("month", "1969-12")).unwrap().unwrap().range(&zone).is_err());
    }
}
