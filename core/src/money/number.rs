//! Decimal numbers as texts, and dividing whole ones. Not money: a number has no currency.

use std::fmt;

use rust_decimal::Decimal;

use super::{MoneyError, NotMoney};

/// The longest number in text: a sign, sixteen digits, a point, and generous zeros.
const CHARS_MAX: usize = 32;
const EXCERPT_BYTES_MAX: usize = 19;

/// A decimal number: `units` divided by ten to the `scale`. No zeros at the end of a fraction.
#[derive(Clone, Copy)]
pub(crate) struct Digits {
    pub(crate) units: i64,
    pub(crate) scale: u32,
}

impl Digits {
    /// Reads digits, at most one point with digits on both sides, at most a leading minus.
    pub(crate) fn parse(text: &str) -> Result<Self, NotMoney> {
        let not_a_number = || NotMoney::NotANumber(Excerpt::of(text));
        if text.len() > CHARS_MAX {
            return Err(not_a_number());
        }
        let bytes = text.as_bytes();
        let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
        let point = unsigned.iter().position(|byte| *byte == b'.');
        let (whole, part) = match point {
            Some(at) => {
                (unsigned.get(..at).unwrap_or_default(), unsigned.get(at.saturating_add(1)..).unwrap_or_default())
            }
            None => (unsigned, b"0".as_slice()),
        };
        let plain = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        if !plain(whole) || !plain(part) {
            return Err(not_a_number());
        }
        let zeros = part.iter().rev().take_while(|byte| **byte == b'0').count();
        let part = part.get(..part.len().saturating_sub(zeros)).unwrap_or_default();
        let mut units = 0_i64;
        for digit in whole.iter().chain(part) {
            let grown = units.checked_mul(10).and_then(|units| units.checked_add((digit & 0xf).into()));
            units = grown.ok_or(MoneyError::OutOfRange)?;
        }
        if bytes.len() > unsigned.len() {
            units = units.saturating_neg();
        }
        Ok(Self { units, scale: u32::try_from(part.len()).unwrap_or(u32::MAX) })
    }
}

/// Reads a decimal number such as `12.5`: digits, at most one point with digits on both sides, at most a leading minus.
///
/// # Errors
/// [`NotMoney::NotANumber`], [`MoneyError::OutOfRange`] from nineteen digits on.
pub fn parse_decimal(text: &str) -> Result<Decimal, NotMoney> {
    let Digits { units, scale } = Digits::parse(text)?;
    Decimal::try_new(units, scale).map_err(|_| MoneyError::OutOfRange.into())
}

/// The text of `units` divided by ten to the `scale`, on the stack: a view prints a hundred amounts.
pub(crate) struct Written {
    bytes: [u8; 24],
    from: usize,
}

impl Written {
    /// Writes a number with all the digits of its scale, of which there are few.
    pub(crate) fn of(units: i64, scale: u32) -> Self {
        let mut written = Self { bytes: [0; 24], from: 24 };
        let mut rest = units.unsigned_abs();
        let mut digits = 0_u32;
        while rest > 0 || digits <= scale {
            if digits == scale && scale > 0 {
                written.prepend(b'.');
            }
            written.prepend(b'0' | (rest % 10) as u8);
            rest /= 10;
            digits = digits.saturating_add(1);
        }
        if units < 0 {
            written.prepend(b'-');
        }
        written
    }

