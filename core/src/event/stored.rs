//! Reads events of every version that was ever written, one upcasting step per version. A store keeps the version beside the event.
//!
//! | version | what changed |
//! | --- | --- |
//! | 1 | |
//! | 2 | `refund_finalized` (all of a refund) became `refund_settled` (shares of it) |
//!
//! A new kind makes no new version: everything that was written before it is still read as it was.

use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};

use super::{Event, RefundSettled};
use crate::fields::FromObject;
use crate::id::RefundId;

/// The version in which events are written.
pub const EVENT_VERSION: u16 = 2;

/// Reads an event that was written in a version.
///
/// ```
/// use leeway_core::event::{Event, Stored};
/// use serde::de::DeserializeSeed as _;
/// let text = r#"{"kind":"refund_finalized","body":{"refund":"0195f3a0-0000-7000-8000-000000000001"}}"#;
/// let event = Stored { version: 1 }.deserialize(&mut serde_json::Deserializer::from_str(text))?;
/// assert_eq!(event.kind(), "refund_settled");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    /// The version, from 1 to [`EVENT_VERSION`].
    pub version: u16,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    BookingMade,
    PaymentRecorded,
    GatewayFeeNoted,
    PlanAdjusted,
    Canceled,
    CancellationUndone,
    Rebooked,
    RefundEntered,
    RefundApproved,
    RefundDeclined,
    RefundVoided,
    RefundRouted,
    RefundSubmitted,
    RefundSettled,
    RefundFailed,
    VoucherIssued,
    CreditNoteMade,
    CreditNoteApproved,
    TaskOpened,
    ParticipantRenamed,
    LinksRevoked,
    /// Version 1 only.
    RefundFinalized,
}

/// The body of version 1's `refund_finalized`.
#[derive(FromObject)]
struct RefundFinalized {
    refund: RefundId,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Kind,
    Body,
}

impl Stored {
    fn body<'de, A: MapAccess<'de>>(self, kind: Kind, map: &mut A) -> Result<Event, A::Error> {
        Ok(match kind {
            Kind::BookingMade => Event::BookingMade(map.next_value()?),
            Kind::PaymentRecorded => Event::PaymentRecorded(map.next_value()?),
            Kind::GatewayFeeNoted => Event::GatewayFeeNoted(map.next_value()?),
            Kind::PlanAdjusted => Event::PlanAdjusted(map.next_value()?),
            Kind::Canceled => Event::Canceled(map.next_value()?),
            Kind::CancellationUndone => Event::CancellationUndone(map.next_value()?),
            Kind::Rebooked => Event::Rebooked(map.next_value()?),
            Kind::RefundEntered => Event::RefundEntered(map.next_value()?),
            Kind::RefundApproved => Event::RefundApproved(map.next_value()?),
            Kind::RefundDeclined => Event::RefundDeclined(map.next_value()?),
            Kind::RefundVoided => Event::RefundVoided(map.next_value()?),
            Kind::RefundRouted => Event::RefundRouted(map.next_value()?),
            Kind::RefundSubmitted => Event::RefundSubmitted(map.next_value()?),
            Kind::RefundSettled => Event::RefundSettled(map.next_value()?),
            Kind::RefundFailed => Event::RefundFailed(map.next_value()?),
            Kind::VoucherIssued => Event::VoucherIssued(map.next_value()?),
            Kind::CreditNoteMade => Event::CreditNoteMade(map.next_value()?),
            Kind::CreditNoteApproved => Event::CreditNoteApproved(map.next_value()?),
            Kind::TaskOpened => Event::TaskOpened(map.next_value()?),
            Kind::ParticipantRenamed => Event::ParticipantRenamed(map.next_value()?),
            Kind::LinksRevoked => Event::LinksRevoked(map.next_value()?),
            Kind::RefundFinalized if self.version == 1 => {
                let RefundFinalized { refund } = map.next_value()?;
                Event::RefundSettled(RefundSettled { refund, payments: None })
            }
            Kind::RefundFinalized => return Err(de::Error::custom("`refund_finalized` ended with version 1")),
        })
    }
}

// Read by hand, the kind first, as it is written: serde would keep a second reader of every type for a body that comes before its kind.
impl<'de> Visitor<'de> for Stored {
    type Value = Event;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an event: its kind, then its body")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let Some(Field::Kind) = map.next_key()? else { return Err(de::Error::missing_field("kind")) };
        let kind: Kind = map.next_value()?;
        let Some(Field::Body) = map.next_key()? else { return Err(de::Error::missing_field("body")) };
        let event = self.body(kind, &mut map)?;
        match map.next_key::<Field>()? {
            None => Ok(event),
            Some(Field::Kind) => Err(de::Error::duplicate_field("kind")),
            Some(Field::Body) => Err(de::Error::duplicate_field("body")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Stored {
    type Value = Event;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Event, D::Error> {
        if !(1..=EVENT_VERSION).contains(&self.version) {
            return Err(de::Error::custom(format_args!("this program knows no events of version {}", self.version)));
        }
        deserializer.deserialize_map(self)
    }
}

/// An event of the version in which events are written.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Stored { version: EVENT_VERSION }.deserialize(deserializer)
    }
}
