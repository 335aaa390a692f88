//! What canceling costs in one window: the rule applied to what is canceled. Not which window holds, and not who pays: see [`crate::cancel`].

use crate::currency::Currency;
use crate::explain::{FeeCode, FeeLine};
use crate::money::{Exact, Money, MoneyError};
use crate::policy::Rule;

/// What a fee is worked out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// Lines that are never refunded.
    pub kept: Money,
    /// The other lines.
    pub rest: Money,
    /// How many participants they are for.
    pub participants: u32,
}

impl Basis {
    /// Nothing.
    #[must_use]
    pub fn nothing(currency: Currency) -> Self {
        Self { kept: Money::zero(currency), rest: Money::zero(currency), participants: 0 }
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let participants = self.participants.checked_add(other.participants).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { kept: self.kept.plus(other.kept)?, rest: self.rest.plus(other.rest)?, participants })
    }

    /// The price of it all.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn price(self) -> Result<Money, MoneyError> {
        self.kept.plus(self.rest)
    }
}

/// The fee that a rule makes of a basis: kept lines, percent of the rest, fixed, per participant, minimum and maximum, capped at the price;
/// rounded once, half away from zero.
///
/// # Errors
/// [`MoneyError::OutOfRange`], [`MoneyError::CurrencyMismatch`].
///
/// Source: requirement B5
pub fn charge(rule: &Rule, basis: Basis) -> Result<Money, MoneyError> {
    let mut sum = Exact::of(basis.kept);
    apply(rule, basis, &mut sum, |_, _| Ok(()))?;
    sum.rounded(basis.kept.currency())
}

/// The same fee with its steps. Each line says by how much it moved the rounded sum, so that the lines add up to the fee.
///
/// # Errors
/// As [`charge`].
///
/// Source: requirement E7
pub fn explain(rule: &Rule, basis: Basis) -> Result<Vec<FeeLine>, MoneyError> {
    let mut lines = Vec::with_capacity(4);
    let mut shown = basis.kept;
    if !shown.is_zero() {
        lines.push(FeeLine { code: FeeCode::KeptLines {}, amount: shown });
    }
    apply(rule, basis, &mut Exact::of(basis.kept), |sum, code| {
        let total = sum.rounded(shown.currency())?;
        lines.push(FeeLine { code, amount: total.minus(shown)? });
        shown = total;
        Ok(())
    })?;
    Ok(lines)
}

/// Applies the rule's parts in their order; `step` is told the sum after each that the rule has, and what it was.
fn apply(
    rule: &Rule,
    basis: Basis,
    sum: &mut Exact,
    mut step: impl FnMut(Exact, FeeCode) -> Result<(), MoneyError>,
) -> Result<(), MoneyError> {
    let currency = basis.kept.currency();
    if rule.amounts().any(|amount| amount.currency() != currency) {
        return Err(MoneyError::CurrencyMismatch);
    }
    if let Some(percent) = rule.percent {
        sum.add_percent(percent, basis.rest)?;
        step(*sum, FeeCode::Percent { percent, of: basis.rest })?;
    }
    if let Some(fixed) = rule.fixed {
        sum.add(fixed, 1)?;
        step(*sum, FeeCode::Fixed {})?;
    }
    if let Some(each) = rule.per_participant {
        let participants = basis.participants;
        sum.add(each, participants)?;
        step(*sum, FeeCode::PerParticipant { each, participants })?;
    }
    if let Some(min) = rule.min.filter(|min| *sum < Exact::of(*min)) {
        *sum = Exact::of(min);
        step(*sum, FeeCode::Minimum { min })?;
    }
    if let Some(max) = rule.max.filter(|max| *sum > Exact::of(*max)) {
        *sum = Exact::of(max);
        step(*sum, FeeCode::Maximum { max })?;
    }
    let price = basis.price()?;
    if *sum > Exact::of(price) {
        *sum = Exact::of(price);
        step(*sum, FeeCode::PriceCap { price })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: &str, kept: &str, rest: &str, participants: u32) -> (String, Vec<String>) {
        let eur = Currency::parse("EUR").unwrap();
        let basis =
            Basis { kept: Money::parse(kept, eur).unwrap(), rest: Money::parse(rest, eur).unwrap(), participants };
        let rule: Rule = serde_json::from_str(rule).unwrap();
        let lines = explain(&rule, basis).unwrap();
        let fee = charge(&rule, basis).unwrap();
        assert_eq!(Money::sum(eur, lines.iter().map(|line| line.amount)).unwrap(), fee, "the lines add up");
        let name = |line: &FeeLine| {
            let code = serde_json::to_value(line).unwrap()["code"].as_str().unwrap().to_owned();
            format!("{code} {}", crate::money::Amount(line.amount))
        };
        (crate::money::Amount(fee).to_string(), lines.iter().map(name).collect())
    }

    #[test]
    fn in_the_order_of_b5() {
        let eur = |amount: &str| format!(r#"{{"amount":"{amount}","currency":"EUR"}}"#);
        let rule = format!(r#"{{"percent":"10","fixed":{},"per_participant":{}}}"#, eur("2.50"), eur("1.50"));
        let (fee, steps) = lines(&rule, "20.00", "460.00", 2);
        assert_eq!(fee, "71.50");
        assert_eq!(steps, ["kept_lines 20.00", "percent 46.00", "fixed 2.50", "per_participant 3.00"]);
        let rule = format!(r#"{{"percent":"10","min":{},"max":{}}}"#, eur("15.00"), eur("40.00"));
        assert_eq!(lines(&rule, "0.00", "100.00", 1).1, ["percent 10.00", "minimum 5.00"]);
        assert_eq!(lines(&rule, "20.00", "460.00", 1).1, ["kept_lines 20.00", "percent 46.00", "maximum -26.00"]);
        assert_eq!(lines(&rule, "0.00", "9.00", 1).1, ["percent 0.90", "minimum 14.10", "price_cap -6.00"]);
    }

    #[test]
    fn rounded_once() {
        assert_eq!(lines(r#"{"percent":"50"}"#, "0.00", "76.65", 2).0, "38.33");
        assert_eq!(lines("{}", "0.00", "76.65", 2), ("0.00".to_owned(), vec![]));
    }
}
