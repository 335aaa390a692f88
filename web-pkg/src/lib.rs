//! What JavaScript asks of `leeway-core`: a booking is read once, then every question about it is answered.
//!
//! A question is plain objects, its answer a plain object: `{ok: true, value}`, or `{ok: false, refusal}` where the rules say no. Only a
//! malformed call throws, one `TypeError` that names the argument and the field. There is no rule here, no arithmetic and no clock: `at`
//! comes with the question, as a text of RFC 3339 or as anything that `JSON.stringify` writes as one (a `Date`, a `Temporal.Instant`).
//!
//! Not what people import: `js/` has the package's doors, which open a booking, ask and free it.

#![forbid(unsafe_code)]

mod last;
pub mod objects;
pub mod wire;

use std::rc::Rc;

use js_sys::{Error, JSON, JsString, TypeError};
use leeway_core::{Action, Actor, Booking, Instant, Offer, Refusal, Selection};
use leeway_json::{Malformed, NoForm};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;

/// Less than half the code of the standard allocator. Natively, where this crate is only tested, the system's own is used.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The longest text of one argument, in UTF-16 units; a booking at all its limits is below it.
const TEXT_UNITS_MAX: u32 = 8 * 1024 * 1024;

// Made from the Rust types by `tests/types.rs`, which fails where this file differs from them.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../js/types.ts");

/// A booking that has been read: every question about it costs the question alone.
#[wasm_bindgen]
pub struct Opened(Rc<Booking>);

/// Reads a booking once, for all that is to be asked about it; one that says what the last one said is not read again.
///
/// # Errors
/// A `TypeError` for what is no booking.
#[wasm_bindgen]
pub fn open(#[wasm_bindgen(unchecked_param_type = "Booking")] booking: &JsValue) -> Result<Opened, JsValue> {
    reopen(written(booking).map_err(|untold| untold.thrown("booking"))?)
}

/// A booking by the text that it was read from, which is the one that is kept unless another was read since.
///
/// # Errors
/// A `TypeError` for a text that is no booking's.
#[wasm_bindgen]
pub fn reopen(text: JsString) -> Result<Opened, JsValue> {
    last::read(text, |text| parsed("booking", text)).map(Opened)
}

/// The text of the booking that is kept.
#[wasm_bindgen]
#[must_use]
pub fn kept() -> Option<JsString> {
    last::text()
}

#[wasm_bindgen]
impl Opened {
    /// What may be done with it at an instant, and until when: what buttons a page shows.
    ///
    /// # Errors
    /// A `TypeError` for a malformed call.
    #[wasm_bindgen(unchecked_return_type = "Answer<Options>")]
    pub fn options(&self, #[wasm_bindgen(unchecked_param_type = "At")] at: &JsValue) -> Result<JsValue, JsValue> {
        answer(leeway_core::options(&self.0, read::<Instant>("at", at)?))
    }

    /// What an action would do at an instant: fee, refund, where it goes, what changes next, and why. `actor` is `"customer"` where absent;
    /// `offers` are the slots that a move names, as the worker's `slots` door answers them.
    ///
    /// # Errors
    /// A `TypeError` for a malformed call.
    #[wasm_bindgen(unchecked_return_type = "Answer<Quote>")]
    pub fn quote(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Action")] action: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "At")] at: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Actor")] actor: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Offer[]")] offers: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (action, at) = (read::<Action>("action", action)?, read("at", at)?);
        let actor = if actor.is_undefined() { Actor::Customer } else { read("actor", actor)? };
        let offers: Vec<Offer> = if offers.is_undefined() { Vec::new() } else { read("offers", offers)? };
        answer(leeway_core::quote(&self.0, &action, &offers, actor, at))
    }

    /// How the price of canceling a selection changes with time: stretches with their fee and refund, earliest first.
    ///
    /// # Errors
    /// A `TypeError` for a malformed call.
    #[wasm_bindgen(unchecked_return_type = "Answer<Segment[]>")]
    pub fn timeline(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Selection")] selection: &JsValue,
    ) -> Result<JsValue, JsValue> {
        answer(leeway_core::timeline(&self.0, &read::<Selection>("selection", selection)?))
    }

    /// What is owed, paid and promised back, and the balance. Positive: the customer owes. Negative: the operator does.
    ///
    /// # Errors
    /// None in what is asked: only an answer that cannot be written.
    #[wasm_bindgen(unchecked_return_type = "Answer<Totals>")]
    pub fn balance(&self) -> Result<JsValue, JsValue> {
        answer(leeway_core::balance::totals(&self.0).map_err(Refusal::from))
    }
}

