//! Instants, and the two kinds of offset before a slot: elapsed time and calendar days. Not a clock: the instant comes with the question.

mod rfc3339;

use std::fmt::{self, Write as _};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::fields::FromObject;
use crate::policy::DAYS_MAX;

/// 1970-01-01T00:00:00.000Z and 2200-01-01T00:00:00.000Z: what an [`Instant`] can be.
const RANGE_MS: std::ops::RangeInclusive<i64> = 0..=7_258_118_400_000;

/// Why a text is not an instant, a zone or an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339, or without its zone.
    #[error("`{0}` is not an instant with its zone, such as `2026-08-14T10:00:00Z`")]
    NotAnInstant(String),
    /// Before 1970 or after 2199.
    #[error("the instant is not between 1970 and 2199")]
    OutOfRange,
    /// Not a name of the IANA zone database.
    #[error("`{0}` is not a time zone such as `Europe/Zagreb`")]
    NotAZone(String),
    /// Not a limit that a policy can state.
    #[error("{0}")]
    NotALimit(&'static str),
}

/// A point in time, to the millisecond.
///
/// On the wire always `2026-03-28T09:00:00.000Z`. Any RFC 3339 text with a zone is read; finer digits are cut.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z, the first instant that can be said.
    pub const EPOCH: Self = Self(0);

    /// Milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside 1970 to 2199.
    pub fn from_ms(ms: i64) -> Result<Self, TimeError> {
        if RANGE_MS.contains(&ms) { Ok(Self(ms)) } else { Err(TimeError::OutOfRange) }
    }

    /// Reads RFC 3339 with a zone.
    ///
    /// # Errors
    /// [`TimeError::NotAnInstant`], [`TimeError::OutOfRange`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let ms = if text.len() > 64 { None } else { rfc3339::parse(text) };
        Self::from_ms(ms.ok_or_else(|| TimeError::NotAnInstant(text.chars().take(40).collect()))?)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Later by so many milliseconds (earlier, where negative), held inside the range.
    #[must_use]
    pub fn shifted_ms(self, by_ms: i64) -> Self {
        Self(self.0.saturating_add(by_ms).clamp(*RANGE_MS.start(), *RANGE_MS.end()))
    }

    /// The instant one millisecond earlier.
    #[must_use]
    pub fn just_before(self) -> Self {
        self.shifted_ms(-1)
    }

    /// The instant one millisecond later.
    #[must_use]
    pub fn just_after(self) -> Self {
        self.shifted_ms(1)
    }

    /// The same instant for chrono.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&rfc3339::text(self.0)).unwrap_or_default())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&rfc3339::text(self.0)).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Instant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant with its zone, such as \"2026-08-14T10:00:00Z\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
                Instant::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The name of a zone of the IANA database, such as `Europe/Zagreb`.
///
/// Without the feature `tz` only its form is checked: the browser shows it and never computes with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Zone(String);

impl Zone {
    /// Checks a name.
    ///
    /// # Errors
    /// [`TimeError::NotAZone`].
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+');
        let known = (!name.is_empty() && name.len() <= 64 && name.bytes().all(plain)).then_some(name);
        // The database's own spelling, whatever the letters' case was.
        #[cfg(feature = "tz")]
        let known = known.and_then(crate::zones::spelled);
        known.map(|name| Self(name.to_owned())).ok_or_else(|| TimeError::NotAZone(name.chars().take(64).collect()))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl de::Visitor<'_> for Name {
            type Value = Zone;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time zone such as \"Europe/Zagreb\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Zone, E> {
                Zone::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// A time of day, to the minute: `"18:00"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// Reads `HH:MM`.
    ///
    /// # Errors
    /// [`TimeError::NotALimit`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let number = |part: &str, max: u8| {
            let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u8>().ok().filter(|n| plain && *n <= max)
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Some(Self { hour: number(hour, 23)?, minute: number(minute, 59)? }))
            .ok_or(TimeError::NotALimit("a time of day is written as `18:00`"))
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u32 {
        self.hour as u32
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u32 {
        self.minute as u32
    }
}

