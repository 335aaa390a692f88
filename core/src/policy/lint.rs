//! Finds what an operator cannot have meant by a policy. A finding is advice: the policy can be used as it is.
//!
//! Limits of one kind are compared exactly. Elapsed time and calendar days are compared by the shortest and the longest time that they can come
//! to, so that only what holds for every slot is found.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Code, Percent, Policy, RefundMode, Rule, WindowPolicy};
use crate::fee::{Basis, charge};
use crate::fields::FromObject;
use crate::money::{MINOR_UNITS_MAX, Money};
use crate::time::Limit;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// What a change of the clock can add to a day, or take from it.
const CLOCK_MS: i64 = 3 * HOUR_MS;

/// Something that an operator cannot have meant.
///
/// On the wire `{"code":"…","params":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Finding {
    /// A window ends before the one before it: windows are written earliest first.
    NotMonotone {
        /// The window.
        window: Code,
        /// The one that ends later, though it is written before.
        after: Code,
    },
    /// A window ends exactly where the one before it ends.
    ZeroLength {
        /// The window.
        window: Code,
        /// The one that ends with it.
        after: Code,
    },
    /// A window begins after the limit to cancel, or to get anything back.
    Unreachable {
        /// The window.
        window: Code,
        /// Which limit comes first: `cancel` or `refund`.
        limit: Code,
    },
    /// A later window costs less than an earlier one: waiting pays.
    CheaperLater {
        /// The later window.
        window: Code,
        /// The dearer one before it.
        after: Code,
    },
    /// A fee is above the price that it was tried on, so that it is capped there.
    FeeAbovePrice {
        /// The window.
        window: Code,
        /// The fee without the cap.
        fee: Money,
        /// The price.
        price: Money,
    },
    /// A limit on the day of the slot at a fixed time can lie after the start of an early slot.
    AfterStart {
        /// The window, or the limit: `cancel`, `refund`, `rebook`, `rename`.
        limit: Code,
    },
    /// A window promises money back and never pays it back by itself.
    NeverRefunded {
        /// The window.
        window: Code,
    },
    /// Money is only paid back until a limit that comes after the one to cancel.
    RefundAfterCancel {},
}

/// What a policy is tried on: what one item of a usual booking costs, and for how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Its price.
    pub price: Money,
    /// How many attend.
    pub participants: u32,
}

/// Finds what is wrong with a policy, in its own order. Fees are tried on the sample, where there is one of the policy's currency.
///
/// ```
/// use leeway_core::Policy;
/// use leeway_core::policy::lint::{Finding, lint};
/// let text = r#"{"name":"p","windows":[{"code":"a","until":{"hours":24},"percent":"50"},{"code":"b","until":"start","percent":"10"}]}"#;
/// let policy: Policy = serde_json::from_str(text)?;
/// let sample = serde_json::from_str(r#"{"price":{"amount":"80.00","currency":"EUR"},"participants":2}"#)?;
/// assert!(matches!(lint(&policy, Some(&sample))[..], [Finding::CheaperLater { .. }]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn lint(policy: &Policy, sample: Option<&Sample>) -> Vec<Finding> {
    let mut found = Vec::new();
    limits(policy, &mut found);
    for (index, window) in policy.windows.iter().enumerate() {
        let before = policy.windows.get(..index).unwrap_or_default();
        order(window, before, &mut found);
        reach(policy, window, before.last(), &mut found);
        if window.refund == RefundMode::Never && !keeps_all(&window.rule) {
            found.push(Finding::NeverRefunded { window: window.code });
        }
        if let Some(sample) = sample {
            fees(window, before.last(), sample, &mut found);
        }
    }
    found
}

fn limits(policy: &Policy, found: &mut Vec<Finding>) {
    let named = [
        ("cancel", policy.cancel),
        ("refund", Some(policy.refund)),
        ("rebook", policy.rebook),
        ("rename", policy.rename),
    ];
    let of_policy = named.into_iter().filter_map(|(name, limit)| Some((Code::literal(name), limit?)));
    let of_windows = policy.windows.iter().map(|window| (window.code, window.until));
    for (limit, until) in of_policy.chain(of_windows) {
        if matches!(until, Limit::Calendar { days: 0, at: Some(_) }) {
            found.push(Finding::AfterStart { limit });
        }
    }
    let is_later = |cancel| compare(policy.refund, cancel) == Some(Ordering::Greater);
    if policy.refund != Limit::Start && policy.cancel.is_some_and(is_later) {
        found.push(Finding::RefundAfterCancel {});
    }
}

