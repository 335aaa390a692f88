//! Amounts of money: exact, of one currency, never with more digits than it has. Not a calculator: percentages live in [`crate::fee`].

mod exact;
mod number;
mod wire;

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

use crate::currency::Currency;

pub(crate) use exact::Exact;
pub(crate) use number::{Digits, Written, quotient, rounded_quotient};
pub use number::{Excerpt, parse_decimal};

/// The largest number of minor units, 2^53 − 1: what a JavaScript number still holds exactly.
pub const MINOR_UNITS_MAX: i64 = 9_007_199_254_740_991;
/// Ten to this is the largest power of ten in an `i64`.
const POWER_MAX: u32 = 18;

/// Why a sum has no result. One byte, since every sum can answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Beyond [`MINOR_UNITS_MAX`].
    #[error("the amount is out of range")]
    OutOfRange,
    /// Two currencies in one sum.
    #[error("two currencies do not mix")]
    CurrencyMismatch,
}

/// Why a text, or a decimal, is no money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    /// ISO 4217 has no such code.
    #[error("`{0}` is no currency of ISO 4217")]
    UnknownCurrency(Excerpt),
    /// Not a decimal number such as `-12.50`.
    #[error("`{0}` is not a decimal number such as `12.50`")]
    NotANumber(Excerpt),
    /// More digits after the point than the currency has.
    #[error("`{amount}` has more digits than {currency} has")]
    TooPrecise {
        /// The amount.
        amount: Excerpt,
        /// Its currency.
        currency: Currency,
    },
    /// A number, but none that there is money of.
    #[error(transparent)]
    Beyond(#[from] MoneyError),
}

/// An amount of one currency.
///
/// On the wire `{"amount":"123.45","currency":"EUR"}`; the text always has all the digits of the currency.
/// |minor units| ≤ 2^53 − 1. A sum of two currencies, or beyond the range, is an error and never wraps.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Money {
    // INVARIANT: |minor| ≤ MINOR_UNITS_MAX. Sums are sums of integers; a decimal is made where a percentage is taken.
    #[cfg_attr(feature = "ts", ts(rename = "amount", type = "string"))]
    minor: i64,
    currency: Currency,
}

impl Money {
    /// Makes money of an exact amount.
    ///
    /// # Errors
    /// [`NotMoney::TooPrecise`] when digits would be lost, [`MoneyError::OutOfRange`] beyond the range.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, NotMoney> {
        let rounded = Self::rounded(amount, currency)?;
        if rounded.amount() == amount {
            Ok(rounded)
        } else {
            Err(NotMoney::TooPrecise { amount: Excerpt::of(&amount.to_string()), currency })
        }
    }

    /// Rounds once, half away from zero, to the currency's minor unit.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] beyond the range.
    ///
    /// Source: requirement B5
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let (mut units, mut scale) = (amount.mantissa(), amount.scale());
        while scale > currency.digits().saturating_add(POWER_MAX) {
            // Far below the digit that decides: cutting changes no rounding.
            (units, scale) = (units / 10, scale.saturating_sub(1));
        }
        let power = |exponent: u32| 10_i64.checked_pow(exponent).ok_or(MoneyError::OutOfRange);
        let minor = match scale.checked_sub(currency.digits()) {
            Some(surplus) => rounded_quotient(units, power(surplus)?),
            None => {
                let factor = power(currency.digits().saturating_sub(scale))?;
                units.checked_mul(factor.into()).and_then(|units| i64::try_from(units).ok())
            }
        };
        Self::of_minor(minor.ok_or(MoneyError::OutOfRange)?, currency)
    }

    /// Reads a decimal number such as `-12.50`: no exponent, no separators, no plus sign.
    ///
    /// # Errors
    /// [`NotMoney::NotANumber`], [`NotMoney::TooPrecise`], [`MoneyError::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, NotMoney> {
        Self::of_digits(Digits::parse(text)?, currency)
    }

    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// A number of minor units: `Money::of_minor(1250, eur)` is 12.50 EUR.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] beyond the range.
    pub fn of_minor(units: i64, currency: Currency) -> Result<Self, MoneyError> {
        if units.unsigned_abs() > MINOR_UNITS_MAX.unsigned_abs() {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self { minor: units, currency })
    }

    /// The amount.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        Decimal::new(self.minor, self.currency.digits())
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let units = self.minor().checked_add(other.minor()).ok_or(MoneyError::OutOfRange)?;
        Self::of_minor(units, self.currency)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        // INVARIANT: in range, so that the negative is.
        Self { minor: self.minor.saturating_neg(), ..self }
    }

    /// The larger of two.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn larger(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.compare(other)? == Ordering::Less { other } else { self })
    }

    /// The smaller of two.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn smaller(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.compare(other)? == Ordering::Greater { other } else { self })
    }

    /// Orders two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn compare(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same(other)?;
        Ok(self.minor().cmp(&other.minor()))
    }

    /// Is it more than nothing?
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.minor() > 0
    }

    /// Is it less than nothing?
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.minor() < 0
    }

    /// Is it nothing?
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.minor() == 0
    }

    /// The amount, or nothing where it is negative.
    #[must_use]
    pub fn or_zero(self) -> Self {
        if self.is_negative() { Self::zero(self.currency) } else { self }
    }

    /// The sum of any number of amounts.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::CurrencyMismatch) }
    }

    /// The same number with the currency's own scale.
    fn of_digits(Digits { units, scale }: Digits, currency: Currency) -> Result<Self, NotMoney> {
        let Some(missing) = currency.digits().checked_sub(scale) else {
            return Err(NotMoney::TooPrecise { amount: Excerpt::of(Written::of(units, scale).as_str()), currency });
        };
        let minor = 10_i64.checked_pow(missing).and_then(|factor| units.checked_mul(factor));
        Ok(Self::of_minor(minor.ok_or(MoneyError::OutOfRange)?, currency)?)
    }

    fn written(&self) -> Written {
        Written::of(self.minor, self.currency.digits())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written().as_str())?;
        f.write_str(" ")?;
        f.write_str(self.currency.code())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The bare number, without its currency: `12.50`.
