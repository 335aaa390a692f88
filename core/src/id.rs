//! Ids: a type for each kind of thing, so that one is never taken for another. Made at the edge, never here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
    /// A voucher: that of the refund entry which it belongs to.
    VoucherId
    /// A command; the same id twice is the same command.
    CommandId
}
