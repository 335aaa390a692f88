//! The rules alone in wasm, for `cargo xtask bench`: a booking is read once, then quoted as often as the clock's owner wants.
//!
//! Not a part of the package. Compiled as it is, with the profile `web` and the same pass of wasm-opt; tests/hosts/rules_us.mjs calls it.

#![forbid(unsafe_code)]

use std::hint::black_box;

use leeway_core::{Action, Actor, Booking, Instant, Selection, quote};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// A question that is ready to be asked.
#[wasm_bindgen]
pub struct Question {
    booking: Booking,
    action: Action,
    at: Instant,
}

#[wasm_bindgen]
impl Question {
    /// Reads the booking and the instant; everything that may still be canceled is to be canceled.
    ///
    /// # Errors
    /// What is malformed, or the rules' "no".
    #[wasm_bindgen(constructor)]
    pub fn new(booking: &str, at: &str) -> Result<Question, JsError> {
        let booking: Booking =
            leeway_web::wire::read("booking", booking).map_err(|sentence| JsError::new(&sentence))?;
        let at = Instant::parse(at)?;
        let action = Action::cancel(Selection::All);
        quote(&booking, &action, &[], Actor::Customer, at)?;
        Ok(Self { booking, action, at })
    }

    /// Works the quote out so many times, each time anew.
    pub fn ask(&self, times: u32) {
        for _ in 0..times {
            let answer =
                quote(black_box(&self.booking), black_box(&self.action), &[], Actor::Customer, black_box(self.at));
            drop(black_box(answer));
        }
    }
}
