//! JSON for the shapes that the rules have, in little code: the browser downloads every byte of it.
//!
//! Not a JSON library: there are no floats, a struct is written and read as an object, an enum as its name, and a field has one name (an alias
//! would be taken for the next field). What is read is strict JSON, and a
//! mistake in it comes with the path of the field that is wrong.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Line {
//!     prices: Vec<u32>,
//! }
//! let line: Line = leeway_json::read(r#"{"prices":[1,2]}"#)?;
//! assert_eq!(leeway_json::write(&line).as_deref(), Ok(r#"{"prices":[1,2]}"#));
//!
//! let wrong = leeway_json::read::<Line>(r#"{"prices":[1,"2"]}"#).err();
//! assert_eq!(wrong.map(|wrong| wrong.path).as_deref(), Some("prices[1]"));
//! # Ok::<(), Box<leeway_json::Malformed>>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::string_slice, clippy::arithmetic_side_effects))]

mod form;
mod mistake;
mod number;
mod plain;
mod raw;
mod read;
mod source;
mod write;

pub use form::{Form, NoForm, Whole, tell};
pub use raw::Raw;
pub use read::{Malformed, read, read_as};
pub use write::write;
