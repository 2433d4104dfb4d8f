//! What every driver must do: where a subscription starts.

use std::sync::Arc;

use eventlog::{BoxFuture, LogError, Position, PositionError, Positions, Topic};

use crate::harness::{At, Harness, TOPIC, append, earliest, position, receive, record};

/// None → earliest; a match → go on; another record or none at the place → earliest, counted.
pub(crate) async fn start(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..20).map(|n| record(format!("{n}"))).collect();
    let mut offsets = Vec::new();
    for record in &sent {
        offsets.push(append(&log, record).await);
    }
    let nothing_applied: Arc<dyn Positions> = Arc::new(At(Some(Position { next_offset: 0, last_id: None })));
    let unproven: Arc<dyn Positions> =
        Arc::new(At(Some(Position { next_offset: offsets[3], last_id: None })));
    let cases = [
        ("nothing stored", earliest(), 0, 0),
        ("nothing applied", nothing_applied, 0, 0),
        ("the seventh is next", position(offsets[7], &sent[6].id), 7, 0),
        ("all applied but one", position(offsets[19], &sent[18].id), 19, 0),
        ("another record is there", position(offsets[7], &sent[7].id), 0, 1),
        ("an id that never was", position(offsets[7], "stranger"), 0, 1),
        ("no id", unproven, 0, 1),
        ("past the end", position(offsets[19] + 100, &sent[19].id), 0, 1),
        ("before the beginning", position(-5, &sent[0].id), 0, 1),
        ("the smallest number", position(i64::MIN, &sent[0].id), 0, 1),
        ("the largest number", position(i64::MAX, &sent[0].id), 0, 1),
    ];
    for (case, positions, first, resets) in cases {
        let mut subscription = log.subscribe(TOPIC, positions).await.unwrap();
        assert_eq!(subscription.resets(), resets, "{case}");
        assert_eq!(receive(&mut *subscription, 20 - first).await, sent[first..], "{case}");
    }
    log.close().await;
}

/// At the very end: waits for what comes, and receives exactly that.
pub(crate) async fn at_the_end(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let (applied, next) = (record("applied"), record("next"));
    let offset = append(&log, &applied).await;
    let mut subscription = log.subscribe(TOPIC, position(offset + 1, &applied.id)).await.unwrap();
    assert_eq!(subscription.resets(), 0);
    append(&log, &next).await;
    assert_eq!(receive(&mut *subscription, 1).await, [next]);
    log.close().await;
}

/// A log that was made anew has other records at the same offsets: the position must not skip them.
pub(crate) async fn log_made_anew(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut last = (0, String::new());
    for n in 0..10 {
        let record = record(format!("{n}"));
        last = (append(&log, &record).await, record.id);
    }
    log.close().await;
    drop(log);
    harness.wipe().await;
    let log = harness.open().await;
    let sent: Vec<_> = (0..15).map(|n| record(format!("new {n}"))).collect();
    for record in &sent {
        append(&log, record).await;
    }
    let mut subscription = log.subscribe(TOPIC, position(last.0 + 1, &last.1)).await.unwrap();
    assert_eq!(subscription.resets(), 1);
    assert_eq!(receive(&mut *subscription, 15).await, sent);
    log.close().await;
}

/// What is applied may go, what is not stays whatever its age, and the record that proves the position stays.
pub(crate) async fn retention_keeps_the_proof(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let sent: Vec<_> = (0..50).map(|n| record(format!("{n}"))).collect();
    let mut offsets = Vec::new();
    for record in &sent {
        offsets.push(append(&log, record).await);
    }
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    receive(&mut *subscription, 50).await;
    subscription.committed(0, offsets[30]);
    drop(subscription);
    let pruned = log.retain(TOPIC, i64::MAX, 0).await.unwrap();
    assert_eq!((pruned.records, pruned.held_back), (29, true));
    log.close().await;
    drop(log);

    let log = harness.open().await;
    let again = log.retain(TOPIC, i64::MAX, 0).await.unwrap();
    assert_eq!((again.records, again.held_back), (0, true), "known after a restart too");
    let mut subscription = log.subscribe(TOPIC, position(offsets[30], &sent[29].id)).await.unwrap();
    assert_eq!(subscription.resets(), 0);
    assert_eq!(receive(&mut *subscription, 20).await, sent[30..]);

    let mut gone = log.subscribe(TOPIC, position(offsets[10], &sent[9].id)).await.unwrap();
    assert_eq!(gone.resets(), 1, "its record was removed");
    assert_eq!(receive(&mut *gone, 21).await, sent[29..]);
    log.close().await;
}

/// Two subscriptions at once, an old runner and a new one: each receives everything.
pub(crate) async fn two_subscribers(harness: &mut dyn Harness) {
    let log = harness.open().await;
    let mut old = log.subscribe(TOPIC, earliest()).await.unwrap();
    let sent: Vec<_> = (0..100).map(|n| record(format!("{n}"))).collect();
    for record in &sent[..50] {
        append(&log, record).await;
    }
    let mut new = log.subscribe(TOPIC, earliest()).await.unwrap();
    let reads = tokio::spawn(async move { (receive(&mut *old, 100).await, receive(&mut *new, 100).await) });
    for record in &sent[50..] {
        append(&log, record).await;
    }
    let (old, new) = reads.await.unwrap();
    assert_eq!(old, sent);
    assert_eq!(new, sent);
    log.close().await;
}

/// A store that cannot tell its position stops the subscription, not the log.
pub(crate) async fn store_away(harness: &mut dyn Harness) {
    struct Away;
    impl Positions for Away {
        fn load(&self, _: Topic, _: u32) -> BoxFuture<'_, Result<Option<Position>, PositionError>> {
            Box::pin(async { Err(PositionError::new("connection refused")) })
        }
    }
    let log = harness.open().await;
    append(&log, &record("1")).await;
    let refused = log.subscribe(TOPIC, Arc::new(Away)).await.err().expect("refused");
    assert!(matches!(refused, LogError::Position(_)), "{refused}");
    append(&log, &record("2")).await;
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    assert_eq!(receive(&mut *subscription, 2).await.len(), 2);
    log.close().await;
}
