//! A mistake comes with the path of the field that is wrong, and a sentence.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "items")]
    _items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[serde(rename = "kind")]
    _kind: Kind,
    #[serde(rename = "count")]
    _count: Count,
    #[serde(default, rename = "tags")]
    _tags: Option<Vec<String>>,
    #[serde(default, rename = "at")]
    _at: (i8, i8),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Ticket,
    Charter,
}

/// A number that is checked once it is read.
#[derive(Debug, Deserialize)]
#[serde(try_from = "u16")]
struct Count;

impl TryFrom<u16> for Count {
    type Error = &'static str;
    fn try_from(count: u16) -> Result<Self, Self::Error> {
        if count > 0 { Ok(Self) } else { Err("a count is more than nothing") }
    }
}

fn wrong<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> (String, String) {
    let leeway_json::Malformed { path, message } = *leeway_json::read::<T>(text).unwrap_err();
    (path, message)
}

#[test]
fn the_field_that_is_wrong() {
    let item = |item: &str| format!(r#"{{"name":"n", "items" : [ {{"kind":"ticket","count":1}}, {item} ]}}"#);
    for (text, path, message) in [
        (item("7"), "items[1]", "invalid type: number `7`, expected an object"),
        (item(r#"{"kind":"boat"}"#), "items[1].kind", "unknown variant `boat`, expected one of `ticket`, `charter`"),
        (
            item(r#"{"kind":{"ticket":null}}"#),
            "items[1].kind",
            "invalid type: map, expected one of `ticket`, `charter`",
        ),
        (item(r#"{"kind":"charter"}"#), "items[1]", "missing field `count`"),
        (item(r#"{"count":0}"#), "items[1].count", "a count is more than nothing"),
        (item(r#"{"count":70000}"#), "items[1].count", "invalid value: number `70000`, expected u16"),
        (item(r#"{"count":-1}"#), "items[1].count", "invalid value: number `-1`, expected u16"),
        (item(r#"{"count":1.50}"#), "items[1].count", "invalid type: number `1.50`, expected u16"),
        (item(r#"{"count":1e400}"#), "items[1].count", "invalid type: number `1e400`, expected u16"),
        (item(r#"{"count":null}"#), "items[1].count", "invalid type: null, expected u16"),
        (item(r#"{"count":"1"}"#), "items[1].count", "invalid type: string `1`, expected u16"),
        (item(r#"{"count":1,"count":1}"#), "items[1].count", "duplicate field `count`"),
        (item(r#"{"tags":["a",true]}"#), "items[1].tags[1]", "invalid type: boolean `true`, expected a string"),
        (item(r#"{"tags":{}}"#), "items[1].tags", "invalid type: map, expected a sequence"),
        (item(r#"{"at":[1]}"#), "items[1].at", "invalid length 1, expected a tuple of size 2"),
        (item(r#"{"at":[1,2,3]}"#), "items[1].at[2]", "invalid length 3, expected fewer"),
        (item(r#"{"other":[1,{"deep":[}]}"#), "items[1].other[1].deep[0]", "no JSON from `}]} ]}` on"),
        (item(r#"{"a\"b":tru}"#), r#"items[1].a\"b"#, "no JSON from `} ]}` on"),
        (r#"{"name":"n","colour":1}"#.to_owned(), "colour", "unknown field `colour`, expected one of `name`, `items`"),
        (r#"{"name":"n","#.to_owned(), "name", "the JSON ends too early"),
        (r#"{"name":"n"} x"#.to_owned(), "", "no JSON from `x` on"),
        (r#"["n",[]]"#.to_owned(), "", "invalid type: sequence, expected an object"),
        ("{}".to_owned(), "", "missing field `name`"),
        (String::new(), "", "the JSON ends too early"),
    ] {
        assert_eq!(wrong::<Order>(&text), (path.to_owned(), message.to_owned()), "{text}");
    }
}

#[test]
fn a_message_shows_little_of_what_is_no_json() {
    let (path, message) = wrong::<Vec<Order>>(&format!("[{}", "é".repeat(1_000)));
    assert_eq!(path, "[0]");
    assert!(message.chars().count() < 50, "{message}");
    assert!(wrong::<Order>(&format!(r#"{{"name":{}"#, "[".repeat(100_000))).1.starts_with("invalid type: sequence"));
    let nested = wrong::<Item>(&format!(r#"{{"other":{}"#, "[".repeat(100_000)));
    assert_eq!(nested.1, "lists and objects are nested too deep");
}

/// A reader of a type that leaves its list before the end is refused: what follows would be read as something else.
#[test]
fn a_list_is_read_to_its_end() {
    #[derive(Debug)]
    struct First;
    impl<'de> Deserialize<'de> for First {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Hasty;
            impl<'de> serde::de::Visitor<'de> for Hasty {
                type Value = First;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a list")
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<First, A::Error> {
                    list.next_element::<u8>()?;
                    Ok(First)
                }
            }
            deserializer.deserialize_seq(Hasty)
        }
    }
    for text in ["[1]", "[1,2]", "[1", "[[1]"] {
        assert!(leeway_json::read::<First>(text).is_err(), "{text}");
    }
    assert!(leeway_json::read::<Vec<First>>("[[1]").is_err());
}
