//! A workerd process: started on a data folder, waited for, and stopped with the command that started it.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, Flavor};
use crate::fakes::Fakes;
use crate::http::Api;
use crate::process;
use crate::project::Project;
use crate::secrets::Secrets;

const READY_MAX: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(30);
const CONFIG: &str = include_str!("../workerd.capnp");
const BENCH_CONFIG: &str = include_str!("../bench.capnp");

/// What to start.
#[derive(Debug)]
pub(crate) struct Launch<'a> {
    /// Which worker.
    pub(crate) flavor: Flavor,
    /// The folder of the database; it is made if it is missing.
    pub(crate) data: &'a Path,
    /// The loopback port.
    pub(crate) port: u16,
    /// What the worker is told.
    pub(crate) secrets: &'a Secrets,
    /// Where its log lines go.
    pub(crate) log: Log,
    /// Whether there is another worker beside it.
    pub(crate) beside: Beside,
    /// What it finds outside.
    pub(crate) outside: Outside<'a>,
}

/// What a worker finds outside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outside<'a> {
    /// The public network.
    World,
    /// Also this machine, on which the fakes stand for the world.
    Fakes(&'a Fakes),
}

/// Where the worker's log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// To stderr, for a person who watches.
    Stderr,
    /// To `worker.log` in the data folder.
    File,
}

impl Log {
    /// A person wants to see what happens; a test reads only what went wrong, and a measurement is of the worker alone.
    fn detail(self) -> &'static str {
        match self {
            Self::Stderr => "commits",
            Self::File => "errors",
        }
    }

    /// A person finds what would be sent in the worker's own mailbox; elsewhere each operator sets what becomes of it.
    fn mailbox(self) -> &'static str {
        match self {
            Self::Stderr => "default",
            Self::File => "offered",
        }
    }
}

/// A second worker in the same process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// None.
    Nothing,
    /// An empty JavaScript worker on this port.
    Empty(u16),
}

/// A running workerd. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    url: String,
}

