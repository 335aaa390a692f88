//! Reading what comes from outside: JSON with the path of the field that is wrong, and forms.

use leeway_core::Instant;
use serde::de::DeserializeOwned;

use crate::cursor::Cursor;
use crate::problem::Problem;

/// The end of a range without one: nothing starts later.
const END_MS: i64 = i64::MAX;
/// The most values of one field that are read.
const CHOICES_MAX: usize = 20;
/// How many entries a list has where nothing is said.
const LIMIT_DEFAULT: u32 = 50;
/// And how many at most.
const LIMIT_MAX: u32 = 200;

/// Reads JSON; the error names the field.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    leeway_json::read(text).map_err(Problem::from)
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

/// All fields of a name, each one of the words that its kind has.
pub fn choices<T: DeserializeOwned>(fields: &[(String, String)], name: &str) -> Result<Vec<T>, Problem> {
    let named = fields.iter().filter(|(field, _)| field == name).take(CHOICES_MAX);
    let read = |(_, word): &(String, String)| {
        let quoted = leeway_json::write(word).map_err(|_| Problem::INTERNAL)?;
        leeway_json::read(&quoted).map_err(|malformed| Problem::malformed(name, malformed.message))
    };
    named.map(read).collect()
}

/// How many entries of a list are wanted at once.
pub fn limit(fields: &[(String, String)]) -> Result<u32, Problem> {
    let Some(text) = field(fields, "limit") else { return Ok(LIMIT_DEFAULT) };
    let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| Problem::malformed("limit", format!("1 to {LIMIT_MAX}")))
}

/// Cuts a list that has one entry more than is wanted where there are more; says where it goes on then.
pub fn page<T>(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> (Vec<T>, Option<String>) {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| cursor(row).text());
    (rows, next)
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

#[cfg(test)]
mod tests {
    use leeway_core::request::BookingRequest;
    use leeway_core::{Action, Policy};
    use serde::de::DeserializeOwned;

    fn path<T: DeserializeOwned>(text: &str) -> String {
        let Err(problem) = super::json::<T>(text) else { panic!("{text} is fine") };
        problem.path().unwrap_or_default().to_owned()
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
}
