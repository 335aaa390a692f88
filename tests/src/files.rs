//! The vector files, compiled in: the same list on every host. Not read from a disk, which a browser does not have.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};

use crate::vector::Vector;

/// Each file's name below `tests/vectors`, and its text.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// A vector and where it stands.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The file's name below `tests/vectors`.
    pub file: &'static str,
    /// The vector.
    pub vector: Vector,
}

/// Reads every vector of every file.
///
/// # Errors
/// A file that is not an array of vectors, is empty, or has a name that another vector has: none is left out silently.
pub fn all() -> Result<Vec<Filed>> {
    let mut names = BTreeSet::new();
    let mut all = Vec::new();
    for &(file, text) in FILES {
        let vectors: Vec<Vector> = serde_json::from_str(text).with_context(|| format!("`{file}` is not understood"))?;
        ensure!(!vectors.is_empty(), "`{file}` has no vector");
        for vector in vectors {
            vector.check().map_err(anyhow::Error::msg).with_context(|| format!("`{file}`: {}", vector.name))?;
            ensure!(names.insert(vector.name.clone()), "`{file}`: a second vector is named `{}`", vector.name);
            all.push(Filed { file, vector });
        }
    }
    Ok(all)
}
