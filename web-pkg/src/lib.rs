//! The browser package: doors from JavaScript to the rules of `leeway-core`.
//!
//! A door reads plain objects, asks the rules, and answers with a plain object: `{ok: true, value}`, or `{ok: false, refusal}` where the
//! rules say no. Only a malformed call throws, one `TypeError` that names the argument and the field. There is no rule here, no
//! arithmetic, no clock and no state: `at` comes with the question, as a text of RFC 3339 or as anything that `JSON.stringify` writes as
//! one (a `Date`, a `Temporal.Instant`).
//!
//! ```js
//! import init, { quote } from "leeway";
//! await init();
//! const answer = quote(booking, { type: "cancel", selection: { all: true } }, new Date());
//! if (answer.ok) console.log(answer.value.refund.amount);
//! ```

#![forbid(unsafe_code)]

pub mod wire;

use js_sys::{Error, JSON, TypeError};
use leeway_core::{Action, Actor, Booking, Instant, Offer, Refusal, Selection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// Less than half the code of the standard allocator. Natively, where this crate is only tested, the system's own is used.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The longest text of one argument, in UTF-16 units; a booking at all its limits is below it.
const TEXT_UNITS_MAX: u32 = 8 * 1024 * 1024;

// Made from the Rust types by `tests/types.rs`, which fails where this file differs from them.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.ts");

/// What may be done with a booking at an instant, and until when: what buttons a page shows.
///
/// # Errors
/// A `TypeError` for a malformed call.
#[wasm_bindgen(unchecked_return_type = "Answer<Options>")]
pub fn options(
    #[wasm_bindgen(unchecked_param_type = "Booking")] booking: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "At")] at: &JsValue,
) -> Result<JsValue, JsValue> {
    let (booking, at) = (read::<Booking>("booking", booking)?, read::<Instant>("at", at)?);
    answer(leeway_core::options(&booking, at))
}

/// What an action would do at an instant: fee, refund, where it goes, what changes next, and why. `actor` is `"customer"` where absent;
/// `offers` are the slots that a move names, as the worker's `slots` door answers them.
///
/// # Errors
/// A `TypeError` for a malformed call.
#[wasm_bindgen(unchecked_return_type = "Answer<Quote>")]
pub fn quote(
    #[wasm_bindgen(unchecked_param_type = "Booking")] booking: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Action")] action: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "At")] at: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Actor")] actor: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Offer[]")] offers: &JsValue,
) -> Result<JsValue, JsValue> {
    let (booking, action) = (read::<Booking>("booking", booking)?, read::<Action>("action", action)?);
    let at = read("at", at)?;
    let actor = if actor.is_undefined() { Actor::Customer } else { read("actor", actor)? };
    let offers: Vec<Offer> = if offers.is_undefined() { Vec::new() } else { read("offers", offers)? };
    answer(leeway_core::quote(&booking, &action, &offers, actor, at))
}

/// How the price of canceling a selection changes with time: stretches with their fee and refund, earliest first.
///
/// # Errors
/// A `TypeError` for a malformed call.
#[wasm_bindgen(unchecked_return_type = "Answer<Segment[]>")]
pub fn timeline(
    #[wasm_bindgen(unchecked_param_type = "Booking")] booking: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Selection")] selection: &JsValue,
) -> Result<JsValue, JsValue> {
    let (booking, selection) = (read::<Booking>("booking", booking)?, read::<Selection>("selection", selection)?);
    answer(leeway_core::timeline(&booking, &selection))
}

/// What is owed, paid and promised back, and the balance. Positive: the customer owes. Negative: the operator does.
///
/// # Errors
/// A `TypeError` for a malformed call.
#[wasm_bindgen(unchecked_return_type = "Answer<Totals>")]
pub fn balance(#[wasm_bindgen(unchecked_param_type = "Booking")] booking: &JsValue) -> Result<JsValue, JsValue> {
    let booking = read::<Booking>("booking", booking)?;
    answer(leeway_core::balance::totals(&booking).map_err(Refusal::from))
}

/// What a door answers.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<T> {
    Value { ok: bool, value: T },
    Refusal { ok: bool, refusal: Refusal },
}

fn answer<T: Serialize>(result: Result<T, Refusal>) -> Result<JsValue, JsValue> {
    let text = wire::write(&match result {
        Ok(value) => Answer::Value { ok: true, value },
        Err(refusal) => Answer::Refusal { ok: false, refusal },
    });
    JSON::parse(&text.map_err(|error| type_error(&error))?)
}

fn read<T: DeserializeOwned>(argument: &str, value: &JsValue) -> Result<T, JsValue> {
    let text = text_of(argument, value)?;
    wire::read(argument, &text).map_err(|sentence| type_error(&sentence))
}

/// The text that the value has as JSON, so that a page and the worker read the same thing. Runs the caller's getters, which may throw.
fn text_of(argument: &str, value: &JsValue) -> Result<String, JsValue> {
    let text = JSON::stringify(value).map_err(|thrown| {
        let error = Error::from(type_error(&format!("`{argument}` cannot be written as JSON, see the cause")));
        error.set_cause(&thrown);
        JsValue::from(error)
    })?;
    // JavaScript answers `undefined` for what has no text: `undefined` itself, a function, a symbol.
    if !text.is_string() {
        return Err(type_error(&format!("`{argument}` is missing")));
    }
    if text.length() > TEXT_UNITS_MAX {
        return Err(type_error(&format!("`{argument}` is larger than any booking")));
    }
    Ok(String::from(text))
}

#[cold]
fn type_error(sentence: &str) -> JsValue {
    TypeError::new(sentence).into()
}
