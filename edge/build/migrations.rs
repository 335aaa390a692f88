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
        let script = stripped(&fs::read_to_string(entry.path())?);
        let script = script.ok_or_else(|| format!("{}: a comment has a line of its own", entry.path().display()))?;
        fs::write(out.join(entry.file_name()), script)?;
    }
    Ok(())
}

/// None where what looks like a comment is inside of a string, or begins behind something.
fn stripped(script: &str) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.find("--") {
            Some(0) if !is_open(&kept) => {}
            Some(_) => return None,
            None => kept.push(line),
        }
    }
    (!is_open(&kept)).then(|| kept.join("\n"))
}

/// Does a string go on?
fn is_open(lines: &[&str]) -> bool {
    lines.iter().map(|line| line.matches('\'').count()).sum::<usize>() % 2 == 1
}
