//! Percentages, exact: a fee that is worked out with them is rounded once, at its end.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::{Digits, Exact, Money, MoneyError, Written};

/// A percentage from 0 to 100 with at most four digits after the point; on the wire a text, `"12.5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
pub struct Percent {
    // INVARIANT: at most a million.
    millionths: u32,
}

impl Percent {
    /// All of it.
    pub const HUNDRED: Self = Self { millionths: 1_000_000 };

    /// Reads a percentage.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Digits { units, scale } = Digits::parse(text).ok()?;
        let millionths = units.checked_mul(10_i64.checked_pow(4_u32.checked_sub(scale)?)?)?;
        let millionths = u32::try_from(millionths).ok()?;
        (millionths <= Self::HUNDRED.millionths).then_some(Self { millionths })
    }

    /// How many millionths of the whole.
    pub(crate) const fn millionths(self) -> u32 {
        self.millionths
    }

    /// So many per cent of an amount, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] never for a percentage up to 100.
    pub fn of(self, amount: Money) -> Result<Money, MoneyError> {
        let mut part = Exact::of(Money::zero(amount.currency()));
        part.add_percent(self, amount)?;
        part.rounded(amount.currency())
    }

    /// Its text, without zeros at the end of a fraction.
    fn written(self) -> Written {
        let (mut units, mut scale) = (self.millionths, 4_u32);
        while scale > 0 && units % 10 == 0 {
            (units, scale) = (units / 10, scale.saturating_sub(1));
        }
        Written::of(units.into(), scale)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.written().as_str())
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written().as_str())
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Percent;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a percentage from \"0\" to \"100\" with at most four digits after the point")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Percent, E> {
                Percent::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
