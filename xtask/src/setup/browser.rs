//! Chromium and its WebDriver server, from Debian's packages: the two are always of one version there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::progress::timed;

const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const MISSING: &str = "Chromium is missing: install Debian's packages `chromium` and `chromium-driver`";

/// Installs the two if they are missing; answers their paths.
///
/// # Errors
/// They are missing and this is no Debian system, or not its administrator; or apt-get fails.
pub(crate) fn ensure() -> Result<(PathBuf, PathBuf)> {
    if !present() {
        install()?;
    }
    if present() { Ok((CHROMIUM.into(), CHROMEDRIVER.into())) } else { bail!(MISSING) }
}

fn present() -> bool {
    Path::new(CHROMIUM).exists() && Path::new(CHROMEDRIVER).exists()
}

fn install() -> Result<()> {
    let administrator = process::quiet(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !administrator || process::quiet(Command::new("apt-get").arg("--version")).is_err() {
        bail!(MISSING);
    }
    timed("Chromium from Debian", || {
        // The package list may be absent or old, so it is renewed only where installing without that fails.
        if packages().is_err() {
            process::quiet(Command::new("apt-get").args(["-qq", "update"]))?;
            packages()?;
        }
        Ok(())
    })
}

fn packages() -> Result<String> {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt.args(["install", "-qq", "-y", "--no-install-recommends", "chromium", "chromium-driver"]);
    process::quiet(&mut apt)
}
