//! The simulation: from one seed a whole operator (policies, slots, customers, a payment provider, a network, a clock), thousands of commands, and
//! everything that goes wrong between them: requests that come twice, late, out of order or never, a worker that crashes between any two steps,
//! a provider that answers twice, fails, and fails after it has paid. After every step an auditor with books of its own checks that money is
//! conserved, nothing is oversold, and each refund leaves at most once.
//!
//! The same seed is the same run on every host, and [`Report::hash`] says so: it is taken over the JSON of every stored event, in order. There is
//! no time, no thread and no hash table in here.
//!
//! Not a test of the worker: the store, the outbox and the network are made up here, and the core is what is under test. What the worker has to
//! do like `server` does, so that the core's promises hold, is said there.
//!
//! ```
//! let report = leeway_tests::simulate::run(1, leeway_tests::simulate::NO_STOPWATCH)?;
//! assert!(report.commands >= leeway_tests::simulate::COMMANDS);
//! # Ok::<(), leeway_tests::simulate::Failure>(())
//! ```

use std::collections::BTreeMap;

mod audit;
mod catalog;
mod hash;
mod memory;
mod network;
mod people;
mod provider;
mod random;
mod server;
mod store;
mod world;

pub use hash::Hash;

use world::World;

/// How many commands a seed decides on, at least.
pub const COMMANDS: u64 = 1_200;

/// Says how many nanoseconds have passed since some moment. The simulation only adds up what it says; it changes nothing.
pub type Stopwatch = fn() -> u64;

/// For hosts that do not measure.
pub const NO_STOPWATCH: Stopwatch = || 0;

/// A mistake to make on purpose, so that the auditor can be seen to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// None.
    #[default]
    None,
    /// A command that comes twice is carried out twice.
    DedupeSkipped,
    /// What slots have to do is not written with the booking.
    PlacesNotWritten,
    /// A voucher is not written with the refund that it settles.
    VoucherNotWritten,
    /// What the provider is to pay back is not written with the events that want it.
    OutboxNotWritten,
    /// The provider is asked before the booking knows that it is.
    AskedBeforeClaimed,
    /// The provider pays again when it is asked again.
    ProviderForgets,
}

/// How often each of several names came up.
pub type Tally = BTreeMap<&'static str, u64>;

/// What a seed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// How many commands the rules decided on.
    pub commands: u64,
    /// How many of them they refused.
    pub refused: u64,
    /// How many came again after they had been carried out.
    pub repeated: u64,
    /// How often the worker crashed.
    pub crashes: u64,
    /// How many events were stored.
    pub events: u64,
    /// How many refunds the provider was to pay.
    pub payouts: u64,
    /// Events of bookings, by their kind.
    pub kinds: Tally,
    /// Refusals, by their code.
    pub refusals: Tally,
    /// How long the rules took, by the stopwatch: deciding, evolving, and what follows in slots and vouchers.
    pub rules_ns: u64,
    /// Over the JSON of every event, in the order in which they were stored.
    pub hash: u64,
}

/// What several seeds came to: the sums of their reports, and one hash over their hashes in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many seeds.
    pub seeds: u64,
    /// As in [`Report`].
    pub commands: u64,
    /// As in [`Report`].
    pub refused: u64,
    /// As in [`Report`].
    pub repeated: u64,
    /// As in [`Report`].
    pub crashes: u64,
    /// As in [`Report`].
    pub events: u64,
    /// As in [`Report`].
    pub payouts: u64,
    /// As in [`Report`].
    pub kinds: Tally,
    /// As in [`Report`].
    pub refusals: Tally,
    /// As in [`Report`].
    pub rules_ns: u64,
    /// Over the seeds' hashes.
    pub hash: Hash,
}

impl Summary {
    /// Of one seed.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut summary = Self::default();
        summary.add(report);
        summary
    }

    /// Adds a seed; the order counts.
    pub fn add(&mut self, report: &Report) {
        self.seeds += 1;
        self.commands += report.commands;
        self.refused += report.refused;
        self.repeated += report.repeated;
        self.crashes += report.crashes;
        self.events += report.events;
        self.payouts += report.payouts;
        for (sums, tally) in [(&mut self.kinds, &report.kinds), (&mut self.refusals, &report.refusals)] {
            tally.iter().for_each(|(name, count)| *sums.entry(name).or_default() += count);
        }
        self.rules_ns += report.rules_ns;
        self.hash.add(&report.hash.to_le_bytes());
    }
}

/// Runs seeds one after the other.
///
/// # Errors
/// The first seed that fails.
pub fn run_all(first: u64, seeds: u64) -> Result<Summary, Failure> {
    let mut summary = Summary::default();
    for seed in first..first.saturating_add(seeds) {
        summary.add(&run(seed, NO_STOPWATCH)?);
    }
    Ok(summary)
}

/// What did not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed: the same one fails again in the same step.
    pub seed: u64,
    /// The step, counted from 0.
    pub step: u64,
    /// What did not hold.
    pub what: String,
    /// Every event of what was written to in that step, in JSON.
    pub events: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}, step {}: {}", self.seed, self.step, self.what)
    }
}

impl std::error::Error for Failure {}

/// Runs a seed to its end.
///
/// # Errors
/// The first step after which something does not hold.
pub fn run(seed: u64, stopwatch: Stopwatch) -> Result<Report, Failure> {
    run_with(seed, Fault::None, stopwatch)
}

/// Runs a seed with a mistake in it.
///
/// # Errors
/// As [`run`].
pub fn run_with(seed: u64, fault: Fault, stopwatch: Stopwatch) -> Result<Report, Failure> {
    let failed = |step, error: anyhow::Error, events| Failure { seed, step, what: format!("{error:#}"), events };
    let mut world = World::new(seed, fault, stopwatch).map_err(|error| failed(0, error, Vec::new()))?;
    match world.run() {
        Ok(()) => Ok(world.report(seed)),
        Err(error) => Err(failed(world.step, error, world.last_written())),
    }
}
