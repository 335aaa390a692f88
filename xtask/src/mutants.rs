//! `cargo xtask mutants`: the checker checked. Mistakes that somebody could make are put into a copy of the source one by one; the tests must
//! catch each, or they prove nothing. The list is tests/mutants.json.
//!
//! It takes the cheapest tests first and stops at the first that fails. A mistake that does not compile, or whose place is not found exactly once,
//! is a failure of the list.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::counts::Counts;
use crate::project::Project;
use crate::{Outcome, process, progress};

const LIST: &str = "tests/mutants.json";
/// Fewer cases than in the layer `unit`: a mistake that needs more to be seen is caught there, but costs minutes here.
const CASES: &str = "500";
/// Tests are built as programs are, unoptimized, so that each mistake is compiled once for all checks. Nobody looks into these builds: without what
/// a debugger needs they are made in half the time.
const QUICKLY: [&str; 10] = [
    "--config",
    "profile.dev.debug=0",
    "--config",
    "profile.test.debug=0",
    "--config",
    "profile.test.opt-level=0",
    "--config",
    "profile.test.package.'*'.opt-level=0",
    "--config",
    "profile.test.package.leeway-core.opt-level=0",
];

/// One mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    /// What is wrong then, in a few words.
    name: String,
    /// The file, from the project's folder.
    file: PathBuf,
    /// The right text, which the file has once.
    find: String,
    /// The wrong one.
    replace: String,
}

impl Mutant {
    fn is_of_the_edge(&self) -> bool {
        self.file.starts_with(EDGE)
    }

    /// What could catch it.
    fn checks(&self) -> &'static [Check] {
        if self.is_of_the_edge() { &EDGE_CHECKS } else { &CHECKS }
    }
}

/// Tests that could catch a mistake.
struct Check {
    name: &'static str,
    args: &'static [&'static str],
}

const BUILD: Check =
    Check { name: "build", args: &["build", "--quiet", "--package", "leeway-tests", "--package", "leeway-edge"] };

/// Of the edge, what can be caught without a worker.
const EDGE: &str = "edge/";
const EDGE_CHECKS: [Check; 1] =
    [Check { name: "unit tests of the edge", args: &["test", "--quiet", "--package", "leeway-edge", "--lib"] }];

const CHECKS: [Check; 4] = [
    Check { name: "vectors", args: &["run", "--quiet", "--package", "leeway-tests", "--bin", "vectors", "native"] },
    Check { name: "unit tests", args: &["test", "--quiet", "--package", "leeway-core", "--features", "tz", "--lib"] },
    Check { name: "model", args: &["test", "--quiet", "--package", "leeway-tests", "--test", "model"] },
    Check { name: "properties", args: &["test", "--quiet", "--package", "leeway-tests", "--test", "properties"] },
];

/// Runs those of the list whose file has `only` in its name, and prints one line a mistake. Not a layer of the tests: it builds the rules once for every mistake.
///
/// # Errors
/// The source cannot be copied, or the tests fail without a mistake.
pub(crate) fn mutants(project: &Project, only: &str) -> Result<Outcome> {
    let counts = counts(project, only)?;
    println!("{} caught, {} not", counts.passed, counts.failed);
    Ok(if counts.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

fn counts(project: &Project, only: &str) -> Result<Counts> {
    let list = fs::read(project.path(LIST)).with_context(|| format!("cannot read {LIST}"))?;
    let mut list: Vec<Mutant> = serde_json::from_slice(&list).with_context(|| format!("{LIST} is malformed"))?;
    list.retain(|mutant| mutant.file.to_string_lossy().contains(only));
    ensure!(!list.is_empty(), "{LIST} has none such");
    let copy = Copy { root: project.scratch("mutants/source"), target: project.scratch("mutants/target") };
    progress::timed("mutants, without a mistake", || copy.refresh(project).and_then(|()| copy.check_sound(&list)))?;
    let mut counts = Counts::default();
    for mutant in &list {
        let began = Instant::now();
        let caught = copy.caught_by(mutant);
        let time = progress::seconds(began.elapsed());
        let (said, count) = match caught {
            Ok(Some(by)) => (format!("caught by {by}"), Counts::PASS),
            Ok(None) => ("NOT CAUGHT".to_owned(), Counts::FAIL),
            Err(error) => (format!("NO MISTAKE: {error:#}"), Counts::FAIL),
        };
        println!("{said:<22} {time:>8}  {}", mutant.name);
        counts += count;
    }
    Ok(counts)
}

/// The source beside the source.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    /// Makes it what the project is. A file that is the same already keeps its time, so that cargo need not build it again.
    fn refresh(&self, project: &Project) -> Result<()> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(project.root());
        for name in process::quiet(&mut git)?.split('\0').filter(|name| !name.is_empty()) {
            let from = project.path(name);
            if from.is_file() {
                self.write(Path::new(name), &fs::read(&from)?)?;
            }
        }
        Ok(())
    }

    fn write(&self, name: &Path, content: &[u8]) -> Result<()> {
        let to = self.root.join(name);
        if fs::read(&to).is_ok_and(|old| old == content) {
            return Ok(());
        }
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        fs::write(&to, content).with_context(|| format!("cannot write {}", to.display()))
    }

    /// The tests pass without a mistake: else catching one would mean nothing.
    fn check_sound(&self, list: &[Mutant]) -> Result<()> {
        let (edge, rules): (Vec<&Mutant>, Vec<&Mutant>) = list.iter().partition(|mutant| mutant.is_of_the_edge());
        let sets = [edge, rules].into_iter().filter_map(|set| set.first().map(|mutant| mutant.checks()));
        for check in std::iter::once(&BUILD).chain(sets.flatten()) {
            if !self.passes(check)? {
                bail!("the {} fail without a mistake", check.name);
            }
        }
        Ok(())
    }

    /// What catches a mistake.
    fn caught_by(&self, mutant: &Mutant) -> Result<Option<&'static str>> {
        let right = fs::read_to_string(self.root.join(&mutant.file))
            .with_context(|| format!("cannot read {}", mutant.file.display()))?;
        let places = right.matches(&mutant.find).count();
        ensure!(places == 1, "its place is found {places} times in {}", mutant.file.display());
        self.write(&mutant.file, right.replacen(&mutant.find, &mutant.replace, 1).as_bytes())?;
        let caught = self.first_failure(mutant.checks());
        self.write(&mutant.file, right.as_bytes())?;
        caught
    }

    fn first_failure(&self, checks: &[Check]) -> Result<Option<&'static str>> {
        ensure!(self.passes(&BUILD)?, "it does not compile");
        for check in checks {
            if !self.passes(check)? {
                return Ok(Some(check.name));
            }
        }
        Ok(None)
    }

    fn passes(&self, check: &Check) -> Result<bool> {
        let mut cargo = Command::new("cargo");
        cargo.args(QUICKLY).args(check.args).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo.env("PROPTEST_CASES", CASES).env("RUSTFLAGS", "-Awarnings");
        let output = cargo.output().context("cannot start cargo")?;
        Ok(output.status.success())
    }
}
