//! Puts in full what a vector writes short: amounts of the booking's currency, instants in local time, symbolic ids. Not the comparison.

use anyhow::{Context as _, Result, bail};
use leeway_core::money::parse_decimal;
use leeway_core::{Booking, Currency, Instant, Money};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::vector::Given;

/// Texts under these names stay as they are: people's words, and percentages.
const WORDS: [&str; 10] = ["name", "note", "reference", "service", "label", "code", "kind", "percent", "bonus", "why"];
const SLOT_MS: i64 = 2 * 60 * 60 * 1000;

/// A policy and a booking, as the doors take them.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The policy.
    pub policy: Value,
    /// The slots that are open.
    pub slots: Vec<Value>,
    /// Its currency.
    pub currency: Currency,
}

/// Puts the given policy and booking in full.
///
/// # Errors
/// The booking's currency is missing, or an amount has more digits than it.
pub fn wanted(given: &Given) -> Result<Wanted> {
    let currency = given.booking.get("currency").and_then(Value::as_str).context("the booking has no `currency`")?;
    let currency = Currency::parse(currency)?;
    let resolver = Resolver { currency, booking: None, slots: &[] };
    let policy = resolver.resolve(&given.policy)?;
    let mut slots: Vec<Value> = given.slots.iter().map(|slot| resolver.resolve(slot)).collect::<Result<_>>()?;
    for slot in &mut slots {
        end(slot)?;
    }
    Ok(Wanted { policy, slots, currency })
}

/// A booking request in full: the policy's name, a customer, the end of each slot.
///
/// # Errors
/// As [`Resolver::resolve`], or the booking is no object.
pub fn request(booking: &Value, policy: &Value, resolver: Resolver<'_>) -> Result<Value> {
    let Value::Object(mut request) = resolver.resolve(booking)? else { bail!("the booking is no object") };
    let name = policy.get("name").context("the policy has no `name`")?;
    request.insert("policy".to_owned(), name.clone());
    request.entry("customer").or_insert_with(|| json!({"name": "Ana Kovač", "email": "ana@example.com"}));
    for item in request.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(slot) = item.get_mut("slot") {
            end(slot)?;
        }
    }
    Ok(Value::Object(request))
}

/// A slot without `ends_at` takes two hours.
fn end(slot: &mut Value) -> Result<()> {
    let Some(slot) = slot.as_object_mut() else { return Ok(()) };
    if let (Some(start), false) = (slot.get("starts_at").and_then(Value::as_str), slot.contains_key("ends_at")) {
        let ends_at = Instant::parse(start)?.shifted_ms(SLOT_MS);
        slot.insert("ends_at".to_owned(), json!(ends_at));
    }
    Ok(())
}

/// Knows the booking's currency and, once it is made, its ids.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    /// The currency of short amounts.
    pub currency: Currency,
    /// The booking that symbolic ids speak of.
    pub booking: Option<&'a Booking>,
    /// The slots that are open, in the vector's order.
    pub slots: &'a [Uuid],
}

impl Resolver<'_> {
    /// Puts a value in full.
    ///
    /// # Errors
    /// An amount has more digits than the currency, or an id is not `item:0`, `participant:0.1`, `line:0.2`, `payment:0` or `refund:0`.
    pub fn resolve(&self, value: &Value) -> Result<Value> {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(values) => values.iter().map(|value| self.resolve(value)).collect(),
            Value::Object(members) => self.object(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
        }
    }

    fn object(&self, members: &Map<String, Value>) -> Result<Value> {
        let is_money = members.len() == 2 && members.contains_key("amount") && members.contains_key("currency");
        if is_money {
            return Ok(Value::Object(members.clone()));
        }
        let resolved = members.iter().map(|(name, value)| {
            let is_word = value.is_string() && WORDS.contains(&name.as_str());
            let value = if is_word { value.clone() } else { self.resolve(value)? };
            Ok((name.clone(), value))
        });
        Ok(Value::Object(resolved.collect::<Result<_>>()?))
    }

    fn text(&self, text: &str) -> Result<Value> {
        if parse_decimal(text).is_ok() {
            return Ok(serde_json::to_value(Money::parse(text, self.currency)?)?);
        }
        if let Ok(instant) = Instant::parse(text) {
            return Ok(json!(instant));
        }
        if let Some(index) = text.strip_prefix("slot:").and_then(|index| index.parse::<usize>().ok()) {
            return Ok(json!(self.slots.get(index).copied().unwrap_or(NOBODY)));
        }
        match (text.split_once(':'), self.booking) {
            (Some((kind @ ("item" | "participant" | "line" | "payment" | "refund"), path)), Some(booking)) => {
                Ok(json!(id(kind, path, booking)?))
            }
            _ => Ok(json!(text)),
        }
    }
}

/// The id that a symbol means. One that the booking does not have is the id of nothing.
fn id(kind: &str, path: &str, booking: &Booking) -> Result<Uuid> {
    let number = |text: &str| text.parse::<usize>().with_context(|| format!("`{kind}:{path}` is no id"));
    let (first, second) = path.split_once('.').unwrap_or((path, ""));
    let first = number(first)?;
    let item = booking.items.get(first);
    let found = match kind {
        "item" => item.map(|item| item.id.0),
        "participant" => {
            let second = number(second)?;
            item.and_then(|item| item.participants.get(second)).map(|one| one.id.0)
        }
        "line" => {
            let second = number(second)?;
            item.and_then(|item| item.lines.get(second)).map(|line| line.id.0)
        }
        "payment" => booking.received().nth(first).map(|payment| payment.id.0),
        _ => booking.refunds.get(first).map(|refund| refund.id.0),
    };
    Ok(found.unwrap_or(NOBODY))
}

/// The id of nothing.
pub const NOBODY: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_dead_beef);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_instants_but_not_words() {
        let eur = Currency::parse("EUR").unwrap();
        let resolver = Resolver { currency: eur, booking: None, slots: &[] };
        let short = json!({"fee": "68.5", "percent": "10", "name": "7", "at": "2026-03-28T10:00:00+01:00",
            "other": {"amount": "1", "currency": "USD"}, "mode": "automatic"});
        let full = json!({"fee": {"amount": "68.50", "currency": "EUR"}, "percent": "10", "name": "7",
            "at": "2026-03-28T09:00:00.000Z", "other": {"amount": "1", "currency": "USD"}, "mode": "automatic"});
        assert_eq!(resolver.resolve(&short).unwrap(), full);
        assert!(resolver.resolve(&json!({"fee": "0.001"})).is_err());
    }
}
