//! The standard library for wasm32 in the active toolchain, by `xtask/wasm-target.sh`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::progress::timed;
use crate::project::Project;

/// Adds the target to the toolchain if it is not there.
///
/// # Errors
/// Neither rustup nor a Debian source package could give it; the script says why.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let sysroot = process::quiet(Command::new("rustc").args(["--print", "sysroot"]).current_dir(project.root()))?;
    if present(Path::new(sysroot.trim())) {
        return Ok(());
    }
    timed("wasm32 standard library", || {
        process::shown(Command::new("bash").arg("xtask/wasm-target.sh").current_dir(project.root()))
    })
    .context("install it with `rustup target add wasm32-unknown-unknown`")
}

fn present(sysroot: &Path) -> bool {
    let Ok(files) = fs::read_dir(sysroot.join("lib/rustlib/wasm32-unknown-unknown/lib")) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}
