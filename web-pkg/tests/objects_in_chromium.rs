//! Answers as objects are what `JSON.parse` makes of their JSON: `wasm-pack test --headless --chrome`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use js_sys::JSON;
use leeway_web::objects::object;
use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Serialize)]
struct Line {
    item: &'static str,
    items: Vec<u64>,
    #[serde(rename = "überbucht")]
    overbooked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<bool>,
    nothing: (),
    pair: (i64, bool),
    #[serde(flatten)]
    step: Step,
}

#[derive(Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
enum Step {
    KeptLines {},
    Percent { percent: u8 },
}

#[derive(Serialize)]
enum Bare {
    Whole,
}

fn line(step: Step) -> Line {
    let numbers = [0, 1, (1 << 29) - 1, 1 << 29, u64::from(u32::MAX), 1 << 32, (1 << 53) - 1, u64::MAX];
    Line {
        item: "naïve 🛶 \"quoted\" \\ \u{0} \u{2028} \u{feff}",
        items: numbers.to_vec(),
        overbooked: None,
        absent: None,
        nothing: (),
        pair: (i64::MIN, true),
        step,
    }
}

#[track_caller]
fn is_its_json<T: Serialize + ?Sized>(value: &T) {
    let text = leeway_json::write(value).expect("it has a form in JSON");
    let parsed = JSON::parse(&text).expect("its own JSON");
    let made = object(value).expect("it has a form");
    let written = |value| String::from(JSON::stringify(value).expect("a plain object"));
    assert_eq!(written(&made), written(&parsed));
}

#[wasm_bindgen_test]
fn every_shape_is_its_json() {
    is_its_json(&[line(Step::KeptLines {}), line(Step::Percent { percent: 50 })]);
    is_its_json(&[Some(-1), None, Some(i32::MIN)]);
    is_its_json(&Bare::Whole);
    is_its_json(&(-1_i64, -(1_i64 << 53), true, false, 'é', ""));
    is_its_json(
        &json!({ "": [[], {}, [[]], { "a": { "b": [null] } }], "ключ": "значение", "constructor": 1, "10": 2, "9": 3 }),
    );
    is_its_json(&BTreeMap::from([("one", vec![""; 2_000])]));
}

#[wasm_bindgen_test]
fn texts_of_any_length_come_one_after_the_other() {
    let texts: Vec<String> = (0..300).map(|length| "añ🛶".chars().cycle().take(length).collect()).collect();
    is_its_json(&texts);
    let deep = (0..200).fold(json!("within"), |inner, _| json!([{ "inner": inner }, "beside"]));
    is_its_json(&deep);
}

#[wasm_bindgen_test]
fn what_has_no_form_is_refused() {
    assert!(object(&1.5).is_err());
    assert!(object(&BTreeMap::from([(1, 2)])).is_err(), "a key is a text");
    let named = |name: &str| Value::Object([(name.to_owned(), json!({ "polluted": true }))].into_iter().collect());
    assert!(object(&named("__proto__")).is_err());
    is_its_json(&named("__proto"));
    is_its_json(&json!({ "a": "__proto__", "": 0, "a__proto__": 0 }));
}
