//! JSON in and out, as over HTTP, and where in a text a mistake is.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::plain::Plain;

/// The longest sentence about a mistake, in characters: it can quote its input.
const SENTENCE_CHARS_MAX: usize = 300;

/// Writes a value.
///
/// # Errors
/// A sentence; never for the types of `leeway-core`.
pub fn write<T: Serialize>(value: &T) -> Result<String, String> {
    leeway_json::write(value).map_err(|error| error.to_string())
}

/// Reads a value; unknown fields are mistakes where the type says so.
///
/// # Errors
/// [`Malformed`].
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Malformed> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Plain(&mut reader));
    // The text has one line: what `JSON.stringify` makes.
    value
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| Malformed { path: path_at(text, error.column()), message: message(&error) })
}

/// What is wrong with an argument, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The field, or the object around it, such as `.items[0].lines[2].price`; empty where it is the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl Malformed {
    /// One sentence for the caller.
    #[must_use]
    pub fn sentence(&self, argument: &str) -> String {
        let Self { path, message } = self;
        let mut sentence = format!("`{argument}{path}`: {message}");
        if let Some((cut, _)) = sentence.char_indices().nth(SENTENCE_CHARS_MAX) {
            sentence.truncate(cut);
            sentence.push('…');
        }
        sentence
    }
}

/// Without the place, which counts bytes of a text that the caller never saw.
fn message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

/// A step into an object or an array.
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

/// The path of the value that ends, or is being read, at a column of a text on one line.
fn path_at(text: &str, column: usize) -> String {
    let read = text.get(..column).unwrap_or(text);
    let mut steps: Vec<Step<'_>> = Vec::with_capacity(8);
    let mut rest = read.char_indices();
    while let Some((at, char)) = rest.next() {
        match char {
            '{' => steps.push(Step::Field("")),
            '[' => steps.push(Step::Index(0)),
            '}' | ']' => drop(steps.pop()),
            ',' => {
                if let Some(Step::Index(index)) = steps.last_mut() {
                    *index = index.saturating_add(1);
                }
            }
            '"' => {
                let start = at.saturating_add(1);
                let end = end_of_string(&mut rest).unwrap_or(read.len());
                let is_key = text.get(end..).is_some_and(|after| after.starts_with("\":"));
                if let (true, Some(Step::Field(name))) = (is_key, steps.last_mut()) {
                    *name = read.get(start..end).unwrap_or("");
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field("") => {}
            Step::Field(name) => path.extend([".", name]),
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// Steps over the rest of a string; answers where its closing quote is.
fn end_of_string(rest: &mut std::str::CharIndices<'_>) -> Option<usize> {
    while let Some((at, char)) = rest.next() {
        match char {
            '"' => return Some(at),
            '\\' => drop(rest.next()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use leeway_core::{Money, Selection};

    use super::*;

    #[test]
    fn a_path_leads_to_the_column() {
        let text = r#"{"items":[{"id":"a"},{"lines":[1,{"price":"x\",\"y":2}]}]}"#;
        let path = |upto: &str| path_at(text, text.find(upto).unwrap() + upto.len());
        assert_eq!(path("{"), "");
        assert_eq!(path(r#""a""#), ".items[0].id");
        assert_eq!(path(r#"{"lines":[1"#), ".items[1].lines[0]");
        assert_eq!(path(r#"{"price""#), ".items[1].lines[1].price");
        assert_eq!(path_at(text, text.len()), "");
        assert_eq!(path_at(text, 9_999), "");
    }

    #[test]
    fn mistakes_are_named() {
        let sentence = |text: &str| read::<Vec<Money>>(text).unwrap_err().sentence("amounts");
        let good = r#"{"amount":"1.00","currency":"EUR"}"#;
        assert_eq!(
            sentence(&format!(r#"[{good},{{"amount":1,"currency":"EUR"}}]"#)),
            "`amounts[1].amount`: invalid type: integer `1`, expected an amount in text, such as \"12.50\""
        );
        assert!(sentence(r#"[["1.00","EUR"]]"#).starts_with("`amounts[0]`: invalid type: sequence, expected "));
        assert_eq!(sentence(r#"[{"amount":"1.00"}]"#), "`amounts[0]`: missing field `currency`");
        assert!(sentence(&format!(r#"["{}"]"#, "é".repeat(10_000))).chars().count() <= SENTENCE_CHARS_MAX + 1);
        assert!(sentence(&format!("{}{}", "[".repeat(500), "]".repeat(500))).contains("invalid type: sequence"));
    }

    #[test]
    fn unknown_fields_are_mistakes() {
        let error = read::<Selection>(r#"{"items":[],"particpants":[]}"#).unwrap_err();
        assert_eq!(error.path, ".particpants");
        assert!(error.message.starts_with("unknown field `particpants`"), "{}", error.message);
    }
}
