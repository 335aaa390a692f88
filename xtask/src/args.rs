//! What was typed, as a value. Parsing only: nothing is done here.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use crate::build::Flavor;
use crate::fuzz::{Corpus, Fuzzing};
use crate::kill::Kills;
use crate::layers::{Layer, Selection};
use crate::schemas;
use crate::simulate::Seeds;

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print what a command does.
    Help(Topic),
    /// Run the worker with a demonstration in it.
    Serve(ServeOptions),
    /// Run tests.
    Test(Selection),
    /// Run the vectors on every host.
    Vectors,
    /// Print and check the sizes of what is shipped.
    Sizes,
    /// Measure.
    Bench(Bench),
    /// Kill the worker again and again while customers go on, and audit what is left.
    Kill(Kills),
    /// Run the simulation over these seeds.
    Simulate(Seeds),
    /// Build the browser package and the worker.
    Build(Flavor),
    /// Put mistakes into a copy of the source, and see that the tests catch them.
    Mutants(Option<String>),
    /// Count the instructions of the rules.
    Instructions,
    /// Let a fuzzer at what reads bytes from anywhere.
    Fuzz(Fuzzing),
}

/// How `serve` runs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServeOptions {
    /// The loopback port; 0 is any free one.
    pub(crate) port: u16,
    /// The folder of the secrets and the database; `None` is `.data` in the project.
    pub(crate) data: Option<PathBuf>,
    /// What becomes of data that is already there.
    pub(crate) start: Start,
    /// How the result is printed.
    pub(crate) format: Format,
}

/// What becomes of the data of an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// It is used.
    Continue,
    /// It is deleted first.
    Fresh,
}

/// How `serve` tells what it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A short overview for a person.
    Text,
    /// One line of JSON for a program.
    Json,
}

/// What `bench` measures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bench {
    /// Requests beside an empty worker, and against a peer's folder if one is given.
    Loads(Option<PathBuf>),
    /// The lists and searches of one operator with so many bookings.
    Many(u32),
}

/// The commands, for `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// All commands.
    All,
    Serve,
    Test,
    Vectors,
    Sizes,
    Bench,
    Simulate,
    Kill,
    Build,
    Mutants,
    Instructions,
    Fuzz,
}

const PORT: u16 = 8787;
const SEEDS: u64 = 2_000;
const FUZZING_S: u32 = 60;
/// Fewer would not have one of everything that is looked for.
const BOOKINGS: RangeInclusive<u32> = 1_000..=100_000;

/// Reads the command line.
///
/// # Errors
/// An unknown command, option, layer or value, named in the message.
pub(crate) fn parse(mut parser: Parser) -> Result<Command> {
    let Some(first) = parser.next()? else { return Ok(Command::Help(Topic::All)) };
    let name = match first {
        Arg::Value(name) => name.string()?,
        Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(Topic::All)),
        Arg::Short(_) | Arg::Long(_) => return Err(first.unexpected().into()),
    };
    let Some(topic) = topic(&name) else { bail!("there is no command `{name}`; `cargo xtask --help` lists them") };
    let rest: Vec<OsString> = parser.raw_args()?.collect();
    if rest.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(Command::Help(topic));
    }
    let mut rest = Parser::from_args(rest);
    match topic {
        Topic::All => Ok(Command::Help(Topic::All)),
        Topic::Serve => serve(&mut rest),
        Topic::Test => test(&mut rest),
        Topic::Vectors => nothing_more(&mut rest, Command::Vectors),
        Topic::Sizes => nothing_more(&mut rest, Command::Sizes),
        Topic::Bench => bench(&mut rest),
        Topic::Simulate => simulate(&mut rest),
        Topic::Kill => kill(&mut rest),
        Topic::Build => build(&mut rest),
        Topic::Mutants => mutants(&mut rest),
        Topic::Instructions => nothing_more(&mut rest, Command::Instructions),
        Topic::Fuzz => fuzz(&mut rest),
    }
}

fn topic(name: &str) -> Option<Topic> {
    Some(match name {
        "help" => Topic::All,
        "serve" => Topic::Serve,
        "test" => Topic::Test,
        "vectors" => Topic::Vectors,
        "sizes" => Topic::Sizes,
        "bench" => Topic::Bench,
        "simulate" => Topic::Simulate,
        "kill" => Topic::Kill,
        "build" => Topic::Build,
        "mutants" => Topic::Mutants,
        "instructions" => Topic::Instructions,
        "fuzz" => Topic::Fuzz,
        _ => return None,
    })
}