    fn prepend(&mut self, byte: u8) {
        self.from = self.from.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.from) {
            *place = byte;
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(self.from..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// Divides towards zero; answers the rest too. Nearly always the numbers are small, and a division of 128 bits is slow.
pub(crate) fn quotient(units: i128, by: i64) -> Option<(i64, i64)> {
    if let Ok(units) = i64::try_from(units) {
        return Some((units.checked_div(by)?, units.checked_rem(by)?));
    }
    let whole = i64::try_from(units.checked_div(by.into())?).ok()?;
    let rest = units.checked_sub(i128::from(whole).checked_mul(by.into())?)?;
    Some((whole, i64::try_from(rest).ok()?))
}

/// Divides and rounds once, half away from zero.
pub(crate) fn rounded_quotient(units: i128, by: i64) -> Option<i64> {
    let (whole, rest) = quotient(units, by)?;
    let away = if (units < 0) == (by < 0) { 1 } else { -1 };
    let rest = rest.unsigned_abs();
    // INVARIANT: the rest is less than the divisor.
    if rest >= by.unsigned_abs().saturating_sub(rest) { whole.checked_add(away) } else { Some(whole) }
}

/// The beginning of a text, as a message shows it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Excerpt {
    bytes: [u8; EXCERPT_BYTES_MAX],
    len: u8,
}

impl Excerpt {
    /// The first characters that fit.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut excerpt = Self::default();
        for char in text.chars() {
            let end = usize::from(excerpt.len).saturating_add(char.len_utf8());
            let Some(place) = excerpt.bytes.get_mut(excerpt.len.into()..end) else { break };
            char.encode_utf8(place);
            excerpt.len = u8::try_from(end).unwrap_or(excerpt.len);
        }
        excerpt
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes.get(..self.len.into()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;
    use rust_decimal::RoundingStrategy;

    use super::super::{Currency, Money};
    use super::*;

    #[test]
    fn an_excerpt_ends_between_characters() {
        assert_eq!(Excerpt::of("").as_str(), "");
        assert_eq!(Excerpt::of("12.345").as_str(), "12.345");
        assert_eq!(Excerpt::of("1234567890123456789012").as_str(), "1234567890123456789");
        assert_eq!(Excerpt::of("éééééééééééé").as_str(), "ééééééééé");
    }

    #[test]
    fn zeros_at_the_end_are_no_digits() {
        for (text, units, scale) in
            [("1.500", 15, 1), ("-0.00", 0, 0), ("1200", 1200, 0), ("0.000000000000000000000000000000", 0, 0)]
        {
            let Digits { units: ours, scale: places } = Digits::parse(text).unwrap();
            assert_eq!((ours, places), (units, scale), "{text}");
        }
        assert_eq!(parse_decimal("9223372036854775808"), Err(MoneyError::OutOfRange.into()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn written_as_rust_decimal_writes(units in any::<i64>(), scale in 0_u32..=6) {
            for units in [units, units % 1000] {
                prop_assert_eq!(Written::of(units, scale).as_str().to_owned(), Decimal::new(units, scale).to_string());
            }
        }

        #[test]
        fn read_as_rust_decimal_reads(text in string_regex("-?[0-9]{0,8}(\\.[0-9]{0,9}0{0,9})?").unwrap()) {
            let is_ours = text.starts_with(|c: char| c != '.') && !text.starts_with("-.") && !text.ends_with('.');
            let theirs = Decimal::from_str_exact(&text).ok().filter(|_| is_ours);
            prop_assert_eq!(parse_decimal(&text).ok(), theirs, "{}", text);
        }

        #[test]
        fn rounded_as_rust_decimal_rounds(
            lo in any::<u32>(), mid in any::<u32>(), hi in any::<u32>(), cut in 0_u32..=96, negative in any::<bool>(),
            scale in 0_u32..=28,
        ) {
            let mantissa = (u128::from(hi) << 64 | u128::from(mid) << 32 | u128::from(lo)) >> cut;
            let amount = Decimal::from_i128_with_scale(if negative { -(mantissa as i128) } else { mantissa as i128 }, scale);
            for code in ["JPY", "EUR", "BHD", "CLF"] {
                let currency = Currency::parse(code).unwrap();
                let theirs = amount.round_dp_with_strategy(currency.digits(), RoundingStrategy::MidpointAwayFromZero);
                match Money::rounded(amount, currency) {
                    Ok(money) => prop_assert_eq!(money.amount(), theirs),
                    Err(_) => prop_assert!(theirs.abs() > Decimal::new(super::super::MINOR_UNITS_MAX, currency.digits())),
                }
            }
        }

        #[test]
        fn halves_go_away_from_zero(units in -(1_i128 << 106)..1 << 106, cut in 0_u32..106, by in 1_i64..1 << 53) {
            let units = units >> cut;
            for (units, by) in [(units, by), (units, -by), (units * 2 + 1, 2), ((by / 2).into(), by), ((-by / 2).into(), by)] {
                let whole = (units.abs() * 2 + i128::from(by).abs()) / (i128::from(by).abs() * 2);
                let exact = if (units < 0) == (by < 0) { whole } else { -whole };
                prop_assert_eq!(rounded_quotient(units, by), i64::try_from(exact).ok(), "{} / {}", units, by);
            }
        }
    }
}
