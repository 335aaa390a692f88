//! Calendar offsets against another program's zone data: what the core compiles is what chrono-tz says, clock changes included.

use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use leeway_core::Instant;
use leeway_core::freeze::compile;
use leeway_core::time::{Limit, Zone};
use proptest::prelude::*;
use serde_json::json;

use super::config;

/// Both halves of the world, half hours, midnight gaps, double hours, a day that was skipped, none at all.
const ZONES: [&str; 16] = [
    "Europe/Zagreb",
    "Europe/London",
    "Europe/Lisbon",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
];
/// From 2008 to 2025: past, so that two zone databases agree.
const YEARS_MS: std::ops::Range<i64> = 1_199_145_600_000..1_767_225_600_000;

/// The first valid instant at or after a local time, the earlier one where there are two: minute by minute.
fn oracle(wall: NaiveDateTime, tz: Tz) -> i64 {
    let steps = (0..3 * 24 * 60).map(|minutes| wall + TimeDelta::minutes(minutes));
    steps.filter_map(|wall| tz.from_local_datetime(&wall).earliest()).map(|at| at.timestamp_millis()).next().unwrap()
}

fn check(zone: &str, start_ms: i64, days: u16, at: Option<(u8, u8)>) -> Result<(), TestCaseError> {
    let (tz, named, start) =
        (zone.parse::<Tz>().unwrap(), Zone::parse(zone).unwrap(), Instant::from_ms(start_ms).unwrap());
    let written = match at {
        Some((hour, minute)) => json!({"days": days, "at": format!("{hour:02}:{minute:02}")}),
        None => json!({"days": days}),
    };
    let limit: Limit = serde_json::from_value(written).unwrap();
    let local = Utc.timestamp_millis_opt(start_ms).unwrap().with_timezone(&tz).naive_local();
    let time =
        at.map_or(local.time(), |(hour, minute)| NaiveTime::from_hms_opt(hour.into(), minute.into(), 0).unwrap());
    let day = local.date().checked_sub_days(Days::new(days.into())).unwrap();
    let expected = oracle(day.and_time(time), tz).min(start_ms - 1);
    prop_assert_eq!(compile(limit, start, &named).unwrap().ms(), expected, "{} of {} in {}", json!(limit), start, zone);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement B8
    #[test]
    fn a_calendar_limit_is_what_a_calendar_says(
        zone in proptest::sample::select(ZONES.to_vec()),
        start_min in YEARS_MS.start / 60_000..YEARS_MS.end / 60_000,
        days in 0_u16..40,
        at in prop::option::of((0_u8..24, 0_u8..60)),
    ) {
        check(zone, start_min * 60_000, days, at)?;
    }
}

/// Source: requirement B8
#[test]
fn every_half_hour_around_every_clock_change() {
    for zone in ZONES {
        let tz: Tz = zone.parse().unwrap();
        let offset = |hour: i64| {
            let utc = Utc.timestamp_millis_opt(hour * 3_600_000).unwrap().naive_utc();
            chrono::Offset::fix(&tz.offset_from_utc_datetime(&utc)).local_minus_utc()
        };
        let hours = YEARS_MS.start / 3_600_000..YEARS_MS.end / 3_600_000 - 72;
        for change in hours.filter(|hour| offset(*hour) != offset(*hour + 1)) {
            let start_ms = (change + 60) * 3_600_000;
            for (days, half) in (1_u16..4).flat_map(|days| (0_u8..48).map(move |half| (days, half))) {
                check(zone, start_ms, days, Some((half / 2, half % 2 * 30 + 15))).unwrap();
            }
        }
    }
}
