//! Which payments a refund is taken from. Not which way it goes back: see [`crate::refund::Way`].

use super::{Share, ShareState};
use crate::booking::{Booking, Received};
use crate::money::{Money, MoneyError};
use crate::voucher::given_back;

/// Which payments are refunded: one that matches exactly; else the smallest larger one; else the largest smaller one, and again. Never more
/// than a payment has left.
///
/// The shares may add up to less than `amount`, where the payments have less left.
///
/// # Errors
/// [`MoneyError::CurrencyMismatch`] when `amount` is not of the booking's currency.
///
/// Source: requirement C11
pub fn split(booking: &Booking, amount: Money) -> Result<Vec<Share>, MoneyError> {
    let mut shares = Vec::new();
    let mut rest = amount;
    if !rest.is_positive() {
        return Ok(shares);
    }
    let mut open: Vec<(Money, &Received)> = Vec::with_capacity(booking.payments.len());
    for payment in booking.received() {
        open.push((booking.left_of(payment)?, payment));
    }
    open.retain(|(left, _)| left.is_positive());
    let order = crate::sort::sorted(open.iter().enumerate().map(|(at, (left, _))| (left.minor(), at)).collect());
    let mut open: Vec<(Money, &Received)> = order.iter().filter_map(|(_, at)| open.get(*at).copied()).collect();
    while rest.is_positive() {
        let at = match open.binary_search_by_key(&rest.minor(), |(left, _)| left.minor()) {
            Ok(exact) => exact,
            Err(larger) if larger < open.len() => larger,
            Err(_) => open.len().wrapping_sub(1),
        };
        if at >= open.len() {
            break;
        }
        let (left, payment) = open.remove(at);
        let taken = left.smaller(rest)?;
        shares.push(share(payment, left, taken)?);
        rest = rest.minus(taken)?;
    }
    Ok(shares)
}

/// What an amount takes of a payment that has so much left.
fn share(payment: &Received, left: Money, amount: Money) -> Result<Share, MoneyError> {
    let parts = match &payment.voucher {
        Some(redeemed) => given_back(redeemed, payment.amount.minus(left)?, amount)?,
        None => Vec::new(),
    };
    let (payment, method) = (payment.id, payment.method);
    Ok(Share { payment, method, amount, parts, state: ShareState::Open, attempt: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::{Method, Payment};
    use crate::id::PaymentId;
    use crate::time::Instant;
    use uuid::Uuid;

    fn booking(paid: &[i64]) -> Booking {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        let mut booking: Booking = serde_json::from_str(text).unwrap();
        let payments = (1..).zip(paid).map(|(id, minor)| {
            let amount = Money::of_minor(*minor, booking.currency).unwrap();
            let (id, method, at) = (PaymentId(Uuid::from_u128(id)), Method::Card, Instant::EPOCH);
            Payment::Received(Received { id, method, at, amount, gateway_fee: None, voucher: None })
        });
        booking.payments = payments.collect();
        booking
    }

    /// Which payments, counted from 1, and how much of each.
    fn taken(paid: &[i64], minor: i64) -> Vec<(u128, i64)> {
        let booking = booking(paid);
        let amount = Money::of_minor(minor, booking.currency).unwrap();
        let shares = split(&booking, amount).unwrap();
        shares.iter().map(|share| (share.payment.0.as_u128(), share.amount.minor())).collect()
    }

    #[test]
    fn exact_then_the_smallest_larger_then_the_largest_smaller() {
        assert_eq!(taken(&[500, 300, 400], 300), [(2, 300)]);
        assert_eq!(taken(&[500, 300, 400], 350), [(3, 350)]);
        assert_eq!(taken(&[500, 300, 400], 600), [(1, 500), (2, 100)]);
        assert_eq!(taken(&[500, 300, 400], 900), [(1, 500), (3, 400)]);
    }

    #[test]
    fn never_more_than_there_is() {
        assert_eq!(taken(&[500, 300], 1_000), [(1, 500), (2, 300)]);
        assert_eq!(taken(&[500], 0), []);
        assert_eq!(taken(&[500], -5), []);
        assert_eq!(taken(&[], 5), []);
    }
}
