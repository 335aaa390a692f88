//! What another policy would have made of past cancellations: totals old and new, per currency. A question of operators, with the feature `tz` only,
//! since it freezes the policy anew for every slot.
//!
//! Source: requirement B7 (a policy is judged before it is changed, since changing it never reaches bookings that exist)

use serde::Serialize;

use crate::booking::Booking;
use crate::cancel::Cancellation;
use crate::command::{CancelReason, Selection};
use crate::currency::Currency;
use crate::freeze::freeze;
use crate::money::{Money, MoneyError};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::time::{Instant, TimeError};

/// A cancellation as it was.
#[derive(Debug, Clone)]
pub struct PastCancellation<'a> {
    /// The booking before it.
    pub booking: &'a Booking,
    /// What was canceled.
    pub selection: &'a Selection,
    /// When.
    pub at: Instant,
}

/// What came of past cancellations, and what would have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatIf {
    /// The currency of the sums: one entry for each.
    pub currency: Currency,
    /// How many cancellations of this currency.
    pub count: u32,
    /// Under the terms that were frozen.
    pub old: Sums,
    /// Under the policy.
    pub new: Sums,
}

/// Sums over cancellations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sums {
    /// What was charged.
    pub charged: Money,
    /// What went back, by itself, once approved or by hand.
    pub refunded: Money,
    /// How many were refused: the limit was past, or canceling switched off.
    pub refused: u32,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhatIfError {
    /// A slot's zone is unknown, or a limit lies before 1970.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A sum leaves the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Works out what a policy would have made of past cancellations by customers. Each booking is judged as if the policy had been frozen into it.
///
/// # Errors
/// [`WhatIfError`].
///
/// ```
/// use leeway_core::what_if::{PastCancellation, what_if};
/// use leeway_core::{Instant, Policy, Selection};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let policy: Policy = serde_json::from_str(r#"{"name":"free"}"#)?;
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let past = [PastCancellation { booking: &booking, selection: &Selection::All, at }];
/// let answer = &what_if(&policy, &past)?[0];
/// assert_eq!(answer.old.charged.to_string(), "347.46 EUR");
/// assert!(answer.new.charged.is_zero());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn what_if(policy: &Policy, past: &[PastCancellation<'_>]) -> Result<Vec<WhatIf>, WhatIfError> {
    let mut answers: Vec<WhatIf> = Vec::new();
    for one in past {
        let mut other = one.booking.clone();
        for item in &mut other.items {
            item.terms = freeze(policy, &item.slot.time)?;
        }
        let currency = one.booking.currency;
        let known = answers.iter().position(|answer| answer.currency == currency);
        let index = known.unwrap_or(answers.len());
        if known.is_none() {
            let none = Sums { charged: Money::zero(currency), refunded: Money::zero(currency), refused: 0 };
            answers.push(WhatIf { currency, count: 0, old: none, new: none });
        }
        if let Some(answer) = answers.get_mut(index) {
            answer.count = answer.count.saturating_add(1);
            answer.old.add(one.booking, one)?;
            answer.new.add(&other, one)?;
        }
    }
    Ok(answers)
}

impl Sums {
    fn add(&mut self, booking: &Booking, past: &PastCancellation<'_>) -> Result<(), MoneyError> {
        let outcome = Cancellation::new(booking, past.selection, CancelReason::CustomerCancellation)
            .and_then(|cancellation| cancellation.at(past.at));
        match outcome {
            Ok(outcome) => {
                let charged = outcome.fee.minus(outcome.waived)?.or_zero().plus(outcome.gateway.amount)?;
                self.charged = self.charged.plus(charged)?;
                self.refunded = self.refunded.plus(outcome.refund)?.plus(outcome.by_hand)?;
                Ok(())
            }
            Err(Refusal::AmountOutOfRange {}) => Err(MoneyError::OutOfRange),
            Err(_) => {
                self.refused = self.refused.saturating_add(1);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking() -> Booking {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
        serde_json::from_str(text).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_sum_for_each_currency_and_what_is_refused_counted() {
        let policy: Policy = serde_json::from_str(r#"{"name":"strict","cancel":{"days":30}}"#).unwrap();
        let in_eur = booking();
        let mut in_usd = booking();
        in_usd.currency = Currency::parse("USD").unwrap();
        let text = serde_json::to_string(&in_usd).unwrap().replace("\"EUR\"", "\"USD\"");
        let in_usd: Booking = serde_json::from_str(&text).unwrap();
        let all = Selection::All;
        let past = |booking, time| PastCancellation { booking, selection: &all, at: at(time) };
        let (early, late) = ("2026-10-20T12:00:00Z", "2026-11-23T12:00:00Z");
        let answers = what_if(&policy, &[past(&in_eur, early), past(&in_usd, late), past(&in_eur, late)]).unwrap();
        let [eur, usd] = &answers[..] else { unreachable!("two currencies, in the order they come") };
        assert_eq!((eur.currency, eur.count, usd.currency, usd.count), (in_eur.currency, 2, in_usd.currency, 1));
        // 25.00 early and 347.46 late as it was; free early and refused late under the other policy.
        assert_eq!((eur.old.charged.to_string(), eur.old.refused), ("372.46 EUR".to_owned(), 0));
        assert_eq!(
            (eur.new.charged.to_string(), eur.new.refunded.to_string()),
            ("0.00 EUR".to_owned(), "621.91 EUR".to_owned())
        );
        assert_eq!((eur.new.refused, usd.new.refused), (1, 1));
        assert_eq!(usd.old.refunded.to_string(), "274.45 USD");
    }

    #[test]
    fn a_limit_before_1970_has_no_answer() {
        let policy: Policy = serde_json::from_str(r#"{"name":"days","cancel":{"days":2}}"#).unwrap();
        let mut old = booking();
        old.items[0].slot.time.starts_at = at("1970-01-02T12:00:00Z");
        let past = PastCancellation { booking: &old, selection: &Selection::All, at: at("2026-10-20T12:00:00Z") };
        assert!(matches!(what_if(&policy, &[past]), Err(WhatIfError::Time(_))));
        assert_eq!(what_if(&policy, &[]), Ok(Vec::new()));
    }
}
