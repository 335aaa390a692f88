//! `cargo xtask kill`: customers go on while workerd is killed under them and started again on the same folder; then an auditor that shares no code
//! with the worker reads a copy of its database, the payment provider's journal, and what the customers were told.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::{self, Flavor};
use crate::counts::Counts;
use crate::fakes::Fakes;
use crate::project::Project;
use crate::secrets::Secrets;
use crate::worker::{self, Beside, Launch, Log, Outside, Worker};
use crate::{Outcome, process, progress};

/// What `cargo xtask test` does.
pub(crate) const OF_THE_TESTS: Kills = Kills { kills: 50, seed: 1 };
const CUSTOMERS: &str = "tests/kill/customers.mjs";
const AUDITOR: &str = "tests/auditor/audit.py";
/// That the auditor finds each kind of mistake.
const AUDITOR_AUDITED: &str = "tests/auditor/audit_test.py";
/// A worker lives between so long …
const LIFE_LEAST_MS: u64 = 80;
/// … and so long more.
const LIFE_SPREAD_MS: u64 = 700;

/// How often, and the seed of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kills {
    /// How often the worker is killed.
    pub(crate) kills: u32,
    /// Of when it is, and of what customers do and providers get wrong.
    pub(crate) seed: u64,
}

/// Runs it.
///
/// # Errors
/// Something cannot be built or started. A finding is an outcome.
pub(crate) fn kill(project: &Project, kills: Kills) -> Result<Outcome> {
    let counts = counts(project, kills)?;
    Ok(if counts.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

/// The same, as counts: that the auditor finds mistakes is one test, that the outbox emptied another, that the auditor found nothing a third.
///
/// # Errors
/// As [`kill`].
pub(crate) fn counts(project: &Project, Kills { kills, seed }: Kills) -> Result<Counts> {
    let auditor = process::quiet(python(project).arg(AUDITOR_AUDITED)).map(|_| Counts::PASS)?;
    build::worker(project, Flavor::TestDoors)?;
    let fakes = Fakes::start(project, "kill")?;
    let data = fresh(project)?;
    let secrets = Secrets::of_folder(&data)?;
    let told = data.join("told.jsonl");
    let port = worker::free_port()?;
    let (log, beside, outside) = (Log::File, Beside::Nothing, Outside::Fakes(&fakes));
    let launch = Launch { flavor: Flavor::TestDoors, data: &data, port, secrets: &secrets, log, beside, outside };
    let mut worker = Worker::start(project, &launch)?;
    let mut customers = Customers::start(project, &fakes, &launch, worker.url(), &told, seed)?;
    let mut chance = seed;
    for nth in 1..=kills {
        thread::sleep(Duration::from_millis(LIFE_LEAST_MS + next(&mut chance) % LIFE_SPREAD_MS));
        // Dropping it is `kill -9`.
        drop(worker);
        worker = Worker::start(project, &launch)?;
        if nth % 50 == 0 {
            progress::say(&format!("{nth} kills"));
        }
    }
    let emptied = customers.finish()?;
    drop(worker);
    let audited = audit(project, &data, &fakes.journal()?, &told)?;
    let mut counts = auditor;
    counts += one(emptied);
    counts += one(audited);
    Ok(counts)
}

fn one(outcome: Outcome) -> Counts {
    match outcome {
        Outcome::Passed => Counts::PASS,
        Outcome::Failed => Counts::FAIL,
    }
}

/// An empty folder for the worker's data.
fn fresh(project: &Project) -> Result<PathBuf> {
    let data = project.scratch("data").join("kill");
    if data.exists() {
        std::fs::remove_dir_all(&data).with_context(|| format!("cannot empty `{}`", data.display()))?;
    }
    std::fs::create_dir_all(&data)?;
    Ok(data)
}

/// When the next kill is; any chance will do, as long as it is the same for a seed.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Those who go on, whatever happens to the worker.
struct Customers {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Customers {
    fn start(project: &Project, fakes: &Fakes, launch: &Launch<'_>, url: &str, told: &Path, seed: u64) -> Result<Self> {
        let mut node = Command::new("node");
        node.arg(CUSTOMERS).current_dir(project.root()).stdin(Stdio::piped()).stdout(Stdio::piped());
        node.env("LEEWAY_URL", url).env("LEEWAY_ADMIN_KEY", &launch.secrets.admin_key);
        node.env("LEEWAY_FAKES", fakes.told().to_string());
        node.env("LEEWAY_TOLD", told).env("LEEWAY_SEED", seed.to_string());
        let mut child = node.spawn().context("cannot start the customers")?;
        let mut said = BufReader::new(child.stdout.take().context("the customers have no output")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let mut customers = Self { child, said };
        if line.trim() != "ready" {
            customers.child.kill()?;
            bail!("`{CUSTOMERS}` did not get ready");
        }
        Ok(customers)
    }

    /// Lets them come to their ends, and says whether they saw the outbox empty.
    fn finish(&mut self) -> Result<Outcome> {
        drop(self.child.stdin.take());
        let mut line = String::new();
        self.said.read_line(&mut line)?;
        println!("customers: {}", line.trim());
        Ok(if self.child.wait()?.success() { Outcome::Passed } else { Outcome::Failed })
    }
}

impl Drop for Customers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// On a copy: an auditor must not be able to change what it looks at.
fn audit(project: &Project, data: &Path, journal: &Path, told: &Path) -> Result<Outcome> {
    let copy = data.join("copy");
    build::copy_all(&data.join("objects"), &copy)?;
    process::lines(python(project).arg(AUDITOR).arg(&copy).arg(journal).arg(told), |line| println!("{line}"))
}

/// Python, with nothing but its own library, and leaving nothing beside the sources.
fn python(project: &Project) -> Command {
    let mut python = Command::new("python3");
    python.arg("-B").current_dir(project.root());
    python
}
