//! `cargo xtask instructions`: how many instructions a quote, a decision and an event take, counted by valgrind's callgrind. Unlike times they hardly
//! change from run to run, so that a change of one per cent is one.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{Outcome, process, progress};

/// How often each thing is done in the shorter run; the longer one does it twice as often, and the difference is what counts.
const TIMES: u64 = 1_000;

/// One thing that is counted.
struct Counted {
    name: &'static str,
    /// The argument of `core/examples/counted.rs`.
    what: &'static str,
    times: u64,
    /// The events of the history.
    events: u64,
    /// Into how many parts one run is divided.
    parts: u64,
}

const ALL: [Counted; 5] = [
    Counted { name: "quote", what: "quote", times: TIMES, events: 1, parts: 1 },
    Counted { name: "decide and apply", what: "decide", times: TIMES, events: 1, parts: 1 },
    Counted { name: "an event of 10", what: "replay", times: TIMES, events: 10, parts: 10 },
    Counted { name: "an event of 100", what: "replay", times: 100, events: 100, parts: 100 },
    Counted { name: "an event of 1,000", what: "replay", times: 50, events: 1_000, parts: 1_000 },
];

/// Counts and prints one line a thing.
///
/// # Errors
/// valgrind is missing, or says nothing.
pub(crate) fn instructions(project: &Project) -> Result<Outcome> {
    if process::quiet(Command::new("valgrind").arg("--version")).is_err() {
        bail!("valgrind is missing: `apt-get install valgrind`, or your system's way to install it");
    }
    progress::timed("the program that is counted", || {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "--profile", "bench", "--package", "leeway-core", "--example", "counted"]);
        process::shown(cargo.current_dir(project.root()))
    })?;
    for Counted { name, what, times, events, parts } in ALL {
        let (less, more) = (run(project, what, times, events)?, run(project, what, 2 * times, events)?);
        println!("{name:<18} {:>7}", more.saturating_sub(less) / (times * parts));
    }
    Ok(Outcome::Passed)
}

fn run(project: &Project, what: &str, times: u64, events: u64) -> Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(project.target("release/examples/counted")).args([what, &times.to_string(), &events.to_string()]);
    let output = valgrind.output().context("cannot start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    counted(&said).with_context(|| format!("valgrind says nothing of instructions:\n{said}"))
}

/// The number behind `refs:` in valgrind's summary.
fn counted(said: &str) -> Option<u64> {
    let (_, number) = said.rsplit_once("refs:")?;
    number.lines().next()?.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found() {
        assert_eq!(counted("==1== \n==1== I   refs:      21,738,819\n"), Some(21_738_819));
        assert_eq!(counted("==1== killed"), None);
    }
}
