//! The rules of a booking: what its customer may still do, until exactly when, and what it costs or pays back.
//!
//! The crate decides and nothing else. It has no clock, no randomness and no I/O: the instant comes with every question, ids come with
//! every command. The edge worker and the browser package ask the same compiled functions, so that what a page shows is what happens.
//!
//! It is not an event-sourcing framework, knows no HTTP, and makes no sentences: explanations are codes with parameters.
//!
//! ```
//! use leeway_core::{Currency, Money};
//! let eur = Currency::parse("EUR")?;
//! let price = Money::parse("33.33", eur)?;
//! assert_eq!(price.plus(price)?.to_string(), "66.66 EUR");
//! # Ok::<(), leeway_core::NotMoney>(())
//! ```
//!
//! Reading order: [`money`], [`time`], [`policy`], [`terms`], [`fee`], [`booking`], [`mod@balance`], [`plan`], [`refund`], [`voucher`],
//! [`slot`], [`cancel`], [`rebook`], [`mod@quote`], [`mod@decide`], [`undo`].

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::string_slice, clippy::arithmetic_side_effects, clippy::float_arithmetic))]

// What is derived names its crate.
extern crate self as leeway_core;

pub mod allocate;
pub mod currency;
pub mod fields;
pub mod map;
pub mod money;
#[cfg(feature = "schema")]
mod schema;
pub mod sort;
pub mod time;

pub mod policy;
pub mod terms;

pub mod fee;

pub mod balance;
pub mod booking;
pub mod cancel;
pub mod collect;
pub mod command;
pub mod commit;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod explain;
mod group;
pub mod id;
pub mod make;
pub mod options;
pub mod plan;
pub mod quote;
pub mod rebook;
pub mod refund;
pub mod refusal;
mod settle;
pub mod slot;
pub mod timeline;
pub mod undo;
pub mod voucher;
pub mod work;

#[cfg(feature = "tz")]
pub mod freeze;
#[cfg(feature = "tz")]
pub mod request;
#[cfg(feature = "tz")]
pub mod what_if;
#[cfg(feature = "tz")]
mod zones;

pub use balance::{Totals, balance};
pub use booking::{Booking, Item};
pub use collect::{Ask, collect};
pub use command::{Action, Actor, Command, Envelope, Selection};
pub use commit::{Commit, carry_out};
pub use currency::Currency;
pub use decide::decide;
pub use event::Event;
pub use evolve::evolve;
pub use map::Map;
pub use money::{Money, MoneyError, NotMoney};
pub use options::{Options, options};
pub use plan::schedule;
pub use policy::Policy;
pub use quote::{Quote, quote};
pub use rebook::Offer;
pub use refusal::Refusal;
pub use terms::Terms;
pub use time::Instant;
pub use timeline::timeline;
pub use voucher::Voucher;
