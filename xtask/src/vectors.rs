//! `cargo xtask vectors`: the vectors on four hosts, each of which must run all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::counts::{self, Counts};
use crate::worker::Outside;

use crate::project::Project;
use crate::{Outcome, process, progress, setup, suites};

/// What the unit tests were compiled with is there already.
const TESTS_PROFILE: [&str; 2] = ["--profile", "test"];

/// Where the vectors run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// The rules compiled for this machine.
    Native,
    /// The browser package in Node.
    Node,
    /// The browser package in headless Chromium.
    Chromium,
    /// The worker, over HTTP.
    Workerd,
}

impl Host {
    const ALL: [Self; 4] = [Self::Native, Self::Node, Self::Chromium, Self::Workerd];

    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Node => "node",
            Self::Chromium => "chromium",
            Self::Workerd => "workerd",
        }
    }

    /// How many vectors it ran, all of them with the expected result.
    fn run(self, project: &Project, prepared: &Path) -> Result<u64> {
        match self {
            Self::Native => native(project, prepared),
            Self::Node => in_node(project, prepared),
            Self::Chromium => in_chromium(project, prepared),
            Self::Workerd => in_workerd(project),
        }
    }
}

/// Runs them and prints one line a host.
///
/// # Errors
/// Never for a failing host: that is an outcome.
pub(crate) fn vectors(project: &Project) -> Result<Outcome> {
    let counts = counts(project)?;
    Ok(if counts.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

/// The same, as counts: each vector on each host is a test, and a host that ran fewer than the native one has failed.
///
/// # Errors
/// The folder for the prepared vectors cannot be made.
pub(crate) fn counts(project: &Project) -> Result<Counts> {
    let prepared = place(project)?;
    let mut results = Vec::new();
    for host in Host::ALL {
        let name = host.name();
        let ran = progress::timed(&format!("vectors, {name}"), || host.run(project, &prepared));
        results.push((name, ran.inspect_err(|error| eprintln!("{name}: {error:#}")).ok()));
    }
    for (name, ran) in &results {
        println!("{name} {}", ran.map_or("failed".to_owned(), |number| number.to_string()));
    }
    Ok(sum(&results.iter().map(|(_, ran)| *ran).collect::<Vec<_>>()))
}

fn sum(results: &[Option<u64>]) -> Counts {
    let most = results.iter().flatten().max().copied().unwrap_or(0);
    let mut counts = Counts::default();
    for ran in results {
        let passed = ran.unwrap_or(0);
        counts += Counts { passed, failed: u64::from(ran.is_none() || passed < most || most == 0) };
    }
    counts
}

/// The vectors, each step with what the native build answers, for hosts that carry nothing out.
///
/// # Errors
/// A vector fails natively.
pub(crate) fn prepared(project: &Project) -> Result<PathBuf> {
    let prepared = place(project)?;
    native(project, &prepared).map(|_| prepared)
}

fn place(project: &Project) -> Result<PathBuf> {
    let folder = project.scratch("vectors");
    fs::create_dir_all(&folder)?;
    Ok(folder.join("prepared.json"))
}

fn native(project: &Project, prepared: &Path) -> Result<u64> {
    let mut command = runner(project);
    command.args(["native", "--prepare"]).arg(prepared);
    count(&mut command)
}

fn in_node(project: &Project, prepared: &Path) -> Result<u64> {
    build::browser_package(project)?;
    count(Command::new("node").arg("tests/hosts/node.mjs").arg(prepared).current_dir(project.root()))
}

/// wasm-pack compiles the tests of the browser package and drives them in Chromium.
fn in_chromium(project: &Project, prepared: &Path) -> Result<u64> {
    setup::for_build(project)?;
    let tools = setup::for_browser(project)?;
    let mut command = Command::new(&tools.wasm_pack);
    command.args(["test", "--headless", "--chrome", "--mode", "no-install"]).arg(project.path("web-pkg"));
    // In seconds; the default of 20 is short for a busy machine.
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    // wasm-pack builds before it tests, and would build once more with another profile.
    command.args(TESTS_PROFILE);
    // Without it the console, where the tests say how many vectors they ran, is not shown.
    command.args(["--", "--nocapture"]);
    command.env("PATH", Project::path_with(&tools.folders)?).env("CHROMEDRIVER", &tools.chromedriver);
    command.env("LEEWAY_VECTORS", prepared).current_dir(project.root());
    count(&mut command)
}

fn in_workerd(project: &Project) -> Result<u64> {
    let (worker, _, secrets) = suites::fresh_worker(project, "vectors", Outside::World)?;
    count(runner(project).args(["workerd", worker.url(), &secrets.admin_key]))
}

fn runner(project: &Project) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", "leeway-tests", "--bin", "vectors"]).args(TESTS_PROFILE).arg("--");
    cargo.current_dir(project.root());
    cargo
}

/// Runs a host's program; the last line that says `ran N` counts, and only if the program succeeded.
fn count(command: &mut Command) -> Result<u64> {
    let mut seen = Vec::new();
    let mut ran = None;
    let outcome = process::lines(command, |line| {
        ran = counts::ran(line).or(ran);
        seen.push(line.to_owned());
    })?;
    if outcome == Outcome::Failed {
        bail!("it failed:\n{}", seen.join("\n"));
    }
    ran.with_context(|| format!("it did not say how many it ran:\n{}", seen.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_must_run_all() {
        let all = [Some(60); 4];
        assert_eq!(sum(&all), Counts { passed: 240, failed: 0 });
        assert_eq!(sum(&[Some(60), Some(59), None, Some(60)]), Counts { passed: 179, failed: 2 });
        assert_eq!(sum(&[Some(0); 4]).failed, 4);
    }
}