/// How long before a slot something is still allowed. The limit itself is inside: exactly 48 hours before is still allowed.
///
/// On the wire `"start"`, `{"hours":48}`, `{"minutes":90}`, or `{"days":2,"at":"18:00"}`; without `at`, the slot's own time of day.
///
/// Source: requirements B1, B8
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Until the slot starts: the millisecond before it is the last.
    Start,
    /// Real minutes, whatever the clock does in between.
    Elapsed {
        /// How many, at most ten years.
        minutes: u32,
    },
    /// Local calendar days in the slot's zone, whatever the clock does in between.
    Calendar {
        /// How many, at most ten years.
        days: u16,
        /// At this time of day; else at the slot's own.
        at: Option<TimeOfDay>,
    },
}

const MINUTES_MAX: u32 = 3_650 * 24 * 60;

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        match self {
            Self::Start => serializer.serialize_str("start"),
            Self::Elapsed { minutes } => {
                let mut map = serializer.serialize_map(Some(1))?;
                if minutes % 60 == 0 {
                    map.serialize_entry("hours", &(minutes / 60))?;
                } else {
                    map.serialize_entry("minutes", minutes)?;
                }
                map.end()
            }
            Self::Calendar { days, at } => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("days", days)?;
                if let Some(at) = at {
                    let mut text = String::with_capacity(5);
                    write!(text, "{:02}:{:02}", at.hour, at.minute).map_err(serde::ser::Error::custom)?;
                    map.serialize_entry("at", &text)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(FromObject)]
        #[serde(deny_unknown_fields)]
        struct Written {
            hours: Option<u32>,
            minutes: Option<u32>,
            days: Option<u16>,
            at: Option<String>,
        }
        struct Form;
        impl<'de> de::Visitor<'de> for Form {
            type Value = Limit;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"start\", {\"hours\":48}, {\"minutes\":90} or {\"days\":2,\"at\":\"18:00\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
                if text == "start" { Ok(Limit::Start) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Limit, A::Error> {
                let written = Written::deserialize(de::value::MapAccessDeserializer::new(map))?;
                limit(written.hours, written.minutes, written.days, written.at.as_deref()).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

fn limit(hours: Option<u32>, minutes: Option<u32>, days: Option<u16>, at: Option<&str>) -> Result<Limit, TimeError> {
    match (hours, minutes, days, at) {
        (Some(hours), None, None, None) => elapsed(hours.checked_mul(60)),
        (None, Some(minutes), None, None) => elapsed(Some(minutes)),
        (None, None, Some(days), at) if days <= DAYS_MAX => {
            Ok(Limit::Calendar { days, at: at.map(TimeOfDay::parse).transpose()? })
        }
        (None, None, Some(_), _) => Err(TimeError::NotALimit("a limit is at most 3650 days before")),
        _ => Err(TimeError::NotALimit("a limit has one of `hours`, `minutes` and `days`; `at` goes with `days`")),
    }
}

fn elapsed(minutes: Option<u32>) -> Result<Limit, TimeError> {
    match minutes {
        Some(minutes) if minutes <= MINUTES_MAX => Ok(Limit::Elapsed { minutes }),
        _ => Err(TimeError::NotALimit("a limit is at most 3650 days before")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_out_many_in() {
        let nine = "2026-03-28T09:00:00.000Z";
        for text in [nine, "2026-03-28T09:00:00Z", "2026-03-28T10:00:00+01:00", "2026-03-28T09:00:00.0009Z"] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), nine, "{text}");
        }
        for text in [
            "2026-03-28T09:00:00",
            "2026-03-28",
            "2026-02-30T09:00:00.000Z",
            "",
            "now",
            "1969-12-31T23:59:59Z",
            "2300-01-01T00:00:00Z",
        ] {
            assert!(Instant::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_read_as_written() {
        for text in
            [r#""start""#, r#"{"hours":48}"#, r#"{"minutes":90}"#, r#"{"days":2,"at":"18:00"}"#, r#"{"days":1}"#]
        {
            let limit: Limit = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&limit).unwrap(), text);
        }
        for text in [
            "1",
            r#""end""#,
            "{}",
            r#"{"hours":1,"days":1}"#,
            r#"{"hours":-1}"#,
            r#"{"days":1,"at":"24:00"}"#,
            r#"{"hours":1,"at":"18:00"}"#,
            r#"{"days":4000}"#,
            r#"{"days":1,"x":1}"#,
        ] {
            assert!(serde_json::from_str::<Limit>(text).is_err(), "{text}");
        }
    }
}
