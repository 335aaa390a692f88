//! The doors against their description, by schemathesis. What is sent and checked is in tests/schemas.

use std::process::Command;

use anyhow::Result;

use crate::counts::Counts;
use crate::fakes::Fakes;
use crate::project::Project;
use crate::worker::Outside;
use crate::{layers, process, setup, suites};

const PROGRAM: &str = "tests/schemas/check.py";

/// How much schemathesis thinks of, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fuzzed {
    /// The most requests that it makes up for an operation, in each of its phases that has no end of its own.
    pub(crate) examples: u32,
    /// The same seed makes up the same requests.
    pub(crate) seed: u32,
}

/// What the ordinary tests do, in about a minute.
pub(crate) const OF_THE_TESTS: Fuzzed = Fuzzed { examples: 100, seed: 1 };

/// Runs it against a worker of its own.
///
/// # Errors
/// Something cannot be installed, built or started. A finding is a test that failed.
pub(crate) fn counts(project: &Project, Fuzzed { examples, seed }: Fuzzed) -> Result<Counts> {
    let python = setup::for_schemas(project)?;
    let fakes = Fakes::start(project, "schemas")?;
    let (worker, data, secrets) = suites::fresh_worker(project, "schemas", Outside::Fakes(&fakes))?;
    let mut check = Command::new(python);
    check.args(["-B", PROGRAM, "--url", worker.url(), "--folder"]).arg(&data).current_dir(project.root());
    check.args(["--examples", &examples.to_string(), "--seed", &seed.to_string()]);
    check.env("LEEWAY_URL", worker.url()).env("LEEWAY_ADMIN_KEY", &secrets.admin_key).env("LEEWAY_DATA", &data);
    check.env("LEEWAY_FAKES", fakes.told().to_string());
    let mut counts = Counts::default();
    let outcome = process::lines(&mut check, |line| {
        counts.read(line);
        eprintln!("{line}");
    })?;
    Ok(layers::not_silent(counts, outcome))
}
