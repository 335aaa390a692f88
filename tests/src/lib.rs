//! The contract that no language owns: vectors in JSON, and the programs that run them on every host.
//!
//! Not a test framework, and not a second implementation of the rules: what is expected was worked out by hand from the requirements, and a
//! host only carries out the steps and is asked what it sees. `tests/vectors/README.md` describes the format.
//!
//! ```
//! let vectors = leeway_tests::files::all()?;
//! let first = vectors.first().ok_or_else(|| anyhow::anyhow!("there are vectors"))?;
//! assert_eq!(leeway_tests::run::run(&first.vector, &mut leeway_tests::native::native()), Vec::<String>::new());
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! Reading order: [`vector`], [`files`], [`resolve`], [`compare`], [`run`], [`native`], [`prepare`], [`english`], [`recompute`], and
//! natively `http`; beside them [`simulate`] and [`fuzz`].

#![forbid(unsafe_code)]

pub mod vector;

pub mod files;

pub mod resolve;

pub mod compare;
pub mod run;

pub mod native;
pub mod prepare;

pub mod english;
pub mod recompute;

pub mod simulate;

pub mod fuzz;

#[cfg(not(target_arch = "wasm32"))]
pub mod http;
