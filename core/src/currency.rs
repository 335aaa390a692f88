//! Currencies of ISO 4217 with the number of digits of their minor unit. Not exchange rates, and not a provider's own exponents.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::{Excerpt, NotMoney};

/// A currency of ISO 4217.
///
/// ```
/// use leeway_core::Currency;
/// assert_eq!(Currency::parse("JPY").map(|c| c.digits()), Ok(0));
/// assert_eq!(Currency::parse("BHD").map(|c| c.digits()), Ok(3));
/// assert!(Currency::parse("eur").is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
// Its letters and its digits. One array: currencies are compared at every sum, and four bytes are compared at once.
pub struct Currency([u8; 4]);

impl Currency {
    /// Finds a currency by its three capital letters.
    ///
    /// # Errors
    /// [`NotMoney::UnknownCurrency`] when ISO 4217 has no such code.
    pub fn parse(code: &str) -> Result<Self, NotMoney> {
        let unknown = || NotMoney::UnknownCurrency(Excerpt::of(code));
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| unknown())?;
        let at = PACKED.binary_search_by_key(&letters(bytes), |packed| packed >> 8).map_err(|_| unknown())?;
        Ok(Self(PACKED.get(at).ok_or_else(unknown)?.to_be_bytes()))
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        let [code @ .., _] = &self.0;
        std::str::from_utf8(code).unwrap_or("XXX")
    }

    /// How many digits the minor unit has: 2 for EUR, 0 for JPY, 3 for BHD.
    #[must_use]
    pub const fn digits(self) -> u32 {
        let [.., digits] = self.0;
        digits as u32
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl de::Visitor<'_> for Code {
            type Value = Currency;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a currency code of ISO 4217")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Currency, E> {
                Currency::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Code)
    }
}

/// Sorted by code. INVARIANT: `sorted` below holds.
#[rustfmt::skip]
const TABLE: &[(&str, u8)] = &[
    ("AED", 2), ("AFN", 2), ("ALL", 2), ("AMD", 2), ("AOA", 2), ("ARS", 2), ("AUD", 2), ("AWG", 2), ("AZN", 2),
    ("BAM", 2), ("BBD", 2), ("BDT", 2), ("BHD", 3), ("BIF", 0), ("BMD", 2), ("BND", 2), ("BOB", 2), ("BOV", 2), ("BRL", 2),
    ("BSD", 2), ("BTN", 2), ("BWP", 2), ("BYN", 2), ("BZD", 2), ("CAD", 2), ("CDF", 2), ("CHE", 2), ("CHF", 2), ("CHW", 2),
    ("CLF", 4), ("CLP", 0), ("CNY", 2), ("COP", 2), ("COU", 2), ("CRC", 2), ("CUP", 2), ("CVE", 2), ("CZK", 2), ("DJF", 0),
    ("DKK", 2), ("DOP", 2), ("DZD", 2), ("EGP", 2), ("ERN", 2), ("ETB", 2), ("EUR", 2), ("FJD", 2), ("FKP", 2), ("GBP", 2),
    ("GEL", 2), ("GHS", 2), ("GIP", 2), ("GMD", 2), ("GNF", 0), ("GTQ", 2), ("GYD", 2), ("HKD", 2), ("HNL", 2), ("HTG", 2),
    ("HUF", 2), ("IDR", 2), ("ILS", 2), ("INR", 2), ("IQD", 3), ("IRR", 2), ("ISK", 0), ("JMD", 2), ("JOD", 3), ("JPY", 0),
    ("KES", 2), ("KGS", 2), ("KHR", 2), ("KMF", 0), ("KPW", 2), ("KRW", 0), ("KWD", 3), ("KYD", 2), ("KZT", 2), ("LAK", 2),
    ("LBP", 2), ("LKR", 2), ("LRD", 2), ("LSL", 2), ("LYD", 3), ("MAD", 2), ("MDL", 2), ("MGA", 2), ("MKD", 2), ("MMK", 2),
    ("MNT", 2), ("MOP", 2), ("MRU", 2), ("MUR", 2), ("MVR", 2), ("MWK", 2), ("MXN", 2), ("MXV", 2), ("MYR", 2), ("MZN", 2),
    ("NAD", 2), ("NGN", 2), ("NIO", 2), ("NOK", 2), ("NPR", 2), ("NZD", 2), ("OMR", 3), ("PAB", 2), ("PEN", 2), ("PGK", 2),
    ("PHP", 2), ("PKR", 2), ("PLN", 2), ("PYG", 0), ("QAR", 2), ("RON", 2), ("RSD", 2), ("RUB", 2), ("RWF", 0), ("SAR", 2),
    ("SBD", 2), ("SCR", 2), ("SDG", 2), ("SEK", 2), ("SGD", 2), ("SHP", 2), ("SLE", 2), ("SOS", 2), ("SRD", 2), ("SSP", 2),
    ("STN", 2), ("SVC", 2), ("SYP", 2), ("SZL", 2), ("THB", 2), ("TJS", 2), ("TMT", 2), ("TND", 3), ("TOP", 2), ("TRY", 2),
    ("TTD", 2), ("TWD", 2), ("TZS", 2), ("UAH", 2), ("UGX", 0), ("USD", 2), ("USN", 2), ("UYI", 0), ("UYU", 2), ("UYW", 4),
    ("UZS", 2), ("VED", 2), ("VES", 2), ("VND", 0), ("VUV", 0), ("WST", 2), ("XAF", 0), ("XCD", 2), ("XCG", 2), ("XOF", 0),
    ("XPF", 0), ("YER", 2), ("ZAR", 2), ("ZMW", 2), ("ZWG", 2),
];

/// Three letters as a number that sorts as they do.
const fn letters([a, b, c]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, a, b, c])
}

/// The table as numbers, the digits last: a booking names its currency at every amount.
const PACKED: [u32; TABLE.len()] = packed();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "worked out by the compiler, which would refuse it"
)]
const fn packed() -> [u32; TABLE.len()] {
    let mut packed = [0; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        let (code, digits) = TABLE[at];
        if let Some(code) = code.as_bytes().first_chunk() {
            packed[at] = letters(*code) << 8 | digits as u32;
        }
        at += 1;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TABLE.iter().all(|(code, _)| Currency::parse(code).is_ok_and(|c| c.code() == *code)));
    }
}
