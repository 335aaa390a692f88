//! Handing a message to the platform's own mail, where a deployment has bound it: the message's bytes, and nobody's secret.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::mime::Message;
use super::smtp::Handed;

#[wasm_bindgen(module = "/js/email.mjs")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn message(from: &str, to: &str, raw: &str) -> Result<Promise, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// What the deployment calls `EMAIL`.
    #[derive(Clone)]
    pub type SendEmail;
    #[wasm_bindgen(method, catch)]
    fn send(this: &SendEmail, message: &JsValue) -> Result<Promise, JsValue>;
}

/// Hands a message over. The platform says no in words only, so whatever it says is tried again.
pub async fn send(binding: &SendEmail, message: &Message) -> Handed {
    match exchange(binding, message).await {
        Ok(()) => Handed::Over,
        Err(error) => Handed::Later(super::sockets::why(&error)),
    }
}

async fn exchange(binding: &SendEmail, message: &Message) -> Result<(), JsValue> {
    let (from, to, raw) = (message.from.address.as_str(), message.to.address.as_str(), message.to_mime());
    let message = JsFuture::from(self::message(from, to, &raw)?).await?;
    JsFuture::from(binding.send(&message)?).await.map(drop)
}
