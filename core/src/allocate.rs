//! Shares an amount out without losing a minor unit. Not rounding of each share: that loses or makes cents.

use std::cmp::Reverse;

use crate::money::{Money, MoneyError, quotient, rounded_quotient};
use crate::sort::sorted;

/// Shares `whole` out in proportion to `weights`; the shares add up to it exactly.
///
/// Each share is rounded towards zero; the minor units left over go one each to the largest remainders, the first of equals first.
/// Weights below zero count as zero; where all are zero, the first share is the whole.
///
/// # Errors
/// [`MoneyError::OutOfRange`] when a product leaves the range of a decimal.
///
/// ```
/// use leeway_core::{Currency, Money, allocate::allocate};
/// let eur = Currency::parse("EUR")?;
/// let shares = allocate(Money::parse("0.10", eur)?, &[Money::parse("1", eur)?; 3])?;
/// assert_eq!(shares.iter().map(|s| s.minor()).collect::<Vec<_>>(), [4, 3, 3]);
/// # Ok::<(), leeway_core::NotMoney>(())
/// ```
pub fn allocate(whole: Money, weights: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let currency = whole.currency();
    let weight = |weight: &Money| weight.minor().max(0);
    let total =
        weights.iter().try_fold(0_i64, |sum, one| sum.checked_add(weight(one))).ok_or(MoneyError::OutOfRange)?;
    if total == 0 {
        let first = |at: usize| if at == 0 { whole } else { Money::zero(currency) };
        return Ok((0..weights.len()).map(first).collect());
    }
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = whole.minor();
    for (at, one) in weights.iter().enumerate() {
        let (share, rest) = quotient(product(whole, weight(one)), total).ok_or(MoneyError::OutOfRange)?;
        left = left.checked_sub(share).ok_or(MoneyError::OutOfRange)?;
        shares.push(share);
        remainders.push((Reverse(rest.unsigned_abs()), at));
    }
    let step = left.signum();
    for (_, at) in sorted(remainders) {
        if left == 0 {
            break;
        }
        if let Some(share) = shares.get_mut(at) {
            *share = share.checked_add(step).ok_or(MoneyError::OutOfRange)?;
            left = left.checked_sub(step).ok_or(MoneyError::OutOfRange)?;
        }
    }
    shares.into_iter().map(|share| Money::of_minor(share, currency)).collect()
}

/// The part of `whole` that `part` is of `total`, rounded once. Nothing where the total is nothing.
///
/// # Errors
/// [`MoneyError::OutOfRange`] when a product leaves the range of a decimal.
pub fn proportion(whole: Money, part: Money, total: Money) -> Result<Money, MoneyError> {
    if total.is_zero() {
        return Ok(Money::zero(whole.currency()));
    }
    let units = rounded_quotient(product(whole, part.minor()), total.minor()).ok_or(MoneyError::OutOfRange)?;
    Money::of_minor(units, whole.currency())
}

/// INVARIANT: neither is beyond 2^53.
fn product(whole: Money, minor: i64) -> i128 {
    i128::from(whole.minor()).saturating_mul(minor.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::money::MINOR_UNITS_MAX;

    fn cents(minor: i64) -> Money {
        Money::of_minor(minor, Currency::parse("EUR").unwrap()).unwrap()
    }

    fn shares(whole: i64, weights: &[i64]) -> Vec<i64> {
        let weights: Vec<Money> = weights.iter().map(|weight| cents(*weight)).collect();
        allocate(cents(whole), &weights).unwrap().iter().map(Money::minor).collect()
    }

    #[test]
    fn what_is_left_over_goes_to_the_largest_remainders() {
        // 1.43, 2.86 and 5.71: two cents are left.
        assert_eq!(shares(10, &[1, 2, 4]), [1, 3, 6]);
        assert_eq!(shares(-10, &[1, 2, 4]), [-1, -3, -6]);
        assert_eq!(shares(3, &[1, 1]), [2, 1], "the first of equals first");
    }

    #[test]
    fn no_weight_no_share() {
        assert_eq!(shares(7, &[-5, 0, 1]), [0, 0, 7]);
        assert_eq!(shares(7, &[0, 0]), [7, 0]);
        assert!(shares(7, &[]).is_empty());
    }

    #[test]
    fn the_largest_amounts_are_shared_exactly() {
        let most = MINOR_UNITS_MAX;
        assert_eq!(shares(most, &[most - 1, 1]), [most - 1, 1]);
        assert_eq!(
            allocate(cents(1), &[cents(most); 1_025]),
            Err(MoneyError::OutOfRange),
            "the weights leave the range"
        );
    }

    #[test]
    fn a_proportion_is_rounded_half_away_from_zero() {
        let part = |whole, part, total| proportion(cents(whole), cents(part), cents(total)).unwrap().minor();
        assert_eq!((part(5, 1, 2), part(-5, 1, 2), part(5, 1, 4), part(7, 1, 4)), (3, -3, 1, 2));
        assert_eq!((part(5, 0, 2), part(5, 2, 2), part(5, 1, 0)), (0, 5, 0));
    }
}
