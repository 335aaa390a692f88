//! Test files that Node runs against a worker that is started for them, on a free port and an empty data folder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::{self, Flavor};
use crate::counts::Counts;
use crate::fakes::Fakes;
use crate::project::Project;
use crate::secrets::Secrets;
use crate::worker::{self, Beside, Launch, Log, Outside, Worker};
use crate::{layers, process, setup, vectors};

/// A folder of test files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// `tests/http`: the doors.
    Http,
    /// `tests/money`: payments, refunds and word of them, from end to end.
    Money,
    /// `tests/browser`: the pages.
    Browser,
    /// `tests/package`: the browser package, packed and installed.
    Package,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Money => "money",
            Self::Browser => "browser",
            Self::Package => "package",
        }
    }
}

/// Starts the tests' worker in an empty folder below target/xtask; answers it with that folder and its secrets.
///
/// # Errors
/// The build fails or the worker does not start.
pub(crate) fn fresh_worker(project: &Project, name: &str, outside: Outside<'_>) -> Result<(Worker, PathBuf, Secrets)> {
    let flavor = Flavor::TestDoors;
    build::worker(project, flavor)?;
    let data = project.scratch("data").join(name);
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty `{}`", data.display()))?;
    }
    fs::create_dir_all(&data)?;
    let secrets = Secrets::of_folder(&data)?;
    let port = worker::free_port()?;
    let (log, beside) = (Log::File, Beside::Nothing);
    let launch = Launch { flavor, data: &data, port, secrets: &secrets, log, beside, outside };
    let worker = Worker::start(project, &launch)?;
    Ok((worker, data, secrets))
}

/// Runs a suite.
///
/// # Errors
/// There is no test file, or the worker or a tool is missing.
pub(crate) fn run(project: &Project, suite: Suite, only: &str) -> Result<Counts> {
    let files = files(project, suite.name(), only)?;
    let fakes = Fakes::start(project, suite.name())?;
    let (worker, data, secrets) = fresh_worker(project, suite.name(), Outside::Fakes(&fakes))?;
    let mut node = node(project, files);
    node.env("LEEWAY_URL", worker.url()).env("LEEWAY_DATA", &data).env("LEEWAY_PID", worker.pid().to_string());
    node.env("LEEWAY_ADMIN_KEY", &secrets.admin_key).env("LEEWAY_LINK_KEYS", secrets.link_keys.to_string());
    node.env("LEEWAY_FAKES", fakes.told().to_string());
    node.env("LEEWAY_PYTHON", setup::for_calendars(project)?);
    match suite {
        Suite::Browser | Suite::Money => node.env("CHROMIUM", setup::for_browser(project)?.chromium),
        Suite::Package => node
            .env("CHROMIUM", setup::for_browser(project)?.chromium)
            .env("LEEWAY_VECTORS", vectors::prepared(project)?)
            .env("WORKERD", project.workerd()?),
        // For tests of what only another process finds.
        Suite::Http => node.env("WORKERD", project.workerd()?),
    };
    watch(&mut node)
}

/// Runs a folder of test files that need no worker.
///
/// # Errors
/// There is no test file, or a tool is missing.
pub(crate) fn without_worker(project: &Project, name: &str, only: &str) -> Result<Counts> {
    setup::for_build(project)?;
    watch(&mut node(project, files(project, name, only)?))
}

fn node(project: &Project, files: Vec<PathBuf>) -> Command {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]).args(files).current_dir(project.root());
    node
}

fn watch(node: &mut Command) -> Result<Counts> {
    let mut counts = Counts::default();
    let outcome = process::lines(node, |line| {
        counts.read(line);
        if worth_reading(line) {
            eprintln!("{line}");
        }
    })?;
    Ok(layers::not_silent(counts, outcome))
}

/// The test files of a folder with `only` in their names.
fn files(project: &Project, name: &str, only: &str) -> Result<Vec<PathBuf>> {
    let folder = format!("tests/{name}");
    let listed = fs::read_dir(project.path(&folder)).with_context(|| format!("there are no tests in `{folder}`"))?;
    let mut files: Vec<_> = listed.flatten().map(|entry| entry.path()).collect();
    let wanted = |name: &str| name.ends_with(".test.mjs") && name.contains(only);
    files.retain(|file| file.file_name().is_some_and(|name| wanted(&name.to_string_lossy())));
    files.sort();
    if files.is_empty() { bail!("there are no such tests in `{folder}`") } else { Ok(files) }
}

/// Tests that passed, and the details that TAP adds to them, are not.
fn worth_reading(line: &str) -> bool {
    let line = line.trim_start();
    let noise = ["ok ", "---", "...", "duration_ms:", "type:", "# Subtest", "TAP version", "1..", "# duration_ms"];
    !line.is_empty() && !noise.iter().any(|start| line.starts_with(start))
}
