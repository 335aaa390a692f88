//! JSON in, as over HTTP, and the sentence about a mistake in it.

use leeway_json::Malformed;
use serde::de::DeserializeOwned;

/// The longest sentence about a mistake, in characters: it can quote its input.
const SENTENCE_CHARS_MAX: usize = 300;

/// Reads an argument; unknown fields are mistakes where the type says so.
///
/// # Errors
/// One sentence for the caller that names the argument and the field.
pub fn read<T: DeserializeOwned>(argument: &str, text: &str) -> Result<T, String> {
    leeway_json::read(text).map_err(|malformed| sentence(argument, &malformed))
}

fn sentence(argument: &str, Malformed { path, message }: &Malformed) -> String {
    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
    cut(["`", argument, dot, path, "`: ", message].concat())
}

/// No longer than a sentence may be.
pub fn cut(mut sentence: String) -> String {
    if let Some((cut, _)) = sentence.char_indices().nth(SENTENCE_CHARS_MAX) {
        sentence.truncate(cut);
        sentence.push('…');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use leeway_core::{Money, Selection};

    use super::*;

    #[test]
    fn mistakes_are_named() {
        let sentence = |text: &str| read::<Vec<Money>>("amounts", text).unwrap_err();
        let good = r#"{"amount":"1.00","currency":"EUR"}"#;
        assert_eq!(
            sentence(&format!(r#"[{good},{{"amount":1,"currency":"EUR"}}]"#)),
            "`amounts[1].amount`: invalid type: number `1`, expected an amount in text, such as \"12.50\""
        );
        assert!(sentence(r#"[["1.00","EUR"]]"#).starts_with("`amounts[0]`: invalid type: sequence, expected "));
        assert_eq!(sentence(r#"[{"amount":"1.00"}]"#), "`amounts[0]`: missing field `currency`");
        assert!(sentence(&format!(r#"["{}"]"#, "é".repeat(10_000))).chars().count() <= SENTENCE_CHARS_MAX + 1);
        assert!(sentence(&format!("{}{}", "[".repeat(500), "]".repeat(500))).contains("invalid type: sequence"));
    }

    #[test]
    fn unknown_fields_are_mistakes() {
        let sentence = read::<Selection>("selection", r#"{"items":[],"particpants":[]}"#).unwrap_err();
        assert!(sentence.starts_with("`selection.particpants`: unknown field `particpants`, expected "), "{sentence}");
    }
}
