//! Instants as RFC 3339 writes them. Not a calendar: zones and local days are in `freeze`.
//!
//! By hand, since a booking has fifty of them: chrono's reader and its tables are slower, and a thirtieth of the browser package. The tests
//! hold it against chrono.

/// From 0000-03-01, where the years of the formulas below begin, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
const DAY_MS: i64 = 86_400_000;

/// Reads a date, a time and a zone; answers milliseconds since 1970. Finer digits are cut; a leap second is the second after it.
pub(super) fn parse(text: &str) -> Option<i64> {
    let mut rest = Rest(text.as_bytes());
    let (year, month, day) = (rest.number(4)?, rest.number_after(b"-")?, rest.number_after(b"-")?);
    let (hour, minute) = (rest.number_after(b"Tt ")?, rest.number_after(b":")?);
    let (second, millis) = (rest.number_after(b":")?, rest.millis()?);
    let offset_minutes = rest.offset_minutes()?;
    if !rest.0.is_empty() || day < 1 || day > days_in(year, month)? || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = hour.saturating_mul(60).saturating_add(minute).saturating_sub(offset_minutes);
    let time_ms = minutes.saturating_mul(60).saturating_add(second).saturating_mul(1000).saturating_add(millis);
    Some(day_number(year, month, day).saturating_mul(DAY_MS).saturating_add(time_ms))
}

/// Writes `2026-03-28T09:00:00.000Z`; from year 0 to year 9999.
pub(super) fn text(ms: i64) -> [u8; 24] {
    let (year, month, day) = date(ms.div_euclid(DAY_MS));
    let ms = ms.rem_euclid(DAY_MS);
    let mut out = *b"0000-00-00T00:00:00.000Z";
    put(&mut out, 0..4, year);
    put(&mut out, 5..7, month);
    put(&mut out, 8..10, day);
    put(&mut out, 11..13, ms / 3_600_000);
    put(&mut out, 14..16, ms / 60_000 % 60);
    put(&mut out, 17..19, ms / 1000 % 60);
    put(&mut out, 20..23, ms % 1000);
    out
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// The next byte, if it is one of these.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn number(&mut self, digits: u8) -> Option<i64> {
        let mut number = 0_i64;
        for _ in 0..digits {
            let (digit @ b'0'..=b'9', rest) = self.0.split_first()? else { return None };
            number = number.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')));
            self.0 = rest;
        }
        Some(number)
    }

    fn number_after(&mut self, marks: &[u8]) -> Option<i64> {
        self.one_of(marks)?;
        self.number(2)
    }

    /// A fraction of a second has any number of digits, but one at least.
    fn millis(&mut self) -> Option<i64> {
        if self.one_of(b".").is_none() {
            return Some(0);
        }
        let mut millis = self.number(1)?.saturating_mul(100);
        for worth in [10, 1] {
            millis = millis.saturating_add(self.number(1).unwrap_or(0).saturating_mul(worth));
        }
        while self.number(1).is_some() {}
        Some(millis)
    }

    /// How far local time is ahead of UTC, less than a day.
    fn offset_minutes(&mut self) -> Option<i64> {
        let sign = self.one_of(b"Zz+-")?;
        if matches!(sign, b'Z' | b'z') {
            return Some(0);
        }
        let (hours, minutes) = (self.number(2)?, self.number_after(b":")?);
        let ahead = hours.saturating_mul(60).saturating_add(minutes);
        (hours < 24 && minutes < 60).then_some(if sign == b'-' { ahead.saturating_neg() } else { ahead })
    }
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// Days since 1970. The formula's year begins in March, so that its last day is the one that comes and goes.
#[expect(clippy::arithmetic_side_effects, reason = "a year has four digits")]
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - DAYS_TO_1970
}

/// The year, month and day of a number of days since 1970: [`day_number`] the other way round.
#[expect(clippy::arithmetic_side_effects, reason = "a year has four digits")]
fn date(day_number: i64) -> (i64, i64, i64) {
    let days = day_number + DAYS_TO_1970;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

/// Writes a number in decimal into a place, with leading zeros.
fn put(out: &mut [u8; 24], place: std::ops::Range<usize>, mut value: i64) {
    for byte in out.get_mut(place).into_iter().flatten().rev() {
        *byte = b'0'.saturating_add(u8::try_from(value % 10).unwrap_or(0));
        value /= 10;
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::*;

    fn chronos(text: &str) -> Option<i64> {
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
    }

    /// Every day that an instant can be in.
    #[test]
    fn every_day() {
        let first = chronos("1969-12-31T23:59:59.999Z").unwrap();
        let last = chronos("2200-01-01T23:59:59.999Z").unwrap();
        for at in (0..=(last - first) / DAY_MS).map(|day| first + day * DAY_MS) {
            let written = String::from_utf8(text(at).to_vec()).unwrap();
            let theirs = DateTime::from_timestamp_millis(at).unwrap().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            assert_eq!(written, theirs);
            assert_eq!(parse(&written), Some(at), "{written}");
        }
    }

    #[test]
    fn days_that_are_none() {
        for day in ["2027-02-29", "1900-02-29", "2027-04-31", "2027-00-10", "2027-13-01", "2027-01-00", "2027-01-32"] {
            assert_eq!(parse(&format!("{day}T10:00:00Z")), None, "{day}");
        }
        assert!(parse("2000-02-29T10:00:00Z").is_some());
    }

    /// Digits that are often out of their range.
    const SHAPE: &str = "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]\
        (\\.[0-9]{0,12})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn reads_what_chrono_reads(
            text in string_regex(SHAPE).unwrap(),
            // And now and then a character that does not belong there.
            broken in prop::option::of((any::<prop::sample::Index>(), string_regex("[0-9TZ:.+ -]?").unwrap())),
        ) {
            let mut text = text;
            if let Some((at, piece)) = broken {
                let at = at.index(text.len());
                text.replace_range(at..=at, &piece);
            }
            prop_assert_eq!(parse(&text), chronos(&text), "{}", text);
        }

        #[test]
        fn writes_what_chrono_writes(ms in 0..253_402_300_800_000_i64) {
            let theirs = DateTime::from_timestamp_millis(ms).unwrap().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            prop_assert_eq!(String::from_utf8(text(ms).to_vec()).unwrap(), theirs);
        }
    }
}
