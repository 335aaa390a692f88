//! What holds for every booking: properties over random policies, bookings, histories and instants.
//!
//! Ten thousand cases each, or `PROPTEST_CASES`; the same ones every time, unless `PROPTEST_RNG_SEED` says otherwise. Not examples: those are
//! the vectors.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a property looks for a few kinds of event or reason among many; the book in `ledger` names them all"
)]

#[path = "properties/agree.rs"]
mod agree;
#[path = "properties/conserved.rs"]
mod conserved;
#[path = "properties/explained.rs"]
mod explained;
#[path = "properties/generate.rs"]
mod generate;
#[path = "properties/history.rs"]
mod history;
#[path = "properties/ledger.rs"]
mod ledger;
#[path = "properties/money.rs"]
mod money;
#[path = "properties/moves.rs"]
mod moves;
#[path = "properties/play.rs"]
mod play;
#[path = "properties/policies.rs"]
mod policies;
#[path = "properties/questions.rs"]
mod questions;
#[path = "properties/reach.rs"]
mod reach;
#[path = "properties/refunds.rs"]
mod refunds;
#[path = "properties/robust.rs"]
mod robust;
#[path = "properties/undone.rs"]
mod undone;
#[path = "properties/zones.rs"]
mod zones;

use proptest::test_runner::{Config, RngSeed};

/// The configuration of every property.
fn config() -> Config {
    let asked = |name| std::env::var_os(name).is_some();
    let default = Config { failure_persistence: None, ..Config::default() };
    let cases = if asked("PROPTEST_CASES") { default.cases } else { 10_000 };
    let rng_seed = if asked("PROPTEST_RNG_SEED") { default.rng_seed } else { RngSeed::Fixed(0x1ee_3a4) };
    Config { cases, rng_seed, max_shrink_iters: 20_000, ..default }
}
