//! Compiles a policy to instants, once, when a booking is made. The only place that turns local times into instants.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use crate::booking::SlotTime;
use crate::policy::{Code, MoveRules, Policy, RefundMode, Rule, WindowPolicy};
use crate::terms::{MoveTerms, Terms, Window};
use crate::time::{Instant, Limit, TimeError, Zone};
use crate::zones::Offsets;

/// The window in which the whole price is kept.
const NO_REFUND: &str = "no_refund";
const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Freezes a policy for one slot.
///
/// No limit of a customer lies at or after the start. Windows that end before they begin are left out, and all end at the cancel limit.
/// Between the refund limit (or the last window) and the cancel limit the whole price is kept: code `no_refund`.
///
/// # Errors
/// [`TimeError`] when the slot's zone is not in this program's zone database or a limit lies before 1970.
///
/// Source: requirements B2, B7, B8
pub fn freeze(policy: &Policy, slot: &SlotTime) -> Result<Terms, TimeError> {
    let at = |limit: Limit| compile(limit, slot.starts_at, &slot.zone);
    let optional = |limit: Option<Limit>| limit.map(at).transpose();
    let (cancel, refund) = (optional(policy.cancel)?, at(policy.refund)?);
    let windows = match cancel {
        Some(cancel) => windows(policy, cancel, refund, at)?,
        None => Vec::new(),
    };
    let pays_back = windows.iter().rfind(|window| window.code.as_str() != NO_REFUND);
    let refund = pays_back.map_or(refund, |window| window.until);
    Ok(Terms {
        policy: policy.name,
        keep: policy.keep.clone(),
        shortfall: policy.shortfall,
        gateway_fee: policy.gateway_fee,
        cancel,
        refund,
        rebook: optional(policy.rebook)?,
        moves: moves(policy, slot)?,
        rename: optional(policy.rename)?,
        voucher: policy.voucher.clone(),
        prepayment: policy.prepayment,
        windows,
    })
}

/// How far a move can go: whole local days before and after the day of the start.
///
/// Source: requirement D4
fn moves(policy: &Policy, slot: &SlotTime) -> Result<MoveTerms, TimeError> {
    let MoveRules { fee, most, within_days, cheaper, limits } = &policy.moves;
    let (mut earliest, mut latest) = (None, None);
    if let Some(days) = within_days.map(|days| Days::new(days.into())) {
        let rules = Rules::of(&slot.zone)?;
        let day = rules.local(slot.starts_at)?.date();
        let midnight = |day: Option<NaiveDate>| {
            let day = day.ok_or(TimeError::OutOfRange)?;
            rules.instant(day.and_time(NaiveTime::MIN))
        };
        // Before 1970 nothing starts.
        earliest = Some(midnight(day.checked_sub_days(days)).unwrap_or(Instant::EPOCH));
        latest = Some(midnight(day.checked_add_days(days).and_then(|day| day.succ_opt()))?.just_before());
    }
    Ok(MoveTerms { fee: fee.clone(), most: *most, earliest, latest, cheaper: *cheaper, limits: *limits })
}

fn windows(
    policy: &Policy,
    cancel: Instant,
    refund: Instant,
    at: impl Fn(Limit) -> Result<Instant, TimeError>,
) -> Result<Vec<Window>, TimeError> {
    let free = [WindowPolicy {
        code: Code::literal("free"),
        until: policy.refund,
        rule: Rule::default(),
        refund: RefundMode::Automatic,
    }];
    let written = if policy.windows.is_empty() { &free[..] } else { &policy.windows };
    let last = cancel.min(refund);
    let mut frozen: Vec<Window> = Vec::with_capacity(written.len().saturating_add(1));
    let reached = |frozen: &[Window]| frozen.last().map(|window| window.until);
    for window in written {
        let until = at(window.until)?.min(last);
        if reached(&frozen).is_none_or(|from| from < until) {
            frozen.push(Window { code: window.code, until, rule: window.rule.clone(), refund: window.refund });
        }
    }
    if reached(&frozen).is_none_or(|from| from < cancel) {
        frozen.push(Window {
            code: Code::literal(NO_REFUND),
            until: cancel,
            rule: Rule::everything(),
            refund: RefundMode::Automatic,
        });
    }
    Ok(frozen)
}

