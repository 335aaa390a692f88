//! Where things are: the folders of this project. Nothing is read or made here.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that the commands read and write.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The project that this program was started in by cargo.
    ///
    /// # Errors
    /// It was not started by cargo.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("start this program with `cargo xtask`")?;
        let root = PathBuf::from(manifest).parent().context("xtask has no folder above it")?.to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the workspace.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Cargo's output folder.
    pub(crate) fn target(&self, inside: &str) -> PathBuf {
        self.target.join(inside)
    }

    /// A scratch folder of one command, below the output folder and so never in the way of anything else.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.root.join("target/xtask").join(name)
    }

    /// The folder of a tool that was built from source, by name and version, so that a new version is a new folder.
    pub(crate) fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("target/tools").join(format!("{name}-{version}"))
    }

    /// A command that npm installed.
    pub(crate) fn npm_bin(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// The worker of plain workerd, the program itself: npm's own command would keep a Node process beside it.
    ///
    /// # Errors
    /// No workerd is published for this kind of machine, or it is not installed.
    pub(crate) fn workerd(&self) -> Result<PathBuf> {
        let system = match (env::consts::OS, env::consts::ARCH) {
            ("linux", "x86_64") => "linux-64",
            ("linux", "aarch64") => "linux-arm64",
            ("macos", "x86_64") => "darwin-64",
            ("macos", "aarch64") => "darwin-arm64",
            (os, arch) => anyhow::bail!("workerd is not published for {os} on {arch}"),
        };
        let inside = format!("@cloudflare/workerd-{system}/bin/workerd");
        ["node_modules", "node_modules/workerd/node_modules"]
            .into_iter()
            .map(|folder| self.path(folder).join(&inside))
            .find(|path| path.is_file())
            .with_context(|| format!("npm did not install `{inside}`; delete node_modules and run this again"))
    }

    /// PATH with these folders in front.
    ///
    /// # Errors
    /// A folder's name cannot be part of PATH.
    pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
        let old = env::var_os("PATH").unwrap_or_default();
        Ok(env::join_paths(folders.iter().cloned().chain(env::split_paths(&old)))?)
    }
}
