//! `cargo xtask serve`: the worker on this machine with a demonstration in it, until Ctrl-C.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::args::{Format, ServeOptions, Start};
use crate::build::Flavor;
use crate::demo::{self, Demo};
use crate::project::Project;
use crate::secrets::{self, Secrets};
use crate::worker::{Beside, Launch, Log, Outside, Worker};
use crate::{Outcome, build, progress, worker};

const DATA: &str = ".data";
const WATCH: Duration = Duration::from_millis(500);

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Ready<'a> {
    url: &'a str,
    admin_key: &'a str,
    operator: &'a str,
    api_key: &'a str,
    control_urls: Vec<String>,
    mailbox_url: String,
}

/// Builds, starts, seeds, tells, and stays until it is asked to stop.
///
/// # Errors
/// Something is missing, the port is taken, or the worker stops by itself.
pub(crate) fn serve(project: &Project, options: &ServeOptions) -> Result<Outcome> {
    build::worker(project, Flavor::Release)?;
    // Before anything is deleted for a start that cannot be.
    let port = worker::available(options.port)?;
    let data = folder(project, options)?;
    let secrets = Secrets::of_folder(&data)?;
    let launch = Launch {
        flavor: Flavor::Release,
        data: &data,
        port,
        secrets: &secrets,
        log: Log::Stderr,
        beside: Beside::Nothing,
        outside: Outside::World,
    };
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // It fails only when this is over already.
        let _ = stop.send(());
    })?;
    let mut worker = Worker::start(project, &launch)?;
    let demo = demo::ensure(project, &data, worker.url(), &secrets)?;
    tell(&worker, &demo, &secrets, options.format)?;
    loop {
        match stopped.recv_timeout(WATCH) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if worker.is_running()? => {}
            Err(RecvTimeoutError::Timeout) => bail!("workerd stopped by itself"),
        }
    }
    progress::say("stopped");
    Ok(Outcome::Passed)
}

/// The data folder, empty if that was asked for.
fn folder(project: &Project, options: &ServeOptions) -> Result<PathBuf> {
    let data = options.data.clone().unwrap_or_else(|| project.path(DATA));
    if options.start == Start::Fresh {
        clear(&data)?;
    }
    fs::create_dir_all(&data).with_context(|| format!("cannot make `{}`", data.display()))?;
    Ok(data)
}

/// Deletes a folder, but only one that this program has filled.
fn clear(data: &Path) -> Result<()> {
    let empty = !data.exists() || fs::read_dir(data)?.next().is_none();
    if empty {
        return Ok(());
    }
    if !data.join(secrets::FILE).is_file() {
        bail!("`{}` has no `{}`, so it is not ours to delete", data.display(), secrets::FILE);
    }
    fs::remove_dir_all(data).with_context(|| format!("cannot delete `{}`", data.display()))
}

fn tell(worker: &Worker, demo: &Demo, secrets: &Secrets, format: Format) -> Result<()> {
    let url = worker.url();
    let control_urls = demo::links(demo, url);
    let mailbox_url = format!("{url}/mailbox/{}", demo.operator);
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => {
            let Demo { operator, api_key, .. } = demo;
            let ready = Ready { url, admin_key: &secrets.admin_key, operator, api_key, control_urls, mailbox_url };
            writeln!(out, "{}", serde_json::to_string(&ready)?)?;
        }
        Format::Text => {
            writeln!(out, "\nLeeway is up at {url}\n\nOpen as a customer:")?;
            for (title, link) in demo.titles.iter().zip(&control_urls) {
                writeln!(out, "\n  {title}\n  {link}")?;
            }
            writeln!(out, "\nWhat was mailed to them  {mailbox_url}")?;
            writeln!(out, "\nThe operator's API key  {}\nThe admin key           {}", demo.api_key, secrets.admin_key)?;
            writeln!(out, "\nCtrl-C stops it; what was done stays. `--fresh` starts over.\n")?;
        }
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_folder_is_deleted() {
        let folder = std::env::temp_dir().join(format!("leeway-serve-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("letter.txt"), "mine").unwrap();
        assert!(clear(&folder).unwrap_err().to_string().contains("not ours"));
        fs::write(folder.join(secrets::FILE), "{}").unwrap();
        clear(&folder).unwrap();
        assert!(!folder.exists());
        clear(&folder).unwrap();
    }
}
