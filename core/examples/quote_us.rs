//! Measures what a quote costs natively: `cargo run --release -p leeway-core --example quote_us`.
//!
//! The booking is the one of tests/fixtures/bench: three items of four participants, four windows each, paid in two parts. Every quote works
//! everything out anew. Printed is the median of many batches, so that a busy machine changes little.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant as Clock;

use leeway_core::{Action, Actor, Booking, Instant, Selection, quote};

const BOOKING: &str = include_str!("../../tests/fixtures/bench/made.json");
/// In the third window of each item.
const AT: &str = "2026-11-23T12:00:00Z";
const BATCHES: usize = 201;
const BATCH: u32 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let booking: Booking = serde_json::from_str(BOOKING)?;
    let at = Instant::parse(AT)?;
    let action = Action::cancel(Selection::All);
    quote(&booking, &action, &[], Actor::Customer, at)?;
    let mut batches_us: Vec<f64> = (0..BATCHES).map(|_| batch_us(&booking, &action, at)).collect();
    batches_us.sort_by(f64::total_cmp);
    let median_us = batches_us.get(BATCHES / 2).copied().unwrap_or_default();
    println!("native quote: {median_us:.2} µs");
    Ok(())
}

/// The mean of one batch.
#[allow(clippy::disallowed_methods, reason = "a measurement reads a clock")]
fn batch_us(booking: &Booking, action: &Action, at: Instant) -> f64 {
    let began = Clock::now();
    for _ in 0..BATCH {
        let answer = quote(black_box(booking), black_box(action), &[], Actor::Customer, black_box(at));
        drop(black_box(answer));
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(BATCH)
}
