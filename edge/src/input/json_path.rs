//! From a place in a JSON text to the path of the value there: `items[0].price.amount`. Not a parser: it follows brackets, keys and commas
//! up to the place where the real parser stopped, and never fails.
//!
//! Why not `serde_path_to_error`: it wraps every reader of every type, a tenth of the worker's size.

use std::fmt::Write as _;

enum Level {
    Object { key: Option<String> },
    Array { index: usize },
}

/// What the parser complains of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// A value, or a key.
    Value,
    /// That something is not there.
    Missing,
}

/// The path of the value or key at a line and column as `serde_json` counts them: both from 1, the column being that of the last byte read.
pub fn at(text: &str, line: usize, column: usize, wrong: Wrong) -> String {
    let mut levels: Vec<Level> = Vec::new();
    let (consumed, ahead) = split(text, line, column);
    let mut rest = consumed.char_indices().peekable();
    let mut expects_key = false;
    while let Some((start, c)) = rest.next() {
        match c {
            '{' => {
                levels.push(Level::Object { key: None });
                expects_key = true;
            }
            '[' => {
                levels.push(Level::Array { index: 0 });
                expects_key = false;
            }
            // What ends exactly where the parser stopped is what the parser complains of.
            '}' | ']' if rest.peek().is_some() => {
                levels.pop();
                expects_key = false;
            }
            ',' if rest.peek().is_some() => expects_key = next(&mut levels),
            '"' => {
                let content = string(consumed, start, &mut rest);
                if let (true, Some(Level::Object { key })) = (expects_key, levels.last_mut()) {
                    *key = Some(content);
                    expects_key = false;
                }
            }
            _ => {}
        }
    }
    path(&levels, consumed, wrong, ahead.trim_start().chars().next())
}

/// Goes on to the next element; says whether a key comes now.
fn next(levels: &mut [Level]) -> bool {
    match levels.last_mut() {
        Some(Level::Array { index }) => {
            *index = index.saturating_add(1);
            false
        }
        Some(Level::Object { .. }) => true,
        None => false,
    }
}

/// The text up to and with the byte at which the parser stopped, and the rest.
fn split(text: &str, line: usize, column: usize) -> (&str, &str) {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut end = start.saturating_add(column).min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_add(1);
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn string(text: &str, start: usize, rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> String {
    let from = start.saturating_add(1);
    let mut end = text.len();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '"' => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    text.get(from..end).unwrap_or_default().chars().take(60).collect()
}

/// Where an object or list just ended, the whole of it is wrong (a field is missing, say), or its last value is: serde reads on to the
/// end before it places an error that a value's own check made.
fn path(levels: &[Level], consumed: &str, wrong: Wrong, follows: Option<char>) -> String {
    let closed = |text: &str| text.trim_end().ends_with(['}', ']']);
    let inside = consumed.strip_suffix(['}', ']']);
    let is_last_value = wrong == Wrong::Value && follows != Some(',') && inside.is_some_and(closed);
    let shown = if inside.is_some() && !is_last_value { levels.len().saturating_sub(1) } else { levels.len() };
    let mut path = String::new();
    for level in levels.iter().take(shown) {
        match level {
            Level::Object { key: Some(key) } if path.is_empty() => path.push_str(key),
            Level::Object { key: Some(key) } => {
                path.push('.');
                path.push_str(key);
            }
            Level::Object { key: None } => {}
            // Writing to a string does not fail.
            Level::Array { index } => drop(write!(path, "[{index}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use leeway_core::request::BookingRequest;
    use leeway_core::{Action, Policy};
    use serde::de::DeserializeOwned;

    fn path<T: DeserializeOwned>(text: &str) -> String {
        let Err(error) = serde_json::from_slice::<T>(text.as_bytes()) else { panic!("{text} is fine") };
        super::super::path_of(text, &error)
    }

    #[test]
    fn an_action() {
        let id = "018f0000-0000-7000-8000-000000000000";
        for (text, expected) in [
            (r#"{"type":"fly"}"#.to_owned(), "type"),
            (r#"{"type":"cancel","selection":{"items":["x"]}}"#.to_owned(), "selection.items[0]"),
            (format!(r#"{{"type":"cancel","selection":{{"items":["{id}", 7]}}}}"#), "selection.items[1]"),
            (r#"{"type":"cancel","selection":{"all":"yes"}}"#.to_owned(), "selection.all"),
            (r#"{"type":"cancel","selection":{"all":false}}"#.to_owned(), "selection"),
            (r#"{"type":"cancel","selection":{"colour":1}}"#.to_owned(), "selection.colour"),
            (r#"{"type":"cancel"}"#.to_owned(), ""),
            (r#"{"type":"cancel","selection":{"all":true}} x"#.to_owned(), ""),
            ("7".to_owned(), ""),
            (String::new(), ""),
        ] {
            assert_eq!(path::<Action>(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_policy_and_a_booking() {
        assert_eq!(
            path::<Policy>("{\"name\":\"p\",\n \"windows\":[{\"code\":\"a\",\"until\":{\"hours\":-1}}]}"),
            "windows[0].until.hours"
        );
        assert_eq!(
            path::<Policy>(
                r#"{"name":"p","windows":[{"code":"a","until":"start","fixed":{"amount":"1.234","currency":"EUR"}}]}"#
            ),
            "windows[0].fixed"
        );
        let booking = |slot: &str, price: &str| {
            format!(
                r#"{{"policy":"p","currency":"EUR","customer":{{"name":"Ä","email":"a@b.c"}},"items":[{{"service":"s","slot":{slot},"participants":[{{"name":"ß","price":{price}}}]}}]}}"#
            )
        };
        let slot = r#"{"starts_at":"2026-08-14T08:00:00Z","ends_at":"2026-08-14T09:00:00Z","zone":"Europe/Zagreb"}"#;
        let price = r#"{"amount":"1.00","currency":"EUR"}"#;
        for (text, expected) in [
            (booking(slot, r#"{"amount":1,"currency":"EUR"}"#), "items[0].participants[0].price.amount"),
            (booking(slot, r#"{"amount":"1.001","currency":"EUR"}"#), "items[0].participants[0].price"),
            (booking(slot, r#"{"amount":"1,00","currency":"EUR"}"#), "items[0].participants[0].price.amount"),
            (booking(slot, r#"{"amount":"1.00","currency":"EURO"}"#), "items[0].participants[0].price.currency"),
            (booking(&slot.replace("08:00:00Z", "08:00:00"), price), "items[0].slot.starts_at"),
            (booking(&slot.replace("Zagreb", "Atlantis"), price), "items[0].slot.zone"),
            (booking(&slot.replace(r#","zone":"Europe/Zagreb""#, ""), price), "items[0].slot"),
        ] {
            assert_eq!(path::<BookingRequest>(&text), expected, "{text}");
        }
    }

    #[test]
    fn any_place_in_any_text() {
        let text = "{\"a\":[1,{\"ü\\\"b\":\"x\n\"}],]}}{\"";
        for line in 0..4 {
            for column in 0..40 {
                super::at(text, line, column, super::Wrong::Value);
            }
        }
    }
}
