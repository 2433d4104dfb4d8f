//! What the log says of itself.

/// The log's condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether appends are accepted now.
    pub ready: bool,
    /// Why not, for the operator.
    pub reason: Option<String>,
    /// Set once a write or fsync failed: the log will not accept anything until the process is restarted.
    pub fatal: Option<String>,
    /// Bytes of the write-ahead log (embedded; 0 on a broker).
    pub wal_bytes: u64,
    /// Records that wait for the writer.
    pub queued_records: usize,
    /// Their bytes.
    pub queued_bytes: usize,
    /// Free bytes on the log's disk, where it has one of its own.
    pub disk_free_bytes: Option<u64>,
    /// The partitions of webhook events that this process receives now, in order; empty on the embedded log, where one
    /// process has the only one.
    pub partitions: Vec<u32>,
}

/// How far an application is behind the end of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Records not applied yet.
    pub records: u64,
    /// The time of the oldest of them, milliseconds since the epoch.
    pub oldest_ms: Option<i64>,
}

/// What a retention run removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Records removed.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether records stayed although age or size asked for their removal, because they are not applied yet.
    pub held_back: bool,
}
