//! A disk without space: never an acknowledgement without durability, and work goes on when space returns.

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventlog::{AppendError, EventLog, Options};
use futures::future::join_all;

use crate::embedded::{Embedded, options};
use crate::harness::{DEADLINE, TOPIC, append, everything, record, within};
use crate::mounted::{Mounted, skipped};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_disk_refuses_and_recovers() {
    let Some(disk) = Mounted::tmpfs("16m") else {
        return skipped("a disk to fill needs root (mount -t tmpfs)");
    };
    let path = disk.path().join("events.db");
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![b'b'; 6 << 20]).unwrap();
    let open = || -> Arc<dyn EventLog> { Arc::new(eventlog::open(&path, options()).unwrap()) };
    let log = open();
    let mut acknowledged = HashSet::new();
    let mut refused = HashSet::new();
    while refused.len() < 200 {
        let records: Vec<_> = (0..20).map(|_| record(vec![b'x'; 20_000])).collect();
        let outcomes = join_all(records.iter().map(|record| log.append(TOPIC, record.clone())));
        for (record, outcome) in records.iter().zip(within(outcomes).await) {
            match outcome {
                Ok(_) => acknowledged.insert(record.id.clone()),
                Err(error) => {
                    assert!(matches!(error, AppendError::DiskFull(_)), "{error}");
                    assert!(error.is_definite());
                    refused.insert(record.id.clone())
                }
            };
        }
    }
    let health = log.health();
    assert!(!health.ready && health.fatal.is_none(), "{health:?}");
    // Draining needs no space.
    assert_eq!(everything(&log).await.len(), acknowledged.len());

    fs::remove_file(&ballast).unwrap();
    let begun = Instant::now();
    let back = loop {
        let next = record("space is back");
        match log.append(TOPIC, next.clone()).await {
            Ok(_) => break next,
            Err(error) => assert!(matches!(error, AppendError::DiskFull(_)), "{error}"),
        }
        assert!(begun.elapsed() < DEADLINE, "no recovery");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    println!("full disk: {} stored, works {:?} after space returned", acknowledged.len(), begun.elapsed());
    acknowledged.insert(back.id);
    assert!(log.health().ready, "{:?}", log.health());
    log.close().await;
    drop(log);

    let log = open();
    let stored: HashSet<_> = everything(&log).await.into_iter().map(|record| record.id).collect();
    assert_eq!(stored, acknowledged);
    assert!(stored.is_disjoint(&refused), "what was refused as definite is not there");
    log.close().await;
}

/// Filled and emptied again and again, also while it is being closed and opened.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opens_on_a_full_disk() {
    let Some(disk) = Mounted::tmpfs("12m") else {
        return skipped("a disk to fill needs root (mount -t tmpfs)");
    };
    let path = disk.path().join("events.db");
    let ballast = disk.path().join("ballast");
    let mut acknowledged = Vec::new();
    for _ in 0..3 {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&path, options()).unwrap());
        // Fills what is left to the last page.
        let mut size = 1 << 20;
        let mut bytes = Vec::new();
        while size >= 4096 {
            bytes.resize(bytes.len() + size, b'b');
            if fs::write(&ballast, &bytes).is_err() {
                bytes.truncate(bytes.len() - size);
                fs::write(&ballast, &bytes).unwrap();
                size /= 2;
            }
        }
        for _ in 0..50 {
            let record = record(vec![b'x'; 10_000]);
            match within(log.append(TOPIC, record.clone())).await {
                Ok(_) => acknowledged.push(record.id),
                Err(error) => assert!(matches!(error, AppendError::DiskFull(_)), "{error}"),
            }
        }
        log.close().await;
        fs::remove_file(&ballast).unwrap();
    }
    let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&path, options()).unwrap());
    let stored: Vec<_> = everything(&log).await.into_iter().map(|record| record.id).collect();
    assert_eq!(stored, acknowledged);
    append(&log, &record("works")).await;
    log.close().await;
}

/// Below the reserve appends are refused before they touch the disk; reading and pruning go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reserve_is_kept() {
    let harness = Embedded::new();
    let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&harness.path(), options()).unwrap());
    for n in 0..10 {
        append(&log, &record(format!("{n}"))).await;
    }
    log.close().await;
    drop(log);
    let greedy = Options { disk_reserve_bytes: u64::MAX, ..options() };
    let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&harness.path(), greedy).unwrap());
    let health = log.health();
    assert!(!health.ready && health.fatal.is_none(), "{health:?}");
    assert!(health.reason.unwrap().contains("nearly full"));
    assert!(health.disk_free_bytes.unwrap() > 0);
    let refused = log.append(TOPIC, record("no room")).await.unwrap_err();
    assert!(matches!(refused, AppendError::DiskFull(_)), "{refused}");
    assert_eq!(everything(&log).await.len(), 10);
    assert_eq!(log.retain(TOPIC, i64::MAX, 0).await.unwrap().records, 9);
    log.close().await;
}
