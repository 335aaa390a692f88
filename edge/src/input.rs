//! Reading what comes from outside: JSON with the path of the field that is wrong, and forms.

mod json_path;

use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Reads JSON; the error names the field.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    // From bytes, as everything is read here: each kind of reader would be a second copy of all the types' readers.
    serde_json::from_slice(text.as_bytes()).map_err(|error| Problem::malformed(path_of(text, &error), plain(&error)))
}

fn path_of(text: &str, error: &serde_json::Error) -> String {
    let is_missing = error.is_data() && error.to_string().starts_with("missing field");
    let wrong = if is_missing { json_path::Wrong::Missing } else { json_path::Wrong::Value };
    json_path::at(text, error.line(), error.column(), wrong)
}

/// The parser's message without its position in the text, where the path says it better.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if error.is_data() { text.split(" at line ").next().unwrap_or_default().to_owned() } else { text }
}

/// The fields of a form or a query, in order. At most a thousand are read.
pub fn form(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .take(1_000)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
