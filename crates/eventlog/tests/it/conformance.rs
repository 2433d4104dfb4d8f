//! What every driver must do: appending and receiving.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use eventlog::{LogError, Record, Topic};
use futures::future::join_all;

use crate::harness::{Harness, TOPIC, append, earliest, everything, receive, record, within};

/// Records come back in the order of their acknowledgement, with growing offsets.
pub(crate) async fn order(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..500).map(|n| record(format!("{{\"n\":{n}}}"))).collect();
    let mut last = -1;
    for record in &sent {
        let offset = append(&log, record).await;
        assert!(offset > last);
        last = offset;
    }
    assert_eq!(everything(&log).await, sent);
    log.close().await;
}

/// What was acknowledged is there after a close and an opening, and appending goes on behind it.
pub(crate) async fn durable_after_reopen(harness: &mut dyn Harness) {
    let mut sent = Vec::new();
    let mut last = -1;
    for _ in 0..4 {
        let log = harness.open().await;
        assert_eq!(everything(&log).await, sent);
        for n in 0..25 {
            sent.push(record(format!("{n}")));
            let offset = append(&log, sent.last().unwrap()).await;
            assert!(offset > last, "{offset} after {last}");
            last = offset;
        }
        log.close().await;
    }
}

/// Ids, header names and values, and values come back byte for byte, whatever they hold.
pub(crate) async fn any_content(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let large: Vec<u8> = (0..1_048_576u32).map(|n| (n % 251) as u8).collect();
    let headers = [
        (String::new(), Vec::new()),
        ("a\0b".to_owned(), vec![0, 0, 0]),
        ("a\0b".to_owned(), every_byte.clone()),
        ("Überschrift 🦀".to_owned(), vec![0xff, 0xfe, 0x80]),
        ("n".repeat(70_000), vec![7; 200]),
    ];
    let mut sent = vec![
        record(Bytes::new()),
        record("null"),
        record(vec![0u8; 3]),
        record(every_byte.clone()),
        record(vec![0xc3, 0x28, 0xff]),
        record(large.clone()),
        record("\u{feff}{\"a\":1.10,\"a\":12345678901234567890123}"),
    ];
    for (n, record) in sent.iter_mut().enumerate() {
        record.headers = headers[..n.min(headers.len())].to_vec();
        record.time = [0, -1, i64::MAX, i64::MIN, 1, 2, 3][n];
    }
    sent[2].id = String::new();
    sent[3].id = "id with \0 and 'quotes' and ünïcode".to_owned();
    for record in &sent {
        append(&log, record).await;
    }
    assert_eq!(everything(&log).await, sent);
    log.close().await;
    let log = harness.open().await;
    assert_eq!(everything(&log).await, sent);
    for record in &sent {
        let found = log.find(TOPIC, &record.id, record.time).await.unwrap().expect("found");
        assert_eq!(&found.record, record);
    }
    log.close().await;
}

/// A waiter that goes away takes nothing with it: the record is in the log, once.
pub(crate) async fn dropped_waiter(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..300).map(|n| record(format!("{n}"))).collect();
    for (n, record) in sent.iter().enumerate() {
        let future = log.append(TOPIC, record.clone());
        match n % 3 {
            0 => drop(future),
            1 => drop(tokio::time::timeout(Duration::ZERO, future).await),
            _ => tokio::spawn(future).abort(),
        }
    }
    // An append after them is acknowledged after them.
    let last = record("last");
    append(&log, &last).await;
    let stored: Vec<_> = everything(&log).await.into_iter().map(|record| record.id).collect();
    let expected: Vec<_> = sent.iter().chain([&last]).map(|record| record.id.clone()).collect();
    let (once, wanted): (BTreeSet<_>, BTreeSet<_>) = (stored.iter().collect(), expected.iter().collect());
    assert_eq!(once, wanted);
    assert_eq!(stored.len(), expected.len(), "each once");
    log.close().await;
}

/// Many at once: all are there once, each at the offset that was acknowledged.
pub(crate) async fn concurrent_appends(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let tasks = (0..64).map(|task| {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for n in 0..50 {
                let record = record(format!("{task}/{n}"));
                acknowledged.push((append(&log, &record).await, record));
            }
            acknowledged
        })
    });
    let mut sent: Vec<(i64, Record)> = Vec::new();
    for task in join_all(tasks).await {
        let acknowledged = task.unwrap();
        assert!(acknowledged.is_sorted_by_key(|(offset, _)| *offset), "one after the other");
        sent.extend(acknowledged);
    }
    sent.sort_by_key(|(offset, _)| *offset);
    assert_eq!(everything(&log).await, sent.into_iter().map(|(_, record)| record).collect::<Vec<_>>());
    log.close().await;
}

