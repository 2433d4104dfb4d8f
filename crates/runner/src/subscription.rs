//! Receiving from the event log, whatever it takes.

use std::sync::Arc;

use eventlog::{Batch, LogError, Subscription, Topic};

use crate::core::Core;
use crate::patience::{Patience, Stopped};
use crate::positions::Assigned;

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
