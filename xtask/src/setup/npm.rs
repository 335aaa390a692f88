//! Node itself, and the packages of package-lock.json.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::progress::timed;
use crate::project::Project;

const NODE_MAJOR_MIN: u32 = 20;
/// A copy of the lock file that node_modules was filled from.
const STAMP: &str = "node_modules/.leeway-stamp";

/// Installs the packages if the lock file is not the one that they were installed from.
///
/// # Errors
/// Node is missing or too old, or npm fails.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let lock = fs::read(project.path("package-lock.json")).context("cannot read package-lock.json")?;
    if fs::read(project.path(STAMP)).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    node()?;
    timed("npm packages", || {
        process::quiet(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(project.root()))
    })?;
    fs::write(project.path(STAMP), lock)?;
    Ok(())
}

fn node() -> Result<()> {
    let found = process::quiet(Command::new("node").arg("--version"));
    let Ok(version) = found else { bail!("Node is missing: install Node {NODE_MAJOR_MIN} or later, with npm") };
    match major(&version) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(()),
        Some(_) | None => bail!("Node {} is too old: install Node {NODE_MAJOR_MIN} or later", version.trim()),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major("v"), None);
    }
}
