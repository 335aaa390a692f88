//! The scripts of the migrations without what only people read: the worker carries each of them. Not a parser: a comment has a line of its own.

use std::error::Error;
use std::fs;
use std::path::Path;

const FOLDER: &str = "migrations";

/// Writes each script of the folder beside what else the build makes, by its own name.
pub(crate) fn strip() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let out = Path::new(&std::env::var("OUT_DIR")?).join(FOLDER);
    fs::create_dir_all(&out)?;
    for entry in fs::read_dir(FOLDER)? {
        let entry = entry?;
        fs::write(out.join(entry.file_name()), stripped(&fs::read_to_string(entry.path())?))?;
    }
    Ok(())
}

fn stripped(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}
