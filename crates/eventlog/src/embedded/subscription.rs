//! Receiving a topic from the position that the store holds.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::watch;

use super::shared::Shared;
use super::{Head, PARTITION, meters, reader};
use crate::{Batch, LogError, Position, Positions, Subscription, Topic};

/// Most of one read transaction, whatever the caller asks for.
const MOST_RECORDS: usize = 10_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;

struct Receipt {
    shared: Arc<Shared>,
    topic: Topic,
    head: watch::Receiver<Head>,
    next: i64,
    resets: u64,
}

/// Starts to receive.
pub(super) async fn start(
    shared: Arc<Shared>,
    topic: Topic,
    positions: Arc<dyn Positions>,
) -> Result<Box<dyn Subscription>, LogError> {
    let stored = positions.load(topic, PARTITION).await?;
    let context = Arc::clone(&shared);
    let checked = reader::run(Arc::clone(&shared), move |connection| {
        let Some(position) = stored else { return Ok((None, false)) };
        let proven = match &position {
            // Nothing applied yet: right only at the very beginning.
            Position { next_offset: 0, last_id: None } => true,
            Position { last_id: None, .. } => false,
            Position { next_offset, last_id } => {
                let before = next_offset.saturating_sub(1);
                reader::id_at(connection, &context, topic, before)? == *last_id
            }
        };
        Ok((Some(position.next_offset), proven))
    });
    let (next, resets) = match checked.await? {
        (Some(next), true) => (next, 0),
        (Some(next), false) => {
            tracing::warn!(%topic, next, "the stored position does not match the event log: starting with its earliest record");
            meters::position_resets(topic).increment(1);
            (0, 1)
        }
        (None, _) => (0, 0),
    };
    shared.start_hint(topic, next);
    let head = shared.head(topic).subscribe();
    Ok(Box::new(Receipt { shared, topic, head, next, resets }))
}

impl Receipt {
    async fn next_batch(&mut self, max_records: usize, max_bytes: usize) -> Result<Batch, LogError> {
        let limits = (max_records.min(MOST_RECORDS), max_bytes.min(MOST_BYTES));
        loop {
            let next = self.next;
            let seen = self
                .head
                .wait_for(|head| head.closed || head.next > next)
                .await
                .map_err(|_| LogError::Closed)?
                .closed;
            if seen {
                return Err(LogError::Closed);
            }
            let (shared, topic) = (Arc::clone(&self.shared), self.topic);
            let read = reader::run(Arc::clone(&self.shared), move |connection| {
                reader::batch(connection, &shared, topic, next, limits)
            });
            let records = read.await?;
            if let Some(last) = records.last() {
                self.next = last.offset + 1;
                return Ok(Batch { partition: PARTITION, records });
            }
            // Everything up to the end was removed meanwhile: wait for what comes.
            self.next = self.next.max(self.head.borrow().next);
        }
    }
}

impl Subscription for Receipt {
    fn receive(&mut self, max_records: usize, max_bytes: usize) -> BoxFuture<'_, Result<Batch, LogError>> {
        self.next_batch(max_records, max_bytes).boxed()
    }

    fn committed(&mut self, partition: u32, next_offset: i64) {
        if partition == PARTITION {
            // Nobody can have applied what was not received.
            self.shared.raise_hint(self.topic, next_offset.min(self.next));
        }
    }

    fn resets(&self) -> u64 {
        self.resets
    }
}
