//! What a document that claims to be a booking must hold before the rules look at it. Not what a new booking must hold: see [`crate::make`].

use super::{Booking, Charge, ITEMS_MAX, Item, LINES_MAX, PARTICIPANTS_MAX, Payment, Reference};
use crate::currency::Currency;
use crate::fields::FromObject;
use crate::id::BookingId;
use crate::money::Money;
use crate::refund::{Refund, Task};
use crate::time::Instant;

/// The most entries of any one list of a booking.
const ENTRIES_MAX: usize = 4_000;

/// A booking as it comes from outside, before it is checked.
#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Booking")]
pub(super) struct RawBooking {
    id: BookingId,
    reference: Reference,
    currency: Currency,
    version: u64,
    made_at: Instant,
    items: Vec<Item>,
    plan: Vec<Charge>,
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
    tasks: Vec<Task>,
    link_generation: u16,
}

/// What a document that claims to be a booking cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BookingError {
    #[error("a booking has amounts of its own currency only")]
    MixedCurrencies,
    #[error(
        "a booking has at most {ITEMS_MAX} items, an item at most {PARTICIPANTS_MAX} participants and {LINES_MAX} lines"
    )]
    TooLarge,
    #[error("windows rise")]
    Windows,
    #[error("two ids are the same")]
    DuplicateId,
}

impl TryFrom<RawBooking> for Booking {
    type Error = BookingError;
    fn try_from(raw: RawBooking) -> Result<Self, BookingError> {
        let RawBooking { id, reference, currency, version, made_at, items, .. } = raw;
        let RawBooking { plan, payments, refunds, tasks, link_generation, .. } = raw;
        let booking =
            Self { id, reference, currency, version, made_at, items, plan, payments, refunds, tasks, link_generation };
        check(&booking)?;
        Ok(booking)
    }
}

fn check(booking: &Booking) -> Result<(), BookingError> {
    let crowded = |item: &Item| item.participants.len() > PARTICIPANTS_MAX || item.lines.len() > LINES_MAX;
    let entries = [booking.plan.len(), booking.payments.len(), booking.refunds.len(), booking.tasks.len()];
    if booking.items.len() > ITEMS_MAX
        || entries.iter().any(|entries| *entries > ENTRIES_MAX)
        || booking.items.iter().any(crowded)
    {
        return Err(BookingError::TooLarge);
    }
    if amounts(booking).any(|amount| amount.currency() != booking.currency) {
        return Err(BookingError::MixedCurrencies);
    }
    let falls = |item: &Item| !item.terms.windows.is_sorted_by(|a, b| a.until < b.until);
    if booking.items.iter().any(falls) {
        return Err(BookingError::Windows);
    }
    let items = booking.items.iter().map(|item| item.id.0);
    let participants = booking.items.iter().flat_map(|item| item.participants.iter().map(|one| one.id.0));
    let ids = crate::sort::sorted(items.chain(participants).collect());
    if ids.windows(2).any(|pair| pair.first() == pair.last()) { Err(BookingError::DuplicateId) } else { Ok(()) }
}

fn amounts(booking: &Booking) -> impl Iterator<Item = Money> {
    let items = booking.items.iter().flat_map(|item| {
        let lines = item.lines.iter().map(|line| line.price);
        let group = item.group.iter().map(|group| group.otherwise);
        lines.chain(item.terms.amounts()).chain(item.charged.iter().copied()).chain(group)
    });
    let received = booking.received().flat_map(|one| {
        let parts = one.voucher.iter().flat_map(|redeemed| &redeemed.parts).map(|part| part.amount);
        one.gateway_fee.into_iter().chain(parts)
    });
    items
        .chain(booking.plan.iter().map(|charge| charge.amount))
        .chain(booking.payments.iter().map(Payment::amount))
        .chain(received)
        .chain(booking.refunds.iter().flat_map(Refund::amounts))
        .chain(booking.tasks.iter().map(Task::amount))
}
