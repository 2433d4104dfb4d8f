//! What waits for the writer, and how much may.

use std::time::Instant;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::budget::Permit;
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