/// A record is found by its id, in its topic only; the first one where an id was used twice.
pub(crate) async fn find(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut sent: Vec<_> = (0..200).map(|n| record(format!("{n}"))).collect();
    sent[150].id = sent[50].id.clone();
    let mut offsets = Vec::new();
    for record in &sent {
        offsets.push(append(&log, record).await);
    }
    for n in [0, 50, 99, 199] {
        let found = log.find(TOPIC, &sent[n].id, sent[n].time).await.unwrap().expect("found");
        assert_eq!((found.offset, &found.record), (offsets[n], &sent[n]));
    }
    assert_eq!(log.find(TOPIC, "no such id", 0).await.unwrap(), None);
    assert_eq!(log.find(Topic::WebhookFailures, &sent[0].id, sent[0].time).await.unwrap(), None);
    log.close().await;
}

/// Topics do not mix.
pub(crate) async fn topics(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let (event, failure) = (record("event"), record("failure"));
    log.append(Topic::WebhookEvents, event.clone()).await.unwrap();
    log.append(Topic::WebhookFailures, failure.clone()).await.unwrap();
    for (topic, expected) in [(Topic::WebhookEvents, event), (Topic::WebhookFailures, failure)] {
        assert_eq!(log.lag(topic, &[]).await.unwrap().records, 1);
        let mut subscription = log.subscribe(topic, earliest()).await.unwrap();
        assert_eq!(receive(&mut *subscription, 1).await, [expected]);
    }
    log.close().await;
}

/// A waiting receiver is woken by an append, and one that is dropped while it waits misses nothing.
pub(crate) async fn receive_wakes(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    for n in 0..20 {
        let waited = tokio::time::timeout(Duration::from_millis(5), subscription.receive(10, 1 << 20)).await;
        assert!(waited.is_err(), "nothing to receive yet");
        let sent = record(format!("{n}"));
        let waiting = tokio::spawn(async move {
            let records = receive(&mut *subscription, 1).await;
            (subscription, records)
        });
        tokio::task::yield_now().await;
        append(&log, &sent).await;
        let (back, records) = within(waiting).await.unwrap();
        assert_eq!(records, [sent]);
        subscription = back;
    }
    log.close().await;
}

/// A receipt that is cancelled at any moment loses nothing and repeats nothing.
pub(crate) async fn cancelled_receive(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..400).map(|n| record(format!("{n}"))).collect();
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    let writer = {
        let (log, sent) = (Arc::clone(&log), sent.clone());
        tokio::spawn(async move {
            for record in &sent {
                append(&log, record).await;
            }
        })
    };
    let mut received = Vec::new();
    let mut patience = 0;
    while received.len() < sent.len() {
        patience = (patience + 37) % 900;
        let receive = subscription.receive(7, 1 << 20);
        if let Ok(batch) = tokio::time::timeout(Duration::from_micros(patience), receive).await {
            received.extend(batch.unwrap().records.into_iter().map(|received| received.record));
        }
    }
    writer.await.unwrap();
    assert_eq!(received, sent);
    log.close().await;
}

/// A closed log refuses appends as definite, ends receivers, and can be closed again.
pub(crate) async fn closed(harness: &mut dyn Harness) {
    let log = harness.open().await;
    append(&log, &record("1")).await;
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    receive(&mut *subscription, 1).await;
    let waiting = tokio::spawn(async move {
        loop {
            if let Err(error) = subscription.receive(1, 1).await {
                return error;
            }
        }
    });
    // Those that were asked for before the close are decided by it, one way or the other.
    let before: Vec<_> = (0..100).map(|n| log.append(TOPIC, record(format!("{n}")))).collect();
    log.close().await;
    let stored = join_all(before).await.into_iter().filter(Result::is_ok).count();
    assert!(matches!(within(waiting).await.unwrap(), LogError::Closed));
    let refused = log.append(TOPIC, record("2")).await.unwrap_err();
    assert_eq!(refused, eventlog::AppendError::Closed);
    assert!(refused.is_definite());
    assert!(!log.health().ready);
    assert!(log.subscribe(TOPIC, earliest()).await.is_err());
    log.close().await;
    drop(log);
    let log = harness.open().await;
    assert!(log.health().ready, "{:?}", log.health());
    assert_eq!(everything(&log).await.len(), 1 + stored);
    log.close().await;
}
