//! Reading what comes from outside: JSON with the path of the field that is wrong, and forms.

use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Reads JSON; the error names the field.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Problem::malformed(path, plain(&error.into_inner()))
    })?;
    reader.end().map_err(|error| Problem::malformed("", plain(&error)))?;
    Ok(value)
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
