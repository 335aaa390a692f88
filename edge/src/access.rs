//! Who may come in: control and payment links, quotes and API keys, each a signed token that the entry checks without waking anything.
//!
//! A token is base64url of payload ++ MAC, the MAC being HMAC-SHA256 over a purpose and the payload, cut to 128 bits. The purpose keeps one
//! kind from being taken for another. Whether a link was revoked only the booking's own object knows.

mod apikey;
mod hook;
mod link;
mod mac;
mod pay_link;
mod quote_token;
pub mod revoked;
mod role;

#[cfg(test)]
mod forgeries;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;

pub use apikey::ApiKey;
pub use hook::{open_hook, seal_hook};
pub use link::{Link, Scope};
pub use pay_link::{PayAccess, PayLink};
pub use quote_token::{Bound, Promise};
pub use role::Role;
