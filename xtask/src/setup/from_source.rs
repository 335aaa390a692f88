//! Commands that cargo builds from source, into target/tools, one folder a version.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::progress::timed;
use crate::project::Project;

/// Any version serves: it only finds and calls the other tools.
const WASM_PACK: &str = "0.15.1";

/// The folder of wasm-bindgen's commands: exactly the version in Cargo.lock, since the two halves must match.
///
/// # Errors
/// Cargo.lock does not name one, or the build fails.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    let lock = fs::read_to_string(project.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = locked(&lock, "wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")?;
    install(project, "wasm-bindgen-cli", version, "wasm-bindgen")
}

/// The folder of wasm-pack.
///
/// # Errors
/// The build fails.
pub(crate) fn wasm_pack(project: &Project) -> Result<PathBuf> {
    install(project, "wasm-pack", WASM_PACK, "wasm-pack")
}

/// Not `--locked`: a published lock file may name a version that was withdrawn since. Not optimized: these commands
/// run for a second, and optimizing them takes minutes.
fn install(project: &Project, package: &str, version: &str, command: &str) -> Result<PathBuf> {
    let root = project.tool(package, version);
    let folder = root.join("bin");
    if folder.join(command).is_file() {
        return Ok(folder);
    }
    timed(&format!("{package} {version} from source, about two minutes"), || {
        let mut cargo = Command::new("cargo");
        cargo.args(["install", package, "--version", &format!("={version}"), "--force", "--root"]).arg(&root);
        cargo.current_dir(project.root());
        cargo.env("CARGO_TARGET_DIR", project.path("target/tools/build"));
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "false");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
        process::quiet(&mut cargo)
    })?;
    Ok(folder)
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn the_lock_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n[[package]]\nname = \
                    \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "maud"), None);
    }
}
