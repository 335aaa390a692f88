//! The shapes that serde's derived code can have: written as serde_json writes them, and read back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    OneThing,
    Another,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Tagged {
    Empty {},
    Full { count: u8, name: Named },
    Wrapped(Inner),
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
enum Adjacent {
    Empty {},
    Full { text: String },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    one: Wrapper,
    two: Option<bool>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapper(i32);

#[derive(Debug, PartialEq, Serialize)]
struct Outer {
    #[serde(flatten)]
    code: Adjacent,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<u8>,
    list: Vec<Tagged>,
    pair: (u8, String),
    unit: (),
    letter: char,
    sizes: [i64; 3],
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Wrapped(String);

fn same<T: Serialize>(value: &T) {
    assert_eq!(leeway_json::write(value).unwrap(), serde_json::to_string(value).unwrap());
}

fn back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
    assert_eq!(leeway_json::read::<T>(&leeway_json::write(&value).unwrap()).unwrap(), value);
}

#[test]
fn written_as_serde_json_writes_them() {
    let inner = Inner { one: Wrapper(-5), two: None };
    let list = vec![Tagged::Empty {}, Tagged::Full { count: 3, name: Named::OneThing }, Tagged::Wrapped(inner)];
    let outer = |code| Outer {
        code,
        absent: None,
        list: Vec::new(),
        pair: (7, "a \"quoted\" \\ \u{7f} é 😀".to_owned()),
        unit: (),
        letter: 'š',
        sizes: [i64::MIN, 0, i64::MAX],
    };
    same(&outer(Adjacent::Empty {}));
    same(&Outer { list, ..outer(Adjacent::Full { text: String::new() }) });
    same(&(u64::MAX, Named::Another));
    same(&BTreeMap::from([(Wrapped("one".to_owned()), 1_u8), (Wrapped("two \"".to_owned()), 2)]));
}

#[test]
fn read_back() {
    back(Inner { one: Wrapper(5), two: Some(true) });
    back(vec![Inner { one: Wrapper(i32::MIN), two: None }]);
    back(vec![Named::Another, Named::OneThing]);
    back((1_u8, "two".to_owned(), [3_u16, 4]));
    back(BTreeMap::from([("a\nb".to_owned(), vec!['x', '\u{0}']), (String::new(), Vec::new())]));
}

/// Floats and bytes have no form; the error says so instead of a text that is none.
#[test]
fn what_has_no_form() {
    #[derive(Serialize)]
    enum Data {
        Newtype(u8),
        Tuple(u8, u8),
        Struct { a: u8 },
    }
    assert_eq!(leeway_json::write(&1.5), Err(leeway_json::NoForm));
    assert_eq!(leeway_json::write(&[Data::Newtype(1)]), Err(leeway_json::NoForm));
    assert_eq!(leeway_json::write(&Data::Tuple(1, 2)), Err(leeway_json::NoForm));
    assert_eq!(leeway_json::write(&Some(Data::Struct { a: 1 })), Err(leeway_json::NoForm));
    assert_eq!(leeway_json::write(&BTreeMap::from([(1, 2)])), Err(leeway_json::NoForm), "a key is a text");
}

#[test]
fn a_raw_value_goes_through_as_it_is() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Around<'a> {
        before: u8,
        #[serde(borrow)]
        raw: Vec<leeway_json::Raw<'a>>,
        after: Option<leeway_json::Raw<'a>>,
    }
    let values = [r#"{ "a" : [1.5e3, "\u00e9\n"] }"#, "null", "-0.0", r#""text""#, "[]", "true"];
    let text = format!(r#"{{"before":1,"raw":[{}],"after":{{"x":1}}}}"#, values.join(","));
    let around: Around<'_> = leeway_json::read(&text).unwrap();
    assert_eq!(around.raw.iter().map(leeway_json::Raw::as_str).collect::<Vec<_>>(), values);
    assert_eq!(leeway_json::write(&around).unwrap(), text);
    for value in values {
        assert_eq!(leeway_json::Raw::parse(value).unwrap().as_str(), value);
    }
    for broken in ["", "{", "[1,]", "1 2", "nul", "{\"a\":1}}", "\"", "01"] {
        assert!(leeway_json::Raw::parse(broken).is_err(), "{broken}");
        assert!(leeway_json::read::<Around<'_>>(&format!(r#"{{"before":1,"raw":[{broken}x]}}"#)).is_err(), "{broken}");
    }
    assert_eq!(
        leeway_json::Raw::of(&Inner { one: Wrapper(1), two: None }).unwrap().as_str(),
        r#"{"one":1,"two":null}"#
    );
}
