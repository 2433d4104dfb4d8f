//! A process of its own that appends until it is killed. It is this test binary once more; what it was
//! acknowledged it prints, and the parent keeps it.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use eventlog::{EventLog, Options, Synchronous};

use crate::embedded::options;
use crate::harness::{TOPIC, record};

const LOG: &str = "EVENTLOG_CHILD_LOG";
const SYNCHRONOUS_OFF: &str = "EVENTLOG_CHILD_SYNCHRONOUS_OFF";
const CONTROL: &str = "EVENTLOG_CHILD_CONTROL";
/// Appends that wait at once.
pub(crate) const WAITERS: usize = 32;

/// A running child.
pub(crate) struct Appender {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The ids that were acknowledged, and when, in nanoseconds since the epoch.
    pub(crate) acknowledged: Vec<(u128, String)>,
    /// What the child said went wrong.
    pub(crate) errors: Vec<String>,
}

impl Appender {
    pub(crate) fn start(log: &Path, synchronous: Synchronous, control: bool) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child::appends", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(LOG, log).stdout(Stdio::piped()).stderr(Stdio::null());
        if synchronous == Synchronous::Off {
            command.env(SYNCHRONOUS_OFF, "1");
        }
        if control {
            command.env(CONTROL, "1");
        }
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, acknowledged: Vec::new(), errors: Vec::new() }
    }

    /// Reads acknowledgements until there are this many. Whether there were.
    pub(crate) fn wait_for(&mut self, count: usize) -> bool {
        while self.acknowledged.len() < count {
            if !self.read_line() {
                return false;
            }
        }
        true
    }

    /// Kills it without a warning, and reads what it had said before.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        while self.read_line() {}
        self.child.wait().unwrap();
    }

    /// The ids that were acknowledged before this moment.
    pub(crate) fn before(&self, moment: u128) -> Vec<String> {
        self.acknowledged.iter().filter(|(time, _)| *time < moment).map(|(_, id)| id.clone()).collect()
    }

    fn read_line(&mut self) -> bool {
        // A line that the kill cut in two was not told.
        let Some(Ok(line)) = self.lines.next() else { return false };
        if let Some(id) = line.strip_prefix("acknowledged ").and_then(|rest| rest.strip_suffix('.')) {
            let (time, id) = id.split_once(' ').unwrap();
            self.acknowledged.push((time.parse().unwrap(), id.to_owned()));
        } else if let Some(error) = line.strip_prefix("refused ") {
            self.errors.push(error.to_owned());
        }
        true
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not a test: what the child does. Without its variable it does nothing.
#[test]
#[ignore = "the child process of other tests"]
fn appends() {
    let Some(path) = std::env::var_os(LOG) else { return };
    println!();
    let synchronous =
        if std::env::var_os(SYNCHRONOUS_OFF).is_some() { Synchronous::Off } else { Synchronous::Full };
    #[cfg(feature = "failpoints")]
    if std::env::var_os(CONTROL).is_some() {
        fail::cfg("eventlog::control_ack_before_append", "return").unwrap();
        // On a fast disk the commit is there before an acknowledgement is printed, and a kill finds nothing.
        fail::cfg("eventlog::before_commit", "sleep(5)").unwrap();
    }
    // A small target, so that checkpoints and new beginnings of the write-ahead log happen between kills.
    let options = Options { synchronous, wal_target_bytes: 4 << 20, ..options() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(Path::new(&path), options).unwrap());
        let tasks = (0..WAITERS).map(|task| {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                for n in 0.. {
                    let record = record(format!("{task}/{n}/{}", "x".repeat(n % 3_000)));
                    let id = record.id.clone();
                    let line = match log.append(TOPIC, record).await {
                        Ok(_) => format!("acknowledged {} {id}.\n", UNIX_EPOCH.elapsed().unwrap().as_nanos()),
                        Err(error) => {
                            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                            format!("refused {error:?}\n")
                        }
                    };
                    std::io::stdout().write_all(line.as_bytes()).unwrap();
                }
            })
        });
        futures::future::join_all(tasks).await;
    });
}
