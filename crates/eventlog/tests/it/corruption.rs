//! Damage at rest: each file of a killed log is altered in many ways. Either the damage is reported with the name
//! of the file, or everything that was acknowledged is there as it was.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eventlog::{EventLog, LogError, Record, Synchronous};
use tempfile::TempDir;

use crate::child::Appender;
use crate::embedded::options;
use crate::harness::{TOPIC, earliest, record, within};

/// A log with records in the main file and more in the write-ahead log, left by a kill.
struct Killed {
    folder: TempDir,
    acknowledged: Vec<String>,
}

impl Killed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.db");
        let mut acknowledged = Vec::new();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let log = eventlog::open(&path, options()).unwrap();
            for n in 0..300 {
                let record = record(format!("{n}/{}", "y".repeat(n * 10)));
                acknowledged.push(record.id.clone());
                log.append(TOPIC, record).await.unwrap();
            }
            log.close().await;
        });
        let mut child = Appender::start(&path, Synchronous::Full, false);
        assert!(child.wait_for(500));
        child.kill();
        acknowledged.append(&mut child.before(u128::MAX));
        Self { folder, acknowledged }
    }

    /// A copy to damage.
    fn copy(&self) -> (TempDir, PathBuf) {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        let path = copy.path().join("events.db");
        (copy, path)
    }
}

/// All records, or the damage that was reported.
fn read(path: &Path) -> Result<HashMap<String, Record>, LogError> {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(path, options())?);
        let count = log.lag(TOPIC, &[]).await?.records;
        let mut subscription = log.subscribe(TOPIC, earliest()).await?;
        let mut records = HashMap::new();
        while (records.len() as u64) < count {
            for received in within(subscription.receive(1_000, 1 << 20)).await?.records {
                records.insert(received.record.id.clone(), received.record);
            }
        }
        log.close().await;
        Ok(records)
    })
}

/// Small numbers that look random and are the same each time.
fn spread(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    }
}

#[test]
fn damage_is_reported_or_harmless() {
    let killed = Killed::new();
    let whole = {
        let (_copy, path) = killed.copy();
        read(&path).unwrap()
    };
    assert!(killed.acknowledged.iter().all(|id| whole.contains_key(id)));
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (cases, seed) = (number("FOREBAY_DAMAGE_CASES", 150), number("FOREBAY_SEED", 7));
    let mut next = spread(seed);
    let (mut reported, mut harmless) = (0, 0);
    for case in 0..cases as usize {
        let (_copy, path) = killed.copy();
        let suffix = ["", "-wal", "", "-wal", "-shm"][case % 5];
        let file = PathBuf::from(format!("{}{suffix}", path.display()));
        let mut bytes = fs::read(&file).unwrap();
        let length = bytes.len() as u64;
        let what = match (case / 5) % 5 {
            0 | 1 => {
                let at = next(length) as usize;
                bytes[at] ^= 1 << next(8);
                format!("bit of byte {at} of {length} flipped")
            }
            2 => {
                bytes.truncate(next(length) as usize);
                format!("cut from {length} to {}", bytes.len())
            }
            3 => {
                bytes.extend((0..next(50_000)).map(|n| (n % 256) as u8));
                format!("garbage behind {length}")
            }
            _ => {
                let at = next(length) as usize;
                let end = bytes.len().min(at + 1 + next(5_000) as usize);
                bytes[at..end].fill(0);
                format!("zeros from {at} to {end} of {length}")
            }
        };
        fs::write(&file, bytes).unwrap();
        match read(&path) {
            Err(error) => {
                let name = path.display().to_string();
                assert!(error.to_string().contains(&name), "{what}: {error}");
                assert!(
                    matches!(error, LogError::Corrupt { .. } | LogError::Foreign { .. }),
                    "{what}: {error}"
                );
                reported += 1;
            }
            Ok(found) => {
                for id in &killed.acknowledged {
                    assert_eq!(found.get(id), whole.get(id), "{case}: {} {what}", file.display());
                }
                harmless += 1;
            }
        }
    }
    println!("damage at rest, seed {seed}: {reported} reported, {harmless} harmless");
    assert!(reported * 3 >= cases, "{reported} reported");
}

#[test]
fn a_missing_file_is_reported() {
    let killed = Killed::new();
    for (suffix, reported) in [("", true), ("-wal", true), ("-shm", false), (".lock", false)] {
        let (_copy, path) = killed.copy();
        fs::remove_file(format!("{}{suffix}", path.display())).unwrap();
        let found = read(&path);
        match (&found, reported) {
            (Err(LogError::Corrupt { file, .. }), true) => {
                assert_eq!(file.display().to_string(), format!("{}{suffix}", path.display()));
            }
            (Ok(records), false) => {
                assert!(killed.acknowledged.iter().all(|id| records.contains_key(id)));
            }
            _ => panic!("without {suffix}: {:?}", found.map(|records| records.len())),
        }
    }
}

#[test]
fn files_of_something_else_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database ".repeat(1_000)).unwrap();
    let refused = eventlog::open(&text, options()).err().unwrap();
    assert!(matches!(refused, LogError::Corrupt { .. }), "{refused}");
    assert_eq!(fs::read_to_string(&text).unwrap(), "not a database ".repeat(1_000), "left as it was");

    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection
        .execute_batch("CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES ('a');")
        .unwrap();
    drop(connection);
    let before = fs::read(&other).unwrap();
    let refused = eventlog::open(&other, options()).err().unwrap();
    assert!(matches!(refused, LogError::Foreign { .. }), "{refused}");
    assert_eq!(fs::read(&other).unwrap(), before, "left as it was");

    let later = folder.path().join("later.db");
    drop(eventlog::open(&later, options()).unwrap());
    let connection = rusqlite::Connection::open(&later).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    let refused = eventlog::open(&later, options()).err().unwrap();
    assert!(refused.to_string().contains("format 2"), "{refused}");

    let nowhere = folder.path().join("no/such/folder/events.db");
    assert!(eventlog::open(&nowhere, options()).err().unwrap().to_string().contains("no/such/folder"));
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let log = eventlog::open(&path, options()).unwrap();
    let refused = eventlog::open(&path, options()).err().unwrap();
    assert!(matches!(refused, LogError::Locked(_)), "{refused}");
    drop(log);
    drop(eventlog::open(&path, options()).unwrap());
}
