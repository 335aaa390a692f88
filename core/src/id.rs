//! Ids: a type for each kind of thing, so that one is never taken for another. Made at the edge, never here.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(#[serde(deserialize_with = "read")] pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    )*};
}

ids! {
    /// An operator.
    OperatorId
    /// A booking.
    BookingId
    /// An item: one dated slot in a booking.
    ItemId
    /// A participant of one item.
    ParticipantId
    /// A line: one price.
    LineId
    /// A slot of a service.
    SlotId
    /// A payment.
    PaymentId
    /// A refund entry.
    RefundId
    /// A voucher: that of the refund entry which it belongs to. No secret: a voucher is spent by its code, which lies beside the log.
    VoucherId
    /// A command; the same id twice is the same command.
    CommandId
}

/// One reader for all kinds. uuid's own also reads bytes and lists, and explains at length why a text is no id.
fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
    struct Text;
    impl de::Visitor<'_> for Text {
        type Value = Uuid;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an id such as \"018f0000-0000-7000-8000-000000000000\"")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Uuid, E> {
            Uuid::try_parse(text).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }
    deserializer.deserialize_str(Text)
}
