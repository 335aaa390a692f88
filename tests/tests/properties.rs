//! What holds for every booking: properties over random policies, bookings, histories and instants.
//!
//! A thousand cases each, or `PROPTEST_CASES`; the same ones every time, unless `PROPTEST_RNG_SEED` says otherwise. Not examples: those are
//! the vectors.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "properties/generate.rs"]
mod generate;
#[path = "properties/history.rs"]
mod history;
#[path = "properties/money.rs"]
mod money;
#[path = "properties/questions.rs"]
mod questions;
#[path = "properties/reach.rs"]
mod reach;
#[path = "properties/robust.rs"]
mod robust;
#[path = "properties/zones.rs"]
mod zones;

use proptest::test_runner::{Config, RngSeed};

/// The configuration of every property.
fn config() -> Config {
    let asked = |name| std::env::var_os(name).is_some();
    let default = Config { failure_persistence: None, ..Config::default() };
    let cases = if asked("PROPTEST_CASES") { default.cases } else { 1_000 };
    let rng_seed = if asked("PROPTEST_RNG_SEED") { default.rng_seed } else { RngSeed::Fixed(0x1ee_3a4) };
    Config { cases, rng_seed, max_shrink_iters: 20_000, ..default }
}
