//! `cargo xtask bench`: the release worker beside an empty one in the same workerd, load by load, in turns.
//!
//! Figures are printed and never judged: how fast a machine is today is no property of the code. The ratios of one run
//! are what can be compared.

mod many;
mod peer;
mod quotes;

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::args::Bench;
use crate::build::{self, Flavor};
use crate::demo;
use crate::http::Api;
use crate::load::{self, Connection, Measured, Stop};
use crate::project::Project;
use crate::secrets::Secrets;
use crate::worker::{self, Beside, Launch, Log, Outside, Worker};
use crate::{Outcome, progress};

const ROUNDS: usize = 3;
const WARM_UP: Duration = Duration::from_secs(1);
const ROUND: Duration = Duration::from_secs(3);
const VIEWED: usize = 100;
const CANCELED_A_ROUND: usize = 150;
const FIXTURES: &str = "tests/fixtures/bench";
/// Slots start from the fifth to the sixty-fourth day from now, so that every window of the policy has bookings in it.
const FIRST_DAY: usize = 5;
const DAYS: usize = 60;
const ACTION: &str = r#"{"type":"cancel","selection":{"all":true}}"#;
const SUCCESS: Range<u16> = 200..300;
const CLOCK_TICKS_PER_S: f64 = 100.0;

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Load {
    /// The empty JavaScript worker.
    Empty,
    /// Our worker's route that does nothing.
    Noop,
    /// A link that is refused without waking the object.
    Forged,
    /// What a customer sees.
    View,
    /// What canceling would cost.
    Quote,
    /// The same, and then it is done.
    Cancel,
}

impl Load {
    const ALL: [Self; 6] = [Self::Empty, Self::Noop, Self::Forged, Self::View, Self::Quote, Self::Cancel];

    fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty JS worker",
            Self::Noop => "noop",
            Self::Forged => "forged link",
            Self::View => "view",
            Self::Quote => "quote",
            Self::Cancel => "quote + cancel",
        }
    }

    /// One turn with this token; answers how many requests it made.
    fn turn(self, connection: &mut Connection, token: &str) -> Result<u64> {
        match self {
            Self::Empty => connection.get("/")?.expect(SUCCESS)?,
            Self::Noop => connection.get("/noop")?.expect(SUCCESS)?,
            Self::Forged => connection.get(&format!("/v1/control/{}", forged(token)))?.expect(404..=404)?,
            Self::View => connection.get(&format!("/v1/control/{token}"))?.expect(SUCCESS)?,
            Self::Quote => connection.post(&format!("/v1/control/{token}/quotes"), ACTION)?.expect(SUCCESS)?,
            Self::Cancel => return cancel(connection, token),
        };
        Ok(1)
    }
}

/// A bench's running workers and the links of their bookings.
struct Stand {
    worker: Worker,
    port: u16,
    empty_port: u16,
    viewed: Vec<String>,
    canceled: Vec<String>,
}

/// What one load used in one round.
#[derive(Debug, Clone, Copy)]
struct Sample {
    per_s: f64,
    cpu_us: f64,
}

/// Measures and prints.
///
/// # Errors
/// A tool is missing, the worker refuses a booking, or an answer is not what it should be.
pub(crate) fn bench(project: &Project, what: &Bench) -> Result<Outcome> {
    build::worker(project, Flavor::Release)?;
    match what {
        Bench::Loads(peer) => loads(project, peer.as_deref()),
        Bench::Many(bookings) => many::measure(project, *bookings),
    }
}

/// Load by load; with a peer's folder also against that.
fn loads(project: &Project, peer: Option<&Path>) -> Result<Outcome> {
    let stand = stand(project)?;
    for load in Load::ALL {
        stand.run(load, Stop::After(WARM_UP), &stand.viewed)?;
    }
    let samples = rounds(&stand)?;
    drop(stand);
    print(&samples);
    quotes::print(project);
    match peer {
        Some(folder) => peer::compare(project, folder),
        None => Ok(Outcome::Passed),
    }
}

fn stand(project: &Project) -> Result<Stand> {
    let (port, empty_port) = (worker::free_port()?, worker::free_port()?);
    let worker = start(project, "bench", port, Beside::Empty(empty_port))?;
    let mut tokens = seed(project, &worker.0, &worker.1, VIEWED + ROUNDS * CANCELED_A_ROUND)?;
    let canceled = tokens.split_off(VIEWED);
    Ok(Stand { worker: worker.0, port, empty_port, viewed: tokens, canceled })
}

/// A release worker on an empty data folder.
fn start(project: &Project, name: &str, port: u16, beside: Beside) -> Result<(Worker, Secrets)> {
    let data = project.scratch("data").join(name);
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty `{}`", data.display()))?;
    }
    fs::create_dir_all(&data)?;
    let secrets = Secrets::of_folder(&data)?;
    let (log, outside) = (Log::File, Outside::World);
    let launch = Launch { flavor: Flavor::Release, data: &data, port, secrets: &secrets, log, beside, outside };
    Ok((Worker::start(project, &launch)?, secrets))
}

