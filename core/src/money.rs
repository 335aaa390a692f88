//! Amounts of money: exact, of one currency, never with more digits than it has. Not a calculator: percentages live in [`crate::fee`].

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::currency::Currency;

/// The largest number of minor units, 2^53 − 1: what a JavaScript number still holds exactly.
pub const MINOR_UNITS_MAX: i64 = 9_007_199_254_740_991;
/// The longest amount in text: a sign, sixteen digits, a point, and generous zeros.
const AMOUNT_CHARS_MAX: usize = 32;

/// Why an amount is not money, or a sum has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// ISO 4217 has no such code.
    #[error("`{0}` is no currency of ISO 4217")]
    UnknownCurrency(String),
    /// Not a decimal number such as `-12.50`.
    #[error("`{0}` is not a decimal number such as `12.50`")]
    NotANumber(String),
    /// More digits after the point than the currency has.
    #[error("`{amount}` has more digits than {currency} has")]
    TooPrecise {
        /// The amount as given.
        amount: String,
        /// Its currency.
        currency: Currency,
    },
    /// Beyond [`MINOR_UNITS_MAX`].
    #[error("the amount is out of range")]
    OutOfRange,
    /// Two currencies in one sum.
    #[error("{0} and {1} do not mix")]
    CurrencyMismatch(Currency, Currency),
}

/// An amount of one currency.
///
/// On the wire `{"amount":"123.45","currency":"EUR"}`; the text always has all the digits of the currency.
/// |minor units| ≤ 2^53 − 1. A sum of two currencies, or beyond the range, is an error and never wraps.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Money {
    // INVARIANT: the scale is the currency's number of digits, zero is not negative, and the mantissa is in range.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Makes money of an exact amount.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] when digits would be lost, [`MoneyError::OutOfRange`] beyond the range.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let money = Self::rounded(amount, currency)?;
        if money.amount == amount {
            Ok(money)
        } else {
            Err(MoneyError::TooPrecise { amount: amount.to_string(), currency })
        }
    }

    /// Rounds once, half away from zero, to the currency's minor unit.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] beyond the range.
    ///
    /// Source: requirement B5
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let mut amount = amount.round_dp_with_strategy(currency.digits(), RoundingStrategy::MidpointAwayFromZero);
        if amount.scale() != currency.digits() {
            amount.rescale(currency.digits());
        }
        if amount.is_zero() {
            amount.set_sign_positive(true);
        }
        if amount.scale() == currency.digits()
            && amount.mantissa().unsigned_abs() <= MINOR_UNITS_MAX.unsigned_abs().into()
        {
            Ok(Self { amount, currency })
        } else {
            Err(MoneyError::OutOfRange)
        }
    }

    /// Reads a decimal number such as `-12.50`: no exponent, no separators, no plus sign.
    ///
    /// # Errors
    /// [`MoneyError::NotANumber`], [`MoneyError::TooPrecise`], [`MoneyError::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::new(parse_decimal(text)?, currency)
    }

    /// Nothing.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        let mut amount = Decimal::ZERO;
        amount.rescale(currency.digits());
        Self { amount, currency }
    }

    /// A number of minor units: `Money::of_minor(1250, eur)` is 12.50 EUR.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] beyond the range.
    pub fn of_minor(units: i64, currency: Currency) -> Result<Self, MoneyError> {
        Self::rounded(Decimal::new(units, currency.digits()), currency)
    }

    /// The amount.
    #[must_use]
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The number of minor units.
    #[must_use]
    pub fn minor(&self) -> i64 {
        // INVARIANT: in range by construction.
        i64::try_from(self.amount.mantissa()).unwrap_or(MINOR_UNITS_MAX)
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
        Self::of_minor_fast(units, self.currency)
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
        let mut amount = self.amount;
        amount.set_sign_positive(self.amount.is_sign_negative() || self.amount.is_zero());
        Self { amount, ..self }
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
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch(self.currency, other.currency))
        }
    }

    fn of_minor_fast(units: i64, currency: Currency) -> Result<Self, MoneyError> {
        if units.unsigned_abs() > MINOR_UNITS_MAX.unsigned_abs() {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self { amount: Decimal::new(units, currency.digits()), currency })
    }

    /// Writes `-12.50`. rust_decimal's own formatting allocates twice; a view prints a hundred amounts.
    fn write_amount(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let units = self.minor();
        if units < 0 {
            out.write_char('-')?;
        }
        let units = units.unsigned_abs();
        let digits = self.currency.digits();
        let one = 10_u64.checked_pow(digits).unwrap_or(1);
        let (whole, part) = (units.checked_div(one).unwrap_or(0), units.checked_rem(one).unwrap_or(0));
        if digits == 0 {
            write!(out, "{whole}")
        } else {
            write!(out, "{whole}.{part:0width$}", width = digits as usize)
        }
    }
}

