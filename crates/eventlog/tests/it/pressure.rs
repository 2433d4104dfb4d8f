//! Long reads, backups and waiters that go away, under load.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use eventlog::{EmbeddedLog, EventLog, LogError, Options};
use tokio::task::JoinHandle;

use crate::embedded::{Embedded, options};
use crate::harness::{TOPIC, append, everything, record, within};

/// Appends 16 KiB at a time until it is told to stop; returns how many.
fn load(log: &Arc<EmbeddedLog>, stop: &Arc<AtomicBool>) -> JoinHandle<usize> {
    let (log, stop) = (Arc::clone(log), Arc::clone(stop));
    tokio::spawn(async move {
        let mut count = 0;
        while !stop.load(Ordering::Acquire) {
            let many = (0..16).map(|_| log.append(TOPIC, record(vec![b'x'; 16 << 10])));
            for outcome in futures::future::join_all(many).await {
                outcome.unwrap();
                count += 1;
            }
        }
        count
    })
}

async fn dynamic(path: &Path, options: Options) -> (Arc<EmbeddedLog>, Arc<dyn EventLog>) {
    let log = Arc::new(eventlog::open(path, options).unwrap());
    (Arc::clone(&log), log)
}

/// A backup under load holds everything that was acknowledged before it began, and opens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backup_under_load() {
    let harness = Embedded::new();
    let (log, events) = dynamic(&harness.path(), options()).await;
    let mut before = HashSet::new();
    for n in 0..500 {
        let record = record(format!("{n}"));
        append(&events, &record).await;
        before.insert(record.id);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let load = load(&log, &stop);
    let target = harness.path().with_file_name("backup.db");
    within(log.backup_to(&target)).await.unwrap();
    let again = log.backup_to(&target).await.unwrap_err();
    assert!(again.to_string().contains("exists already"), "{again}");
    stop.store(true, Ordering::Release);
    let during = load.await.unwrap();
    assert_eq!(everything(&events).await.len(), 500 + during);
    log.close().await;
    assert!(!target.with_file_name("backup.db.partial").exists());

    let restored: Arc<dyn EventLog> = Arc::new(eventlog::open(&target, options()).unwrap());
    let stored: HashSet<_> = everything(&restored).await.into_iter().map(|record| record.id).collect();
    assert!(before.is_subset(&stored));
    append(&restored, &record("goes on")).await;
    restored.close().await;
}

/// A backup that would let the write-ahead log grow over its limit is ended, and appends never notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_read_is_ended() {
    let harness = Embedded::new();
    let limit = 12 << 20;
    let narrow = Options { wal_target_bytes: 4 << 20, wal_limit_bytes: limit, ..options() };
    let (log, events) = dynamic(&harness.path(), narrow).await;
    // A log that is large enough for the copy to take a while.
    for _ in 0..400 {
        let many = (0..16).map(|_| log.append(TOPIC, record(vec![b'x'; 32 << 10])));
        assert!(futures::future::join_all(many).await.iter().all(Result::is_ok));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let load = load(&log, &stop);
    let mut ended = false;
    let mut largest = 0;
    for round in 0..20 {
        let target = harness.path().with_file_name(format!("backup-{round}.db"));
        match within(log.backup_to(&target)).await {
            Ok(()) => std::fs::remove_file(&target).unwrap(),
            Err(LogError::Interrupted { wal_bytes }) => {
                ended = true;
                assert!(!target.exists());
                largest = largest.max(wal_bytes);
                break;
            }
            Err(other) => panic!("{other}"),
        }
    }
    stop.store(true, Ordering::Release);
    let during = load.await.unwrap();
    println!("long read: ended {ended} at {largest} bytes, {during} appended meanwhile");
    assert!(ended, "no backup was ended");
    // The limit is looked at every 8 MiB of writes.
    assert!(largest < limit + (24 << 20), "{largest}");
    append(&events, &record("works")).await;
    log.close().await;
}

/// A reader of another process cannot be ended; appends go on, and afterwards the write-ahead log shrinks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_reader_holds_up_nothing() {
    let harness = Embedded::new();
    let narrow = Options { wal_target_bytes: 4 << 20, wal_limit_bytes: 12 << 20, ..options() };
    let (log, events) = dynamic(&harness.path(), narrow).await;
    append(&events, &record("first")).await;
    let foreign = rusqlite::Connection::open(harness.path()).unwrap();
    foreign.execute_batch("BEGIN; SELECT count(*) FROM webhook_events;").unwrap();
    for _ in 0..150 {
        let many = (0..16).map(|_| log.append(TOPIC, record(vec![b'x'; 16 << 10])));
        for outcome in within(futures::future::join_all(many)).await {
            outcome.unwrap();
        }
    }
    let pinned = log.health().wal_bytes;
    assert!(pinned > 30 << 20, "{pinned}: the reader holds it");
    foreign.execute_batch("COMMIT").unwrap();
    within(async {
        while log.health().wal_bytes > 12 << 20 {
            append(&events, &record(vec![b'x'; 16 << 10])).await;
        }
    })
    .await;
    log.close().await;
}

/// An idle log empties its write-ahead log by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_empties_the_write_ahead_log() {
    let harness = Embedded::new();
    let (log, events) = dynamic(&harness.path(), options()).await;
    append(&events, &record(vec![b'x'; 1 << 20])).await;
    within(async {
        while log.health().wal_bytes > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    // The size is measured after the acknowledgement.
    within(async {
        while log.health().wal_bytes == 0 {
            append(&events, &record("works")).await;
        }
    })
    .await;
    log.close().await;
}

/// Thousands of waiters aborted at any moment: no room in the queue is lost, each record is stored once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aborted_waiters_leak_nothing() {
    let harness = Embedded::new();
    let narrow = Options { queue_records: 64, ..options() };
    let (log, events) = dynamic(&harness.path(), narrow).await;
    let mut taken = 0;
    for round in 0..50u64 {
        let tasks: Vec<_> = (0..100)
            .map(|n| {
                let append = log.append(TOPIC, record(format!("{round}/{n}")));
                tokio::spawn(append)
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(round * 23 % 700)).await;
        tasks.iter().for_each(JoinHandle::abort);
        for task in tasks {
            // Refused ones were never in the queue; aborted ones may or may not have been.
            taken += usize::from(!matches!(task.await, Ok(Err(_))));
        }
        within(async {
            while log.health().queued_records > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(log.health().queued_bytes, 0);
    }
    let stored = everything(&events).await;
    let once: HashSet<_> = stored.iter().map(|record| &record.id).collect();
    assert_eq!(once.len(), stored.len());
    assert!(stored.len() <= taken && stored.len() > 1_000, "{} of {taken}", stored.len());
    log.close().await;
}

/// The settings that the promises rest on, read from outside.
#[test]
fn the_file_is_as_promised() {
    let harness = Embedded::new();
    drop(eventlog::open(&harness.path(), options()).unwrap());
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    let connection = rusqlite::Connection::open(harness.path()).unwrap();
    let text = |name| connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!(text("integrity_check"), "ok");
    assert_eq!(number("page_size"), 8192);
    assert_eq!(number("application_id"), 0x4642_4c47);
}
