//! `cargo xtask test`: the layers of tests in order, each with the time it took, and their sum.

use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use crate::build::Flavor;
use crate::counts::Counts;
use crate::project::Project;
use crate::schemas::Fuzzed;
use crate::{Outcome, build, kill, process, progress, schemas, secrets, setup, simulate, sizes, suites, vectors};

/// One layer of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// The formatting.
    Fmt,
    /// The lints, natively and for wasm32.
    Clippy,
    /// The documentation: every link in it, private items included.
    Doc,
    /// Unit tests, properties and doctests.
    Unit,
    /// The fakes of the outside world, against clients that are not ours.
    Fakes,
    /// The sentences, as Fluent's own implementation says them.
    Words,
    /// The browser package and both workers.
    Build,
    /// The limits on what is shipped.
    Sizes,
    /// The vectors on every host.
    Vectors,
    /// Many seeds of the simulation, natively and in WebAssembly.
    Simulate,
    /// The worker's doors.
    Http,
    /// The doors against their description.
    Schemas,
    /// Payments, refunds and word of them, from end to end.
    Money,
    /// The worker is killed again and again, and its books are audited.
    Kill,
    /// The pages in a real browser.
    Browser,
    /// The browser package as people install it.
    Package,
    /// Whether the worker could be deployed.
    Deploy,
}

impl Layer {
    /// Every layer, in the order they run: cheap ones and those that explain later failures first.
    pub(crate) const ALL: [Self; 17] = [
        Self::Fmt,
        Self::Clippy,
        Self::Doc,
        Self::Unit,
        Self::Words,
        Self::Fakes,
        Self::Build,
        Self::Sizes,
        Self::Vectors,
        Self::Simulate,
        Self::Http,
        Self::Schemas,
        Self::Money,
        Self::Kill,
        Self::Browser,
        Self::Package,
        Self::Deploy,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Doc => "doc",
            Self::Unit => "unit",
            Self::Words => "words",
            Self::Fakes => "fakes",
            Self::Build => "build",
            Self::Sizes => "sizes",
            Self::Vectors => "vectors",
            Self::Simulate => "simulate",
            Self::Http => "http",
            Self::Schemas => "schemas",
            Self::Money => "money",
            Self::Kill => "kill",
            Self::Browser => "browser",
            Self::Package => "package",
            Self::Deploy => "deploy",
        }
    }

    fn run(self, project: &Project, only: &str, fuzzed: Fuzzed) -> Result<Counts> {
        match self {
            Self::Fmt => passes(cargo(project, &["fmt", "--all", "--check"])),
            Self::Clippy => clippy(project),
            Self::Doc => doc(project),
            Self::Unit => unit(project),
            Self::Words => suites::without_worker(project, "words", only),
            Self::Fakes => suites::without_worker(project, "fakes", only),
            Self::Build => build_all(project),
            Self::Sizes => sizes::sizes(project).map(one),
            Self::Vectors => vectors::counts(project),
            Self::Simulate => simulate::counts(project, simulate::OF_THE_TESTS),
            Self::Http => suites::run(project, suites::Suite::Http, only),
            Self::Schemas => schemas::counts(project, fuzzed),
            Self::Money => suites::run(project, suites::Suite::Money, only),
            Self::Kill => kill::counts(project, kill::OF_THE_TESTS),
            Self::Browser => suites::run(project, suites::Suite::Browser, only),
            Self::Package => suites::run(project, suites::Suite::Package, only),
            Self::Deploy => deploy(project),
        }
    }
}

/// Which tests to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The layers, in the order of [`Layer::ALL`].
    pub(crate) layers: Vec<Layer>,
    /// Of the layers that Node runs, the test files with this in their names; all of them if it is absent.
    pub(crate) only: Option<String>,
    /// Of the layer `schemas`: how long it goes on.
    pub(crate) fuzzed: Fuzzed,
}