fn fixture(project: &Project, name: &str) -> Result<Value> {
    let path = project.path(FIXTURES).join(name);
    let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

/// Makes an operator with this many bookings, all paid; answers the tokens of their links.
fn seed(project: &Project, worker: &Worker, secrets: &Secrets, count: usize) -> Result<Vec<String>> {
    let (policy, fixture) = (fixture(project, "policy.json")?, fixture(project, "booking.json")?);
    progress::timed(&format!("{count} bookings"), || {
        let (_, key) = demo::operator(worker.url(), secrets)?;
        let api = Api::new(worker.url(), &key);
        api.put("/v1/policies/standard", &policy)?;
        (0..count).map(|index| book(&api, &fixture, index)).collect()
    })
}

fn book(api: &Api, fixture: &Value, index: usize) -> Result<String> {
    let mut booking = fixture.get("booking").context("the fixture has no `booking`")?.clone();
    let items = booking.get_mut("items").and_then(Value::as_array_mut).context("the booking has no `items`")?;
    for (number, item) in items.iter_mut().enumerate() {
        let day = item.pointer_mut("/starts/in_days").context("an item has no `starts.in_days`")?;
        *day = json!(FIRST_DAY + (index + number) % DAYS);
    }
    let payments = fixture.get("payments").and_then(Value::as_array).context("the fixture has no `payments`")?;
    let link = demo::book(api, &booking, payments)?;
    let token = link.split_once("/b/").map(|(_, token)| token.to_owned());
    token.with_context(|| format!("`control_url` is no link: {link}"))
}

fn rounds(stand: &Stand) -> Result<Vec<(Load, Vec<Sample>)>> {
    let mut samples: Vec<(Load, Vec<Sample>)> = Load::ALL.map(|load| (load, Vec::new())).into();
    let mut shares = stand.canceled.chunks(CANCELED_A_ROUND);
    for round in 1..=ROUNDS {
        progress::say(&format!("round {round} of {ROUNDS} …"));
        let share = shares.next().context("too few bookings")?;
        for (load, samples) in &mut samples {
            samples.push(stand.sample(*load, share)?);
        }
    }
    Ok(samples)
}

impl Stand {
    fn run(&self, load: Load, stop: Stop, tokens: &[String]) -> Result<Measured> {
        let port = if load == Load::Empty { self.empty_port } else { self.port };
        let stop = if load == Load::Cancel { Stop::Turns(tokens.len() as u64) } else { stop };
        // Canceling during the warm-up would leave nothing to view.
        let load = if load == Load::Cancel && tokens == self.viewed { Load::Quote } else { load };
        load::load(port, stop, |connection, number| {
            let index = usize::try_from(number)? % tokens.len();
            load.turn(connection, tokens.get(index).context("no token")?)
        })
        .with_context(|| format!("load `{}`", load.name()))
    }

    fn sample(&self, load: Load, share: &[String]) -> Result<Sample> {
        let tokens = if load == Load::Cancel { share } else { &self.viewed };
        let before = cpu_seconds(self.worker.pid())?;
        let measured = self.run(load, Stop::After(ROUND), tokens)?;
        let used = cpu_seconds(self.worker.pid())? - before;
        let requests = measured.requests as f64;
        Ok(Sample { per_s: requests / measured.time.as_secs_f64(), cpu_us: used * 1e6 / requests })
    }
}

fn cancel(connection: &mut Connection, token: &str) -> Result<u64> {
    let quote = connection.post(&format!("/v1/control/{token}/quotes"), ACTION)?.expect(SUCCESS)?;
    let quote: Value = serde_json::from_slice(&quote.body)?;
    let quote = quote.get("token").and_then(Value::as_str).context("the quote has no `token`")?;
    let body = format!(r#"{{"action":{ACTION},"quote":"{quote}"}}"#);
    connection.post(&format!("/v1/control/{token}/actions"), &body)?.expect(SUCCESS)?;
    Ok(2)
}

/// The token with one character of its MAC altered.
fn forged(token: &str) -> String {
    const FROM_THE_END: usize = 9;
    let at = token.len().saturating_sub(FROM_THE_END);
    let alter = |(index, character)| match (index == at, character) {
        (true, 'A') => 'B',
        (true, _) => 'A',
        (false, character) => character,
    };
    token.char_indices().map(alter).collect()
}

/// Time that a process has spent on the processors: the figure that a busy machine disturbs least.
fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("processor time needs Linux's /proc")?;
    ticks(&stat).map(|ticks| ticks as f64 / CLOCK_TICKS_PER_S).context("/proc has another form")
}

/// User and system time; the name before them may have spaces in it.
fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn print(samples: &[(Load, Vec<Sample>)]) {
    println!("\n{:<18}{:>12}{:>12}   rounds", "load", "requests/s", "server µs");
    for (load, samples) in samples {
        let per_s = median(samples.iter().map(|sample| sample.per_s));
        let cpu_us = median(samples.iter().map(|sample| sample.cpu_us));
        let rounds: Vec<_> = samples.iter().map(|sample| format!("{:.0}", sample.per_s)).collect();
        println!("{:<18}{per_s:>12.0}{cpu_us:>12.0}   {}", load.name(), rounds.join(" "));
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_token_differs_in_one_character() {
        assert_eq!(forged("0123456789abcdef"), "0123456A89abcdef");
        assert_eq!(forged("0123456A89abcdef"), "0123456B89abcdef");
    }

    #[test]
    fn processor_time_is_read_past_the_name() {
        let stat = "42 (a (odd) name) S 1 42 42 0 -1 4194560 5 0 0 0 30 12 0 0 20 0 1 0 99";
        assert_eq!(ticks(stat), Some(42));
    }

    #[test]
    fn the_middle_one_counts() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }
}
