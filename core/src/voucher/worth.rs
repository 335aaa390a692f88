//! What a voucher is worth that settles a refund: money at its amount, what came from a voucher as it came, a bonus on the money.
//!
//! Source: requirement C13

use super::{Bonus, VoucherPart};
use crate::currency::Currency;
use crate::money::{Money, MoneyError};
use crate::policy::VoucherOffer;
use crate::refund::Share;
use crate::time::Instant;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a voucher is worth that settles these shares: money at its amount, what came from a voucher as it came, and the bonus on the money.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
///
/// Source: requirement C13
pub(crate) fn worth<'a>(
    currency: Currency,
    shares: impl Iterator<Item = &'a Share> + Clone,
    offer: Option<&VoucherOffer>,
    at: Instant,
) -> Result<Vec<VoucherPart>, MoneyError> {
    let mut money = Money::zero(currency);
    let mut parts: Vec<VoucherPart> = Vec::new();
    for share in shares.clone() {
        if share.parts.is_empty() {
            money = money.plus(share.amount)?;
        }
        for part in &share.parts {
            match part.bonus {
                None => money = money.plus(part.amount)?,
                Some(bonus) => add(&mut parts, part.amount, bonus)?,
            }
        }
    }
    if let Some(offer) = offer {
        let NewBonus { amount, expires_at, .. } = new_bonus(currency, shares, offer, at)?;
        add(&mut parts, amount, Bonus { expires_at })?;
    }
    if money.is_positive() {
        parts.insert(0, VoucherPart { amount: money, bonus: None });
    }
    Ok(parts)
}

/// What comes on top of a voucher, beside bonuses that only come back.
pub(crate) struct NewBonus {
    /// On what: what no voucher of ours had paid, since there is no bonus on a bonus.
    pub(crate) of: Money,
    /// How much.
    pub(crate) amount: Money,
    /// The last instant at which it can be redeemed.
    pub(crate) expires_at: Option<Instant>,
}

/// The bonus that an offer gives on these shares.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(crate) fn new_bonus<'a>(
    currency: Currency,
    shares: impl IntoIterator<Item = &'a Share>,
    offer: &VoucherOffer,
    at: Instant,
) -> Result<NewBonus, MoneyError> {
    let paid_for = shares.into_iter().filter(|share| share.parts.is_empty());
    let of = Money::sum(currency, paid_for.map(|share| share.amount))?;
    let expires_at = offer.bonus_valid_days.map(|days| at.shifted_ms(i64::from(days).saturating_mul(DAY_MS)));
    Ok(NewBonus { of, amount: offer.bonus.of(of)?, expires_at })
}

/// Adds a bonus to those that expire with it.
fn add(parts: &mut Vec<VoucherPart>, amount: Money, bonus: Bonus) -> Result<(), MoneyError> {
    match parts.iter_mut().find(|part| part.bonus == Some(bonus)) {
        Some(part) => part.amount = part.amount.plus(amount)?,
        None if amount.is_positive() => parts.push(VoucherPart { amount, bonus: Some(bonus) }),
        None => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::Method;
    use crate::id::PaymentId;
    use crate::refund::ShareState;
    use uuid::Uuid;

    fn eur(amount: &str) -> Money {
        Money::parse(amount, Currency::parse("EUR").unwrap()).unwrap()
    }

    fn at(month: u32) -> Instant {
        Instant::parse(&format!("2026-{month:02}-01T00:00:00Z")).unwrap()
    }

    fn paid(amount: &str) -> VoucherPart {
        VoucherPart { amount: eur(amount), bonus: None }
    }

    fn bonus(amount: &str, expires_at: Option<Instant>) -> VoucherPart {
        VoucherPart { amount: eur(amount), bonus: Some(Bonus { expires_at }) }
    }

    fn share(amount: &str, parts: Vec<VoucherPart>) -> Share {
        let (payment, method) = (PaymentId(Uuid::from_u128(2)), Method::Card);
        Share { payment, method, amount: eur(amount), parts, state: ShareState::Open, attempt: 0 }
    }

    #[test]
    fn no_bonus_on_what_a_voucher_had_paid() {
        let offer: VoucherOffer = serde_json::from_str(r#"{"bonus":"10","bonus_valid_days":31}"#).unwrap();
        let shares = [share("50.05", vec![]), share("30.00", vec![paid("20.00"), bonus("10.00", Some(at(6)))])];
        let eur_currency = Currency::parse("EUR").unwrap();
        let worth = worth(eur_currency, shares.iter(), Some(&offer), at(1)).unwrap();
        // A month of 31 days from the first of January; 5.005 is rounded away from zero.
        assert_eq!(worth, [paid("70.05"), bonus("10.00", Some(at(6))), bonus("5.01", Some(at(2)))]);
        let new = new_bonus(eur_currency, &shares, &offer, at(1)).unwrap();
        assert_eq!((new.of, new.amount, new.expires_at), (eur("50.05"), eur("5.01"), Some(at(2))));
    }

    #[test]
    fn a_new_bonus_joins_one_that_expires_with_it() {
        let offer: VoucherOffer = serde_json::from_str(r#"{"bonus":"10"}"#).unwrap();
        let shares = [share("50.00", vec![]), share("9.00", vec![bonus("9.00", None)])];
        let worth = worth(Currency::parse("EUR").unwrap(), shares.iter(), Some(&offer), at(1)).unwrap();
        assert_eq!(worth, [paid("50.00"), bonus("14.00", None)]);
    }
}
