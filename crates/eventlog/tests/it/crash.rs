//! kill -9 under load: what was acknowledged is there, once.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use eventlog::{EventLog, LogError, Synchronous};

use crate::child::{Appender, WAITERS};
use crate::embedded::{Embedded, options};
use crate::harness::everything;

/// What is in the log against what was acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) duplicate: usize,
    /// In the log without an acknowledgement: allowed.
    pub(crate) unknown: usize,
}

/// Opens the log and counts; the error is the opening's.
pub(crate) fn count(log: &Path, acknowledged: &[String]) -> Result<Counts, LogError> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(log, options())?);
        let mut stored: HashMap<String, usize> = HashMap::new();
        for record in everything(&log).await {
            *stored.entry(record.id).or_default() += 1;
        }
        log.close().await;
        Ok(Counts {
            acknowledged: acknowledged.len(),
            lost: acknowledged.iter().filter(|id| !stored.contains_key(*id)).count(),
            duplicate: stored.values().filter(|count| **count > 1).count(),
            unknown: stored.len().saturating_sub(acknowledged.len()),
        })
    })
}

/// Kills the child again and again over one log.
fn kills(log: &Path, control: bool) -> Counts {
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let mut child = Appender::start(log, Synchronous::Full, control);
        assert!(child.wait_for(1_000 + round * 777), "the child ended: {:?}", child.errors);
        child.kill();
        assert_eq!(child.errors, Vec::<String>::new());
        acknowledged.append(&mut child.before(u128::MAX));
    }
    count(log, &acknowledged).unwrap()
}

#[test]
fn killed_under_load_loses_nothing() {
    let harness = Embedded::new();
    let counts = kills(&harness.path(), false);
    println!("kill -9: {counts:?}");
    assert!(counts.acknowledged >= 10_000);
    assert_eq!((counts.lost, counts.duplicate), (0, 0), "{counts:?}");
    assert!(counts.unknown <= 5 * WAITERS, "only what was waiting at a kill: {counts:?}");
}

/// The control: a log that acknowledges before it stores must be caught by the same counting.
#[cfg(feature = "failpoints")]
#[test]
fn control_acknowledged_before_stored_is_caught() {
    let harness = Embedded::new();
    let counts = kills(&harness.path(), true);
    println!("kill -9, control: {counts:?}");
    assert!(counts.lost > 0, "{counts:?}");
}