fn serve(parser: &mut Parser) -> Result<Command> {
    let mut options = ServeOptions { port: PORT, data: None, start: Start::Continue, format: Format::Text };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => options.port = parser.value()?.parse()?,
            Arg::Long("data") => options.data = Some(parser.value()?.into()),
            Arg::Long("fresh") => options.start = Start::Fresh,
            Arg::Long("json") => options.format = Format::Json,
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    Ok(Command::Serve(options))
}

fn test(parser: &mut Parser) -> Result<Command> {
    let (mut chosen, mut only, mut fuzzed) = (Vec::new(), None, schemas::OF_THE_TESTS);
    while let Some(arg) = parser.next()? {
        let name = match arg {
            Arg::Value(name) => name.string()?,
            Arg::Long("only") => {
                only = Some(parser.value()?.string()?);
                continue;
            }
            Arg::Long("examples") => {
                fuzzed.examples = parser.value()?.parse()?;
                continue;
            }
            Arg::Long("seed") => {
                fuzzed.seed = parser.value()?.parse()?;
                continue;
            }
            Arg::Short(_) | Arg::Long(_) => return Err(arg.unexpected().into()),
        };
        let Some(layer) = Layer::ALL.into_iter().find(|layer| layer.name() == name) else {
            let known = Layer::ALL.map(Layer::name).join(", ");
            bail!("there is no layer `{name}`; there are {known}");
        };
        chosen.push(layer);
    }
    let all = chosen.is_empty();
    let layers = Layer::ALL.into_iter().filter(|layer| all || chosen.contains(layer)).collect();
    Ok(Command::Test(Selection { layers, only, fuzzed }))
}

fn bench(parser: &mut Parser) -> Result<Command> {
    let (mut peer, mut bookings) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("peer") => peer = Some(parser.value()?.into()),
            Arg::Long("bookings") => bookings = Some(parser.value()?.parse()?),
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    match (peer, bookings) {
        (peer, None) => Ok(Command::Bench(Bench::Loads(peer))),
        (None, Some(bookings)) if BOOKINGS.contains(&bookings) => Ok(Command::Bench(Bench::Many(bookings))),
        (None, Some(_)) => bail!("`--bookings` is {} to {}", BOOKINGS.start(), BOOKINGS.end()),
        (Some(_), Some(_)) => bail!("`--peer` and `--bookings` are two measurements: run one after the other"),
    }
}

fn simulate(parser: &mut Parser) -> Result<Command> {
    let (mut first, mut seeds) = (1, SEEDS);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("first") => first = parser.value()?.parse()?,
            Arg::Long("seeds") => seeds = parser.value()?.parse()?,
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    if seeds == 0 {
        bail!("`--seeds` is at least 1");
    }
    Ok(Command::Simulate(Seeds::of(first, seeds)))
}

fn kill(parser: &mut Parser) -> Result<Command> {
    let Kills { mut kills, mut seed } = crate::kill::OF_THE_TESTS;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("kills") => kills = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    Ok(Command::Kill(Kills { kills, seed }))
}

fn fuzz(parser: &mut Parser) -> Result<Command> {
    let mut fuzzing = Fuzzing { seconds: FUZZING_S, corpus: Corpus::Stays };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("seconds") => fuzzing.seconds = parser.value()?.parse()?,
            Arg::Long("keep") => fuzzing.corpus = Corpus::Grows,
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    Ok(Command::Fuzz(fuzzing))
}

fn build(parser: &mut Parser) -> Result<Command> {
    let mut flavor = Flavor::Release;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("test-doors") => flavor = Flavor::TestDoors,
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    Ok(Command::Build(flavor))
}

fn mutants(parser: &mut Parser) -> Result<Command> {
    let mut only = None;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("only") => only = Some(parser.value()?.string()?),
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
    }
    Ok(Command::Mutants(only))
}

fn nothing_more(parser: &mut Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(arg) => Err(arg.unexpected().into()),
    }
}

/// The text that `--help` prints.
pub(crate) fn help(topic: Topic) -> String {
    let text = match topic {
        Topic::All => ALL,
        Topic::Serve => SERVE,
        Topic::Test => return format!("{TEST}\nLayers: {}\n", Layer::ALL.map(Layer::name).join(", ")),
        Topic::Vectors => VECTORS,
        Topic::Sizes => SIZES,
        Topic::Bench => BENCH,
        Topic::Simulate => SIMULATE,
        Topic::Kill => KILL,
        Topic::Build => BUILD,
        Topic::Mutants => MUTANTS,
        Topic::Instructions => INSTRUCTIONS,
        Topic::Fuzz => FUZZ,
    };
    text.to_owned()
}