/// What is wrong with a value that ought to be a booking, an action, a selection or a list of offers; nothing where it is one.
///
/// # Errors
/// A `TypeError` where `what` names none of these.
#[wasm_bindgen(unchecked_return_type = "Mistake | undefined")]
pub fn mistake(
    #[wasm_bindgen(unchecked_param_type = "What")] what: &str,
    #[wasm_bindgen(unchecked_param_type = "unknown")] value: &JsValue,
) -> Result<JsValue, JsValue> {
    let is_one = match what {
        "booking" => is::<Booking>,
        "action" => is::<Action>,
        "selection" => is::<Selection>,
        "offers" => is::<Vec<Offer>>,
        _ => return Err(type_error("`what` is `booking`, `action`, `selection` or `offers`")),
    };
    let found = match written(value) {
        Ok(text) => is_one(&String::from(text)),
        Err(untold) => Err(Box::new(Malformed { path: String::new(), message: untold.sentence().to_owned() })),
    };
    match found {
        Ok(()) => Ok(JsValue::UNDEFINED),
        Err(malformed) => {
            let Malformed { path, message } = *malformed;
            object(&Mistake { path, message: wire::cut(message) })
        }
    }
}

fn is<T: DeserializeOwned>(text: &str) -> Result<(), Box<Malformed>> {
    leeway_json::read::<T>(text).map(drop)
}

/// Where something is wrong in a value, and what.
#[derive(Serialize)]
struct Mistake {
    path: String,
    message: String,
}

/// What a door answers.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<T> {
    Value { ok: bool, value: T },
    Refusal { ok: bool, refusal: Refusal },
}

fn answer<T: Serialize>(result: Result<T, Refusal>) -> Result<JsValue, JsValue> {
    object(&match result {
        Ok(value) => Answer::Value { ok: true, value },
        Err(refusal) => Answer::Refusal { ok: false, refusal },
    })
}

fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    objects::object(value).map_err(|NoForm| type_error("the answer has no form in JavaScript"))
}

fn read<T: DeserializeOwned>(argument: &str, value: &JsValue) -> Result<T, JsValue> {
    let text = written(value).map_err(|untold| untold.thrown(argument))?;
    parsed(argument, &String::from(text))
}

fn parsed<T: DeserializeOwned>(argument: &str, text: &str) -> Result<T, JsValue> {
    wire::read(argument, text).map_err(|sentence| type_error(&sentence))
}

/// Why a value has no text.
enum Untold {
    /// What was thrown while it was written.
    Thrown(JsValue),
    /// `undefined` itself, a function, a symbol.
    Missing,
    TooLarge,
}

impl Untold {
    /// What follows the argument's name.
    fn sentence(&self) -> &'static str {
        match self {
            Self::Thrown(_) => "cannot be written as JSON, see the cause",
            Self::Missing => "is missing",
            Self::TooLarge => "is larger than any booking",
        }
    }

    #[cold]
    fn thrown(self, argument: &str) -> JsValue {
        let error = type_error(&["`", argument, "` ", self.sentence()].concat());
        if let Self::Thrown(cause) = self {
            Error::unchecked_from_js_ref(&error).set_cause(&cause);
        }
        error
    }
}

/// The text that the value has as JSON, so that a page and the worker read the same thing. Runs the caller's getters, which may throw.
fn written(value: &JsValue) -> Result<JsString, Untold> {
    let text = JSON::stringify(value).map_err(Untold::Thrown)?;
    // JavaScript answers `undefined` for what has no text.
    if !text.is_string() {
        return Err(Untold::Missing);
    }
    if text.length() > TEXT_UNITS_MAX {
        return Err(Untold::TooLarge);
    }
    Ok(text)
}

#[cold]
fn type_error(sentence: &str) -> JsValue {
    TypeError::new(sentence).into()
}
