//! Files of the pages. The page's own script, style and icon are embedded; the browser package, five times as large, lies beside the worker
//! in a folder that the platform serves. Addresses carry a version, so that a file never changes under its address.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

use crate::config::Config;
use crate::host::Fetcher;
use crate::problem::Problem;
use crate::reply::{Kind, Reply};

/// The description of the doors.
pub const OPENAPI: &str = include_str!("../openapi.json");

const PAGE_JS: &[u8] = include_bytes!("../assets/page.js");
const PAGE_CSS: &[u8] = include_bytes!("../assets/page.css");
const ICON: &[u8] = include_bytes!("../assets/icon.svg");

/// Where a file is.
pub enum Asset {
    /// In the worker.
    Embedded(Reply),
    /// In the folder beside it.
    Stored(Kind, &'static str),
}

/// Finds a file by its name.
pub fn find(name: &str) -> Option<Asset> {
    let embedded = |kind, bytes: &[u8]| Some(Asset::Embedded(Reply::bytes(200, kind, bytes.to_vec())));
    match name {
        "page.js" => embedded(Kind::Script, PAGE_JS),
        "page.css" => embedded(Kind::Style, PAGE_CSS),
        "icon.svg" => embedded(Kind::Icon, ICON),
        "leeway.js" => Some(Asset::Stored(Kind::Script, "leeway.js")),
        "leeway_bg.wasm" => Some(Asset::Stored(Kind::Wasm, "leeway_bg.wasm")),
        _ => None,
    }
}

/// Answers with a file of the folder, under our own headers: the folder's server knows no content types.
pub fn stored(config: &Config, kind: Kind, name: &'static str) -> js_sys::Promise {
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

/// Tells one build's files from another's.
pub const VERSION: u64 =
    fnv(fnv(fnv(0xcbf2_9ce4_8422_2325, env!("LEEWAY_PACKAGE_VERSION").as_bytes()), PAGE_JS), PAGE_CSS);

/// FNV-1a.
const fn fnv(mut hash: u64, mut bytes: &[u8]) -> u64 {
    while let [first, rest @ ..] = bytes {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}