/// Reads a decimal number: digits, at most one point with digits on both sides, at most a leading minus.
///
/// # Errors
/// [`MoneyError::NotANumber`].
pub fn parse_decimal(text: &str) -> Result<Decimal, MoneyError> {
    let error = || MoneyError::NotANumber(text.chars().take(AMOUNT_CHARS_MAX).collect());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain = match unsigned.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(unsigned),
    };
    if !plain || text.len() > AMOUNT_CHARS_MAX {
        return Err(error());
    }
    // Not by `Decimal::from_str`: it also reads exponents, and is 3 kB in the browser.
    let scale = unsigned.split_once('.').map_or(0, |(_, part)| part.len());
    let more = |sum: i128, byte: u8| sum.checked_mul(10)?.checked_add(i128::from(byte.saturating_sub(b'0')));
    let units = unsigned.bytes().filter(u8::is_ascii_digit).try_fold(0, more).ok_or_else(error)?;
    let units = if text.len() > unsigned.len() { units.saturating_neg() } else { units };
    Decimal::try_from_i128_with_scale(units, u32::try_from(scale).map_err(|_| error())?).map_err(|_| error())
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_amount(f)?;
        write!(f, " {}", self.currency)
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
        self.0.write_amount(f)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = TinyText::default();
        self.write_amount(&mut text).map_err(serde::ser::Error::custom)?;
        let mut fields = serializer.serialize_struct("Money", 2)?;
        fields.serialize_field("amount", text.as_str())?;
        fields.serialize_field("currency", &self.currency)?;
        fields.end()
    }
}

/// A number's text on the stack.
#[derive(Default)]
struct TinyText {
    bytes: [u8; 24],
    len: usize,
}

impl TinyText {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }
}

impl fmt::Write for TinyText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len.checked_add(text.len()).ok_or(fmt::Error)?;
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// A number as it stands in a document: borrowed where the document allows it.
struct AmountText(Decimal);

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = AmountText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in text, such as \"12.50\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AmountText, E> {
                parse_decimal(text).map(AmountText).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Amount,
    Currency,
}

// By hand, so that an amount that its currency cannot have is an error of this value and not of what comes after it.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> de::Visitor<'de> for Parts {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("money, such as {\"amount\":\"12.50\",\"currency\":\"EUR\"}")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Money, A::Error> {
                let (mut amount, mut currency) = (None, None);
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::Amount if amount.is_some() => return Err(de::Error::duplicate_field("amount")),
                        Field::Currency if currency.is_some() => return Err(de::Error::duplicate_field("currency")),
                        Field::Amount => amount = Some(map.next_value::<AmountText>()?.0),
                        Field::Currency => currency = Some(map.next_value::<Currency>()?),
                    }
                }
                let amount = amount.ok_or_else(|| de::Error::missing_field("amount"))?;
                let currency = currency.ok_or_else(|| de::Error::missing_field("currency"))?;
                Money::new(amount, currency).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_map(Parts)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    fn money(text: &str, currency: &str) -> Result<Money, MoneyError> {
        Money::parse(text, Currency::parse(currency)?)
    }

    #[test]
    fn digits_follow_the_currency() {
        assert_eq!(money("12.5", "EUR").unwrap().to_string(), "12.50 EUR");
        assert_eq!(money("12", "JPY").unwrap().to_string(), "12 JPY");
        assert_eq!(money("-0.005", "BHD").unwrap().to_string(), "-0.005 BHD");
        assert_eq!(money("-0.00", "EUR").unwrap().to_string(), "0.00 EUR");
        assert_eq!(money("1.10", "EUR").unwrap(), money("1.1", "EUR").unwrap());
        assert!(matches!(money("12.5", "JPY"), Err(MoneyError::TooPrecise { .. })));
        assert!(matches!(money("0.005", "EUR"), Err(MoneyError::TooPrecise { .. })));
        assert!(money("1.500", "EUR").is_ok(), "zeros are no digits");
    }

    #[test]
    fn only_plain_numbers() {
        for text in ["", "-", ".5", "5.", "+5", "1e3", "1_000", "1,00", " 1", "1 ", "٣", "NaN", "--1", "1.2.3"] {
            assert!(matches!(money(text, "EUR"), Err(MoneyError::NotANumber(_))), "{text}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero_once() {
        let eur = Currency::parse("EUR").unwrap();
        for (exact, rounded) in [("38.325", "38.33"), ("-38.325", "-38.33"), ("0.004999", "0.00"), ("-0.004", "0.00")] {
            let money = Money::rounded(Decimal::from_str(exact).unwrap(), eur).unwrap();
            assert_eq!(Amount(money).to_string(), rounded);
        }
    }

    #[test]
    fn the_range_ends_where_a_javascript_number_does() {
        let most = money("90071992547409.91", "EUR").unwrap();
        assert_eq!(most.minor(), MINOR_UNITS_MAX);
        assert_eq!(most.plus(money("0.01", "EUR").unwrap()), Err(MoneyError::OutOfRange));
        assert_eq!(money("90071992547409.92", "EUR"), Err(MoneyError::OutOfRange));
        assert_eq!(most.negated().negated(), most);
    }

    #[test]
    fn currencies_do_not_mix() {
        let (eur, usd) = (money("1", "EUR").unwrap(), money("1", "USD").unwrap());
        assert!(matches!(eur.plus(usd), Err(MoneyError::CurrencyMismatch(..))));
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