const ALL: &str = "\
Usage: cargo xtask COMMAND

  serve    runs the worker on this machine, with a demonstration in it
  test     runs every layer of tests
  vectors  runs the vectors natively, in Node, in Chromium and in workerd
  sizes    prints the sizes of what is shipped and fails above the limits
  bench    measures the worker beside an empty one
  simulate runs thousands of commands from each of many seeds, with everything that can go wrong between them
  kill     kills the worker again and again while customers go on, and audits what is left
  build    builds the browser package and the worker
  mutants  puts mistakes into a copy of the source and fails if the tests miss one
  instructions  counts the instructions of a quote, a decision, an event
  fuzz     lets a fuzzer at what reads policies, bookings, events and tokens

Tools that are missing are installed into the project's own folders first.
`cargo xtask COMMAND --help` says more.
";

const SERVE: &str = "\
Usage: cargo xtask serve [--port N] [--data DIR] [--fresh] [--json]

Runs the worker in workerd with SQLite on disk, on the loopback address only, until Ctrl-C.
The first run on a data folder makes its secrets and seeds a demonstration.

  --port N    the port, 8787 unless told; 0 takes a free one
  --data DIR  the folder of the database and the secrets, .data unless told
  --fresh     deletes the data folder first
  --json      the first line on stdout is {\"url\",\"admin_key\",\"operator\",\"api_key\",\"control_urls\"};
              everything else goes to stderr
";

const TEST: &str = "\
Usage: cargo xtask test [LAYER…] [--only TEXT] [--examples N] [--seed N]

Runs the layers of tests, all of them unless some are named, and adds up what they say.
`--only` runs the test files of Node with this text in their names, as in `cargo xtask test http --only journey`.
`schemas` lets schemathesis make up N requests for each operation, 100 unless told otherwise: `cargo xtask test schemas --examples 1000 --seed 7`.
The last line is `N passed, N failed`. No network but the loopback address is used by the tests;
for `package` npm installs what the examples depend on, once.
";

const VECTORS: &str = "\
Usage: cargo xtask vectors

Runs the vectors on four hosts and prints one line each: `native N`, `node N`, `chromium N`, `workerd N`.
Fails unless every host ran all of them.
";

const SIZES: &str = "\
Usage: cargo xtask sizes

Prints the gzip sizes of the browser package and of the worker. Fails above their limits, and where the table in the package's README tells other
sizes; `LEEWAY_WRITE=1` writes that table.
";

const KILL: &str = "\
Usage: cargo xtask kill [--kills N] [--seed N]

Kills workerd N times, 50 unless told otherwise, in the middle of what customers, operators and a failing payment provider do with it, and starts it
again on the same folder. Then waits for the outbox to empty, and has an auditor in Python look at a copy of the database, the provider's journal, and
what customers were told: nothing that was acknowledged is lost, nothing is charged or paid back twice, everything adds up.
";

const BENCH: &str = "\
Usage: cargo xtask bench [--peer DIR]
       cargo xtask bench --bookings N

Loads the release worker and an empty JavaScript worker in one workerd, by turns, and prints medians.

  --peer DIR    also runs DIR/bench.sh, which loads another implementation of the same doors, and shows its ratios
  --bookings N  measures one operator with N bookings instead, 1,000 to 100,000: each list, search and statistic of it,
                with the median and the 99th percentile. 100,000 bookings take some minutes to make
";

const SIMULATE: &str = "\
Usage: cargo xtask simulate [--seeds N] [--first S]

Runs the simulation natively over N seeds on every core, and in WebAssembly over a tenth of them (at least 50), whose
hashes must be the same. A seed that fails is printed with its step; `--first S --seeds 1` runs it again.

  --seeds N  how many seeds, 2000 unless told
  --first S  the first seed, 1 unless told
";

const BUILD: &str = "\
Usage: cargo xtask build [--test-doors]

Builds the browser package into web-pkg/pkg, then the worker into build/worker.

  --test-doors  builds into build/worker-test the worker of the tests, whose clock can be set
";

const MUTANTS: &str = "\
Usage: cargo xtask mutants [--only TEXT]

Puts the mistakes of tests/mutants.json one by one into a copy of the source, builds it and runs the tests of the rules, or those of the edge where
the mistake is there. Fails unless they catch every one. `--only` takes the mistakes in files with this text in their names, as in `--only edge/`.
";

const FUZZ: &str = "\
Usage: cargo xtask fuzz [--seconds N] [--keep]

Lets libFuzzer at what reads policies, bookings, events and tokens, for N seconds each. It needs a nightly compiler.
Bytes that break something are left below target/xtask/fuzz/findings.

  --seconds N  for how long, 60 unless told
  --keep       adds what covers more than tests/fixtures/corpus to it: the ordinary tests do it again
";

const INSTRUCTIONS: &str = "\
Usage: cargo xtask instructions

Counts the instructions of a quote, a decision and an event with valgrind, which has to be installed.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Command> {
        parse(Parser::from_args(words))
    }

    #[test]
    fn serve_has_defaults_and_options() {
        let plain = ServeOptions { port: 8787, data: None, start: Start::Continue, format: Format::Text };
        assert_eq!(parsed(&["serve"]).unwrap(), Command::Serve(plain));
        let all = ServeOptions { port: 9000, data: Some("d".into()), start: Start::Fresh, format: Format::Json };
        let words = ["serve", "--port", "9000", "--data=d", "--fresh", "--json"];
        assert_eq!(parsed(&words).unwrap(), Command::Serve(all));
    }

    #[test]
    fn layers_run_in_their_own_order() {
        let all = Selection { layers: Layer::ALL.to_vec(), only: None, fuzzed: schemas::OF_THE_TESTS };
        assert_eq!(parsed(&["test"]).unwrap(), Command::Test(all));
        let journey =
            Selection { layers: vec![Layer::Http], only: Some("journey".to_owned()), fuzzed: schemas::OF_THE_TESTS };
        assert_eq!(parsed(&["test", "http", "--only", "journey"]).unwrap(), Command::Test(journey));
        let two = Command::Test(Selection {
            layers: vec![Layer::Fmt, Layer::Http],
            only: None,
            fuzzed: schemas::OF_THE_TESTS,
        });
        assert_eq!(parsed(&["test", "http", "fmt"]).unwrap(), two);
    }

    #[test]
    fn a_seed_that_failed_can_be_run_alone() {
        assert_eq!(parsed(&["simulate"]).unwrap(), Command::Simulate(Seeds { first: 1, native: 2_000, wasm: 200 }));
        let alone = Command::Simulate(Seeds { first: 4711, native: 1, wasm: 1 });
        assert_eq!(parsed(&["simulate", "--first", "4711", "--seeds", "1"]).unwrap(), alone);
        assert!(parsed(&["simulate", "--seeds", "0"]).is_err());
        assert!(parsed(&["simulate", "--seed", "1"]).unwrap_err().to_string().contains("--seed"));
        let long = Command::Kill(Kills { kills: 2_000, seed: 1 });
        assert_eq!(parsed(&["kill", "--kills", "2000"]).unwrap(), long);
        assert_eq!(parsed(&["simulate", "--help"]).unwrap(), Command::Help(Topic::Simulate));
    }

    #[test]
    fn bookings_are_a_measurement_of_their_own() {
        assert_eq!(parsed(&["bench"]).unwrap(), Command::Bench(Bench::Loads(None)));
        assert_eq!(parsed(&["bench", "--peer", "p"]).unwrap(), Command::Bench(Bench::Loads(Some("p".into()))));
        assert_eq!(parsed(&["bench", "--bookings", "100000"]).unwrap(), Command::Bench(Bench::Many(100_000)));
        for words in [&["bench", "--bookings", "100001"][..], &["bench", "--bookings=999"], &["bench", "--bookings"]] {
            assert!(parsed(words).unwrap_err().to_string().contains("--bookings"), "{words:?}");
        }
        assert!(parsed(&["bench", "--bookings", "5000", "--peer", "p"]).is_err());
    }

    #[test]
    fn fuzzing_takes_a_minute_unless_told() {
        let fuzzing = |seconds, corpus| Command::Fuzz(Fuzzing { seconds, corpus });
        assert_eq!(parsed(&["fuzz"]).unwrap(), fuzzing(60, Corpus::Stays));
        assert_eq!(parsed(&["fuzz", "--seconds", "5", "--keep"]).unwrap(), fuzzing(5, Corpus::Grows));
        assert!(parsed(&["fuzz", "policy"]).is_err());
    }

    #[test]
    fn what_is_unknown_is_named() {
        assert!(parsed(&["tset"]).unwrap_err().to_string().contains("`tset`"));
        assert!(parsed(&["test", "htpp"]).unwrap_err().to_string().contains("`htpp`"));
        assert!(parsed(&["sizes", "--all"]).unwrap_err().to_string().contains("--all"));
        assert!(parsed(&["serve", "--port", "70000"]).is_err());
    }

    #[test]
    fn help_wins_over_everything_after_the_command() {
        assert_eq!(parsed(&[]).unwrap(), Command::Help(Topic::All));
        assert_eq!(parsed(&["bench", "--peer", "x", "--help"]).unwrap(), Command::Help(Topic::Bench));
        assert!(help(Topic::Test).contains("vectors"));
    }
}
