//! `cargo xtask simulate`: the simulation natively over many seeds, and in WebAssembly over a part of them, whose hashes must be the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::counts::Counts;
use crate::project::Project;
use crate::{Outcome, process, progress};

const TARGET: &str = "wasm32-unknown-unknown";

/// Which seeds are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seeds {
    /// The first.
    pub(crate) first: u64,
    /// How many natively.
    pub(crate) native: u64,
    /// How many of these, from the first on, in WebAssembly too.
    pub(crate) wasm: u64,
}

impl Seeds {
    /// A tenth of them runs in WebAssembly, but at least fifty where there are so many.
    pub(crate) fn of(first: u64, native: u64) -> Self {
        Self { first, native, wasm: (native / 10).max(50).min(native) }
    }
}

/// What `cargo xtask test` runs.
pub(crate) const OF_THE_TESTS: Seeds = Seeds { first: 1, native: 2_000, wasm: 100 };

/// What a host said of its seeds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    /// The hash of each seed.
    hashes: BTreeMap<u64, String>,
    /// Its other lines.
    lines: Vec<String>,
}

/// Runs the simulation and prints a table.
///
/// # Errors
/// It cannot be built or started. A seed that fails is an outcome.
pub(crate) fn simulate(project: &Project, seeds: Seeds) -> Result<Outcome> {
    let counts = counts(project, seeds)?;
    Ok(if counts.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

/// The same, as counts: each seed on each host is a test, and a host that did not say all of its hashes has failed.
///
/// # Errors
/// As [`simulate`].
pub(crate) fn counts(project: &Project, seeds: Seeds) -> Result<Counts> {
    let program = progress::timed("simulation, native build", || build_native(project))?;
    let module = progress::timed("simulation, WebAssembly build", || build_wasm(project))?;
    let native = progress::timed("simulation, native", || run_native(&program, seeds))?;
    let wasm = progress::timed("simulation, WebAssembly", || run_wasm(project, &module, seeds))?;
    for line in native.lines.iter().chain(&wasm.lines) {
        println!("{line}");
    }
    let differ = different(&native, &wasm);
    println!("{:<10}{:>8} seeds of {}", "native", native.hashes.len(), seeds.native);
    println!("{:<10}{:>8} seeds of {}, {} with another hash", "wasm", wasm.hashes.len(), seeds.wasm, differ.len());
    if let Some(seed) = differ.first() {
        println!("seed {seed} has another hash in WebAssembly");
    }
    Ok(sum(seeds, &native, &wasm))
}

fn sum(seeds: Seeds, native: &Said, wasm: &Said) -> Counts {
    let count = |said: &Said| u64::try_from(said.hashes.len()).unwrap_or(0);
    let differ = u64::try_from(different(native, wasm).len()).unwrap_or(0);
    let mut counts = Counts { passed: count(native) + count(wasm) - differ, failed: differ };
    for (said, wanted) in [(native, seeds.native), (wasm, seeds.wasm)] {
        if count(said) != wanted || wanted == 0 {
            counts += Counts::FAIL;
        }
    }
    counts
}

/// The seeds whose hash in WebAssembly is not the native one.
fn different(native: &Said, wasm: &Said) -> Vec<u64> {
    let differs = |(seed, hash): &(&u64, &String)| native.hashes.get(seed) != Some(hash);
    wasm.hashes.iter().filter(differs).map(|(seed, _)| *seed).collect()
}

fn build_native(project: &Project) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--profile", "bench", "--package", "leeway-tests", "--bin", "simulate"]);
    process::shown(cargo.current_dir(project.root()))?;
    Ok(project.target("release/simulate"))
}

fn build_wasm(project: &Project) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--profile", "bench", "--package", "leeway-simulate", "--target", TARGET]);
    process::shown(cargo.current_dir(project.root()))?;
    Ok(project.target(TARGET).join("release/leeway_simulate.wasm"))
}

fn run_native(program: &Path, seeds: Seeds) -> Result<Said> {
    let mut command = Command::new(program);
    command.args([seeds.native.to_string(), seeds.first.to_string()]).arg("--each");
    listen(&mut command)
}

fn run_wasm(project: &Project, module: &Path, seeds: Seeds) -> Result<Said> {
    let mut node = Command::new("node");
    node.arg("tests/hosts/simulate.mjs").arg(module).args([seeds.wasm.to_string(), seeds.first.to_string()]);
    listen(node.current_dir(project.root()))
}

/// Runs a host's program. That a seed failed is in its lines, and in the number of its hashes.
fn listen(command: &mut Command) -> Result<Said> {
    let mut said = Said::default();
    process::lines(command, |line| said.read(line)).context("the simulation does not start")?;
    Ok(said)
}

impl Said {
    fn read(&mut self, line: &str) {
        match seed_and_hash(line) {
            Some((seed, hash)) => drop(self.hashes.insert(seed, hash.to_owned())),
            None => self.lines.push(line.to_owned()),
        }
    }
}

/// `seed 17 hash 0123456789abcdef`.
fn seed_and_hash(line: &str) -> Option<(u64, &str)> {
    let (seed, hash) = line.strip_prefix("seed ")?.split_once(" hash ")?;
    Some((seed.parse().ok()?, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[&str]) -> Said {
        let mut said = Said::default();
        lines.iter().for_each(|line| said.read(line));
        said
    }

    #[test]
    fn hashes_are_told_from_prose() {
        let said = said(&["seed 7 hash 00ff", "commands 12", "failed: seed 8, step 3: oversold"]);
        assert_eq!((said.hashes.len(), said.lines.len()), (1, 2));
        assert_eq!(said.hashes.get(&7).map(String::as_str), Some("00ff"));
    }

    #[test]
    fn another_hash_or_a_missing_one_has_failed() {
        let seeds = Seeds { first: 1, native: 2, wasm: 1 };
        let native = said(&["seed 1 hash a", "seed 2 hash b"]);
        assert_eq!(sum(seeds, &native, &said(&["seed 1 hash a"])), Counts { passed: 3, failed: 0 });
        assert_eq!(sum(seeds, &native, &said(&["seed 1 hash c"])), Counts { passed: 2, failed: 1 });
        assert_eq!(sum(seeds, &native, &said(&[])), Counts { passed: 2, failed: 1 });
        assert_eq!(sum(seeds, &said(&["seed 1 hash a"]), &said(&["seed 1 hash a"])).failed, 1);
    }

    #[test]
    fn a_part_runs_in_webassembly() {
        assert_eq!(Seeds::of(5, 2_000), Seeds { first: 5, native: 2_000, wasm: 200 });
        assert_eq!(Seeds::of(5, 100).wasm, 50);
        assert_eq!(Seeds::of(5, 1).wasm, 1);
    }
}