/// Does a window end after all that are written before it?
fn order(window: &WindowPolicy, before: &[WindowPolicy], found: &mut Vec<Finding>) {
    for other in before {
        let (window, after) = (&window.code, (&other.code, compare(window.until, other.until)));
        match after {
            (after, Some(Ordering::Less)) => {
                found.push(Finding::NotMonotone { window: *window, after: *after });
            }
            (after, Some(Ordering::Equal)) => {
                found.push(Finding::ZeroLength { window: *window, after: *after });
            }
            (_, Some(Ordering::Greater) | None) => {}
        }
    }
}

/// Does a window begin before the limits that end it?
fn reach(policy: &Policy, window: &WindowPolicy, before: Option<&WindowPolicy>, found: &mut Vec<Finding>) {
    let Some(begins) = before.map(|before| before.until) else { return };
    let named = [("cancel", policy.cancel), ("refund", Some(policy.refund))];
    for (name, limit) in named.into_iter().filter_map(|(name, limit)| Some((name, limit?))) {
        if matches!(compare(begins, limit), Some(Ordering::Greater | Ordering::Equal)) {
            found.push(Finding::Unreachable { window: window.code, limit: Code::literal(name) });
        }
    }
}

fn fees(window: &WindowPolicy, before: Option<&WindowPolicy>, sample: &Sample, found: &mut Vec<Finding>) {
    let Sample { price, participants } = *sample;
    let basis = Basis { rest: price, participants, ..Basis::nothing(price.currency()) };
    let uncapped = |rule: &Rule| {
        // A price that no fee reaches; the percentage is taken of the real one.
        let percent = rule.percent.unwrap_or_default().of(price).ok()?;
        let rest = Rule { percent: None, min: None, max: None, ..rule.clone() };
        let roomy = Basis { rest: Money::of_minor(MINOR_UNITS_MAX, price.currency()).ok()?, ..basis };
        let sum = charge(&rest, roomy).ok()?.plus(percent).ok()?;
        let sum = rule.min.map_or(Ok(sum), |min| sum.larger(min)).ok()?;
        rule.max.map_or(Ok(sum), |max| sum.smaller(max)).ok()
    };
    let Some(fee) = uncapped(&window.rule) else { return };
    if fee.compare(price).is_ok_and(Ordering::is_gt) {
        found.push(Finding::FeeAbovePrice { window: window.code, fee, price });
    }
    let dearer = before
        .filter(|before| uncapped(&before.rule).is_some_and(|earlier| earlier.compare(fee).is_ok_and(Ordering::is_gt)));
    if let Some(before) = dearer {
        found.push(Finding::CheaperLater { window: window.code, after: before.code });
    }
}

fn keeps_all(rule: &Rule) -> bool {
    rule.percent == Some(Percent::HUNDRED) && rule.max.is_none()
}

/// Which of two limits comes first, where that holds for every slot: less is earlier.
fn compare(a: Limit, b: Limit) -> Option<Ordering> {
    match (a, b) {
        (Limit::Start, Limit::Start) => Some(Ordering::Equal),
        (Limit::Elapsed { minutes: a }, Limit::Elapsed { minutes: b }) => Some(b.cmp(&a)),
        (Limit::Calendar { days: a, at: None }, Limit::Calendar { days: b, at: None }) => Some(b.cmp(&a)),
        (Limit::Calendar { days: a, at: Some(a_at) }, Limit::Calendar { days: b, at: Some(b_at) }) => {
            Some(b.cmp(&a).then((a_at.hour(), a_at.minute()).cmp(&(b_at.hour(), b_at.minute()))))
        }
        (
            Limit::Start | Limit::Elapsed { .. } | Limit::Calendar { .. },
            Limit::Start | Limit::Elapsed { .. } | Limit::Calendar { .. },
        ) => {
            let (a, b) = (before_start_ms(a), before_start_ms(b));
            if a.0 > b.1 {
                Some(Ordering::Less)
            } else if a.1 < b.0 {
                Some(Ordering::Greater)
            } else {
                None
            }
        }
    }
}

