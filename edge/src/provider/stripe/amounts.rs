//! Amounts as Stripe counts them. Its minor units are not ISO 4217's: some currencies have none here and two there, or the other way round.
//!
//! Facts from Stripe's documentation of currencies and of minimum charges.

use leeway_core::{Currency, Money};

/// Sent in whole units.
const WHOLE: [&str; 16] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF", "UYI"];
/// Sent in hundredths although they have none: the last two digits are zeros.
const WHOLE_IN_HUNDREDTHS: [&str; 2] = ["ISK", "UGX"];
/// Sent in thousandths, of which the last digit is a zero.
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];
/// Least charges that Stripe names, in its own units.
const LEAST: [(&str, i64); 24] = [
    ("AED", 200),
    ("AUD", 50),
    ("BGN", 100),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("CZK", 1500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("INR", 50),
    ("JPY", 50),
    ("MXN", 1000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PLN", 200),
    ("RON", 200),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1000),
    ("USD", 50),
];

/// How a currency is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit {
    /// Digits after the point of what is sent.
    digits: u32,
    /// What is sent is a multiple of this.
    step: i64,
}

fn unit(currency: Currency) -> Option<Unit> {
    let code = currency.code();
    if WHOLE.contains(&code) {
        return Some(Unit { digits: 0, step: 1 });
    }
    if WHOLE_IN_HUNDREDTHS.contains(&code) {
        return Some(Unit { digits: 2, step: 100 });
    }
    if THOUSANDTHS.contains(&code) {
        return Some(Unit { digits: 3, step: 10 });
    }
    (currency.digits() == 2).then_some(Unit { digits: 2, step: 1 })
}

/// An amount as it is sent; `None` where Stripe cannot say it.
pub(super) fn to_stripe(money: Money) -> Option<i64> {
    let unit = unit(money.currency())?;
    let sent = scaled(money.minor(), money.currency().digits(), unit.digits)?;
    (sent.checked_rem(unit.step)? == 0).then_some(sent)
}

/// An amount as it comes.
pub(super) fn from_stripe(amount: i64, currency: Currency) -> Option<Money> {
    let minor = scaled(amount, unit(currency)?.digits, currency.digits())?;
    Money::of_minor(minor, currency).ok()
}

/// The least that can be charged; a currency without a stated least has the smallest amount that can be said.
pub(super) fn least(currency: Currency) -> Option<Money> {
    let unit = unit(currency)?;
    let stated = LEAST.iter().find(|(code, _)| *code == currency.code()).map(|(_, least)| *least);
    from_stripe(stated.unwrap_or(unit.step), currency)
}

/// A whole number of units at other digits; `None` where that loses something.
fn scaled(units: i64, from: u32, to: u32) -> Option<i64> {
    if to >= from {
        return units.checked_mul(10_i64.checked_pow(to.checked_sub(from)?)?);
    }
    let by = 10_i64.checked_pow(from.checked_sub(to)?)?;
    (units.checked_rem(by)? == 0).then(|| units.checked_div(by))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: &str) -> Money {
        Money::parse(amount, Currency::parse(currency).unwrap()).unwrap()
    }

    #[test]
    fn counted_as_stripe_counts() {
        for (amount, currency, sent) in [
            ("12.34", "EUR", Some(1234)),
            ("500", "JPY", Some(500)),
            ("1500", "ISK", Some(150_000)),
            ("3", "UGX", Some(300)),
            ("1.230", "KWD", Some(1230)),
            ("1.234", "KWD", None),
            ("7.00", "MGA", Some(7)),
            ("7.50", "MGA", None),
            ("1.234", "IQD", None),
        ] {
            assert_eq!(to_stripe(money(amount, currency)), sent, "{amount} {currency}");
            if let Some(sent) = sent {
                assert_eq!(from_stripe(sent, Currency::parse(currency).unwrap()), Some(money(amount, currency)));
            }
        }
    }

    #[test]
    fn least_charges() {
        for (currency, amount) in [
            ("EUR", "0.50"),
            ("GBP", "0.30"),
            ("PLN", "2.00"),
            ("CZK", "15.00"),
            ("HUF", "175.00"),
            ("JPY", "50"),
            ("ISK", "1"),
            ("KWD", "0.010"),
        ] {
            assert_eq!(least(Currency::parse(currency).unwrap()), Some(money(amount, currency)));
        }
        assert_eq!(least(Currency::parse("CLF").unwrap()), None, "not a currency of theirs");
    }

    #[test]
    fn tables_are_of_currencies() {
        for code in
            WHOLE.iter().chain(&WHOLE_IN_HUNDREDTHS).chain(&THOUSANDTHS).chain(LEAST.iter().map(|(code, _)| code))
        {
            assert!(Currency::parse(code).is_ok() || *code == "BGN", "{code}");
        }
    }
}
