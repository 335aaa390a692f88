//! Files of the pages: script, style, icon and the browser package, and the description of the doors. They lie beside the worker in a folder
//! that the platform serves, since the worker is loaded often and they are not. Addresses carry a version, so that a file never changes under
//! its address.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

use crate::config::Config;
use crate::host::Fetcher;
use crate::problem::Problem;
use crate::reply::Kind;

/// A file of the folder, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset(Kind, &'static str);

/// The description of the doors.
pub const OPENAPI: Asset = Asset(Kind::Json, "openapi.json");

/// Finds a file of the pages by its name.
pub fn find(name: &str) -> Option<Asset> {
    match name {
        "page.js" => Some(Asset(Kind::Script, "page.js")),
        "page.css" => Some(Asset(Kind::Style, "page.css")),
        "icon.svg" => Some(Asset(Kind::Icon, "icon.svg")),
        "leeway.js" => Some(Asset(Kind::Script, "leeway.js")),
        "leeway_bg.wasm" => Some(Asset(Kind::Wasm, "leeway_bg.wasm")),
        _ => None,
    }
}

/// Answers with a file of the folder, under our own headers: the folder's server knows no content types.
pub fn stored(config: &Config, Asset(kind, name): Asset) -> js_sys::Promise {
    let folder: Fetcher = config.assets.clone();
    future_to_promise(async move {
        let found: Response = JsFuture::from(folder.fetch(&format!("http://assets/{name}"))?).await?.into();
        if found.status() != 200 {
            crate::log::error("assets", &format!("{name}: {}", found.status()));
            return Ok(Problem::INTERNAL.reply().into_response()?.into());
        }
        let init = kind.init(200)?;
        Ok(JsValue::from(Response::new_with_opt_readable_stream_and_init(found.body().as_ref(), &init)?))
    })
}

/// Tells one build's files from another's. Worked out by the compiler: the worker has the number only.
pub const VERSION: u64 = {
    let package = fnv(0xcbf2_9ce4_8422_2325, env!("LEEWAY_PACKAGE_VERSION").as_bytes());
    let script = fnv(package, include_bytes!("../assets/page.js"));
    let style = fnv(script, include_bytes!("../assets/page.css"));
    fnv(style, include_bytes!("../assets/icon.svg"))
};

/// FNV-1a.
const fn fnv(mut hash: u64, mut bytes: &[u8]) -> u64 {
    while let [first, rest @ ..] = bytes {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}
