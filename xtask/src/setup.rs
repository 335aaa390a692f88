//! The tools that the commands need, installed where they are missing and nowhere but in the project's own folders.
//!
//! Not a package manager: a tool is either there in exactly the version that the lock files name, or it is installed.
//! A prepared machine is recognized in milliseconds.

mod browser;
mod from_source;
mod npm;
mod python;
mod wasm_target;

use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::progress;
use crate::project::Project;

/// The tools of a build.
#[derive(Debug, Clone)]
pub(crate) struct BuildTools {
    /// wasm-bindgen's command, of the version that Cargo.lock names.
    pub(crate) wasm_bindgen: PathBuf,
    /// Binaryen's optimizer.
    pub(crate) wasm_opt: PathBuf,
    /// The bundler of the worker's script.
    pub(crate) esbuild: PathBuf,
}

/// The tools that run wasm tests in a browser.
#[derive(Debug, Clone)]
pub(crate) struct BrowserTools {
    /// wasm-pack's command.
    pub(crate) wasm_pack: PathBuf,
    /// Folders that its children must find on PATH.
    pub(crate) folders: Vec<PathBuf>,
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// The browser's WebDriver server.
    pub(crate) chromedriver: PathBuf,
}

/// Makes sure of everything that a build and `serve` need.
///
/// # Errors
/// Something is missing that cannot be installed from here; the message says what.
pub(crate) fn for_build(project: &Project) -> Result<BuildTools> {
    let _lock = lock(project)?;
    npm::ensure(project)?;
    wasm_target::ensure(project)?;
    let wasm_bindgen = from_source::wasm_bindgen(project)?.join("wasm-bindgen");
    Ok(BuildTools { wasm_bindgen, wasm_opt: project.npm_bin("wasm-opt"), esbuild: project.npm_bin("esbuild") })
}

/// Makes sure of what the tests in a browser need, beyond a build.
///
/// # Errors
/// Something is missing that cannot be installed from here; the message says what.
pub(crate) fn for_browser(project: &Project) -> Result<BrowserTools> {
    let _lock = lock(project)?;
    let bindgen = from_source::wasm_bindgen(project)?;
    let pack = from_source::wasm_pack(project)?;
    let (chromium, chromedriver) = browser::ensure()?;
    Ok(BrowserTools { wasm_pack: pack.join("wasm-pack"), folders: vec![bindgen, pack], chromium, chromedriver })
}

/// The Python that reads calendar files.
///
/// # Errors
/// Something is missing that cannot be installed from here; the message says what.
pub(crate) fn for_calendars(project: &Project) -> Result<PathBuf> {
    let _lock = lock(project)?;
    python::ensure(project, "calendar", &["icalendar==7.3.2"])
}

/// The Python that asks the doors what their description does not say.
///
/// # Errors
/// Something is missing that cannot be installed from here; the message says what.
pub(crate) fn for_schemas(project: &Project) -> Result<PathBuf> {
    let _lock = lock(project)?;
    python::ensure(project, "schemas", &["schemathesis==4.32.5"])
}

/// Keeps two commands from installing or building the same thing at the same time. Freed when dropped.
///
/// # Errors
/// The lock's file cannot be made.
pub(crate) fn lock(project: &Project) -> Result<File> {
    let folder = project.scratch("");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let file = File::create(folder.join("lock"))?;
    if file.try_lock().is_err() {
        progress::say("waiting for another cargo xtask …");
        file.lock().context("cannot lock the build folder")?;
    }
    Ok(file)
}
