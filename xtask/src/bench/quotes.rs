//! What one quote costs without any worker around it: the rules natively and in wasm, and through the doors of the browser package.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::median;
use crate::project::Project;
use crate::{build, process};

const NATIVE: &str = "core/examples/quote_us.rs";
const RULES: &str = "tests/hosts/rules_us.mjs";
const PACKAGE: &str = "tests/hosts/quote_us.mjs";
/// A machine's mood changes from second to second: the two are measured in turns.
const ROUNDS: usize = 5;

/// Prints what the programs say; one that is missing or fails is named.
pub(crate) fn print(project: &Project) {
    println!();
    for (name, figure) in [("rules", rules(project)), ("browser package", package(project))] {
        match figure {
            Ok(lines) => println!("{}", lines.trim()),
            Err(error) => println!("{name}: not measured: {error:#}"),
        }
    }
}

/// The rules alone: the booking is read once, nothing is converted.
fn rules(project: &Project) -> Result<String> {
    there(project, NATIVE)?;
    there(project, RULES)?;
    let folder = build::rules_alone(project)?;
    let (mut native, mut wasm) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        native.push(native_us(project)?);
        wasm.push(wasm_us(project, &folder)?);
    }
    Ok(line(median(native.into_iter()), median(wasm.into_iter())))
}

fn line(native_us: f64, wasm_us: f64) -> String {
    let ratio = wasm_us / native_us;
    format!("native quote {native_us:.2} µs, wasm quote {wasm_us:.2} µs, ratio {ratio:.2}")
}

fn native_us(project: &Project) -> Result<f64> {
    let args = ["run", "--profile", "bench", "--quiet", "--package", "leeway-core", "--example", "quote_us"];
    figure(&process::quiet(Command::new("cargo").args(args).current_dir(project.root()))?)
}

fn wasm_us(project: &Project, folder: &Path) -> Result<f64> {
    figure(&process::quiet(Command::new("node").arg(RULES).arg(folder).current_dir(project.root()))?)
}

/// The number in `native quote: 2.50 µs`.
fn figure(printed: &str) -> Result<f64> {
    let number = printed.trim().strip_suffix(" µs").and_then(|rest| rest.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).with_context(|| format!("there is no figure in `{}`", printed.trim()))
}

fn package(project: &Project) -> Result<String> {
    there(project, PACKAGE)?;
    build::browser_package(project)?;
    process::quiet(Command::new("node").arg(PACKAGE).current_dir(project.root()))
}

fn there(project: &Project, file: &str) -> Result<()> {
    anyhow::ensure!(project.path(file).is_file(), "there is no `{file}`");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_what_stands_before_its_unit() {
        assert!((figure("native quote: 2.54 µs\n").unwrap() - 2.54).abs() < f64::EPSILON);
        assert!(figure("native quote: 2.54 ms").is_err());
        assert!(figure("").is_err());
    }

    #[test]
    fn the_ratio_is_of_wasm_to_native() {
        assert_eq!(line(2.0, 5.0), "native quote 2.00 µs, wasm quote 5.00 µs, ratio 2.50");
    }
}
