//! What all parts of the runner share.

use std::sync::Arc;

use eventlog::EventLog;
use store::{Db, StoreError};
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::definitions::Definitions;
use crate::engines::{Engines, Gone};
use crate::positions::StoredPositions;
use crate::settings::Settings;
use crate::status::Health;

/// What all parts share.
#[derive(Debug)]
pub(crate) struct Core {
    pub db: Db,
    pub log: Log,
    pub settings: Settings,
    pub clock: Clock,
    pub definitions: Definitions,
    pub engines: Engines,
    pub positions: Arc<StoredPositions>,
    pub health: Health,
    pub stopping: watch::Receiver<bool>,
    /// Says that an operation was asked for.
    pub operations: Notify,
}

/// The event log, with a `Debug` that shows nothing of it.
pub(crate) struct Log(pub Arc<dyn EventLog>);

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EventLog")
    }
}

/// The infrastructure does not work now. Everything is tried again; nothing is skipped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error("the event log: {0}")]
    Log(#[from] eventlog::LogError),
    #[error(transparent)]
    Engines(#[from] Gone),
}

impl Core {
    /// Whether the runner was asked to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until the runner is asked to stop.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.clone();
        // an error means that the handle is gone: that is a stop too
        let _ = stopping.wait_for(|stop| *stop).await;
    }

    /// Waits, but not longer than until the stop. `false` if it came.
    pub(crate) async fn pause(&self, milliseconds: u64) -> bool {
        tokio::select! {
            () = self.stopped() => false,
            () = tokio::time::sleep(std::time::Duration::from_millis(milliseconds)) => true,
        }
    }
}
