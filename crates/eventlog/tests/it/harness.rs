//! What a driver gives to the conformance suite, and records to feed it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use eventlog::{BoxFuture, EventLog, Position, PositionError, Positions, Record, Subscription, Topic};

/// No wait in a test is for luck: each is for a condition, and this long at most.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const TOPIC: Topic = Topic::WebhookEvents;
/// Before any record's time.
pub(crate) const NEVER: i64 = i64::MIN;

/// A place where one driver keeps one log.
pub(crate) trait Harness: Send {
    /// Opens the log. The first call makes an empty one, later calls find what earlier ones left. The one
    /// opened before must be closed.
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn EventLog>>;
    /// The same, but with a queue of this many records.
    fn open_narrow(&mut self, queue_records: usize) -> BoxFuture<'_, Arc<dyn EventLog>>;
    /// Removes all records, so that a later position cannot be of this log any more.
    fn wipe(&mut self) -> BoxFuture<'_, ()>;
}

/// A record with a UUID v7 and this value.
pub(crate) fn record(value: impl Into<Bytes>) -> Record {
    at(1_700_000_000_000, value)
}

/// The same with a time.
pub(crate) fn at(time: i64, value: impl Into<Bytes>) -> Record {
    Record {
        id: uuid::Uuid::now_v7().to_string(),
        time,
        headers: vec![("ce_type".to_owned(), b"dev.forebay.webhook.received".to_vec())],
        value: value.into(),
    }
}

/// Appends and expects the acknowledgement.
pub(crate) async fn append(log: &Arc<dyn EventLog>, record: &Record) -> i64 {
    log.append(TOPIC, record.clone()).await.expect("append").offset
}

/// A store's answer that does not change.
pub(crate) struct At(pub(crate) Option<Position>);

impl Positions for At {
    fn load(&self, _: Topic, _: u32) -> BoxFuture<'_, Result<Option<Position>, PositionError>> {
        let position = self.0.clone();
        Box::pin(async move { Ok(position) })
    }
}

pub(crate) fn earliest() -> Arc<dyn Positions> {
    Arc::new(At(None))
}

pub(crate) fn position(next_offset: i64, last_id: &str) -> Arc<dyn Positions> {
    Arc::new(At(Some(Position { next_offset, last_id: Some(last_id.to_owned()) })))
}

/// Receives exactly `count` records of partition 0 and checks that offsets grow.
pub(crate) async fn receive(subscription: &mut dyn Subscription, count: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let mut last = None;
    while records.len() < count {
        let batch = within(subscription.receive(100, 1 << 20)).await.expect("receive");
        assert!(!batch.records.is_empty(), "a batch is never empty");
        for received in batch.records {
            assert_eq!(received.partition, batch.partition);
            assert!(last < Some(received.offset), "{last:?} then {}", received.offset);
            last = Some(received.offset);
            records.push(received.record);
        }
    }
    assert_eq!(records.len(), count);
    records
}

/// Everything in the topic now, by a subscription of its own that commits what it received.
pub(crate) async fn everything(log: &Arc<dyn EventLog>) -> Vec<Record> {
    let count = log.lag(TOPIC, &[]).await.expect("lag").records;
    let mut subscription = log.subscribe(TOPIC, earliest()).await.expect("subscribe");
    let records = receive(&mut *subscription, usize::try_from(count).unwrap()).await;
    subscription.committed(0, i64::MAX);
    records
}

/// Waits with the deadline.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("within the deadline")
}

/// Every case of the conformance suite, for a macro that makes tests of them: each driver runs all.
macro_rules! conformance_cases {
    ($make:ident) => {
        $make! {
            conformance: order durable_after_reopen any_content dropped_waiter concurrent_appends find topics
                receive_wakes cancelled_receive closed;
            conformance_limits: size_limit full_then_recovers batch_limits lag retention retention_under_load;
            conformance_positions: start at_the_end log_made_anew retention_keeps_the_proof two_subscribers
                store_away;
        }
    };
}
pub(crate) use conformance_cases;
