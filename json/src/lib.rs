//! JSON for the shapes that the rules have, in little code: the browser downloads every byte of it.
//!
//! Not a JSON library: there are no floats, a struct is written as an object, an enum as its name.
//!
//! ```
//! #[derive(serde::Serialize)]
//! struct Line {
//!     prices: Vec<u32>,
//! }
//! assert_eq!(leeway_json::write(&Line { prices: vec![1, 2] }).as_deref(), Ok(r#"{"prices":[1,2]}"#));
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::string_slice, clippy::arithmetic_side_effects))]

mod write;

pub use write::{NoForm, write};
