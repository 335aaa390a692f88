//! The project's commands: `serve` and `test`, and the others that these two are made of.
//!
//! Not part of the product: nothing in here is shipped, decides about money, or knows a rule. It installs the tools
//! that are missing, builds the worker and the browser package, starts workerd, and counts what the tests say.

#![expect(clippy::disallowed_methods, reason = "these commands measure time, and seed dates relative to today")]

mod args;
mod bench;
mod build;
mod counts;
mod demo;
mod fakes;
mod fuzz;
mod http;
mod instructions;
mod kill;
mod layers;
mod load;
mod mutants;
mod process;
mod progress;
mod project;
mod relative;
mod schemas;
mod secrets;
mod serve;
mod setup;
mod simulate;
mod sizes;
mod suites;
mod vectors;
mod worker;

use std::process::ExitCode;

use anyhow::Result;
use args::Command;
use project::Project;

fn main() -> ExitCode {
    match args::parse(lexopt::Parser::from_env()).and_then(run) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What a command that ran to its end has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything is as it should be.
    Passed,
    /// A test, a limit or a comparison failed; the reason has been printed.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
        }
    }
}

fn run(command: Command) -> Result<Outcome> {
    let project = Project::find()?;
    match command {
        Command::Help(topic) => {
            print!("{}", args::help(topic));
            Ok(Outcome::Passed)
        }
        Command::Serve(options) => serve::serve(&project, &options),
        Command::Test(selection) => layers::test(&project, &selection),
        Command::Vectors => vectors::vectors(&project),
        Command::Sizes => sizes::sizes(&project),
        Command::Bench(what) => bench::bench(&project, &what),
        Command::Kill(kills) => kill::kill(&project, kills),
        Command::Simulate(seeds) => simulate::simulate(&project, seeds),
        Command::Build(flavor) => build::build(&project, flavor),
        Command::Mutants(only) => mutants::mutants(&project, only.as_deref().unwrap_or_default()),
        Command::Instructions => instructions::instructions(&project),
        Command::Fuzz(fuzzing) => fuzz::fuzz(&project, fuzzing),
    }
}
