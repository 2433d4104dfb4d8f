//! Receiving from the event log, whatever it takes.

use std::sync::Arc;
use std::time::Duration;

use eventlog::{Batch, LogError, Subscription, Topic};

use crate::core::Core;
use crate::patience::{Patience, Stopped};
use crate::positions::Assigned;

/// How often the store is asked whether it still holds what was stored in it.
pub(crate) const LOOK: Duration = Duration::from_secs(2);

/// Why a subscription is given up.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The runner stops.
    Stopped,
    /// Something happened that only a new start from the stored positions puts right.
    Again,
}

impl From<Stopped> for Ended {
    fn from(_: Stopped) -> Self {
        Ended::Stopped
    }
}

impl Core {
    /// Subscribes to a topic; waits out what does not work.
    pub(crate) async fn subscribe_patiently(
        &self,
        topic: Topic,
        part: &'static str,
    ) -> Result<Box<dyn Subscription>, Stopped> {
        let mut patience = Patience::new(self, part);
        loop {
            if self.is_stopping() {
                return Err(Stopped);
            }
            self.positions.clear(topic);
            match self.log.0.subscribe(topic, Arc::clone(&self.positions) as _).await {
                Ok(subscription) => {
                    patience.succeeded();
                    return Ok(subscription);
                }
                Err(error) => patience.wait_out(&error.into()).await?,
            }
        }
    }

    /// The next batch; waits out what does not work.
    pub(crate) async fn receive_patiently(
        &self,
        subscription: &mut Box<dyn Subscription>,
        part: &'static str,
    ) -> Result<Batch, Stopped> {
        let mut patience = Patience::new(self, part);
        loop {
            let received = tokio::select! {
                biased;
                () = self.stopped() => return Err(Stopped),
                received = subscription.receive(self.settings.batch_events, self.settings.batch_bytes) => received,
            };
            match received {
                Ok(batch) => {
                    patience.succeeded();
                    return Ok(batch);
                }
                Err(LogError::Closed) => {
                    // the process is on its way out
                    self.stopped().await;
                    return Err(Stopped);
                }
                Err(error) => patience.wait_out(&error.into()).await?,
            }
        }
    }

    /// A batch, and what has arrived of other partitions as far as it fits into the same transaction: one transaction
    /// for each partition would let a record wait for those of all the others. Sorted by partition.
    pub(crate) fn with_arrived(&self, first: Batch, subscription: &mut dyn Subscription) -> Vec<Batch> {
        let size = |batch: &Batch| batch.records.iter().map(|received| received.record.size()).sum::<usize>();
        let mut records = self.settings.batch_events.saturating_sub(first.records.len());
        let mut bytes = self.settings.batch_bytes.saturating_sub(size(&first));
        let mut partitions = vec![first.partition];
        let mut batches = vec![first];
        while records > 0
            && bytes > 0
            && let Some(batch) = subscription.arrived(&partitions, records, bytes)
        {
            records = records.saturating_sub(batch.records.len());
            bytes = bytes.saturating_sub(size(&batch));
            partitions.push(batch.partition);
            batches.push(batch);
        }
        batches.sort_by_key(|batch| batch.partition);
        batches
    }

    /// Whether the store holds an earlier position of one of these partitions, or of one of which nothing has come yet,
    /// than it held before: it lost transactions. `false` where it does not answer, or the runner stops.
    pub(crate) async fn is_behind(&self, topic: Topic, mut reached: Vec<(u32, i64)>) -> bool {
        reached.extend(self.positions.untaken(topic));
        let asked = self.db.read(move |tx| {
            Box::pin(async move { store::position::behind(tx, topic.name(), &reached).await })
        });
        let answer = tokio::select! {
            biased;
            () = self.stopped() => return false,
            answer = asked => answer,
        };
        match answer {
            Ok(None) => false,
            Ok(Some(partition)) => {
                self.note_rollback(topic, partition);
                true
            }
            Err(trouble) => {
                tracing::debug!(%trouble, "nobody knows now whether the store went back");
                false
            }
        }
    }

    /// Says that the store lost transactions.
    pub(crate) fn note_rollback(&self, topic: Topic, partition: u32) {
        metrics::counter!("forebay_store_rollbacks_total").increment(1);
        tracing::error!(
            topic = topic.name(),
            partition,
            "the store does not hold any more what was stored in it (a failover to a standby that lagged, or a \
             backup): what it forgot is started again from the event log"
        );
    }

    /// What the store says of a partition now; waits out what does not work.
    pub(crate) async fn look_patiently(
        &self,
        topic: Topic,
        partition: u32,
        part: &'static str,
    ) -> Result<Assigned, Stopped> {
        let mut patience = Patience::new(self, part);
        loop {
            match self.positions.read(topic, partition).await {
                Ok(assigned) => {
                    patience.succeeded();
                    return Ok(assigned);
                }
                Err(error) => patience.wait_out(&error.into()).await?,
            }
        }
    }
}