/// The last instant that is still inside a limit before a start.
///
/// # Errors
/// [`TimeError`] when the zone is unknown or the instant lies before 1970.
pub fn compile(limit: Limit, start: Instant, zone: &Zone) -> Result<Instant, TimeError> {
    let instant = match limit {
        Limit::Start => start,
        Limit::Elapsed { minutes } => {
            let before_ms = i64::from(minutes).saturating_mul(MINUTE_MS);
            Instant::from_ms(start.ms().saturating_sub(before_ms))?
        }
        Limit::Calendar { days, at } => {
            let rules = Rules::of(zone)?;
            let local = rules.local(start)?;
            let day = local.date().checked_sub_days(Days::new(days.into())).ok_or(TimeError::OutOfRange)?;
            let time = match at {
                Some(at) => NaiveTime::from_hms_opt(at.hour(), at.minute(), 0).ok_or(TimeError::OutOfRange)?,
                None => local.time(),
            };
            rules.instant(day.and_time(time))?
        }
    };
    Ok(instant.min(start.just_before()))
}

/// The day of the local calendar on which an instant lies.
///
/// # Errors
/// [`TimeError`] when the zone is unknown.
///
/// Source: requirement D3
pub fn local_day(at: Instant, zone: &Zone) -> Result<NaiveDate, TimeError> {
    Ok(Rules::of(zone)?.local(at)?.date())
}

/// The first instant of a day of the local calendar.
///
/// # Errors
/// [`TimeError`] when the zone is unknown or the day lies before 1970.
///
/// Source: requirement D3
pub fn day_start(day: NaiveDate, zone: &Zone) -> Result<Instant, TimeError> {
    Rules::of(zone)?.instant(day.and_time(NaiveTime::MIN))
}

/// How a zone's local times and instants belong together.
struct Rules(Offsets);

impl Rules {
    fn of(zone: &Zone) -> Result<Self, TimeError> {
        Offsets::of(zone.name()).map(Self).ok_or_else(|| TimeError::NotAZone(zone.name().to_owned()))
    }

    /// The offset at a moment given in milliseconds since 1970, itself in milliseconds.
    fn offset_ms(&self, utc_ms: i64) -> Result<i64, TimeError> {
        let offset_s = self.0.at_s(utc_ms.div_euclid(1000)).ok_or(TimeError::OutOfRange)?;
        Ok(offset_s.saturating_mul(1000))
    }

    fn local(&self, at: Instant) -> Result<NaiveDateTime, TimeError> {
        let wall_ms = at.ms().saturating_add(self.offset_ms(at.ms())?);
        chrono::DateTime::from_timestamp_millis(wall_ms).map(|wall| wall.naive_utc()).ok_or(TimeError::OutOfRange)
    }

    /// A local time as an instant: in a fold the earlier one, in a gap the first valid instant after it.
    ///
    /// Source: requirement B8
    fn instant(&self, local: NaiveDateTime) -> Result<Instant, TimeError> {
        let wall_ms = local.and_utc().timestamp_millis();
        let before_ms = wall_ms.saturating_sub(self.offset_ms(wall_ms.saturating_sub(DAY_MS))?);
        let after_ms = wall_ms.saturating_sub(self.offset_ms(wall_ms.saturating_add(DAY_MS))?);
        for utc_ms in [before_ms.min(after_ms), before_ms.max(after_ms)] {
            if utc_ms.saturating_add(self.offset_ms(utc_ms)?) == wall_ms {
                return Instant::from_ms(utc_ms);
            }
        }
        self.end_of_gap(before_ms.min(after_ms), before_ms.max(after_ms))
    }

