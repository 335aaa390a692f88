//! Reading what comes from outside: JSON with the path of the field that is wrong, and forms.

mod json_path;

use leeway_core::Instant;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The end of a range without one: nothing starts later.
const END_MS: i64 = i64::MAX;

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

/// The first field of a name.
pub fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
}

/// The instants `from` and `to` of a query, from the first one up to the other.
pub fn range(fields: &[(String, String)]) -> Result<(Instant, Instant), Problem> {
    let instant = |name: &str| match field(fields, name) {
        Some(text) => Instant::parse(&text).map(Some).map_err(|error| Problem::malformed(name, error.to_string())),
        None => Ok(None),
    };
    let (from, to) =
        (instant("from")?.unwrap_or(Instant::EPOCH), instant("to")?.unwrap_or(Instant::EPOCH.shifted_ms(END_MS)));
    if from < to { Ok((from, to)) } else { Err(Problem::malformed("to", "`to` is after `from`")) }
}
