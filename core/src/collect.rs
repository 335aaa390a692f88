//! What a payment link may collect now. Not the checkout: the edge opens that, for exactly this amount.
//!
//! Source: requirements E2, E4

use serde::{Deserialize, Serialize};

use crate::balance::totals;
use crate::booking::Booking;
use crate::money::Money;
use crate::plan::schedule;
use crate::refusal::Refusal;
use crate::time::Instant;

/// What a payment link asks for: `"due_now"`, `"balance"`, `"fee"` or `{"amount":{…}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// What the plan asks for now: all that is overdue, or else the next due, such as a deposit.
    DueNow,
    /// The whole balance.
    Balance,
    /// So much of it.
    Amount(Money),
    /// What a canceled booking still owes. The others are refused by a canceled booking: nobody pays for what does not take place.
    Fee,
}

/// What may be collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Collect {
    /// How much.
    pub amount: Money,
    /// What is due after it.
    pub left: Money,
}

/// Says what may be collected at an instant. `minimum` is the least that the gateway charges in the booking's currency.
///
/// # Errors
/// [`Refusal::BookingCanceled`], [`Refusal::NothingDue`], [`Refusal::AmountAboveBalance`], [`Refusal::AmountNotPositive`],
/// [`Refusal::BelowMinimumCharge`], [`Refusal::LeavesBelowMinimum`].
///
/// ```
/// use leeway_core::event::PlanAdjusted;
/// use leeway_core::policy::Code;
/// use leeway_core::{Ask, Event, Instant, Money, Refusal, collect, evolve};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let extra = PlanAdjusted { code: Code::parse("breakfast").ok_or("a code")?, amount: Money::parse("50.00", booking.currency)? };
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let booking = evolve(Some(booking), &Event::PlanAdjusted(extra), at).ok_or("it was made")?;
/// let least = Some(Money::parse("0.50", booking.currency)?);
/// assert_eq!(collect(&booking, Ask::DueNow, least, at)?.amount.to_string(), "50.00 EUR");
/// let part = Ask::Amount(Money::parse("49.80", booking.currency)?);
/// assert!(matches!(collect(&booking, part, least, at), Err(Refusal::LeavesBelowMinimum { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirements E2, E4
pub fn collect(booking: &Booking, ask: Ask, minimum: Option<Money>, at: Instant) -> Result<Collect, Refusal> {
    match (ask, booking.is_canceled()) {
        (Ask::Fee, true) | (Ask::DueNow | Ask::Balance | Ask::Amount(_), false) => {}
        (Ask::DueNow | Ask::Balance | Ask::Amount(_), true) => return Err(Refusal::BookingCanceled {}),
        (Ask::Fee, false) => return Err(Refusal::NotCanceled {}),
    }
    let balance = totals(booking)?.balance;
    if !balance.is_positive() {
        return Err(Refusal::NothingDue {});
    }
    let amount = match ask {
        Ask::DueNow => schedule(booking, at)?.due_now,
        Ask::Balance | Ask::Fee => balance,
        Ask::Amount(amount) => amount,
    };
    if amount.compare(balance)?.is_gt() {
        return Err(Refusal::AmountAboveBalance { most: balance });
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountNotPositive {});
    }
    let left = balance.minus(amount)?;
    if let Some(minimum) = minimum {
        if amount.compare(minimum)?.is_lt() {
            return Err(Refusal::BelowMinimumCharge { minimum });
        }
        if left.is_positive() && left.compare(minimum)?.is_lt() {
            return Err(Refusal::LeavesBelowMinimum { left, minimum });
        }
    }
    Ok(Collect { amount, left })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::{Charge, ChargeKind, Standing};

    const AT: &str = "2026-11-23T12:00:00Z";

    /// 50.00 EUR are due, of a booking that is paid otherwise.
    fn booking(standing: Standing) -> Booking {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        let mut booking: Booking = serde_json::from_str(text).unwrap();
        booking.items.iter_mut().for_each(|item| item.standing = standing);
        booking.payments.clear();
        let (at, amount) = (Instant::parse(AT).unwrap(), eur("50.00"));
        booking.plan = vec![Charge { kind: ChargeKind::CancellationFee {}, at, amount, reverses: None }];
        booking
    }

    fn eur(amount: &str) -> Money {
        Money::parse(amount, crate::currency::Currency::parse("EUR").unwrap()).unwrap()
    }

    fn ask(standing: Standing, ask: Ask, minimum: Option<&str>) -> Result<(Money, Money), Refusal> {
        let answer = collect(&booking(standing), ask, minimum.map(eur), Instant::parse(AT).unwrap())?;
        Ok((answer.amount, answer.left))
    }

    #[test]
    fn a_canceled_booking_pays_its_fee_and_nothing_else() {
        let amount = Ask::Amount(eur("1.00"));
        for other in [Ask::DueNow, Ask::Balance, amount] {
            assert_eq!(ask(Standing::Canceled, other, None), Err(Refusal::BookingCanceled {}));
            assert!(ask(Standing::Booked, other, None).is_ok());
        }
        assert_eq!(ask(Standing::Canceled, Ask::Fee, None), Ok((eur("50.00"), eur("0.00"))));
        assert_eq!(ask(Standing::Booked, Ask::Fee, None), Err(Refusal::NotCanceled {}));
    }

    #[test]
    fn an_amount_between_the_least_and_the_balance() {
        let amount = |text: &str| ask(Standing::Booked, Ask::Amount(eur(text)), Some("5.00"));
        assert_eq!(amount("50.00"), Ok((eur("50.00"), eur("0.00"))));
        assert_eq!(amount("50.01"), Err(Refusal::AmountAboveBalance { most: eur("50.00") }));
        assert_eq!(amount("45.00"), Ok((eur("45.00"), eur("5.00"))), "the rest is exactly the least");
        let (left, minimum) = (eur("4.99"), eur("5.00"));
        assert_eq!(amount("45.01"), Err(Refusal::LeavesBelowMinimum { left, minimum }));
        assert_eq!(amount("5.00"), Ok((eur("5.00"), eur("45.00"))));
        assert_eq!(amount("4.99"), Err(Refusal::BelowMinimumCharge { minimum }));
        assert_eq!(amount("0.00"), Err(Refusal::AmountNotPositive {}));
        assert_eq!(amount("-1.00"), Err(Refusal::AmountNotPositive {}));
        let usd = Money::parse("5.00", crate::currency::Currency::parse("USD").unwrap()).unwrap();
        assert_eq!(ask(Standing::Booked, Ask::Amount(usd), None), Err(Refusal::WrongCurrency {}));
    }
}
