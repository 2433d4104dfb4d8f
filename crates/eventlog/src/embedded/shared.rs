//! What the log's threads and callers have in common.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::meters::Meters;
use super::reader::Readers;
use super::{Head, Options, disk};
use crate::budget::Budget;
use crate::{Health, Topic};

/// After a full disk was met the log says "not ready" this long; then it lets appends try again.
const FULL_PAUSE: Duration = Duration::from_secs(1);
/// No hint of a subscription yet.
const NO_HINT: i64 = -1;

pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) wal_path: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) options: Options,
    pub(super) budget: Arc<Budget>,
    pub(super) readers: Readers,
    pub(super) meters: Meters,
    pub(super) closed: AtomicBool,
    /// Held by whoever runs a checkpoint: SQLite lets only one at a time and does not wait.
    pub(super) checkpointing: Mutex<()>,
    /// The checkpointer copied nearly all of a write-ahead log that is over its target.
    pub(super) restart_wanted: AtomicBool,
    pub(super) wal_bytes: AtomicU64,
    heads: [watch::Sender<Head>; Topic::ALL.len()],
    hints: [AtomicI64; Topic::ALL.len()],
    fatal: OnceLock<String>,
    full_since: Mutex<Option<Instant>>,
}

impl Shared {
    pub(super) fn new(path: &Path, options: Options, heads: [Head; Topic::ALL.len()]) -> Self {
        Self {
            path: path.to_owned(),
            wal_path: disk::beside(path, "-wal"),
            folder: disk::folder(path),
            budget: Budget::new(options.queue_records, options.queue_bytes),
            options,
            readers: Readers::new(path),
            meters: Meters::new(),
            closed: AtomicBool::new(false),
            checkpointing: Mutex::new(()),
            restart_wanted: AtomicBool::new(false),
            wal_bytes: AtomicU64::new(0),
            hints: heads.map(|head| AtomicI64::new(head.committed.unwrap_or(NO_HINT))),
            heads: heads.map(|head| watch::channel(head).0),
            fatal: OnceLock::new(),
            full_since: Mutex::new(None),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Why the log stopped writing for good.
    pub(super) fn fatal(&self) -> Option<String> {
        self.fatal.get().cloned()
    }

    /// Stops all writing until the process is restarted.
    pub(super) fn set_fatal(&self, why: &str) {
        if self.fatal.set(why.to_owned()).is_ok() {
            self.meters.failed.set(1.0);
            tracing::error!(file = %self.path.display(), why, "the event log stopped writing for good");
        }
    }

    /// Ends all receiving and reading; waits for the reads that are under way.
    pub(super) fn end_reading(&self) {
        for head in &self.heads {
            head.send_modify(|head| head.closed = true);
        }
        self.readers.close();
    }

    pub(super) fn head(&self, topic: Topic) -> &watch::Sender<Head> {
        &self.heads[topic as usize]
    }

    /// The committed offset of the topic as last told by a subscription.
    pub(super) fn hint(&self, topic: Topic) -> Option<i64> {
        let hint = self.hints[topic as usize].load(Ordering::Acquire);
        (hint != NO_HINT).then_some(hint)
    }

    /// A subscription begins here: also backwards, where the store was restored from a backup.
    pub(super) fn start_hint(&self, topic: Topic, next: i64) {
        self.hints[topic as usize].store(next, Ordering::Release);
    }

    /// The store committed up to here; an old runner cannot take it back.
    pub(super) fn raise_hint(&self, topic: Topic, next: i64) {
        self.hints[topic as usize].fetch_max(next, Ordering::AcqRel);
    }

    /// Notes whether the disk was found full.
    pub(super) fn set_disk_full(&self, full: bool) {
        let mut since = self.full_since();
        if full {
            *since = Some(Instant::now());
        } else if since.is_some() {
            *since = None;
        }
    }

    /// Why the reserve forbids appends now, for the operator.
    pub(super) fn below_reserve(&self, free: Option<u64>) -> Option<String> {
        let reserve = self.options.disk_reserve_bytes;
        free.filter(|free| *free < reserve)
            .map(|free| format!("{free} bytes free, the reserve is {reserve} bytes"))
    }

    pub(super) fn measure_wal(&self) -> u64 {
        let bytes = disk::file_bytes(&self.wal_path);
        self.wal_bytes.store(bytes, Ordering::Release);
        self.meters.wal_bytes.set(bytes as f64);
        bytes
    }

    pub(super) fn health(&self) -> Health {
        let free = disk::free_bytes(&self.folder);
        let (queued_records, queued_bytes) = self.budget.taken();
        let fatal = self.fatal();
        let full = self.full_since().is_some_and(|since| since.elapsed() < FULL_PAUSE);
        let reason = if let Some(why) = &fatal {
            Some(format!("the event log stopped writing: {why}"))
        } else if self.is_closed() {
            Some("the event log is closed".to_owned())
        } else if let Some(why) = self.below_reserve(free) {
            Some(format!("the event log's disk is nearly full: {why}"))
        } else {
            full.then(|| "the event log's disk is full".to_owned())
        };
        Health {
            ready: reason.is_none(),
            reason,
            fatal,
            wal_bytes: self.wal_bytes.load(Ordering::Acquire),
            queued_records,
            queued_bytes,
            disk_free_bytes: free,
            partitions: Vec::new(),
        }
    }

    fn full_since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.full_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
