//! Power cuts and disks that fail.

use std::path::Path;
use std::sync::Arc;

use eventlog::{AppendError, EventLog, Synchronous};

use crate::child::Appender;
use crate::crash::{Counts, count};
use crate::embedded::options;
use crate::harness::{TOPIC, append, everything, record, within};
use crate::mounted::{Mounted, skipped};

const NEEDS: &str = "a power cut needs root, /dev/loop*, mkfs.ext4 and python3";

/// Cuts the power under a child that appends. Returns what it was acknowledged before.
fn cut(disk: &Mounted, log: &Path, synchronous: Synchronous, after: usize) -> Vec<String> {
    let mut child = Appender::start(log, synchronous, false);
    assert!(child.wait_for(after), "the child ended: {:?}", child.errors);
    let moment = disk.cut();
    child.kill();
    disk.power_on(log);
    child.before(moment)
}

#[test]
fn power_cuts_lose_nothing() {
    let Some(disk) = Mounted::ext4() else { return skipped(NEEDS) };
    let log = disk.path().join("events.db");
    let mut acknowledged = Vec::new();
    let cuts = std::env::var("FOREBAY_POWER_CUTS").map_or(5, |text| text.parse().unwrap());
    for round in 0..cuts {
        acknowledged.extend(cut(&disk, &log, Synchronous::Full, 300 + round * 555 % 2_500));
        // Opening verifies the whole file.
        let counts = count(&log, &acknowledged).expect("opens after a power cut");
        assert_eq!((counts.lost, counts.duplicate), (0, 0), "round {round}: {counts:?}");
    }
    println!("power cuts: {:?}", count(&log, &acknowledged).unwrap());
}

/// The control: without fsync the same cuts must lose something. Some of them: whoever else mounts or unmounts at
/// that moment makes the kernel write everything out, and so does much work beside: the first one that loses is enough.
#[test]
fn control_without_fsync_loses() {
    let mut seen = Vec::new();
    for _ in 0..20 {
        let Some(disk) = Mounted::ext4() else { return skipped(NEEDS) };
        let log = disk.path().join("events.db");
        let acknowledged = cut(&disk, &log, Synchronous::Off, 2_000);
        // A log that does not open again has lost everything.
        let counts = count(&log, &acknowledged)
            .unwrap_or_else(|_| Counts { lost: acknowledged.len(), ..Counts::default() });
        println!("power cut, control: {counts:?}");
        if counts.lost > 0 {
            return;
        }
        seen.push(counts);
    }
    panic!("nothing was ever lost: {seen:?}");
}

/// A disk that fails under the running log: no acknowledgement, no recovery by itself, all that was acknowledged
/// is there after a restart.
#[test]
fn a_failing_disk_stops_the_log_for_good() {
    let Some(disk) = Mounted::ext4() else { return skipped(NEEDS) };
    let path = disk.path().join("events.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sent, doubtful) = runtime.block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&path, options()).unwrap());
        let sent: Vec<_> = (0..50).map(|n| record(format!("{n}"))).collect();
        for record in &sent {
            append(&log, record).await;
        }
        assert!(log.health().ready);
        let _moment = disk.cut();
        let doubtful = record("doubtful");
        let first = within(log.append(TOPIC, doubtful.clone())).await.unwrap_err();
        assert!(matches!(first, AppendError::Unknown(_) | AppendError::Unavailable(_)), "{first}");
        let health = log.health();
        assert!(!health.ready && health.fatal.is_some(), "{health:?}");
        for _ in 0..100 {
            let later = within(log.append(TOPIC, record("later"))).await.unwrap_err();
            assert!(matches!(later, AppendError::Unavailable(_)) && later.is_definite(), "{later}");
        }
        assert!(log.retain(TOPIC, i64::MAX, 0).await.is_err());
        within(log.close()).await;
        (sent, doubtful)
    });
    disk.power_on(&path);
    runtime.block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&path, options()).unwrap());
        let stored = everything(&log).await;
        assert_eq!(stored[..50], sent);
        assert!(stored.len() == 50 || stored[50..] == [doubtful]);
        append(&log, &record("after")).await;
        log.close().await;
    });
}
