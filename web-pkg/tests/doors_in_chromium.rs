//! The doors in a page: `wasm-pack test --headless --chrome`.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod doors;

wasm_bindgen_test_configure!(run_in_browser);
