//! The booking that was read last. Who asks about a plain booking mostly asks about the same one as before, and reading it is the dearest part of
//! the question.
//!
//! Known again by its text and never by its object, which may have been changed since: a booking that was changed has another text.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::JsString;
use leeway_core::Booking;
use wasm_bindgen::JsValue;

/// The longest text that is kept, in UTF-16 units: some thirty times a usual booking. What is longer is read each time.
const KEPT_UNITS_MAX: u32 = 256 * 1024;

struct Last {
    text: JsString,
    booking: Rc<Booking>,
}

thread_local! {
    static LAST: Cell<Option<Last>> = const { Cell::new(None) };
}

/// What was read of this text, where it is the last one; else what `read` makes of it, which is kept in its place. A mistake is not kept.
pub(crate) fn read(
    text: JsString,
    read: impl FnOnce(&str) -> Result<Booking, JsValue>,
) -> Result<Rc<Booking>, JsValue> {
    if let Some(booking) = known(&text) {
        return Ok(booking);
    }
    let booking = Rc::new(read(&String::from(&text))?);
    if text.length() <= KEPT_UNITS_MAX {
        LAST.set(Some(Last { text, booking: Rc::clone(&booking) }));
    }
    Ok(booking)
}

/// The text of the last one.
pub(crate) fn text() -> Option<JsString> {
    let last = LAST.take();
    let text = last.as_ref().map(|last| last.text.clone());
    LAST.set(last);
    text
}

fn known(text: &JsString) -> Option<Rc<Booking>> {
    let last = LAST.take()?;
    // Compared where it lies: it would have to be copied to be compared here.
    let booking =
        (AsRef::<JsValue>::as_ref(&last.text) == AsRef::<JsValue>::as_ref(text)).then(|| Rc::clone(&last.booking));
    LAST.set(Some(last));
    booking
}