impl Worker {
    /// Starts workerd and waits until it answers.
    ///
    /// # Errors
    /// workerd does not start; then the message says where its log is.
    pub(crate) fn start(project: &Project, launch: &Launch<'_>) -> Result<Self> {
        lay_out(project, launch)?;
        let child = command(project, launch)?.spawn().context("cannot start workerd")?;
        let mut worker = Self { child, url: format!("http://127.0.0.1:{}", launch.port) };
        worker.wait_until_ready(launch)?;
        Ok(worker)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process still runs.
    ///
    /// # Errors
    /// The system does not say.
    pub(crate) fn is_running(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    fn wait_until_ready(&mut self, launch: &Launch<'_>) -> Result<()> {
        let api = Api::new(&self.url, "");
        let until = Instant::now() + READY_MAX;
        while !api.is_ready() {
            let log = match launch.log {
                Log::Stderr => "above".to_owned(),
                Log::File => format!("in `{}`", launch.data.join("worker.log").display()),
            };
            if !self.is_running()? {
                bail!("workerd stopped at once; its reason is {log}");
            }
            if Instant::now() > until {
                bail!("the worker did not answer `GET /healthz` in {} s; its log is {log}", READY_MAX.as_secs());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Worker {
    /// At once: what was acknowledged is on disk, and nothing else is owed to anybody.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A loopback port that nobody listens on now.
///
/// # Errors
/// The system has none.
pub(crate) fn free_port() -> Result<u16> {
    available(0)
}

/// This port, or any free one for 0.
///
/// # Errors
/// Somebody listens on it.
pub(crate) fn available(port: u16) -> Result<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(error) => bail!("port {port} cannot be used ({error}); choose another with `--port`"),
    }
}

/// Puts the configuration and a copy of the worker into the data folder: a later build does not disturb a running one.
fn lay_out(project: &Project, launch: &Launch<'_>) -> Result<()> {
    let modules = launch.data.join("worker");
    fs::create_dir_all(&modules).with_context(|| format!("cannot make `{}`", modules.display()))?;
    fs::create_dir_all(launch.data.join("objects"))?;
    fs::write(launch.data.join("config.capnp"), config(launch.outside)?)?;
    fs::write(launch.data.join("bench.capnp"), BENCH_CONFIG)?;
    for name in ["index.js", "leeway_edge_bg.wasm"] {
        let built = project.path(launch.flavor.folder()).join(name);
        fs::copy(&built, modules.join(name)).with_context(|| format!("`{}` has not been built", built.display()))?;
    }
    build::copy_all(&project.path(build::ASSETS_FOLDER), &launch.data.join("assets"))
}

/// Where the fakes are, the worker also reaches this machine and trusts their mail server.
fn config(outside: Outside<'_>) -> Result<String> {
    const NETWORK: &str = r#"allow = ["public"], tlsOptions = (trustBrowserCas = true)"#;
    match outside {
        Outside::World => Ok(CONFIG.to_owned()),
        Outside::Fakes(fakes) => {
            if !CONFIG.contains(NETWORK) {
                bail!("xtask/workerd.capnp has no network `{NETWORK}`");
            }
            let certificate = fakes.certificate()?;
            let trusting = format!(
                r#"allow = ["public", "private"], tlsOptions = (trustBrowserCas = true, trustedCertificates = [{certificate:?}])"#
            );
            Ok(CONFIG.replace(NETWORK, &trusting))
        }
    }
}

fn command(project: &Project, launch: &Launch<'_>) -> Result<Command> {
    let mut command = tied(&project.workerd()?);
    command.arg("serve");
    for name in ["objects", "assets"] {
        let folder: PathBuf = std::path::absolute(launch.data.join(name))?;
        command.arg(format!("--directory-path={name}={}", folder.display()));
    }
    command.arg(format!("--socket-addr=http=127.0.0.1:{}", launch.port));
    match launch.beside {
        Beside::Nothing => command.arg("config.capnp"),
        Beside::Empty(port) => command.arg(format!("--socket-addr=empty=127.0.0.1:{port}")).arg("bench.capnp"),
    };
    command.current_dir(launch.data).stdin(Stdio::null());
    command.env("ADMIN_KEY", &launch.secrets.admin_key).env("LINK_KEYS", launch.secrets.link_keys.to_string());
    command.env("LOG", launch.log.detail()).env("MAILBOX", launch.log.mailbox());
    command.env("PUBLIC_URL", format!("http://127.0.0.1:{}", launch.port));
    if let Outside::Fakes(fakes) = launch.outside {
        command.env("STRIPE_URL", fakes.stripe_url()?);
    }
    match launch.log {
        Log::Stderr => command.stdout(Stdio::from(std::io::stderr())),
        Log::File => {
            let file = File::options().create(true).append(true).open(launch.data.join("worker.log"))?;
            command.stderr(file.try_clone()?).stdout(file)
        }
    };
    Ok(command)
}

/// A command that the system ends together with this program, however that one ends: on Linux `setpriv` asks the
/// kernel for it and then becomes the command. Elsewhere dropping the [`Worker`] has to do.
fn tied(program: &Path) -> Command {
    let tie = ["--pdeathsig", "KILL", "--"];
    if process::quiet(Command::new("setpriv").args(tie).arg("true")).is_err() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(tie).arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_beside_the_fakes_are_private_addresses_reached() {
        assert!(!config(Outside::World).unwrap().contains("private\""));
        let told = serde_json::json!({ "mail": { "certificate": "-----BEGIN\nEND-----" } });
        let beside = config(Outside::Fakes(&Fakes::imagined(told))).unwrap();
        assert!(beside.contains(r#"["public", "private"]"#));
        assert!(beside.contains(r#"trustedCertificates = ["-----BEGIN\nEND-----"]"#));
    }

    #[test]
    fn a_taken_port_is_said() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(available(port).unwrap_err().to_string().contains("--port"));
        assert_ne!(free_port().unwrap(), port);
    }
}
