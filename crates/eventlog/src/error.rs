//! What can go wrong. `Display` is for the log; the gateway answers each of them with 503 in its own words.

use std::path::PathBuf;

use crate::PositionError;

/// Why an append was not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too many records or bytes wait for the writer. Definite; passes as the writer catches up.
    #[error("the event log's queue is full")]
    Full,
    /// The disk is full, or fuller than the reserve allows. Definite; passes when space returns.
    #[error("the event log's disk is full: {0}")]
    DiskFull(String),
    /// Larger than [`crate::RECORD_LIMIT`]. Definite; never passes.
    #[error("the record has {size} bytes, the event log takes {limit}")]
    TooLarge {
        /// The record's size, [`crate::Record::size`].
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// The log was closed. Definite.
    #[error("the event log is closed")]
    Closed,
    /// The log cannot write, now or for good ([`crate::Health::fatal`]). Definite.
    #[error("the event log cannot write: {0}")]
    Unavailable(String),
    /// The write was started and its outcome is not known: the record may be in the log.
    #[error("it is not known whether the record was stored: {0}")]
    Unknown(String),
}

impl AppendError {
    /// Whether the record is certainly not in the log. If not, a sender that repeats may make a second event.
    pub fn is_definite(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// A short word for metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Full => "queue-full",
            Self::DiskFull(_) => "disk-full",
            Self::TooLarge { .. } => "too-large",
            Self::Closed => "closed",
            Self::Unavailable(_) => "unavailable",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Why the log could not be opened, read or pruned.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log was closed.
    #[error("the event log is closed")]
    Closed,
    /// Another process, or another opening in this one, has the log open.
    #[error("the event log {0} is in use by another process")]
    Locked(PathBuf),
    /// The file is not an event log, or one of a later version.
    #[error("{file} cannot be used as an event log: {detail}")]
    Foreign {
        /// The file.
        file: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A file of the log was damaged: what it holds is not what was acknowledged. Needs the operator.
    #[error("the event log file {file} is damaged: {detail}")]
    Corrupt {
        /// The damaged file.
        file: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The linked SQLite or its settings are not the ones that the log's promises rest on.
    #[error("the event log needs {0}")]
    Unsafe(String),
    /// A setting of the driver is wrong, or two contradict each other.
    #[error("event log setting {0}")]
    Setting(String),
    /// The topic on the broker is not one that the log's promises can rest on. Needs the operator.
    #[error("the topic {topic} cannot carry the event log: {detail}")]
    Topic {
        /// The topic's name on the broker.
        topic: String,
        /// What is wrong with it and how to put it right, all faults at once.
        detail: String,
    },
    /// The brokers cannot be reached, or refused. Passes unless it says that something is not allowed.
    #[error("the event log's brokers: {0}")]
    Broker(String),
    /// The operating system or SQLite refused.
    #[error("event log file {file}: {detail}")]
    Io {
        /// The file.
        file: PathBuf,
        /// What was refused.
        detail: String,
    },
    /// The log stopped writing for good after a failed write; only a restart can help.
    #[error("the event log stopped writing: {0}")]
    Failed(String),
    /// A long read (a backup) was ended because it kept the write-ahead log from shrinking. Try at a quieter time.
    #[error("the read was ended, as the write-ahead log grew to {wal_bytes} bytes meanwhile")]
    Interrupted {
        /// The size that the write-ahead log had reached.
        wal_bytes: u64,
    },
    /// The store could not tell its position.
    #[error(transparent)]
    Position(#[from] PositionError),
}