#[derive(Clone, Copy)]
pub struct Amount(pub Money);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.written().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Percent;

    fn money(text: &str, currency: &str) -> Result<Money, NotMoney> {
        Money::parse(text, Currency::parse(currency)?)
    }

    #[test]
    fn digits_follow_the_currency() {
        assert_eq!(money("12.5", "EUR").unwrap().to_string(), "12.50 EUR");
        assert_eq!(money("12", "JPY").unwrap().to_string(), "12 JPY");
        assert_eq!(money("-0.005", "BHD").unwrap().to_string(), "-0.005 BHD");
        assert_eq!(money("-0.00", "EUR").unwrap().to_string(), "0.00 EUR");
        assert_eq!(money("1.10", "EUR").unwrap(), money("1.1", "EUR").unwrap());
        assert!(matches!(money("12.5", "JPY"), Err(NotMoney::TooPrecise { .. })));
        assert!(matches!(money("0.005", "EUR"), Err(NotMoney::TooPrecise { .. })));
        assert!(money("1.500", "EUR").is_ok(), "zeros are no digits");
    }

    #[test]
    fn only_plain_numbers() {
        for text in ["", "-", ".5", "5.", "+5", "1e3", "1_000", "1,00", " 1", "1 ", "٣", "NaN", "--1", "1.2.3"] {
            assert!(matches!(money(text, "EUR"), Err(NotMoney::NotANumber(_))), "{text}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero_once() {
        let half = Percent::parse("50").unwrap();
        for (of, rounded) in [("76.65", "38.33"), ("-76.65", "-38.33"), ("0.01", "0.01"), ("0.00", "0.00")] {
            assert_eq!(Amount(half.of(money(of, "EUR").unwrap()).unwrap()).to_string(), rounded);
        }
        // Two halves of a cent are one cent: nothing is rounded before the end.
        let mut sum = Exact::of(money("0.00", "EUR").unwrap());
        sum.add_percent(half, money("0.01", "EUR").unwrap()).unwrap();
        sum.add_percent(half, money("0.01", "EUR").unwrap()).unwrap();
        assert_eq!(Amount(sum.rounded(money("1", "EUR").unwrap().currency()).unwrap()).to_string(), "0.01");
    }

    #[test]
    fn the_range_ends_where_a_javascript_number_does() {
        let most = money("90071992547409.91", "EUR").unwrap();
        assert_eq!(most.minor(), MINOR_UNITS_MAX);
        assert_eq!(most.plus(money("0.01", "EUR").unwrap()), Err(MoneyError::OutOfRange));
        assert_eq!(money("90071992547409.92", "EUR"), Err(MoneyError::OutOfRange.into()));
        assert_eq!(most.negated().negated(), most);
    }

    #[test]
    fn currencies_do_not_mix() {
        let (eur, usd) = (money("1", "EUR").unwrap(), money("1", "USD").unwrap());
        assert!(matches!(eur.plus(usd), Err(MoneyError::CurrencyMismatch)));
        assert!(eur.compare(usd).is_err());
    }

    #[test]
    fn on_the_wire() {
        let text = r#"{"amount":"123.45","currency":"EUR"}"#;
        let money: Money = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&money).unwrap(), text);
        assert!(serde_json::from_str::<Money>(r#"{"amount":123.45,"currency":"EUR"}"#).is_err());
        assert!(serde_json::from_str::<Money>(r#"{"amount":"1","currency":"EUR","x":1}"#).is_err());
    }
}
