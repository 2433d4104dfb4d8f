//! What waits for the writer, and how much may.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::{AppendError, Appended, LogError, Pruned, Topic};

/// What the writer thread is asked to do, in order.
pub(super) enum Command {
    Append(Pending),
    Prune(Prune),
    Close,
}

/// One step of retention.
pub(super) struct Prune {
    pub(super) topic: Topic,
    pub(super) older_than: i64,
    pub(super) max_bytes: u64,
    pub(super) reply: oneshot::Sender<Result<PruneStep, LogError>>,
}

/// What one step removed.
#[derive(Default)]
pub(super) struct PruneStep {
    pub(super) pruned: Pruned,
    /// Whether there may be more to remove.
    pub(super) more: bool,
}

/// A record on its way to the disk. Whatever happens to it, its waiter gets an answer and its room in the
/// queue is given back, at the latest when it is dropped.
pub(super) struct Pending {
    pub(super) topic: Topic,
    pub(super) id: String,
    pub(super) time: i64,
    pub(super) headers: Vec<u8>,
    pub(super) value: Bytes,
    pub(super) checksum: u32,
    /// The room it takes; given back before the waiter is answered.
    pub(super) permit: Option<Permit>,
    /// [`crate::Record::size`].
    pub(super) bytes: usize,
    pub(super) since: Instant,
    pub(super) reply: Option<Reply>,
    /// Whether a transaction with this record was begun.
    pub(super) started: bool,
}

/// Where the outcome goes. Nobody may be listening any more.
pub(super) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

impl Pending {
    /// Answers the waiter.
    pub(super) fn answer(mut self, outcome: Result<Appended, AppendError>) {
        self.permit = None;
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(outcome);
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.permit = None;
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Err(if self.started {
                AppendError::Unknown("the writer stopped".to_owned())
            } else {
                AppendError::Closed
            }));
        }
    }
}

/// The room that is taken by records between `append` and their answer.
pub(super) struct Budget {
    records: AtomicUsize,
    bytes: AtomicUsize,
    max_records: usize,
    max_bytes: usize,
}

impl Budget {
    pub(super) fn new(max_records: usize, max_bytes: usize) -> Arc<Self> {
        Arc::new(Self { records: AtomicUsize::new(0), bytes: AtomicUsize::new(0), max_records, max_bytes })
    }

    /// Takes room for one record, or `None` where there is none. The first record always fits.
    pub(super) fn take(self: &Arc<Self>, bytes: usize) -> Option<Permit> {
        let records = self.records.fetch_add(1, Ordering::AcqRel);
        let before = self.bytes.fetch_add(bytes, Ordering::AcqRel);
        let permit = Permit { budget: Arc::clone(self), bytes };
        let fits = records < self.max_records && before.saturating_add(bytes) <= self.max_bytes;
        (fits || records == 0).then_some(permit)
    }

    /// Records and bytes taken now.
    pub(super) fn taken(&self) -> (usize, usize) {
        (self.records.load(Ordering::Acquire), self.bytes.load(Ordering::Acquire))
    }
}

/// Room in the queue; dropped, it is given back.
pub(super) struct Permit {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.records.fetch_sub(1, Ordering::AcqRel);
        self.budget.bytes.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}
