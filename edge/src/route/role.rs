//! The role that each door of the API needs, by what it does. The one table of it: a new door does not compile without a line here.

use super::{ApiDoor, Method, RefundDoor};
use crate::access::Role;

impl ApiDoor<'_> {
    /// The role that a key needs for this. An action that decides against the policy needs more: see `object::api`.
    pub fn role(&self, method: Method) -> Role {
        match (self, method) {
            // Who may do what, and from where things were done.
            (Self::Key(_), _) => Role::Admin,
            (Self::Events(_), _) => Role::Agent,
            (Self::Personal(_), _) => Role::Admin,
            (_, Method::Get) => Role::Read,
            // They ask and change nothing.
            (Self::Quotes(_) | Self::WhatIf(_) | Self::Preview, _) | (Self::Policy("lint"), Method::Post) => Role::Read,
            (Self::Policies | Self::Policy(_), _) => Role::Admin,
            (Self::Slots | Self::Slot(_) | Self::Bookings | Self::Booking(_), _) => Role::Agent,
            (Self::Actions(_) | Self::Payments(_) | Self::Links(_) | Self::Voucher(_), _) => Role::Agent,
            (Self::Undo(_) | Self::PaymentLinks(_) | Self::Bills | Self::Bill(_), _) => Role::Agent,
            (Self::Adjustments(_) | Self::Outbox | Self::OutboxRetry(_) | Self::Notices, _) => Role::Finance,
            (Self::Provider(_) | Self::Settings | Self::Endpoints(_), _) => Role::Admin,
            (Self::Mail | Self::MailTest | Self::Templates | Self::Template(..), _) => Role::Admin,
            (
                Self::Refund(
                    RefundDoor::Search
                    | RefundDoor::Statistics
                    | RefundDoor::OfBooking(_)
                    | RefundDoor::One(_)
                    | RefundDoor::Step(..),
                ),
                _,
            ) => Role::Finance,
            #[cfg(feature = "test-doors")]
            (Self::Commands(_), _) => Role::Admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::KeyDoor;
    use super::*;

    #[test]
    fn roles_by_door() {
        for (door, method, role) in [
            (ApiDoor::Bookings, Method::Get, Role::Read),
            (ApiDoor::Bookings, Method::Post, Role::Agent),
            (ApiDoor::Quotes("1"), Method::Post, Role::Read),
            (ApiDoor::Policy("lint"), Method::Post, Role::Read),
            (ApiDoor::Policy("lint"), Method::Put, Role::Admin),
            (ApiDoor::Policy("tour"), Method::Put, Role::Admin),
            (ApiDoor::Refund(RefundDoor::OfBooking("1")), Method::Get, Role::Read),
            (ApiDoor::Refund(RefundDoor::OfBooking("1")), Method::Post, Role::Finance),
            (ApiDoor::Key(KeyDoor::All), Method::Get, Role::Admin),
            (ApiDoor::Events("1"), Method::Get, Role::Agent),
            (ApiDoor::Personal("1"), Method::Delete, Role::Admin),
        ] {
            assert_eq!(door.role(method), role, "{method:?} {door:?}");
        }
    }
}