    /// The first instant after the gap that lies between two: where the offset changes, found by halving.
    fn end_of_gap(&self, mut before_ms: i64, mut after_ms: i64) -> Result<Instant, TimeError> {
        let new_offset_ms = self.offset_ms(after_ms)?;
        while after_ms.saturating_sub(before_ms) > 1 {
            let middle_ms = before_ms.saturating_add(after_ms) / 2;
            if self.offset_ms(middle_ms)? == new_offset_ms { after_ms = middle_ms } else { before_ms = middle_ms }
        }
        Instant::from_ms(after_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(text: &str, start: &str, zone: &str) -> String {
        let limit: Limit = serde_json::from_str(text).unwrap();
        compile(limit, Instant::parse(start).unwrap(), &Zone::parse(zone).unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_local_day_begins_where_the_day_before_it_ends() {
        let at = |text: &str| Instant::parse(text).unwrap();
        // A day of 23 hours, and one that has no midnight: in Cairo the clock goes from 0:00 to 1:00.
        for (zone, day, start, end) in [
            ("Europe/Zagreb", (2026, 3, 29), "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("Africa/Cairo", (2026, 4, 24), "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"),
        ] {
            let zone = Zone::parse(zone).unwrap();
            let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
            assert_eq!(day_start(day, &zone).unwrap(), at(start));
            assert_eq!(day_start(day.succ_opt().unwrap(), &zone).unwrap(), at(end));
            assert_eq!(local_day(at(start), &zone).unwrap(), day);
            assert_eq!(local_day(at(end).just_before(), &zone).unwrap(), day);
            assert_eq!(local_day(at(start).just_before(), &zone).unwrap(), day.pred_opt().unwrap());
        }
    }

    #[test]
    fn elapsed_hours_and_calendar_days_across_a_clock_change() {
        let slot = "2026-03-29T08:00:00Z"; // 10:00 in Zagreb, on the day of the change
        assert_eq!(limit(r#"{"hours":24}"#, slot, "Europe/Zagreb"), "2026-03-28T08:00:00.000Z"); // 09:00 CET
        assert_eq!(limit(r#"{"days":1}"#, slot, "Europe/Zagreb"), "2026-03-28T09:00:00.000Z"); // 10:00 CET
    }

    #[test]
    fn a_gap_moves_forward_and_a_fold_takes_the_earlier() {
        let half_past_two = r#"{"days":1,"at":"02:30"}"#;
        assert_eq!(limit(half_past_two, "2026-03-30T08:00:00Z", "Europe/Zagreb"), "2026-03-29T01:00:00.000Z");
        assert_eq!(limit(half_past_two, "2026-10-26T08:00:00Z", "Europe/Zagreb"), "2026-10-25T00:30:00.000Z");
        // Lord Howe Island moves by half an hour; Samoa skipped a whole day.
        assert_eq!(
            limit(r#"{"days":1,"at":"02:15"}"#, "2026-10-05T01:00:00Z", "Australia/Lord_Howe"),
            "2026-10-03T15:30:00.000Z"
        );
        assert_eq!(
            limit(r#"{"days":1,"at":"12:00"}"#, "2011-12-30T22:00:00Z", "Pacific/Apia"),
            "2011-12-30T10:00:00.000Z"
        );
    }

    /// Another implementation of the same database, every six hours of three years and around each change of the clock.
    #[test]
    fn agrees_with_chrono_tz() {
        use chrono::{Offset as _, TimeZone as _};
        for name in
            ["Europe/Zagreb", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Cairo", "America/Nuuk"]
        {
            let rules = Rules::of(&Zone::parse(name).unwrap()).unwrap();
            let tz: chrono_tz::Tz = name.parse().unwrap();
            let first = Instant::parse("2025-01-01T00:00:00Z").unwrap();
            for step in 0..3 * 365 * 4 {
                let at = first.shifted_ms(step * DAY_MS / 4);
                let theirs = tz.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc();
                assert_eq!(rules.offset_ms(at.ms()).unwrap(), i64::from(theirs) * 1000, "{name} {at}");
                let local = rules.local(at).unwrap();
                if let Some(earliest) = tz.from_local_datetime(&local).earliest() {
                    assert_eq!(rules.instant(local).unwrap().ms(), earliest.timestamp_millis(), "{name} {at}");
                }
            }
        }
    }

    #[test]
    fn no_limit_at_or_after_the_start() {
        let start = "2026-08-14T08:00:00Z";
        for text in [r#""start""#, r#"{"hours":0}"#, r#"{"days":0,"at":"23:00"}"#] {
            assert_eq!(limit(text, start, "Europe/Zagreb"), "2026-08-14T07:59:59.999Z", "{text}");
        }
    }

    #[test]
    fn windows_reach_the_cancel_limit_without_a_hole() {
        let slot = SlotTime {
            starts_at: Instant::parse("2026-08-14T08:00:00Z").unwrap(),
            ends_at: Instant::parse("2026-08-14T09:00:00Z").unwrap(),
            zone: Zone::parse("Europe/Zagreb").unwrap(),
        };
        let codes = |text: &str| {
            let terms = freeze(&serde_json::from_str(text).unwrap(), &slot).unwrap();
            terms.windows.iter().map(|w| format!("{}@{}", w.code, &w.until.to_string()[5..16])).collect::<Vec<_>>()
        };
        assert_eq!(codes(r#"{"name":"p"}"#), ["free@08-14T07:59"]);
        assert_eq!(codes(r#"{"name":"p","refund":{"hours":24}}"#), ["free@08-13T08:00", "no_refund@08-14T07:59"]);
        assert_eq!(codes(r#"{"name":"p","cancel":null}"#), [""; 0]);
        assert_eq!(
            codes(
                r#"{"name":"p","windows":[{"code":"b","until":{"hours":24}},{"code":"never","until":{"hours":48}}]}"#
            ),
            ["b@08-13T08:00", "no_refund@08-14T07:59"],
        );
        assert_eq!(codes(r#"{"name":"p","cancel":{"hours":12},"refund":"start"}"#), ["free@08-13T20:00"]);
    }
}
