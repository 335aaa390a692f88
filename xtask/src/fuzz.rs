//! `cargo xtask fuzz`: bytes from a fuzzer, for policies, bookings, events and tokens. It begins with the corpus that is kept in
//! tests/fixtures/corpus; with `--keep` what it finds interesting is added there, the shortest first, and the ordinary tests do it again.
//!
//! It needs a nightly compiler, for the address sanitizer. Nothing else of the project does.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{Outcome, build, process, progress};

/// Bytes that a target is given at most: longer ones are read like shorter ones, only slower.
const BYTES_MAX: &str = "8192";
/// How much of a target's corpus is kept.
const KEPT_BYTES_MAX: u64 = 60_000;
const KEPT_FILES_MAX: usize = 120;
const MANIFEST: &str = "fuzz/Cargo.toml";
const TARGETS: [&str; 4] = ["policy", "booking", "event", "tokens"];
/// As cargo-fuzz builds: coverage that libFuzzer reads, comparisons that it learns from, memory that is watched.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Ccodegen-units=1";

/// For how long, and what becomes of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fuzzing {
    /// For each target.
    pub(crate) seconds: u32,
    /// Is it added to the corpus of the tests?
    pub(crate) corpus: Corpus,
}

/// The corpus of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Corpus {
    /// It stays.
    Stays,
    /// What was found is added to it.
    Grows,
}

/// Runs every target.
///
/// # Errors
/// There is no nightly compiler, or a target does not build. Bytes that break a target are an outcome.
pub(crate) fn fuzz(project: &Project, fuzzing: Fuzzing) -> Result<Outcome> {
    let host = host()?;
    build::browser_package(project)?;
    progress::timed("fuzzer, build", || compile(project, &host))?;
    let mut outcome = Outcome::Passed;
    for name in TARGETS {
        let target = Target::new(project, &host, name)?;
        match progress::timed(name, || target.run(fuzzing.seconds)) {
            Ok(()) => println!("{name:<10}{:>5} s  nothing found", fuzzing.seconds),
            Err(error) => {
                eprintln!("{error:#}");
                println!("{name:<10}  FOUND something: see {}", target.findings.display());
                outcome = Outcome::Failed;
            }
        }
        if fuzzing.corpus == Corpus::Grows {
            println!("{name:<10}{:>5} files kept", target.keep()?);
        }
    }
    Ok(outcome)
}

/// The machine's own target, by the nightly compiler.
fn host() -> Result<String> {
    let said = process::quiet(Command::new("rustup").args(["run", "nightly", "rustc", "-vV"]));
    let Ok(said) = said else { bail!("fuzzing needs a nightly compiler: `rustup toolchain install nightly`") };
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("the compiler does not say for which machine it compiles")
}

fn folder(project: &Project) -> PathBuf {
    project.scratch("fuzz")
}

fn compile(project: &Project, host: &str) -> Result<()> {
    let mut cargo = Command::new("rustup");
    cargo.args(["run", "nightly", "cargo", "build", "--quiet", "--release", "--manifest-path", MANIFEST]);
    cargo.args(["--target", host, "--target-dir"]).arg(folder(project)).current_dir(project.root());
    // Said by this program's own cargo, for its own compiler.
    for said in ["RUSTUP_TOOLCHAIN", "RUSTC", "CARGO", "CARGO_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS"] {
        cargo.env_remove(said);
    }
    process::shown(cargo.env("RUSTFLAGS", FLAGS).env("RUSTUP_TOOLCHAIN", "nightly"))
}

/// A program with a fuzzer inside, and where its bytes lie.
struct Target {
    program: PathBuf,
    /// What the tests do again.
    corpus: PathBuf,
    /// What was found interesting here.
    found: PathBuf,
    /// What broke it.
    findings: PathBuf,
}

impl Target {
    fn new(project: &Project, host: &str, name: &str) -> Result<Self> {
        let (corpus, folder) = (project.path("tests/fixtures/corpus").join(name), folder(project));
        let program = folder.join(host).join("release").join(name);
        let target = Self {
            program,
            corpus,
            found: folder.join("found").join(name),
            findings: folder.join("findings").join(name),
        };
        for folder in [&target.found, &target.findings] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(target)
    }

    fn command(&self, options: &[&str]) -> Command {
        let mut prefix = OsString::from("-artifact_prefix=");
        prefix.push(self.findings.join(""));
        let mut command = Command::new(&self.program);
        command.args(options).arg(prefix).env_clear().env("ASAN_OPTIONS", "detect_odr_violation=0");
        command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
        command
    }

    fn run(&self, seconds: u32) -> Result<()> {
        let seconds = format!("-max_total_time={seconds}");
        let length = format!("-max_len={BYTES_MAX}");
        let options = [seconds.as_str(), length.as_str(), "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0"];
        process::quiet(self.command(&options).arg(&self.found).arg(&self.corpus)).map(drop)
    }

    /// Adds what covers more to the corpus, the shortest first, as far as it may grow; answers how many files there are.
    fn keep(&self) -> Result<usize> {
        let merged = self.found.with_extension("merged");
        if merged.exists() {
            fs::remove_dir_all(&merged)?;
        }
        fs::create_dir_all(&merged)?;
        process::quiet(self.command(&["-merge=1", "-max_len=2048"]).arg(&merged).arg(&self.corpus).arg(&self.found))?;
        let mut files = by_length(&merged)?;
        let mut left = KEPT_BYTES_MAX;
        files.truncate(KEPT_FILES_MAX);
        for (length, file) in files {
            let Some(rest) = left.checked_sub(length) else { break };
            left = rest;
            fs::copy(&file, self.corpus.join(file.file_name().context("a file has a name")?))?;
        }
        Ok(by_length(&self.corpus)?.len())
    }
}

fn by_length(folder: &Path) -> Result<Vec<(u64, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        files.push((entry.metadata()?.len(), entry.path()));
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_first() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/corpus/event");
        let files = by_length(&corpus).unwrap();
        assert!(files.is_sorted_by_key(|(length, _)| *length));
        assert!(files.iter().map(|(length, _)| length).sum::<u64>() > 0);
    }
}
