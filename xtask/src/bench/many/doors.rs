//! The doors that an operator with many bookings uses, each asked again and again, one request after another.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::{Days, SecondsFormat, Utc};
use serde_json::Value;

use super::super::SUCCESS;
use super::guests::{COMMON_BEGINNING, COMMON_WORD, NOTED, RARE_NAME, RARE_SERVICE, USUAL_NAME};
use crate::load::Connection;

const TIMES: usize = 200;
/// What a search or a statistic may take, 99 times of 100.
const GOAL: Duration = Duration::from_millis(50);
const PAGE: u32 = 200;
/// A day in the middle of those that are booked.
const DAY: u64 = 190;

/// A list, a search or a statistic.
#[derive(Debug)]
pub(super) struct Door {
    name: String,
    path: String,
}

/// How long its answers took.
#[derive(Debug)]
pub(super) struct Measured {
    name: String,
    p50: Duration,
    p99: Duration,
}

/// All doors. A page in the middle of a list is found by turning those before it.
///
/// # Errors
/// A list ends before its middle.
pub(super) fn all(connection: &mut Connection, bookings: u32) -> Result<Vec<Door>> {
    let mut doors = Vec::new();
    let mut add = |name: &str, path: String| doors.push(Door { name: name.to_owned(), path });
    for (order, query) in [("newest", "order=newest"), ("by start", "order=start")] {
        let path = format!("/v1/bookings?{query}");
        let from = Utc::now().checked_add_days(Days::new(DAY)).context("no such day")?;
        let to = from.checked_add_days(Days::new(1)).context("no such day")?;
        let [from, to] = [from, to].map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true));
        add(&format!("list, {order}"), path.clone());
        add(&format!("list, {order}, canceled"), format!("{path}&status=canceled"));
        add(
            &format!("list, {order}, canceled, a rare service"),
            format!("{path}&status=canceled&service={}", RARE_SERVICE.replace(' ', "+")),
        );
        add(&format!("list, {order}, of one day"), format!("{path}&from={from}&to={to}"));
        add(
            &format!("list, {order}, from the middle"),
            format!("{path}&cursor={}", middle(connection, &path, bookings)?),
        );
        for (what, word) in words(bookings) {
            add(&format!("search, {order}, {what}"), format!("{path}&q={word}"));
        }
        add(&format!("search, {order}, a common word, canceled"), format!("{path}&q={COMMON_WORD}&status=canceled"));
        add(
            &format!("search, {order}, a common word, of one day"),
            format!("{path}&q={COMMON_WORD}&from={from}&to={to}"),
        );
    }
    add("refunds", "/v1/refunds".to_owned());
    add("refunds, by state", "/v1/refunds?state=settled&state=requested&state=awaiting_approval".to_owned());
    for (what, word) in words(bookings) {
        add(&format!("refund search, {what}"), format!("/v1/refunds?q={word}"));
    }
    add("refund search, a word of notes", format!("/v1/refunds?q={NOTED}"));
    add("refund statistics", "/v1/refunds/statistics".to_owned());
    Ok(doors)
}

/// What is searched for.
fn words(bookings: u32) -> [(&'static str, String); 6] {
    [
        ("a rare name", RARE_NAME.to_owned()),
        ("a usual name", USUAL_NAME.to_owned()),
        ("the start of a reference", format!("LW-{:04}", bookings / 2 / 100)),
        ("the start of a common word", COMMON_BEGINNING.to_owned()),
        ("a common word", COMMON_WORD.to_owned()),
        ("three words", format!("{USUAL_NAME}+{COMMON_WORD}+org")),
    ]
}

/// Where a list goes on in its middle.
fn middle(connection: &mut Connection, path: &str, bookings: u32) -> Result<String> {
    let mut next = String::new();
    for _ in 0..(bookings / 2).div_ceil(PAGE).max(1) {
        let cursor = if next.is_empty() { String::new() } else { format!("&cursor={next}") };
        let answer = connection.get(&format!("{path}&limit={}{cursor}", PAGE.min(bookings / 2)))?.expect(SUCCESS)?;
        let answer: Value = serde_json::from_slice(&answer.body)?;
        next = answer.get("next").and_then(Value::as_str).context("the list ends before its middle")?.to_owned();
    }
    Ok(next)
}

/// Asks each door once unmeasured, to see that it has something to answer, and then as often as it is measured.
///
/// # Errors
/// A door refuses, or finds nothing.
pub(super) fn measure(connection: &mut Connection, doors: Vec<Door>) -> Result<Vec<Measured>> {
    doors.into_iter().map(|Door { name, path }| one(connection, name, &path)).collect()
}

fn one(connection: &mut Connection, name: String, path: &str) -> Result<Measured> {
    let answer = connection.get(path)?.expect(SUCCESS)?;
    ensure!(found(&serde_json::from_slice(&answer.body)?), "`{path}` finds nothing");
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        connection.get(path)?.expect(SUCCESS)?;
        times.push(began.elapsed());
    }
    times.sort();
    Ok(Measured { name, p50: percentile(&times, 50), p99: percentile(&times, 99) })
}

/// Does a list or a statistic have an entry?
fn found(answer: &Value) -> bool {
    let entries = ["bookings", "refunds", "currencies"].into_iter().find_map(|name| answer.get(name)?.as_array());
    entries.is_some_and(|entries| !entries.is_empty())
}

/// The least time that so many of a hundred did not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let nth = (sorted.len() * percent).div_ceil(100);
    sorted.get(nth.saturating_sub(1)).copied().unwrap_or_default()
}

/// The table.
pub(super) fn print(bookings: u32, measured: &[Measured]) {
    println!("\n{:<48}{:>9}{:>9}", format!("{bookings} bookings, {TIMES} requests each"), "p50 ms", "p99 ms");
    for door in measured {
        println!("{}", line(door));
    }
    let above = measured.iter().filter(|door| door.p99 > GOAL).count();
    println!("\n{above} of {} doors above {} ms at p99", measured.len(), GOAL.as_millis());
}

fn line(Measured { name, p50, p99 }: &Measured) -> String {
    let ms = |time: &Duration| time.as_secs_f64() * 1e3;
    let flag = if *p99 > GOAL { "  above 50" } else { "" };
    format!("{name:<48}{:>9.1}{:>9.1}{flag}", ms(p50), ms(p99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!([50, 99, 100].map(|percent| percentile(&times, percent).as_millis()), [100, 198, 200]);
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }

    #[test]
    fn what_is_above_the_goal_is_flagged() {
        let door = |p99| Measured { name: "list".to_owned(), p50: Duration::from_micros(1_234), p99 };
        assert!(line(&door(GOAL)).ends_with("1.2     50.0"));
        assert!(line(&door(GOAL * 2)).ends_with("100.0  above 50"));
    }

    #[test]
    fn an_empty_answer_is_no_measurement() {
        assert!(found(&serde_json::json!({ "refunds": [{}] })));
        assert!(!found(&serde_json::json!({ "bookings": [] })));
        assert!(!found(&serde_json::json!({})));
    }
}
