//! Files of the pages, embedded: the browser package, the page's script and its style. Their URL carries their hash, so they never change.

use crate::reply::{Kind, Reply};

/// The description of the doors.
pub const OPENAPI: &str = include_str!("../openapi.json");

const PACKAGE_JS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/leeway.js"));
const PACKAGE_WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/leeway_bg.wasm"));
const PAGE_JS: &[u8] = include_bytes!("../assets/page.js");
const PAGE_CSS: &[u8] = include_bytes!("../assets/page.css");

/// A file by its name: `page.js`, or `page.js` with a hash that only tells versions apart.
pub fn reply(name: &str) -> Option<Reply> {
    let (kind, bytes) = match name {
        "leeway.js" => (Kind::Script, PACKAGE_JS),
        "leeway_bg.wasm" => (Kind::Wasm, PACKAGE_WASM),
        "page.js" => (Kind::Script, PAGE_JS),
        "page.css" => (Kind::Style, PAGE_CSS),
        _ => return None,
    };
    Some(Reply::bytes(200, kind, bytes.to_vec()))
}

/// Tells one build's files from another's: FNV-1a over all of them.
pub const VERSION: u64 = fnv(fnv(fnv(fnv(0xcbf2_9ce4_8422_2325, PACKAGE_JS), PACKAGE_WASM), PAGE_JS), PAGE_CSS);

const fn fnv(mut hash: u64, mut bytes: &[u8]) -> u64 {
    while let [first, rest @ ..] = bytes {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}
