//! The same service written by somebody else, loaded by turns with ours through its own script.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project::Project;
use crate::worker::{self, Beside};
use crate::{Outcome, process, progress};

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
    let (worker, secrets) = super::start(project, "peer", worker::free_port()?, Beside::Nothing)?;
    let tokens = project.scratch("peer-tokens.txt");
    fs::write(&tokens, super::seed(project, &worker, &secrets, BOOKINGS)?.join("\n") + "\n")?;
    let mut script = Command::new("bash");
    script.arg("bench.sh").current_dir(&copy).env("NAME", "leeway").env("BASE_URL", worker.url());
    script.env("TOKENS", &tokens).env("SERVER_PID", worker.pid().to_string());
    script.env("PORT", worker::free_port()?.to_string()).env("OUT", project.scratch("peer-results.json"));
    progress::say("the peer's script, about three minutes …");
    process::lines(&mut script, |line| println!("{line}"))
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
