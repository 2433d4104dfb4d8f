//! Topics of one's own on the run's Kafka, and the broker's crash.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::journal;

/// Topics and groups that nobody else uses.
#[derive(Debug)]
pub struct Topics {
    bootstrap: String,
    own: String,
}

impl Topics {
    /// New ones on the broker that `FOREBAY_TEST_KAFKA` names (`host:port`); `None` where nothing is named.
    pub fn new(name: &str) -> Option<Self> {
        let bootstrap = std::env::var("FOREBAY_TEST_KAFKA").ok().filter(|address| !address.is_empty())?;
        Some(Self { bootstrap, own: format!("{name}-{}", std::process::id()) })
    }

    /// The broker, `host:port`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// A topic's name on the broker: `webhook-events` or `webhook-failures`.
    pub fn topic(&self, name: &str) -> String {
        format!("{}.{name}", self.own)
    }

    /// The variables that make them a server's event log. One broker has one replica, which only development accepts.
    pub fn log(&self) -> Vec<(String, String)> {
        let settings = [
            ("KIND", "kafka"),
            ("KAFKA__BOOTSTRAP", &self.bootstrap),
            ("KAFKA__TOPIC_PREFIX", &format!("{}.", self.own)),
            ("KAFKA__GROUP", &self.own),
            ("KAFKA__TOPICS__REPLICATION", "1"),
            ("KAFKA__TOPICS__MIN_INSYNC_REPLICAS", "1"),
            ("KAFKA__TOPICS__ACCEPT_UNSAFE", "true"),
        ];
        let named = settings.iter();
        named.map(|(name, value)| (format!("FOREBAY_EVENT_LOG__{name}"), (*value).to_owned())).collect()
    }
}

/// The run's broker, for those who may crash it.
#[derive(Debug)]
pub struct Broker {
    folder: PathBuf,
    bootstrap: String,
}

impl Broker {
    /// The broker of the folder that `FOREBAY_TEST_KAFKA_DIR` names.
    pub fn of_run() -> Option<Self> {
        let folder = std::env::var_os("FOREBAY_TEST_KAFKA_DIR")?.into();
        Some(Self { folder, bootstrap: std::env::var("FOREBAY_TEST_KAFKA").ok()? })
    }

    /// `kill -9`.
    pub fn kill(&self) -> io::Result<()> {
        self.script(&["kill"])
    }

    /// Starts it again on its old port, with all that it had stored; comes back when it serves.
    pub fn start_again(&self) -> io::Result<()> {
        let port = self.bootstrap.rsplit_once(':').map_or("", |(_, port)| port);
        self.script(&["start", port])
    }

    fn script(&self, words: &[&str]) -> io::Result<()> {
        let (verb, rest) = words.split_first().ok_or_else(|| io::Error::other("no verb"))?;
        let script = journal::root().join("deploy/kafka-local/kafka-local");
        let mut command = Command::new("bash");
        command.arg(script).arg(verb).arg(&self.folder).args(rest);
        let output = command.env("KAFKA_HEAP", "384m").output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("kafka {verb}: {}", String::from_utf8_lossy(&output.stderr))))
    }
}
