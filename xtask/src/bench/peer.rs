//! The same service written by somebody else, loaded by turns with ours through its own script.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project::Project;
use crate::worker::{self, Beside};
use crate::{Outcome, process, progress};

const OURS: &str = "leeway";
const BOOKINGS: usize = 2_000;
/// What the peer makes by itself and would only be copied in vain.
const MADE: [&str; 4] = ["node_modules", "dist", "data", ".git"];

/// Seeds a fresh worker and hands it to `bench.sh` of a copy of the peer's folder, which may not be ours to write in.
///
/// # Errors
/// The folder has no `bench.sh`, or that fails.
pub(super) fn compare(project: &Project, folder: &Path) -> Result<Outcome> {
    ensure!(folder.join("bench.sh").is_file(), "`{}` has no bench.sh", folder.display());
    let missing = process::quiet(Command::new("sh").args(["-c", "command -v wrk"])).is_err();
    ensure!(!missing, "wrk is missing, which the peer's script needs: install it (Debian's package `wrk`)");
    let copy = project.scratch("peer");
    copy_sources(folder, &copy)?;
    packages(&copy)?;
    let (worker, secrets) = super::start(project, "peer", worker::free_port()?, Beside::Nothing)?;
    let tokens = project.scratch("peer-tokens.txt");
    fs::write(&tokens, super::seed(project, &worker, &secrets, BOOKINGS)?.join("\n") + "\n")?;
    let results = project.scratch("peer-results.json");
    let mut script = Command::new("bash");
    script.arg("bench.sh").current_dir(&copy).env("NAME", OURS).env("BASE_URL", worker.url());
    script.env("TOKENS", &tokens).env("SERVER_PID", worker.pid().to_string());
    script.env("PORT", worker::free_port()?.to_string()).env("OUT", &results);
    progress::say("the peer's script, about four minutes …");
    let outcome = process::lines(&mut script, |line| println!("{line}"))?;
    if outcome == Outcome::Passed {
        print_server_time(&serde_json::from_slice(&fs::read(&results)?)?);
    }
    Ok(outcome)
}

/// Not `npm ci`, which refuses a lock file that leaves out packages for other systems.
fn packages(folder: &Path) -> Result<()> {
    if folder.join("node_modules").is_dir() {
        return Ok(());
    }
    progress::timed("the peer's packages", || {
        let install = ["install", "--no-package-lock", "--no-audit", "--no-fund"];
        process::quiet(Command::new("npm").args(install).current_dir(folder)).map(drop)
    })
}

/// The script prints the ratios of requests a second; those of the server's time are in its file, ours being the better
/// the higher.
fn print_server_time(results: &Value) {
    let Some(medians) = results.get("medians").and_then(Value::as_object) else { return };
    for (load, targets) in medians {
        let Some(targets) = targets.as_object() else { continue };
        let time = |target: &Value| target.get("server_cpu_us").and_then(Value::as_f64);
        let Some(ours) = targets.get(OURS).and_then(time) else { continue };
        for (name, theirs) in targets.iter().filter(|(name, _)| *name != OURS) {
            if let Some(theirs) = time(theirs) {
                println!("{load}: server time, {name} ÷ {OURS} = {:.2}", theirs / ours);
            }
        }
    }
}

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if MADE.iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_sources(&entry.path(), &target)?;
        } else {
            // Not `fs::copy`, which would copy a write protection too.
            fs::write(&target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
