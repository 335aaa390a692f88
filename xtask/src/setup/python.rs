//! Python and its packages: judges of the tests that share nothing with what they judge. Each set of packages has a virtual environment of its
//! own inside target/.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::progress::timed;
use crate::project::Project;

/// A copy of the list of packages that an environment was filled from.
const STAMP: &str = "leeway-stamp";

/// The interpreter of the environment `name`, which has exactly these packages, `name==version` each.
///
/// # Errors
/// Python is missing, or a package cannot be installed.
pub(crate) fn ensure(project: &Project, name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = project.scratch("python").join(name);
    let python = folder.join("bin/python");
    let wanted = packages.join("\n");
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == wanted) {
        return Ok(python);
    }
    if process::quiet(Command::new("python3").arg("--version")).is_err() {
        bail!("Python is missing: install Python 3 with its venv module");
    }
    timed(&format!("Python packages, {name}"), || fill(&folder, &python, packages))?;
    fs::write(folder.join(STAMP), wanted)?;
    Ok(python)
}

fn fill(folder: &Path, python: &Path, packages: &[&str]) -> Result<()> {
    process::quiet(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    process::quiet(&mut pip).map(drop)
}
