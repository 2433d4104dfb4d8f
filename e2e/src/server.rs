//! The real binary as a child process: started on a free port, killed, stopped, started again on the same data.

mod binary;

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

pub use binary::{forebay, tool};

use crate::wire::Connection;

/// The bearer token that every server here is started with.
pub const TOKEN: &str = "e2e-admin-token-0123456789abcdef0123456789";

/// How long a start may take before it is a failure; the bar itself (2 s) is judged by [`Server::started_in`].
const START_DEADLINE: Duration = Duration::from_secs(20);

/// How to start a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; it survives the server.
    pub data: PathBuf,
    /// Whether the first start makes the sample project.
    pub sample: bool,
    /// What it does, for one of several processes; empty for everything in one.
    pub roles: String,
    /// Text of a configuration file, or empty for none.
    pub config: String,
    /// Further environment variables, `FAILPOINTS` for one.
    pub env: Vec<(String, String)>,
    /// Where all servers on this folder write their log, one after another: beside the folder, since it is no
    /// part of the data.
    pub log: PathBuf,
}

impl Options {
    /// A server on this data folder, without the sample project and with every setting at its default.
    pub fn new(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            sample: false,
            roles: String::new(),
            config: String::new(),
            env: Vec::new(),
            log: data.with_extension("log"),
        }
    }

    /// The same with this configuration file.
    #[must_use]
    pub fn config(mut self, text: &str) -> Self {
        text.clone_into(&mut self.config);
        self
    }

    /// The same with this environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with these environment variables.
    #[must_use]
    pub fn envs(mut self, variables: &[(String, String)]) -> Self {
        self.env.extend_from_slice(variables);
        self
    }

    /// The same with these fail points (crate `fail`: `name=action;name=action`).
    #[must_use]
    pub fn failpoints(self, text: &str) -> Self {
        self.env("FAILPOINTS", text)
    }

    /// The same with the sample project.
    #[must_use]
    pub fn with_sample(mut self) -> Self {
        self.sample = true;
        self
    }

    /// Where the address stands while a server lives.
    pub fn address_file(&self) -> PathBuf {
        self.data.join("address")
    }

    /// The command line as a child would be started with, without waiting for it to be ready.
    pub fn spawn(&self) -> io::Result<Child> {
        let mut command = Command::new(forebay()?);
        if self.roles.is_empty() {
            command.arg("up");
        } else {
            command.args(["run", "--role", &self.roles]);
        }
        command.args(["--listen", "127.0.0.1:0", "--data"]).arg(&self.data);
        if !self.sample {
            command.arg("--no-sample");
        }
        if !self.config.is_empty() {
            let file = self.log.with_extension("toml");
            fs::write(&file, &self.config)?;
            command.arg("--config").arg(file);
        }
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        command.env("FOREBAY_ADMIN_TOKEN", TOKEN).env("RUST_BACKTRACE", "1").env_remove("FAILPOINTS");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()
    }
}

/// A running server; ended with SIGKILL when dropped.
#[derive(Debug)]
pub struct Server {
    options: Options,
    child: Child,
    authority: String,
    started_in: Duration,
}

impl Server {
    /// Starts a server and waits until `/readyz` says 200.
    pub fn start(options: &Options) -> io::Result<Self> {
        let begun = Instant::now();
        // a server that was killed left its address behind
        let _ = fs::remove_file(options.address_file());
        let mut child = options.spawn()?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Err(io::Error::other(format!("ended at start: {status}\n{}", tail(&options.log))));
            }
            let authority = authority(&options.address_file());
            if let Some(authority) = authority.filter(|authority| is_ready(authority)) {
                return Ok(Self { options: options.clone(), child, authority, started_in: begun.elapsed() });
            }
            if begun.elapsed() > START_DEADLINE {
                let _ = child.kill();
                let _ = child.wait();
                return Err(io::Error::other(format!("not ready in time\n{}", tail(&options.log))));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// `host:port` where it listens.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// `http://host:port`.
    pub fn base(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// What it was started with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Time from the call to the first 200 of `/readyz`.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// Everything that servers on this folder have logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.options.log).unwrap_or_default()).into_owned()
    }

    /// The last lines of it.
    pub fn log_tail(&self) -> String {
        tail(&self.options.log)
    }

    /// The exit status if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends it at once with SIGKILL, as a crash would.
    pub fn kill(mut self) -> Options {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.options.clone()
    }

    /// Sends SIGTERM and goes on.
    pub fn terminate(&self) -> io::Result<()> {
        self.signal(Signal::TERM)
    }

    /// Sends any signal.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.ok_or_else(|| io::Error::other("no process id"))?, signal).map_err(io::Error::from)
    }

    /// Waits for its end and says how it ended and how long that took; kills it where it takes longer than `patience`.
    pub fn wait(mut self, patience: Duration) -> io::Result<(ExitStatus, Duration)> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, begun.elapsed()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(io::Error::other(format!("still running after {patience:?}\n{}", tail(&self.options.log))))
    }

    /// SIGTERM, then waits for the end; returns what it was started with, for the next start.
    pub fn stop(self) -> io::Result<Options> {
        let options = self.options.clone();
        self.terminate()?;
        let (status, _) = self.wait(Duration::from_secs(20))?;
        if status.success() { Ok(options) } else { Err(io::Error::other(format!("ended with {status}"))) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `host:port` that a data folder's address file names.
pub fn authority(address_file: &Path) -> Option<String> {
    let text = fs::read_to_string(address_file).ok()?;
    text.strip_suffix('\n')?.strip_prefix("http://").map(str::to_owned)
}

/// Whether `/readyz` answers 200.
pub fn is_ready(authority: &str) -> bool {
    readiness(authority).is_ok_and(|status| status == 200)
}

/// The status of `/readyz`.
pub fn readiness(authority: &str) -> io::Result<u16> {
    let mut connection = Connection::open(authority, Duration::from_secs(2))?;
    connection.send(&Connection::request("GET", "/readyz", "connection: close\r\n", b""))?;
    Ok(connection.answer()?.status)
}

fn tail(file: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
