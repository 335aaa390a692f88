//! Links that an object has refused as revoked, remembered where the entry can see it: from then on they wake nothing.
//!
//! Sound, since generations only rise: what was revoked once stays so. Not complete: a new instance has to ask the object once more.

use std::cell::RefCell;

use leeway_core::Map;
use leeway_core::id::BookingId;

/// How many bookings are remembered.
const BOOKINGS_MAX: usize = 10_000;

thread_local! {
    static FIRST_VALID: RefCell<Map<BookingId, u16>> = const { RefCell::new(Map::new()) };
}

/// Links of this booking below this generation are revoked.
pub fn remember(booking: BookingId, first_valid: u16) {
    FIRST_VALID.with(|known| {
        let mut known = known.borrow_mut();
        if known.len() >= BOOKINGS_MAX {
            known.clear();
        }
        let known = known.get_or_insert_with(booking, || 0);
        *known = first_valid.max(*known);
    });
}

/// Is a link of this generation known to be revoked?
pub fn is_known(booking: BookingId, generation: u16) -> bool {
    FIRST_VALID.with(|known| known.borrow().get(&booking).is_some_and(|first| generation < *first))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_revoked_stays_so() {
        let booking = BookingId(Uuid::from_u128(1));
        let is_known = |generation| is_known(booking, generation);
        assert!(!is_known(1));
        remember(booking, 3);
        remember(booking, 2);
        assert!(is_known(1) && is_known(2) && !is_known(3));
    }
}
