//! Compares a part with the whole: what is named must be equal, what is not named may be anything.

use serde_json::Value;

/// Adds a sentence to `found` for each place at which `actual` differs from what `expected` names.
///
/// Members that `expected` does not have are not looked at; an expected `null` is also met by a member that is absent. Arrays have the same
/// length and are compared element by element.
pub fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, expected) in expected {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                differences(&format!("{path}.{name}"), expected, actual, found);
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                differences(&format!("{path}[{index}]"), expected, actual, found);
            }
        }
        (Value::Array(expected), Value::Array(all)) => {
            let (wanted, seen) = (expected.len(), all.len());
            found.push(format!("{path}: expected {wanted} elements, not {seen}: {}", short(actual)));
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {}, not {}", short(expected), short(actual))),
    }
}

/// A value as a person reads it: money as `12.50 EUR`.
fn short(value: &Value) -> String {
    match (value.get("amount").and_then(Value::as_str), value.get("currency").and_then(Value::as_str)) {
        (Some(amount), Some(currency)) => format!("{amount} {currency}"),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(expected: Value, actual: Value, sentences: &[&str]) {
        let mut found = Vec::new();
        differences("quote", &expected, &actual, &mut found);
        assert_eq!(found, sentences);
    }

    #[test]
    fn only_what_is_named() {
        check(json!({"a": 1}), json!({"a": 1, "b": 2}), &[]);
        check(json!({"a": null}), json!({}), &[]);
        check(json!({"a": [{"b": 1}]}), json!({"a": [{"b": 1, "c": 1}]}), &[]);
        check(json!({"a": [{"b": 1}]}), json!({"a": [{"b": 2}]}), &["quote.a[0].b: expected 1, not 2"]);
        check(json!({"a": []}), json!({"a": [1]}), &["quote.a: expected 0 elements, not 1: [1]"]);
        check(json!({"a": 1}), json!({}), &["quote.a: expected 1, not null"]);
        let money = |amount: &str| json!({"amount": amount, "currency": "EUR"});
        check(
            json!({"fee": money("1.00")}),
            json!({"fee": money("2.00")}),
            &["quote.fee.amount: expected \"1.00\", not \"2.00\""],
        );
    }
}
