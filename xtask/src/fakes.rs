//! The fakes of the tests: what stands for the world outside, run by Node beside the worker. What they are is in tests/fakes.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::Project;
use crate::setup;

const PROGRAM: &str = "tests/fakes/start.mjs";

/// The running fakes. They end when this is dropped, or when this program ends however it does: their input closes.
#[derive(Debug)]
pub(crate) struct Fakes {
    child: Option<Child>,
    told: Value,
}

impl Fakes {
    /// Starts them and waits until they say where they are. What the payment provider does is in a fresh journal below target/xtask, named after
    /// the tests.
    ///
    /// # Errors
    /// A tool is missing, or they do not start; then their reason is on stderr.
    pub(crate) fn start(project: &Project, name: &str) -> Result<Self> {
        setup::for_build(project)?;
        let journal = journal(project, name)?;
        let mut node = Command::new("node");
        node.arg(PROGRAM).arg(journal).current_dir(project.root()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = node.spawn().context("cannot start the fakes")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the fakes have no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        match serde_json::from_str(&line) {
            Ok(told) => Ok(Self { child: Some(child), told }),
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                bail!("`{PROGRAM}` did not say where it listens");
            }
        }
    }

    /// Where they are and what opens them, as JSON: what the tests find in `LEEWAY_FAKES`.
    pub(crate) fn told(&self) -> &Value {
        &self.told
    }

    /// The certificate of the mail servers, as PEM text.
    ///
    /// # Errors
    /// They have not said.
    pub(crate) fn certificate(&self) -> Result<&str> {
        self.said("/mail/certificate").context("the fakes name no certificate")
    }

    /// Where the payment provider is.
    ///
    /// # Errors
    /// They have not said.
    pub(crate) fn stripe_url(&self) -> Result<&str> {
        self.said("/stripe/url").context("the fakes name no payment provider")
    }

    /// The file in which the payment provider notes what it does.
    ///
    /// # Errors
    /// They have not said.
    pub(crate) fn journal(&self) -> Result<PathBuf> {
        self.said("/stripe/journal").map(PathBuf::from).context("the fakes name no journal")
    }

    fn said(&self, pointer: &str) -> Option<&str> {
        self.told.pointer(pointer)?.as_str()
    }

    /// Without a process, for tests of what is made of what they say.
    #[cfg(test)]
    pub(crate) fn imagined(told: Value) -> Self {
        Self { child: None, told }
    }
}

/// Where the journal goes: nothing is there yet.
fn journal(project: &Project, name: &str) -> Result<PathBuf> {
    let folder = project.scratch("fakes");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.jsonl"));
    if path.exists() {
        fs::remove_file(&path)?;
    }
    Ok(path)
}

impl Drop for Fakes {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
