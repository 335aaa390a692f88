//! What one quote costs without any worker around it: natively, and in the browser package under Node.

use std::process::Command;

use anyhow::Result;

use crate::project::Project;
use crate::{build, process};

const NATIVE: &str = "core/examples/quote_us.rs";
const WASM: &str = "tests/hosts/quote_us.mjs";

/// Prints what both programs say; one that is missing or fails is named.
pub(crate) fn print(project: &Project) {
    println!();
    for (name, figure) in [("native quote", native(project)), ("wasm quote", wasm(project))] {
        match figure {
            Ok(lines) => println!("{}", lines.trim()),
            Err(error) => println!("{name}: not measured: {error:#}"),
        }
    }
}

fn native(project: &Project) -> Result<String> {
    there(project, NATIVE)?;
    let args = ["run", "--release", "--quiet", "--package", "leeway-core", "--example", "quote_us"];
    process::quiet(Command::new("cargo").args(args).current_dir(project.root()))
}

fn wasm(project: &Project) -> Result<String> {
    there(project, WASM)?;
    build::browser_package(project)?;
    process::quiet(Command::new("node").arg(WASM).current_dir(project.root()))
}

fn there(project: &Project, file: &str) -> Result<()> {
    anyhow::ensure!(project.path(file).is_file(), "there is no `{file}`");
    Ok(())
}
