//! What every driver must do: limits, flood, lag and retention.

use std::sync::Arc;

use bytes::Bytes;
use eventlog::{AppendError, RECORD_LIMIT};
use futures::future::join_all;

use crate::harness::{Harness, NEVER, TOPIC, append, at, earliest, everything, record, within};

/// The largest record passes, one byte more is refused for good.
pub(crate) async fn size_limit(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut largest = record(Bytes::new());
    largest.value = vec![b'x'; RECORD_LIMIT - largest.size()].into();
    assert_eq!(largest.size(), RECORD_LIMIT);
    append(&log, &largest).await;
    let mut larger = largest.clone();
    larger.headers[0].1.push(b'!');
    let refused = log.append(TOPIC, larger).await.unwrap_err();
    assert_eq!(refused, AppendError::TooLarge { size: RECORD_LIMIT + 1, limit: RECORD_LIMIT });
    assert!(refused.is_definite());
    assert_eq!(everything(&log).await, [largest]);
    log.close().await;
}

/// A flood is refused, not queued without end; what was refused is not in the log; afterwards all is as before.
pub(crate) async fn full_then_recovers(harness: &mut dyn Harness) {
    let log = harness.open_narrow(16).await;
    let mut acknowledged = 1;
    append(&log, &record("first")).await;
    let mut refused = 0;
    for _ in 0..20 {
        let flood: Vec<_> = (0..2_000).map(|n| log.append(TOPIC, record(format!("{n}")))).collect();
        for outcome in within(join_all(flood)).await {
            match outcome {
                Ok(_) => acknowledged += 1,
                Err(error) => {
                    assert_eq!(error, AppendError::Full);
                    assert!(error.is_definite());
                    refused += 1;
                }
            }
        }
        let health = log.health();
        assert_eq!((health.queued_records, health.queued_bytes), (0, 0), "room is given back");
    }
    assert!(refused > 0, "a queue of 16 takes 2,000 at once");
    append(&log, &record("last")).await;
    assert_eq!(log.lag(TOPIC, &[]).await.unwrap().records, acknowledged + 1);
    log.close().await;
}

/// Batches keep to both limits, but one record always comes.
pub(crate) async fn batch_limits(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sizes = [10, 1000, 300, 300, 300, 5000, 10, 10, 10, 10];
    let sent: Vec<_> = sizes.iter().map(|size| record(vec![b'x'; *size])).collect();
    for record in &sent {
        append(&log, record).await;
    }
    for (max_records, max_bytes) in
        [(1, 1 << 20), (3, 1 << 20), (100, 1), (100, 1200), (0, 0), (usize::MAX, usize::MAX)]
    {
        let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
        let mut received = Vec::new();
        while received.len() < sent.len() {
            let batch = within(subscription.receive(max_records, max_bytes)).await.unwrap();
            let bytes: usize = batch.records.iter().map(|received| received.record.size()).sum();
            assert!(batch.records.len() <= max_records.max(1));
            assert!(batch.records.len() == 1 || bytes <= max_bytes, "{bytes} in {}", batch.records.len());
            let position = batch.position();
            assert_eq!(position.next_offset, batch.records.last().unwrap().offset + 1);
            assert_eq!(position.last_id.as_deref(), batch.records.last().map(|last| last.record.id.as_str()));
            received.extend(batch.records.into_iter().map(|received| received.record));
        }
        assert_eq!(received, sent);
    }
    log.close().await;
}

/// Lag counts what is behind the position, and tells the time of the oldest of it.
pub(crate) async fn lag(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let empty = log.lag(TOPIC, &[(0, 0)]).await.unwrap();
    assert_eq!((empty.records, empty.oldest_ms), (0, None));
    let mut offsets = Vec::new();
    for n in 0..10 {
        offsets.push(append(&log, &at(1_000 + n, "x")).await);
    }
    let behind = |next: i64| {
        let log = Arc::clone(&log);
        async move { log.lag(TOPIC, &[(0, next)]).await.unwrap() }
    };
    assert_eq!(behind(offsets[0]).await, eventlog::Lag { records: 10, oldest_ms: Some(1_000) });
    assert_eq!(behind(offsets[7]).await, eventlog::Lag { records: 3, oldest_ms: Some(1_007) });
    assert_eq!(behind(offsets[9] + 1).await, eventlog::Lag { records: 0, oldest_ms: None });
    assert_eq!(behind(offsets[9] + 1_000).await.records, 0, "a position past the end is not behind");
    assert_eq!(log.lag(TOPIC, &[]).await.unwrap().records, 10, "unnamed: from the earliest");
    log.close().await;
}

/// Retention removes the oldest by age and by size, never the newest, and offsets are not used again.
pub(crate) async fn retention(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..2_000).map(|n| at(n, vec![b'x'; 500])).collect();
    let mut last = -1;
    for offset in join_all(sent.iter().map(|record| log.append(TOPIC, record.clone()))).await {
        last = last.max(offset.unwrap().offset);
    }
    let kept = log.retain(TOPIC, NEVER, u64::MAX).await.unwrap();
    assert_eq!(kept, eventlog::Pruned::default());
    let by_age = log.retain(TOPIC, 500, u64::MAX).await.unwrap();
    assert_eq!(by_age.records, 500);
    assert!(by_age.bytes >= 500 * 500);
    assert_eq!(everything(&log).await, sent[500..]);
    assert_eq!(log.find(TOPIC, &sent[499].id, 499).await.unwrap(), None);
    log.retain(TOPIC, NEVER, 300 * 600).await.unwrap();
    let left = everything(&log).await;
    let bytes: usize = left.iter().map(eventlog::Record::size).sum();
    assert!(left.len() >= 200 && bytes <= 300 * 600, "{} left with {bytes} bytes", left.len());
    assert_eq!(left, sent[2_000 - left.len()..]);
    log.retain(TOPIC, i64::MAX, 0).await.unwrap();
    assert_eq!(everything(&log).await, sent[1_999..], "the newest stays");
    log.close().await;

    let log = harness.open().await;
    let next = record("next");
    let offset = append(&log, &next).await;
    assert!(offset > last, "{offset} after {last}");
    assert_eq!(everything(&log).await, [sent[1_999].clone(), next]);
    log.close().await;
}

/// A receiver that reads while retention runs and appends go on sees growing offsets and no error.
pub(crate) async fn retention_under_load(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    let writer = {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            for n in 0..3_000i64 {
                append(&log, &at(n, "x")).await;
                if n % 100 == 0 {
                    log.retain(TOPIC, n - 50, u64::MAX).await.unwrap();
                }
            }
        })
    };
    let mut last = -1;
    let mut newest = None;
    while newest != Some(2_999) {
        let batch = within(subscription.receive(50, 1 << 20)).await.unwrap();
        for received in &batch.records {
            assert!(received.offset > last);
            last = received.offset;
            newest = Some(received.record.time);
        }
        subscription.committed(0, last + 1);
    }
    writer.await.unwrap();
    assert!(everything(&log).await.len() < 3_000);
    log.close().await;
}
