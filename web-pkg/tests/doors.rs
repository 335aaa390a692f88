//! The doors as JavaScript meets them, in Node (`wasm-pack test --node`) and in Chromium (`wasm-pack test --headless --chrome`).

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use js_sys::{Array, Date, Function, JSON, Object, Reflect, TypeError};
use leeway_web::{mistake, open};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Three items of four participants, paid in full.
const BOOKING: &str = include_str!("../examples/booking.json");
/// While the booking can be canceled.
const BEFORE: &str = "2026-11-22T12:00:00Z";
/// After its last slot.
const AFTER: &str = "2026-12-24T12:00:00Z";
const MALFORMED_CALLS: u32 = 2_000;
/// What a call may leave behind for good: nothing. Growing once, to the size that the largest call needs, is no leak.
const WARM_UP_CALLS: u32 = 200;

/// What the package does for a question about a plain booking.
fn options(booking: &JsValue, at: &JsValue) -> Result<JsValue, JsValue> {
    open(booking)?.options(at)
}

fn quote(
    booking: &JsValue,
    action: &JsValue,
    at: &JsValue,
    actor: &JsValue,
    offers: &JsValue,
) -> Result<JsValue, JsValue> {
    open(booking)?.quote(action, at, actor, offers)
}

fn timeline(booking: &JsValue, selection: &JsValue) -> Result<JsValue, JsValue> {
    open(booking)?.timeline(selection)
}

fn balance(booking: &JsValue) -> Result<JsValue, JsValue> {
    open(booking)?.balance()
}

fn parsed(text: &str) -> JsValue {
    JSON::parse(text).expect("the test's own JSON")
}

fn booking() -> JsValue {
    parsed(BOOKING)
}

fn everything() -> JsValue {
    parsed(r#"{"type":"cancel","selection":{"all":true}}"#)
}

/// What stands at a path such as `items.0.id`.
fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| {
        Reflect::get(&value, &key.into()).unwrap_or_else(|_| panic!("nothing at `{path}`"))
    })
}

fn text(value: &JsValue, path: &str) -> String {
    at(value, path).as_string().unwrap_or_else(|| panic!("no text at `{path}`: {value:?}"))
}

fn with(value: JsValue, path: &str, new: impl Into<JsValue>) -> JsValue {
    let (parent, key) = path.rsplit_once('.').map_or((value.clone(), path), |(parent, key)| (at(&value, parent), key));
    Reflect::set(&parent, &key.into(), &new.into()).expect("a plain object");
    value
}

/// The sentence of the `TypeError` that a call throws.
fn thrown(result: Result<JsValue, JsValue>) -> String {
    let error = result.expect_err("it answers");
    error.dyn_into::<TypeError>().unwrap_or_else(|other| panic!("not a TypeError: {other:?}")).message().into()
}

#[wasm_bindgen_test]
fn options_say_until_when() {
    let answer = options(&booking(), &BEFORE.into()).expect("an answer");
    assert_eq!(at(&answer, "ok"), JsValue::TRUE);
    assert_eq!(at(&answer, "value.items").unchecked_into::<Array>().length(), 3);
    assert_eq!(at(&answer, "value.cancel.allowed"), JsValue::TRUE);
    assert_eq!(text(&answer, "value.at"), "2026-11-22T12:00:00.000Z");
}

#[wasm_bindgen_test]
fn a_quote_is_a_plain_object() {
    let answer =
        quote(&booking(), &everything(), &BEFORE.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).expect("an answer");
    assert_eq!(text(&answer, "value.type"), "cancel");
    assert_eq!(text(&answer, "value.fee.currency"), "EUR");
    assert!(at(&answer, "value.version").as_f64().is_some(), "a version is a number, not a BigInt");
    assert!(at(&answer, "value.next_change").is_object());
    assert_eq!(Object::keys(&Object::from(at(&answer, "value.fee"))).length(), 2);
}

#[wasm_bindgen_test]
fn the_instant_is_a_text_or_a_date() {
    let of_text =
        quote(&booking(), &everything(), &BEFORE.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).expect("an answer");
    let date = JsValue::from(Date::new(&BEFORE.into()));
    let of_date = quote(&booking(), &everything(), &date, &"customer".into(), &JsValue::UNDEFINED).expect("an answer");
    assert_eq!(JSON::stringify(&of_text).ok(), JSON::stringify(&of_date).ok());
}

