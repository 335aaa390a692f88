//! Runs the vectors on a host: `vectors native [--prepare FILE]` or `vectors workerd URL ADMIN_KEY`.
//!
//! Prints what differs; the last line is `ran N`. Exits with a failure when anything differed or a file was not understood.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use leeway_tests::files::{self, Filed};
use leeway_tests::http::Worker;
use leeway_tests::native::native;
use leeway_tests::prepare::prepare;
use leeway_tests::run::{Host, run};

const USAGE: &str = "vectors native [--prepare FILE] | vectors workerd URL ADMIN_KEY";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match start(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: &[&str]) -> Result<bool> {
    let vectors = files::all()?;
    match arguments {
        ["native"] => Ok(run_all(&vectors, &mut native())),
        ["native", "--prepare", file] => {
            // What differs is said before anything that preparing could stumble over.
            let passed = run_all(&vectors, &mut native());
            if passed {
                std::fs::write(file, prepare(&vectors)?.to_string())
                    .with_context(|| format!("cannot write `{file}`"))?;
            }
            Ok(passed)
        }
        ["workerd", url, admin_key] => Ok(run_all(&vectors, &mut Worker::new(url, admin_key)?)),
        _ => bail!("usage: {USAGE}"),
    }
}

fn run_all(vectors: &[Filed], host: &mut impl Host) -> bool {
    let mut failed = 0_usize;
    for filed in vectors {
        let found = run(&filed.vector, host);
        if !found.is_empty() {
            failed += 1;
            println!("{}: {}\n    {}", filed.file, filed.vector.name, found.join("\n    "));
        }
    }
    if failed > 0 {
        println!("{failed} of {} vectors failed", vectors.len());
    }
    println!("ran {}", vectors.len());
    failed == 0
}
