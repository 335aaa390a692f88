//! The vectors in a browser: `wasm-pack test --headless --chrome`. Commands are carried out by the core inside this test; every question goes
//! through the doors, as objects of JavaScript. What a door answers must be what the vector expects, and what the core answers.

#![cfg(target_arch = "wasm32")]

use anyhow::{Result, anyhow, ensure};
use js_sys::JSON;
use leeway_core::{Booking, Instant, Offer};
use leeway_tests::files;
use leeway_tests::native::{Core, Native, Rules};
use leeway_tests::run::{Answer, run};
use leeway_tests::vector::Who;
use leeway_web::{Opened, open};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The rules behind the doors of the browser package.
struct Doors;

impl Rules for Doors {
    fn quote(&self, booking: &Booking, action: &Value, offers: &[Offer], at: Instant, who: Who) -> Result<Answer> {
        let actor = match who {
            Who::Customer => "customer",
            Who::Operator => "operator",
        };
        let (at_text, offered) = (at.to_string().into(), object(&offers)?);
        let answer = answered(opened(booking)?.quote(&object(action)?, &at_text, &actor.into(), &offered))?;
        same(&answer, &Core.quote(booking, action, offers, at, who)?)?;
        Ok(answer)
    }

    fn options(&self, booking: &Booking, at: Instant) -> Result<Value> {
        value(answered(opened(booking)?.options(&at.to_string().into()))?, Core.options(booking, at)?)
    }

    fn timeline(&self, booking: &Booking, selection: &Value) -> Result<Value> {
        value(answered(opened(booking)?.timeline(&object(selection)?))?, Core.timeline(booking, selection)?)
    }

    fn totals(&self, booking: &Booking) -> Result<Value> {
        value(answered(opened(booking)?.balance())?, Core.totals(booking)?)
    }
}

#[wasm_bindgen_test]
fn every_vector() {
    let vectors = files::all().expect("the vectors are understood");
    let mut failed = 0;
    for filed in &vectors {
        let found = run(&filed.vector, &mut Native::new(Doors));
        if !found.is_empty() {
            failed += 1;
            console_log!("{}: {}\n    {}", filed.file, filed.vector.name, found.join("\n    "));
        }
    }
    console_log!("vectors: ran {}", vectors.len());
    assert_eq!(failed, 0, "of {} vectors", vectors.len());
}

fn opened(booking: &Booking) -> Result<Opened> {
    open(&object(booking)?).map_err(|thrown| anyhow!("it throws {thrown:?}"))
}

fn object(value: &impl Serialize) -> Result<JsValue> {
    JSON::parse(&serde_json::to_string(value)?).map_err(|error| anyhow!("{error:?}"))
}

/// What a door answers, as text and read again: nothing of JavaScript is left in it.
fn answered(answer: Result<JsValue, JsValue>) -> Result<Answer> {
    let answer = answer.map_err(|thrown| anyhow!("it throws {thrown:?}"))?;
    let text = JSON::stringify(&answer).map_err(|error| anyhow!("{error:?}"))?;
    let answer: Value = serde_json::from_str(&String::from(text))?;
    let member = |name: &str| answer.get(name).cloned().ok_or_else(|| anyhow!("there is no `{name}` in {answer}"));
    Ok(if member("ok")? == Value::Bool(true) {
        Answer::Done(Some(member("value")?))
    } else {
        Answer::Refused(member("refusal")?)
    })
}

fn value(answer: Answer, native: Value) -> Result<Value> {
    same(&answer, &Answer::Done(Some(native.clone())))?;
    Ok(native)
}

fn same(door: &Answer, core: &Answer) -> Result<()> {
    ensure!(door == core, "the door answers {door:?}, the core {core:?}");
    Ok(())
}
