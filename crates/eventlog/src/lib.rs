//! The durable event log: what stands between the gateway's `200` and the runner.
//!
//! A log has named topics; a topic has partitions; a partition is a sequence of records with growing
//! offsets. A record is appended durably or not at all, is received in order, and is never changed.
//! The position up to which a topic was applied does not live here: it lives in the store, in the
//! transaction that applied the records, and comes in through [`Positions`].
//!
//! [`EventLog`] has two drivers: [`embedded`], one file and one process, and `kafka`, brokers with many
//! partitions, a consumer group and outcomes that stay unknown. One conformance suite judges both.

mod budget;
pub mod embedded;
mod error;
mod health;
#[cfg(feature = "kafka")]
pub mod kafka;
mod position;
mod record;
mod topic;

use std::sync::Arc;

pub use bytes::Bytes;
pub use futures::future::BoxFuture;

pub use crate::embedded::{EmbeddedLog, Options, Synchronous, back_up, open};
pub use crate::error::{AppendError, LogError};
pub use crate::health::{Health, Lag, Pruned};
pub use crate::position::{Position, PositionError, Positions};
pub use crate::record::{Appended, Batch, Headers, RECORD_LIMIT, Received, Record};
pub use crate::topic::Topic;

/// A durable log of records in named topics.
pub trait EventLog: Send + Sync + 'static {
    /// Appends one record and resolves when it is durable: fsynced (embedded) or acknowledged by the in-sync
    /// replicas (broker).
    ///
    /// The append starts with this call, not with the first poll, and belongs to the driver from then on:
    /// dropping the future only gives up the answer, the record is appended all the same. An error says by
    /// [`AppendError::is_definite`] whether the record may be in the log nevertheless.
    fn append(&self, topic: Topic, record: Record) -> BoxFuture<'static, Result<Appended, AppendError>>;

    /// Starts to receive a topic from the positions that the store holds. A driver asks `positions` once for
    /// each partition that it is assigned, which in a consumer group is again after each rebalance.
    ///
    /// Several subscriptions to one topic may live at once (an old runner that does not know yet that it was
    /// replaced): whoever applies records must be ready to see them twice.
    fn subscribe(
        &self,
        topic: Topic,
        positions: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>>;

    /// The first record of the topic with this id, or `None`. `near_ms` (milliseconds since the epoch) says
    /// about when it was appended; a driver without an index on ids searches from there.
    fn find<'a>(
        &'a self,
        topic: Topic,
        id: &'a str,
        near_ms: i64,
    ) -> BoxFuture<'a, Result<Option<Received>, LogError>>;

    /// The first records at and after `positions`, pairs of partition and offset, without subscribing; a partition
    /// that is not named counts from its earliest record. At most `max_records`, and not many more bytes than
    /// `max_bytes`. For people who want to see what waits: a driver that cannot look tells nothing.
    fn peek<'a>(
        &'a self,
        topic: Topic,
        positions: &'a [(u32, i64)],
        (max_records, max_bytes): (usize, usize),
    ) -> BoxFuture<'a, Result<Vec<Received>, LogError>> {
        let _ = (topic, positions, max_records, max_bytes);
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// How far `positions`, pairs of partition and next offset to apply, are behind the end of the topic.
    /// A partition that is not named counts from its earliest record.
    fn lag<'a>(&'a self, topic: Topic, positions: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>>;

    /// Removes records from the beginning of the topic while the first one has a time before `older_than_ms`
    /// (milliseconds since the epoch) or the topic holds more than `max_bytes`, in small steps that do not
    /// hold up appends. Offsets of removed records are never used again. The newest record always stays.
    fn retain(
        &self,
        topic: Topic,
        older_than_ms: i64,
        max_bytes: u64,
    ) -> BoxFuture<'_, Result<Pruned, LogError>>;

    /// What readiness and the operator want to know; cheap, never waits.
    fn health(&self) -> Health;

    /// Appends what is queued, refuses what comes later, stops the driver's threads. Safe to call twice.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// A running receipt of one topic.
pub trait Subscription: Send {
    /// The next records of one partition: waits until there is at least one, then returns at most
    /// `max_records` and, unless the first is larger alone, at most `max_bytes` of them
    /// ([`Record::size`]). Dropping the future loses nothing: the next call returns the same records.
    ///
    /// # Errors
    /// [`LogError::Closed`] after the log was closed; [`LogError::Corrupt`] where the stored records are not
    /// what was appended; other errors pass, the call may be repeated.
    fn receive(&mut self, max_records: usize, max_bytes: usize) -> BoxFuture<'_, Result<Batch, LogError>>;

    /// Records that are here already, of one partition that is not among `except`, within the same limits; never
    /// waits. So whoever applies records can put those of several partitions into one transaction. `None` where there
    /// are none, and from drivers with a single partition.
    fn arrived(&mut self, except: &[u32], max_records: usize, max_bytes: usize) -> Option<Batch> {
        let _ = (except, max_records, max_bytes);
        None
    }

    /// Tells the log that everything before `next_offset` is applied and committed in the store. Only a hint
    /// for lag and retention: where a subscription starts is decided by [`Positions`].
    fn committed(&mut self, partition: u32, next_offset: i64);

    /// How often a stored position did not match the log (the record before it is another one, or gone), so
    /// that receiving began with the earliest record.
    fn resets(&self) -> u64;
}
