//! Sums that are rounded once.

use super::number::rounded_quotient;
use super::{Money, MoneyError};
use crate::currency::Currency;
use crate::policy::Percent;

/// A sum in the making, exact to the millionth of a minor unit: what percentages, which have four digits, are taken and added in. It is rounded
/// once, at its end.
///
/// Source: requirement B5
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exact(i128);

const MILLIONTHS: i64 = 1_000_000;

impl Exact {
    /// An amount of money.
    pub(crate) fn of(amount: Money) -> Self {
        // No overflow: 2^53 times a million is far from 2^127.
        Self(i128::from(amount.minor).saturating_mul(MILLIONTHS.into()))
    }

    /// Adds an amount so many times.
    pub(crate) fn add(&mut self, amount: Money, times: u32) -> Result<(), MoneyError> {
        let by = Self::of(amount).0.checked_mul(times.into()).ok_or(MoneyError::OutOfRange)?;
        self.0 = self.0.checked_add(by).ok_or(MoneyError::OutOfRange)?;
        Ok(())
    }

    /// Adds so many per cent of an amount.
    pub(crate) fn add_percent(&mut self, percent: Percent, of: Money) -> Result<(), MoneyError> {
        let by = i128::from(of.minor).saturating_mul(percent.millionths().into());
        self.0 = self.0.checked_add(by).ok_or(MoneyError::OutOfRange)?;
        Ok(())
    }

    /// Rounds half away from zero to the minor unit.
    pub(crate) fn rounded(self, currency: Currency) -> Result<Money, MoneyError> {
        Money::of_minor(rounded_quotient(self.0, MILLIONTHS).ok_or(MoneyError::OutOfRange)?, currency)
    }
}