/// Runs layers and prints their summary; the last line is `N passed, N failed`.
///
/// # Errors
/// Never for a failing layer: that is an outcome.
pub(crate) fn test(project: &Project, Selection { layers, only, fuzzed }: &Selection) -> Result<Outcome> {
    let only = only.as_deref().unwrap_or_default();
    let mut total = Counts::default();
    let mut summary = Vec::new();
    for layer in layers {
        let name = layer.name();
        progress::say(&format!("{name} …"));
        let began = Instant::now();
        let counts = layer.run(project, only, *fuzzed).unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Counts::FAIL
        });
        let time = progress::seconds(began.elapsed());
        summary.push(format!("{name:<10}{:>6} passed{:>6} failed  {time:>14}", counts.passed, counts.failed));
        total += counts;
    }
    println!("\n{}\n{} passed, {} failed", summary.join("\n"), total.passed, total.failed);
    Ok(if total.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

fn one(outcome: Outcome) -> Counts {
    match outcome {
        Outcome::Passed => Counts::PASS,
        Outcome::Failed => Counts::FAIL,
    }
}

/// A check that counts as one test.
fn passes(mut command: Command) -> Result<Counts> {
    process::shown(&mut command).map(|()| Counts::PASS)
}

fn cargo(project: &Project, args: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(project.root());
    cargo
}

/// The worker carries the browser package, so that one is there first.
fn clippy(project: &Project) -> Result<Counts> {
    build::browser_package(project)?;
    let native = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let wasm: [&str; 14] = [
        "clippy",
        "--quiet",
        "-p",
        "leeway-edge",
        "-p",
        "leeway-web",
        "--target",
        "wasm32-unknown-unknown",
        "--features",
        "leeway-edge/test-doors",
        "--lib",
        "--",
        "-D",
        "warnings",
    ];
    let mut counts = passes(cargo(project, &native))?;
    counts += passes(cargo(project, &wasm))?;
    Ok(counts)
}

/// As it is published, and with private items, where most links are.
fn doc(project: &Project) -> Result<Counts> {
    let published = ["doc", "--quiet", "-p", "leeway-core", "--all-features", "--no-deps"];
    let all = ["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"];
    for args in [&published[..], &all[..]] {
        process::shown(cargo(project, args).env("RUSTDOCFLAGS", "-Dwarnings"))?;
    }
    Ok(Counts::PASS)
}

fn unit(project: &Project) -> Result<Counts> {
    build::browser_package(project)?;
    let mut counts = Counts::default();
    let mut cargo = cargo(project, &["test", "--workspace", "--no-fail-fast"]);
    let outcome = process::lines(&mut cargo, |line| {
        counts.read(line);
        // Only what went wrong and how it ended is worth reading.
        if !line.ends_with("... ok") && !line.trim().is_empty() && !line.starts_with("running ") {
            eprintln!("{line}");
        }
    })?;
    Ok(not_silent(counts, outcome))
}

/// A program that fails without saying that a test failed has still failed, and so has one that ran nothing.
pub(crate) fn not_silent(counts: Counts, outcome: Outcome) -> Counts {
    let mut counts = counts;
    if counts.failed == 0 && (outcome == Outcome::Failed || counts.passed == 0) {
        counts += Counts::FAIL;
    }
    counts
}

fn build_all(project: &Project) -> Result<Counts> {
    build::worker(project, Flavor::Release)?;
    build::worker(project, Flavor::TestDoors)?;
    Ok(Counts { passed: 2, failed: 0 })
}

/// A dry run bundles, checks the bindings and the size, and contacts nobody.
fn deploy(project: &Project) -> Result<Counts> {
    setup::for_build(project)?;
    build::worker(project, Flavor::Release)?;
    secrets::write_dev_vars(project)?;
    let mut wrangler = Command::new(project.npm_bin("wrangler"));
    let out = project.scratch("deploy");
    wrangler.args(["deploy", "--dry-run", "--outdir"]).arg(out).current_dir(project.root());
    wrangler.env("WRANGLER_SEND_METRICS", "false").env("CI", "true");
    process::quiet(&mut wrangler).map(|_| Counts::PASS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_a_failure() {
        assert_eq!(not_silent(Counts::default(), Outcome::Passed), Counts::FAIL);
        assert_eq!(not_silent(Counts::PASS, Outcome::Failed), Counts { passed: 1, failed: 1 });
        assert_eq!(not_silent(Counts::FAIL, Outcome::Failed), Counts::FAIL);
        assert_eq!(not_silent(Counts::PASS, Outcome::Passed), Counts::PASS);
    }
}
