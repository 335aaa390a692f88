//! The platform's JavaScript that we touch on the request path, and nothing more. The rest goes through the `worker` crate.

use js_sys::{Array, JsString, Promise};
use uuid::Uuid;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
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
    fn transaction_sync(this: &Storage, work: &mut dyn FnMut() -> Result<JsValue, JsValue>)
    -> Result<JsValue, JsValue>;

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
}

impl Storage {
    /// Runs `work` in one transaction: an `Err` inside undoes everything.
    pub fn transaction<T, E: From<JsValue>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut work = Some(work);
        let mut outcome: Option<Result<T, E>> = None;
        let ran = self.transaction_sync(&mut || {
            let Some(work) = work.take() else { return Err(JsValue::UNDEFINED) };
            let done = work();
            let undo = done.is_err();
            outcome = Some(done);
            if undo { Err(JsValue::from_str("undone")) } else { Ok(JsValue::UNDEFINED) }
        });
        match (outcome, ran) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), Ok(_)) => Ok(value),
            (Some(Ok(_)), Err(error)) | (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Err(JsValue::from_str("a transaction did not run").into()),
        }
    }
}

/// Milliseconds since 1970 by the platform's clock.
pub fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the platform counts whole milliseconds within 2^53")]
    let ms = js_sys::Date::now() as i64;
    ms
}

/// An id of version 7: the millisecond first, so that rows of one time lie together.
pub fn fresh_uuid(at_ms: i64) -> Uuid {
    let mut random = [0; 10];
    get_random_values(&mut random);
    uuid::Builder::from_unix_timestamp_millis(at_ms.unsigned_abs(), &random).into_uuid()
}
