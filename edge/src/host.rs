//! The platform's JavaScript that we touch, and nothing more.

use js_sys::{Array, JsString, Promise};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// What a deployment binds.
    pub type Env;

    #[wasm_bindgen(js_namespace = console, js_name = log)]
    pub fn console_log(line: &str);
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    pub fn console_error(line: &str);

    /// The entry's: this instance is dead.
    #[wasm_bindgen(js_namespace = ["globalThis", "leeway"])]
    fn died();

    /// Where objects are found.
    #[derive(Clone)]
    pub type Namespace;
    #[wasm_bindgen(method, catch, js_name = idFromName)]
    pub fn id_from_name(this: &Namespace, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &Namespace, id: &JsValue) -> Result<Stub, JsValue>;

    /// One object, seen from outside.
    pub type Stub;
    #[wasm_bindgen(method, catch)]
    pub fn fetch(this: &Stub, request: &web_sys::Request) -> Result<Promise, JsValue>;

    /// A service beside the worker.
    #[derive(Clone)]
    pub type Fetcher;
    #[wasm_bindgen(method, catch)]
    pub fn fetch(this: &Fetcher, url: &str) -> Result<Promise, JsValue>;

    /// An object's own state.
    pub type ObjectState;
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &ObjectState) -> Storage;

    /// An object's storage.
    #[derive(Clone)]
    pub type Storage;
    #[wasm_bindgen(method, getter)]
    pub fn sql(this: &Storage) -> Sql;
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    pub fn transaction_sync(
        this: &Storage,
        work: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// Sets the object's one alarm, in milliseconds since 1970; another one before it is forgotten.
    #[wasm_bindgen(method, js_name = setAlarm)]
    pub fn set_alarm(this: &Storage, at_ms: f64) -> Promise;

    /// The object's SQLite.
    #[derive(Clone)]
    pub type Sql;
    #[wasm_bindgen(method, catch, variadic)]
    pub fn exec(this: &Sql, query: &JsString, bindings: &Array) -> Result<Cursor, JsValue>;

    /// Rows.
    pub type Cursor;
    #[wasm_bindgen(method)]
    pub fn raw(this: &Cursor) -> js_sys::Iterator;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);

    #[wasm_bindgen(js_name = fetch, catch)]
    fn fetch_outside(request: &web_sys::Request) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(ms: f64) -> JsValue;
}

/// Sees to it that a panic is heard of: it ends in a trap, which inside a promise reaches nobody. Where it happened is logged, not what it
/// says, which may quote a customer's data.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        crate::log::error("panic", &place);
        died();
    }));
}

/// Milliseconds since 1970 by the platform's clock.
pub fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the platform counts whole milliseconds within 2^53")]
    let ms = js_sys::Date::now() as i64;
    ms
}

/// A request to the outside.
pub struct Outgoing<'a> {
    pub method: &'static str,
    pub url: &'a str,
    pub headers: &'a [(&'static str, &'a str)],
    pub body: Option<&'a str>,
    /// After so many milliseconds nobody waits for the answer any more.
    pub limit_ms: u32,
}

/// What came back.
pub struct Incoming {
    pub status: u16,
    pub body: String,
    headers: web_sys::Headers,
}

impl Incoming {
    /// A header, where it is there.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

impl Outgoing<'_> {
    /// Sends it and reads the answer. An error leaves open whether it arrived.
    pub async fn send(&self) -> Result<Incoming, String> {
        self.exchange().await.map_err(|error| said(&error))
    }

    /// Sends it and reads nothing of the answer but its status, however long it is.
    pub async fn post(&self) -> Result<u16, String> {
        let response = self.fetched().await.map_err(|error| said(&error))?;
        if let Some(body) = response.body() {
            // Nothing depends on it: what is not read is let go.
            drop(JsFuture::from(body.cancel()).await);
        }
        Ok(response.status())
    }

    async fn exchange(&self) -> Result<Incoming, JsValue> {
        let response = self.fetched().await?;
        let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        Ok(Incoming { status: response.status(), body, headers: response.headers() })
    }

    async fn fetched(&self) -> Result<web_sys::Response, JsValue> {
        let headers = web_sys::Headers::new()?;
        for (name, value) in self.headers {
            headers.set(name, value)?;
        }
        let init = web_sys::RequestInit::new();
        init.set_method(self.method);
        init.set_headers(&headers);
        if let Some(body) = self.body {
            init.set_body(&JsValue::from_str(body));
        }
        // Nobody is led elsewhere with a key in the hand.
        js_sys::Reflect::set(&init, &"redirect".into(), &"manual".into())?;
        js_sys::Reflect::set(&init, &"signal".into(), &abort_after(f64::from(self.limit_ms)))?;
        let request = web_sys::Request::new_with_str_and_init(self.url, &init)?;
        Ok(JsFuture::from(fetch_outside(&request)?).await?.into())
    }
}

/// What the platform says of a request that failed.
fn said(error: &JsValue) -> String {
    let named = js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    named.unwrap_or_else(|| "no connection".to_owned())
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    get_random_values(&mut bytes);
    bytes
}

/// An id of version 7: the millisecond first, so that rows of one time lie together.
pub fn fresh_uuid(at_ms: i64) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(at_ms.unsigned_abs(), &random()).into_uuid()
}