/// The shortest and the longest time that a limit lies before a start.
fn before_start_ms(limit: Limit) -> (i64, i64) {
    match limit {
        Limit::Start => (0, 0),
        Limit::Elapsed { minutes } => {
            let exact = i64::from(minutes).saturating_mul(HOUR_MS / 60);
            (exact, exact)
        }
        Limit::Calendar { days, at } => {
            let whole = i64::from(days).saturating_mul(DAY_MS);
            // With a time of its own it lies up to a day more or less before the start.
            let slack = if at.is_some() { DAY_MS.saturating_add(CLOCK_MS) } else { CLOCK_MS };
            (whole.saturating_sub(slack).max(0), whole.saturating_add(slack))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(policy: &str, sample: Option<(&str, u32)>) -> Vec<String> {
        let policy: Policy = serde_json::from_str(policy).unwrap();
        let eur = crate::Currency::parse("EUR").unwrap();
        let sample =
            sample.map(|(price, participants)| Sample { price: Money::parse(price, eur).unwrap(), participants });
        let name = |finding: &Finding| {
            let value = serde_json::to_value(finding).unwrap();
            let subject = ["window", "limit"].iter().find_map(|key| value["params"][key].as_str().map(str::to_owned));
            format!("{} {}", value["code"].as_str().unwrap(), subject.unwrap_or_default()).trim_end().to_owned()
        };
        lint(&policy, sample.as_ref()).iter().map(name).collect()
    }

    fn windows(windows: &str) -> String {
        format!(r#"{{"name":"p","windows":[{windows}]}}"#)
    }

    #[test]
    fn a_sound_policy_has_no_findings() {
        let policy = windows(
            r#"{"code":"free","until":{"days":30}},{"code":"half","until":{"days":7},"percent":"50"},
               {"code":"late","until":{"hours":24},"percent":"90"}"#,
        );
        assert_eq!(found(&policy, Some(("100.00", 2))), [""; 0]);
    }

    #[test]
    fn windows_out_of_order() {
        let falling = windows(r#"{"code":"a","until":{"hours":24}},{"code":"b","until":{"hours":48}}"#);
        assert_eq!(found(&falling, None), ["not_monotone b"]);
        let mixed = windows(r#"{"code":"a","until":{"hours":24}},{"code":"b","until":{"days":5,"at":"18:00"}}"#);
        assert_eq!(found(&mixed, None), ["not_monotone b"]);
        // Two days before at 18:00 can be earlier or later than 48 hours before.
        let either = windows(r#"{"code":"a","until":{"hours":48}},{"code":"b","until":{"days":2,"at":"18:00"}}"#);
        assert_eq!(found(&either, None), [""; 0]);
        let same = windows(r#"{"code":"a","until":{"days":2}},{"code":"b","until":{"days":2}}"#);
        assert_eq!(found(&same, None), ["zero_length b"]);
    }

    #[test]
    fn windows_that_nobody_reaches() {
        let late = r#"{"name":"p","refund":{"hours":48},"windows":[
            {"code":"a","until":{"hours":24}},{"code":"b","until":{"hours":12},"percent":"50"}]}"#;
        assert_eq!(found(late, None), ["unreachable b"]);
        let closed = r#"{"name":"p","cancel":{"hours":24},"refund":{"hours":12}}"#;
        assert_eq!(found(closed, None), ["refund_after_cancel"]);
    }

    #[test]
    fn fees_that_do_not_fit() {
        let fixed = windows(r#"{"code":"a","until":"start","fixed":{"amount":"120.00","currency":"EUR"}}"#);
        assert_eq!(found(&fixed, Some(("100.00", 1))), ["fee_above_price a"]);
        assert_eq!(found(&fixed, Some(("120.00", 1))), [""; 0]);
        let per = windows(r#"{"code":"a","until":"start","per_participant":{"amount":"30.00","currency":"EUR"}}"#);
        assert_eq!(found(&per, Some(("100.00", 4))), ["fee_above_price a"]);
        let minimum =
            windows(r#"{"code":"a","until":"start","percent":"10","min":{"amount":"101.00","currency":"EUR"}}"#);
        assert_eq!(found(&minimum, Some(("100.00", 1))), ["fee_above_price a"]);
        let waiting = windows(
            r#"{"code":"a","until":{"hours":48},"percent":"50"},{"code":"b","until":{"hours":24},"percent":"20"}"#,
        );
        assert_eq!(found(&waiting, Some(("100.00", 1))), ["cheaper_later b"]);
    }

    #[test]
    fn promises_and_limits() {
        let never = windows(r#"{"code":"a","until":"start","percent":"50","refund":"never"}"#);
        assert_eq!(found(&never, None), ["never_refunded a"]);
        let all_kept = windows(r#"{"code":"a","until":"start","percent":"100","refund":"never"}"#);
        assert_eq!(found(&all_kept, None), [""; 0]);
        let same_day = r#"{"name":"p","cancel":{"days":0,"at":"20:00"}}"#;
        assert_eq!(found(same_day, None), ["after_start cancel"]);
    }
}
