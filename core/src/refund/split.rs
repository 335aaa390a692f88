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
