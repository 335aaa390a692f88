//! The secrets of a data folder: made once from the system's randomness, kept in a file that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::project::Project;

/// The file in a data folder. Its presence is what tells such a folder from any other.
pub(crate) const FILE: &str = "secrets.json";
const OWNER_ONLY: u32 = 0o600;

/// What a worker is told and nobody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// Opens `POST /v1/operators`.
    pub(crate) admin_key: String,
    /// The keys that links are signed with: `{"current":1,"keys":{"1":"<64 hex digits>"}}`.
    pub(crate) link_keys: Value,
}

impl Secrets {
    /// Makes new ones.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub(crate) fn generate() -> Result<Self> {
        let admin_key = format!("adm_{}", hex(24)?);
        Ok(Self { admin_key, link_keys: json!({ "current": 1, "keys": { "1": hex(32)? } }) })
    }

    /// Reads those of a data folder, or makes them there.
    ///
    /// # Errors
    /// The file cannot be read or written, or is not what this program wrote.
    pub(crate) fn of_folder(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        if path.exists() {
            let text = fs::read_to_string(&path)?;
            return serde_json::from_str(&text).with_context(|| format!("`{}` is damaged", path.display()));
        }
        let secrets = Self::generate()?;
        write(&path, &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }
}

/// Writes `.dev.vars`, from which `wrangler dev` takes its secrets, unless it is there.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write_dev_vars(project: &Project) -> Result<()> {
    let path = project.path(".dev.vars");
    if path.exists() {
        return Ok(());
    }
    let Secrets { admin_key, link_keys } = Secrets::generate()?;
    write(&path, &format!("ADMIN_KEY=\"{admin_key}\"\nLINK_KEYS='{link_keys}'\n"))
}

/// Random bytes as hex digits.
///
/// # Errors
/// The system gives no randomness.
pub(crate) fn hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|error| anyhow!("no randomness from the system: {error}"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(OWNER_ONLY).open(path);
    let mut file = file.with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(file.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_long_and_never_twice_the_same() {
        let (one, two) = (Secrets::generate().unwrap(), Secrets::generate().unwrap());
        assert_ne!(one.admin_key, two.admin_key);
        assert_eq!(one.link_keys["keys"]["1"].as_str().map(str::len), Some(64));
    }
}
