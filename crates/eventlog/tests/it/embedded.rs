//! The conformance suite over the embedded driver.

use std::path::PathBuf;
use std::sync::Arc;

use eventlog::{BoxFuture, EventLog, Options};
use tempfile::TempDir;

use crate::harness::{Harness, conformance_cases};
use crate::{conformance, conformance_limits, conformance_positions};

/// One log file in a folder of its own.
pub(crate) struct Embedded {
    folder: TempDir,
}

impl Embedded {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("events.db")
    }
}

/// The default settings without the reserve, which depends on the machine.
pub(crate) fn options() -> Options {
    Options { disk_reserve_bytes: 0, ..Options::default() }
}

impl Harness for Embedded {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn EventLog>> {
        Box::pin(async { Arc::new(eventlog::open(&self.path(), options()).unwrap()) as Arc<dyn EventLog> })
    }

    fn open_narrow(&mut self, queue_records: usize) -> BoxFuture<'_, Arc<dyn EventLog>> {
        Box::pin(async move {
            let options = Options { queue_records, ..options() };
            Arc::new(eventlog::open(&self.path(), options).unwrap()) as Arc<dyn EventLog>
        })
    }

    fn wipe(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.folder = tempfile::tempdir().unwrap() })
    }
}

macro_rules! tests {
    ($($module:ident: $($case:ident)*;)*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            $module::$case(&mut Embedded::new()).await;
        }
    )*)*};
}

conformance_cases!(tests);
