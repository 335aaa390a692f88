//! Mail: which messages follow from what happened, what they say, and the bytes that are sent. Not when or how often: the outbox carries them,
//! see [`crate::effects`]. Pure but for the two that name the platform: the facts of a booking, written by its `Intl`, and the sockets.
//!
//! ```text
//! events ─▶ follow ─▶ kinds ─▶ facts (values of variables) ─┐
//!                              template of kind and locale ─┴▶ letter ─▶ mime ─▶ transport
//! ```
//!
//! Source: requirements E1, D5, F5, F7

pub mod address;
pub mod binding;
pub mod follow;
pub mod http;
pub mod kind;
pub mod letter;
pub mod mime;
pub mod sample;
pub mod settings;
pub mod smtp;
pub mod sockets;
pub mod template;
pub mod transport;

mod defaults;

pub use defaults::template as default_template;
