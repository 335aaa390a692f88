//! Runs the simulation: `simulate SEEDS [FIRST] [--each]`, on every core.
//!
//! Prints how many commands there were, how fast, and one hash over the seeds' hashes; with `--each` the hash of every seed before that. A seed that
//! fails is printed with its step and with the events of what was written to in it, and the exit code is 1.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use leeway_tests::simulate::{Failure, Report, Summary, run};

const USAGE: &str = "simulate SEEDS [FIRST] [--each]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match options(&arguments).and_then(start) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    seeds: u64,
    first: u64,
    each: bool,
}

fn options(arguments: &[String]) -> Result<Options> {
    let each = arguments.iter().any(|argument| argument == "--each");
    let numbers = arguments.iter().filter(|argument| *argument != "--each");
    let numbers: Vec<u64> = numbers.map(|text| text.parse().context(USAGE)).collect::<Result<_>>()?;
    match numbers.as_slice() {
        [seeds] if *seeds > 0 => Ok(Options { seeds: *seeds, first: 1, each }),
        [seeds, first] if *seeds > 0 => Ok(Options { seeds: *seeds, first: *first, each }),
        _ => bail!("usage: {USAGE}"),
    }
}

fn start(options: Options) -> Result<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let began = stopwatch();
    let results = on_all_cores(&options, threads);
    let wall = Duration::from_nanos(stopwatch().saturating_sub(began));
    let mut summary = Summary::default();
    for result in results {
        match result {
            Ok(report) => {
                if options.each {
                    println!("seed {} hash {:016x}", report.seed, Summary::of(&report).hash.value());
                }
                summary.add(&report);
            }
            Err(failure) => {
                print_failure(&failure);
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    print_summary(&summary, wall, threads);
    Ok(ExitCode::SUCCESS)
}

/// Each core takes the next seed until there are none, or one has failed; answers them in the order of their seeds.
fn on_all_cores(options: &Options, threads: usize) -> Vec<Result<Report, Failure>> {
    let next = AtomicU64::new(options.first);
    let end = options.first.saturating_add(options.seeds);
    let results = Mutex::new(Vec::new());
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let result = run_aloud(seed);
        if result.is_err() {
            next.store(end, Ordering::Relaxed);
        }
        results.lock().unwrap_or_else(PoisonError::into_inner).push((seed, result));
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(seed, _)| *seed);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A panic of the rules is a failure of its seed as well, and says which.
fn run_aloud(seed: u64) -> Result<Report, Failure> {
    struct Aloud(u64);
    impl Drop for Aloud {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("seed {} panicked", self.0);
            }
        }
    }
    let _aloud = Aloud(seed);
    run(seed, stopwatch)
}

#[expect(clippy::disallowed_methods, reason = "this program measures")]
fn stopwatch() -> u64 {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(BEGAN.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn print_failure(failure: &Failure) {
    println!("failed: {failure}");
    for event in &failure.events {
        println!("    {event}");
    }
}

fn print_summary(summary: &Summary, wall: Duration, threads: usize) {
    let a_second = |commands: u64, time: Duration| format!("{:.0}", commands as f64 / time.as_secs_f64().max(1e-9));
    let Summary { seeds, commands, refused, repeated, crashes, events, payouts, kinds, refusals, rules_ns, hash } =
        summary;
    for (what, tally) in [("events", kinds), ("refusals", refusals)] {
        let counts: Vec<String> = tally.iter().map(|(name, count)| format!("{name} {count}")).collect();
        println!("{what}: {}", counts.join(", "));
    }
    println!("seeds {seeds}");
    println!("commands {commands}, of which refused {refused}; repeated besides {repeated}");
    println!("events {events}, payouts {payouts}, crashes {crashes}");
    println!("rules on one core {} commands/s", a_second(*commands, Duration::from_nanos(*rules_ns)));
    println!("everything on {threads} cores {} commands/s in {:.1} s", a_second(*commands, wall), wall.as_secs_f64());
    println!("hash {:016x}", hash.value());
}
