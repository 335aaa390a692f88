//! Dates in fixtures, relative to the day of use: "in 45 days at 17:00 in Zagreb".
//!
//! In a fixture, `"starts": {"in_days":45,"at":"17:00","zone":"Europe/Zagreb","lasts_minutes":180}` stands for an item's
//! `slot`, and any other object with `in_days` for one instant. Days are days of the calendar in that zone, today being
//! day 0; a time that the clock skips moves forward, one that it shows twice is the earlier.

use chrono::{DateTime, Days, Duration, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone as _, Utc};
use chrono_tz::Tz;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

/// No clock anywhere has skipped more than a day.
const GAP_MINUTES_MAX: i64 = 24 * 60;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moment {
    in_days: i64,
    at: String,
    zone: String,
    lasts_minutes: Option<i64>,
}

/// Turns every relative date in a fixture into an absolute one.
///
/// # Errors
/// A date is not written as above.
pub(crate) fn resolve(fixture: &mut Value, now: DateTime<Utc>) -> Result<()> {
    match fixture {
        Value::Array(values) => values.iter_mut().try_for_each(|value| resolve(value, now)),
        Value::Object(fields) => {
            if fields.contains_key("in_days") {
                let moment = Moment::deserialize(&*fixture).context("a relative date is wrong")?;
                *fixture = json!(written(moment.instant(now)?));
                return Ok(());
            }
            if let Some(starts) = fields.remove("starts") {
                fields.insert("slot".to_owned(), slot(&starts, now)?);
            }
            fields.values_mut().try_for_each(|value| resolve(value, now))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn slot(starts: &Value, now: DateTime<Utc>) -> Result<Value> {
    let moment = Moment::deserialize(starts).context("`starts` is wrong")?;
    let start = moment.instant(now)?;
    let end = start + Duration::minutes(moment.lasts_minutes.context("`starts` has no `lasts_minutes`")?);
    Ok(json!({ "starts_at": written(start), "ends_at": written(end), "zone": moment.zone }))
}

impl Moment {
    fn instant(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let zone: Tz = self.zone.parse().ok().with_context(|| format!("there is no zone `{}`", self.zone))?;
        let time = NaiveTime::parse_from_str(&self.at, "%H:%M").with_context(|| format!("no time: `{}`", self.at))?;
        let today = now.with_timezone(&zone).date_naive();
        let days = Days::new(self.in_days.unsigned_abs());
        let day = if self.in_days < 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
        first_valid(zone, day.context("`in_days` is out of range")?.and_time(time))
    }
}

fn first_valid(zone: Tz, local: NaiveDateTime) -> Result<DateTime<Utc>> {
    (0..=GAP_MINUTES_MAX)
        .find_map(|minutes| zone.from_local_datetime(&(local + Duration::minutes(minutes))).earliest())
        .map(|instant| instant.with_timezone(&Utc))
        .with_context(|| format!("{local} does not exist in {zone}"))
}

fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(now: &str, fixture: Value, expected: &Value) {
        let mut fixture = fixture;
        resolve(&mut fixture, now.parse().unwrap()).unwrap();
        assert_eq!(&fixture, expected);
    }

    #[test]
    fn a_slot_is_local_to_its_zone() {
        let starts = json!({"in_days": 1, "at": "17:00", "zone": "Europe/Zagreb", "lasts_minutes": 90});
        let slot =
            json!({"starts_at": "2026-07-02T15:00:00Z", "ends_at": "2026-07-02T16:30:00Z", "zone": "Europe/Zagreb"});
        check("2026-07-01T10:00:00Z", json!({"items": [{"starts": starts}]}), &json!({"items": [{"slot": slot}]}));
    }

    #[test]
    fn today_is_the_zones_own() {
        let due = json!({"in_days": 0, "at": "09:00", "zone": "Asia/Tokyo"});
        check("2026-07-01T23:00:00Z", json!({"due": due}), &json!({"due": "2026-07-02T00:00:00Z"}));
        let due = json!({"in_days": -2, "at": "09:00", "zone": "UTC"});
        check("2026-07-01T23:00:00Z", json!({"due": due}), &json!({"due": "2026-06-29T09:00:00Z"}));
    }

    #[test]
    fn a_skipped_time_moves_on_and_a_doubled_one_is_the_earlier() {
        let at = |in_days: i64| json!({"in_days": in_days, "at": "02:30", "zone": "Europe/Zagreb"});
        check("2026-03-28T12:00:00Z", at(1), &json!("2026-03-29T01:00:00Z"));
        check("2026-10-24T12:00:00Z", at(1), &json!("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let mut wrong = json!({"starts": {"in_days": 1, "at": "17:00", "zone": "Europe/Atlantis", "lasts_minutes": 1}});
        let error = resolve(&mut wrong, Utc::now()).unwrap_err();
        assert!(error.to_string().contains("Europe/Atlantis"), "{error}");
    }
}
