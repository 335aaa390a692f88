//! The worker: doors, pages, and one Durable Object per operator. The rules are in `leeway-core`; nothing here decides.
//!
//! A request comes to `entry`, which refuses what it can without waking anything (a forged link, a body too large, an unknown path) and
//! hands the rest on untouched. The operator's `object` loads the booking's events, asks the rules, and commits once.
//!
//! The request path takes the platform's own `Request` and builds its `Response` from bytes, since each crossing between wasm and
//! JavaScript costs: see `docs/decisions/0001-the-request-path.md`.

#![cfg_attr(not(test), deny(clippy::string_slice))]
#![allow(unreachable_pub, reason = "an application: `pub` means seen by other modules, nothing is published")]
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "natively only unit tests call anything"))]

#[cfg(all(feature = "test-doors", not(debug_assertions)))]
compile_error!("`test-doors` lets a request set the clock: never in a release build");

/// The allocator of the browser package, which has less code than the standard one; here it also grows what it gave where it lies, and joins what
/// it got from the platform, since an instance lives long. Natively the system's own is used.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::GlobalTlsf = rlsf::GlobalTlsf::new();

mod base64url;
mod clock;
mod config;
mod hex;
mod host;

mod problem;
mod reply;

mod access;
mod cors;
mod route;
mod sealed;
mod settings;

mod entry;
mod object;
mod store;

mod effects;
mod outside;
mod provider;

mod words;

mod reader;

mod assets;
mod cursor;
mod ics;
mod input;
mod limiter;
mod log;
mod mail;
mod pages;

#[cfg(feature = "fuzzing")]
pub use access::fuzzing::tokens;
pub use entry::fetch;
pub use object::OperatorObject;
