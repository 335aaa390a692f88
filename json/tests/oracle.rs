//! Another implementation of the same grammar, serde_json, asked the same: whatever one reads the other reads, as the same value, and what
//! is written means the same. Texts are made by breaking good ones, so that most are nearly JSON.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::string::string_regex;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Any value without floats.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Any {
    Null(()),
    Bool(bool),
    Unsigned(u64),
    Negative(i64),
    Text(String),
    List(Vec<Any>),
    Object(BTreeMap<String, Any>),
}

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kinds;
        impl<'de> Visitor<'de> for Kinds {
            type Value = Any;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything without floats")
            }
            fn visit_unit<E: de::Error>(self) -> Result<Any, E> {
                Ok(Any::Null(()))
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Any, E> {
                Ok(Any::Bool(value))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Any, E> {
                Ok(Any::Unsigned(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Any, E> {
                Ok(Any::Negative(value))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Any, E> {
                Ok(Any::Text(value.to_owned()))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Any, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(Any::List(values))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut object: A) -> Result<Any, A::Error> {
                let mut values = BTreeMap::new();
                while let Some((name, value)) = object.next_entry()? {
                    values.insert(name, value);
                }
                Ok(Any::Object(values))
            }
        }
        deserializer.deserialize_any(Kinds)
    }
}

/// A field that is known, and others that are read over.
#[derive(Debug, PartialEq, Deserialize)]
struct Loose {
    #[serde(default)]
    a: Option<u16>,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), string_regex("[a-z\"\\\\\u{0}-\u{1f}é😀/]{0,6}").unwrap()]
}

fn anything() -> impl Strategy<Value = Any> {
    let leaf = prop_oneof![
        Just(Any::Null(())),
        any::<bool>().prop_map(Any::Bool),
        any::<u64>().prop_map(Any::Unsigned),
        (i64::MIN..0).prop_map(Any::Negative),
        text().prop_map(Any::Text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Any::List),
            btree_map(prop_oneof![Just("a".to_owned()), text()], inner, 0..6).prop_map(Any::Object),
        ]
    })
}

/// A good text with a few of its characters replaced, removed or doubled, or others put in.
fn broken() -> impl Strategy<Value = String> {
    const PIECES: [&str; 26] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud83d",
        "\\ude00",
        "0",
        "-",
        "1.5",
        "1e5",
        ".",
        "E+",
        "-0",
        "01",
        "true",
        "null",
        "fals",
        " ",
        "\n",
        "\u{0}",
        "18446744073709551616",
    ];
    let change = (any::<prop::sample::Index>(), 0..3_u8, prop::sample::select(PIECES.to_vec()));
    (anything(), any::<bool>(), vec(change, 0..4)).prop_map(|(value, is_pretty, changes)| {
        let text = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let mut chars: Vec<String> = text.unwrap().chars().map(String::from).collect();
        for (at, kind, piece) in changes {
            let at = at.index(chars.len().max(1));
            match kind {
                0 => chars.insert(at, piece.to_owned()),
                1 if at < chars.len() => piece.clone_into(&mut chars[at]),
                _ if at < chars.len() => drop(chars.remove(at)),
                _ => {}
            }
        }
        chars.concat()
    })
}

/// Is it JSON? serde_json does not say where a number is too large for a float, which is nobody's business who reads over it.
fn is_json(text: &str) -> Option<bool> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Some(true),
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) => Some(false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reads_what_serde_json_reads(text in broken()) {
        match (leeway_json::read::<Any>(&text), serde_json::from_str::<Any>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(_), Err(_)) => {}
            (ours, theirs) => prop_assert!(false, "`{}`: {:?}, serde_json: {:?}", text, ours, theirs),
        }
    }

    #[test]
    fn reads_over_what_is_json(text in broken()) {
        let Some(is_json) = is_json(&text) else { return Ok(()) };
        prop_assert_eq!(leeway_json::read::<de::IgnoredAny>(&text).is_ok(), is_json);
        match (leeway_json::read::<Loose>(&text), serde_json::from_str::<Loose>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            // A struct is read from an object only. Half a pair of surrogates is no text, not even where it is read over.
            (Err(_), Ok(_)) => prop_assert!(text.trim_start().starts_with('[') || !is_json),
            (Err(_), Err(_)) => {}
            (Ok(ours), Err(theirs)) => prop_assert!(false, "{:?}, serde_json: {}", ours, theirs),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let ours = leeway_json::read::<Any>(&text).ok();
        let theirs = serde_json::from_str::<Any>(&text);
        prop_assert_eq!(ours, theirs.ok());
    }

    #[test]
    fn what_is_written_means_the_same(value in anything()) {
        let text = leeway_json::write(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), serde_json::to_value(&value).unwrap());
        prop_assert_eq!(leeway_json::read::<Any>(&text).unwrap(), value);
    }
}

/// Texts at the edges of the grammar, one by one, so that a failure needs no luck.
#[test]
fn the_edges_of_the_grammar() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let deep =
        [nested(126), nested(127), nested(128), nested(100_000), "[".repeat(100_000), objects(127), objects(128)];
    let texts = [
        "",
        " ",
        "0",
        "-0",
        "-1",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "1.5",
        "1e",
        "1e+",
        "1E-5",
        "1e400",
        "+1",
        "-",
        "--1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "0x1",
        "1 2",
        "nul",
        "null",
        "nulll",
        "true",
        "True",
        "false",
        "falsey",
        "NaN",
        "'a'",
        "\"",
        "\"a",
        "\"a\"",
        "\"a\"\"",
        "\"\t\"",
        "\"\u{7f}\"",
        "\"\\t\\/\\b\"",
        "\"\\x\"",
        "\"\\u00\"",
        "\"\\u00e9\"",
        "\"\\u00E9\"",
        "\"\\u+123\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83dx\"",
        "\"\\u0000\"",
        "\"é\\né\"",
        "[]",
        "[ ]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1,2",
        "[1}",
        "{}",
        "{ }",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1",
        "{\"a\":1]",
        "{}{}",
        "{}\u{0}",
        "\u{feff}{}",
        "\u{a0}1",
        "\u{b}1",
        "[1]]",
        "{\"a\\u0062\":1}",
    ];
    for text in texts.into_iter().map(str::to_owned).chain(deep) {
        let shown: String = text.chars().take(40).collect();
        assert_eq!(leeway_json::read::<Any>(&text).ok(), serde_json::from_str::<Any>(&text).ok(), "{shown}");
        let is_read_over = leeway_json::read::<de::IgnoredAny>(&text).is_ok();
        assert_eq!(is_read_over, is_json(&text).unwrap_or(text == "1e400"), "{shown}");
    }
}