#[wasm_bindgen_test]
fn a_timeline_has_segments() {
    let answer = timeline(&booking(), &parsed(r#"{"all":true}"#)).expect("an answer");
    let segments = at(&answer, "value").unchecked_into::<Array>();
    assert!(segments.length() > 1);
    assert_eq!(Object::keys(&Object::from(segments.get(0))).join(","), "until,fee,refund,refund_mode");
}

#[wasm_bindgen_test]
fn a_balance_is_the_sums() {
    let answer = balance(&booking()).expect("an answer");
    assert_eq!(text(&answer, "value.balance.amount"), "0.00");
    assert_eq!(text(&answer, "value.paid.amount"), text(&answer, "value.owed.amount"));
}

#[wasm_bindgen_test]
fn a_no_is_an_answer() {
    let answer =
        quote(&booking(), &everything(), &AFTER.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).expect("an answer");
    assert_eq!(at(&answer, "ok"), JsValue::FALSE);
    assert_eq!(text(&answer, "refusal.code"), "past_limit");
    assert_eq!(text(&answer, "refusal.params.verb"), "cancel");
    assert!(at(&answer, "value").is_undefined());
}

#[wasm_bindgen_test]
fn only_an_operator_gives_an_operators_reason() {
    let action = parsed(r#"{"type":"cancel","selection":{"all":true},"reason":"operator_cancellation"}"#);
    let ask =
        |actor: JsValue| quote(&booking(), &action, &BEFORE.into(), &actor, &JsValue::UNDEFINED).expect("an answer");
    assert_eq!(text(&ask(JsValue::UNDEFINED), "refusal.code"), "reason_not_allowed");
    assert_eq!(text(&ask("operator".into()), "value.fee.amount"), "0.00");
}

#[wasm_bindgen_test]
fn malformed_calls_name_the_field() {
    let money = with(booking(), "items.0.lines.2.price.amount", "1.234");
    assert!(thrown(balance(&money)).starts_with("`booking.items[0].lines[2]"), "{}", thrown(balance(&money)));
    assert!(thrown(balance(&money)).ends_with("`1.234` has more digits than EUR has"));

    let number = with(booking(), "items.1.lines.0.price.amount", 12.5);
    assert!(thrown(balance(&number)).starts_with("`booking.items[1].lines[0].price.amount`: invalid type"));

    assert!(thrown(balance(&with(booking(), "colour", "red"))).starts_with("`booking.colour`: unknown field"));
    assert_eq!(thrown(balance(&JsValue::UNDEFINED)), "`booking` is missing");
    assert_eq!(thrown(balance(&Function::new_no_args("").into())), "`booking` is missing");

    let typo = parsed(r#"{"type":"cancel","selection":{"items":[],"particpants":[]}}"#);
    let asked = thrown(quote(&booking(), &typo, &BEFORE.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED));
    assert!(asked.starts_with("`action.selection.particpants`: unknown field"), "{asked}");

    assert!(thrown(options(&booking(), &"tomorrow".into())).starts_with("`at`: `tomorrow` is not an instant"));
    assert!(thrown(options(&booking(), &Date::new(&"x".into()).into())).starts_with("`at`: invalid type: null"));
    let actor = thrown(quote(&booking(), &everything(), &BEFORE.into(), &"admin".into(), &JsValue::UNDEFINED));
    assert!(actor.starts_with("`actor`: unknown variant `admin`"), "{actor}");
}

#[wasm_bindgen_test]
fn an_open_booking_does_not_change() {
    let object = booking();
    let opened = open(&object).expect("a booking");
    with(object, "items.0.lines.2.price.amount", "1.234");
    let ask = || opened.quote(&everything(), &BEFORE.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    let (first, again) = (ask().expect("an answer"), ask().expect("an answer"));
    assert_eq!(JSON::stringify(&first).ok(), JSON::stringify(&again).ok());
    assert_eq!(text(&first, "value.type"), "cancel");
}

/// The one that was read last is kept, and must never answer for another.
#[wasm_bindgen_test]
fn a_booking_that_changed_is_another_booking() {
    let paid = |booking: &JsValue| text(&balance(booking).expect("an answer"), "value.paid.amount");
    let object = booking();
    let overpay = |object: JsValue| with(object, "payments.0.amount.amount", "1000.00");
    let (before, elsewhere) = (paid(&object), paid(&overpay(booking())));
    assert_ne!(before, elsewhere);
    assert_eq!(paid(&object), before);
    overpay(object.clone());
    assert_eq!(paid(&object), elsewhere, "the same object says something else now");
    with(object.clone(), "colour", "red");
    assert!(thrown(balance(&object)).starts_with("`booking.colour`"), "a mistake is found each time");
    assert!(thrown(balance(&object)).starts_with("`booking.colour`"));
    assert_eq!(paid(&booking()), before);
}

/// A getter that asks about another booking while this one is written.
#[wasm_bindgen_test]
fn a_question_within_a_question_is_answered() {
    let other = with(booking(), "payments.0.amount.amount", "1000.00");
    let ask = Closure::<dyn Fn() -> JsValue>::new(move || {
        balance(&other).expect("an answer");
        JsValue::from("a reference")
    });
    let asking = Object::from(booking());
    let getter = Object::new();
    Reflect::set(&getter, &"get".into(), ask.as_ref()).expect("a plain object");
    Reflect::set(&getter, &"enumerable".into(), &JsValue::TRUE).expect("a plain object");
    Object::define_property(&asking, &"reference".into(), &getter);
    let plain = with(booking(), "reference", "a reference");
    for _ in 0..2 {
        let (asked, told) = (balance(&asking).expect("an answer"), balance(&plain).expect("an answer"));
        assert_eq!(JSON::stringify(&asked).ok(), JSON::stringify(&told).ok());
    }
}

#[wasm_bindgen_test]
fn a_mistake_is_an_answer() {
    let found = |what: &str, value: &JsValue| mistake(what, value).expect("an answer");
    assert!(found("booking", &booking()).is_undefined());
    assert!(found("action", &everything()).is_undefined());
    assert!(found("selection", &parsed(r#"{"all":true}"#)).is_undefined());
    assert!(found("offers", &parsed("[]")).is_undefined());
    let wrong = found("booking", &with(booking(), "items.0.lines.2.price.amount", "1.234"));
    assert_eq!(text(&wrong, "path"), "items[0].lines[2].price");
    assert_eq!(text(&wrong, "message"), "`1.234` has more digits than EUR has");
    assert_eq!(text(&found("action", &JsValue::UNDEFINED), "message"), "is missing");
    for argument in hostile() {
        assert!(found("booking", &argument).is_object());
    }
    assert!(thrown(mistake("policy", &booking())).starts_with("`what` is `booking`"));
}

/// Arguments that a careless or hostile page could pass. None may trap: a trap would take every later call with it.
fn hostile() -> Vec<JsValue> {
    let made = |body: &str| Function::new_no_args(body).call0(&JsValue::NULL).expect("the test's own script");
    let mut arguments = vec![
        made("const a = {}; a.items = [a]; return a"),
        made("return { get items() { throw new Error('no') } }"),
        made("return new Proxy({}, { ownKeys() { throw 1 } })"),
        made("return { version: 1n }"),
        made("let a = {}; for (let i = 0; i < 100000; i++) a = { items: [a] }; return a"),
        made("return { toJSON() { return undefined } }"),
        made("return 'x'.repeat(9 * 1024 * 1024)"),
        made("return { reference: '\\ud800'.repeat(1000) }"),
        made("return Symbol('booking')"),
        JsValue::NULL,
        JsValue::from(42),
        JsValue::from("a text"),
        JsValue::TRUE,
        Array::new().into(),
    ];
    for path in ["id", "items", "items.0.terms.windows", "items.2.slot.zone", "plan.0.kind", "payments.1.amount"] {
        arguments.push(with(booking(), path, made("const a = {}; a.a = a; return a")));
        arguments.push(with(booking(), path, made("let a = 1; for (let i = 0; i < 200; i++) a = { a }; return a")));
        for value in ["-1", "1e400", "null", "[null]", "{}", r#""\u0000""#, "[[[[[]]]]]"] {
            arguments.push(with(booking(), path, JSON::parse(value).unwrap_or(JsValue::from(f64::INFINITY))));
        }
    }
    // A window's own fields, read flat.
    arguments.push(with(booking(), "items.0.terms.windows.0.percent", made("const a = []; a.push(a); return a")));
    arguments
}

/// Every door with an argument that it cannot take.
fn refuse(argument: &JsValue) {
    thrown(balance(argument));
    thrown(options(&booking(), argument));
    thrown(timeline(argument, argument));
    thrown(quote(&booking(), argument, &BEFORE.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED));
}

#[wasm_bindgen_test]
fn hostile_calls_throw_and_do_not_trap() {
    hostile().iter().for_each(refuse);
    assert_eq!(text(&balance(&booking()).expect("it still answers"), "value.balance.amount"), "0.00");
}

fn memory_bytes() -> f64 {
    at(&wasm_bindgen::memory(), "buffer.byteLength").as_f64().expect("a number")
}

#[wasm_bindgen_test]
fn malformed_calls_leave_nothing_behind() {
    let malformed = [
        with(booking(), "items.2.lines.0.price.amount", "1.234"),
        with(booking(), "payments.1.method", "barter"),
        Function::new_no_args("const a = {}; a.items = [a]; return a").call0(&JsValue::NULL).expect("a cycle"),
        Function::new_no_args("return { get id() { throw new Error('no') } }").call0(&JsValue::NULL).expect("a getter"),
        JsValue::UNDEFINED,
    ];
    let call = |number: u32| thrown(balance(&malformed[number as usize % malformed.len()]));
    (0..WARM_UP_CALLS).map(call).for_each(drop);
    let before = memory_bytes();
    (0..MALFORMED_CALLS).map(call).for_each(drop);
    console_log!("memory: {before} bytes before {MALFORMED_CALLS} malformed calls, {} after", memory_bytes());
    assert!(memory_bytes() <= before, "memory grew");
}
