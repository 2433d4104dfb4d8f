//! Starting and stopping.

use std::sync::Arc;
use std::time::Duration;

use eventlog::EventLog;
use store::Db;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::core::{Core, Log};
use crate::definitions::Definitions;
use crate::engines::Engines;
use crate::engines::bench::Limits;
use crate::positions::StoredPositions;
use crate::settings::Settings;
use crate::status::{Health, Status};
use crate::{commands, failures, operations, retention, watch as measure, webhooks};

/// How long a stop waits for the batch in hand.
const STOP: Duration = Duration::from_secs(8);

/// What a runner works with.
pub struct Parts {
    /// The store.
    pub db: Db,
    /// The event log.
    pub log: Arc<dyn EventLog>,
    /// The settings; see [`Settings::faults`].
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
}

/// A running runner. Dropping it asks it to stop without waiting; [`Runner::stop`] waits.
#[derive(Debug)]
pub struct Runner {
    core: Arc<Core>,
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Tells how a runner is, and outlives the borrow.
#[derive(Clone, Debug)]
pub struct Observer(Arc<Core>);

impl Observer {
    /// How it is; cheap.
    pub fn status(&self) -> Status {
        self.0.health.status()
    }
}

/// Starts a runner on the current tokio runtime. Engine steps run on threads of their own.
///
/// # Errors
/// The operating system gives no threads.
pub fn start(parts: Parts) -> std::io::Result<Runner> {
    let Parts { db, log, settings, clock } = parts;
    let (stop, stopping) = watch::channel(false);
    let limits = Limits {
        engine: settings.engine.clone(),
        script: settings.script.clone(),
        script_stuck_ms: settings.script_stuck_ms,
    };
    let core = Arc::new(Core {
        positions: StoredPositions::new(db.clone()),
        definitions: Definitions::new(settings.definitions_cached),
        engines: Engines::start(settings.threads(), limits)?,
        health: Health::default(),
        log: Log(log),
        db,
        settings,
        clock,
        stopping,
        operations: Notify::new(),
    });
    let wake = Arc::new(Notify::new());
    let tasks = vec![
        tokio::spawn(webhooks::run(Arc::clone(&core))),
        tokio::spawn(failures::run(Arc::clone(&core))),
        tokio::spawn(commands::run(Arc::clone(&core), Arc::clone(&wake))),
        tokio::spawn(operations::run(Arc::clone(&core))),
        tokio::spawn(retention::run(Arc::clone(&core))),
        tokio::spawn(measure::run(Arc::clone(&core))),
    ];
    Ok(Runner { core, wake, stop, tasks })
}

impl Runner {
    /// Has the queues of commands and operations looked at now. Call it after the commit that queued one.
    pub fn wake_commands(&self) {
        self.wake.notify_one();
    }

    /// A handle that does the same and outlives the borrow.
    pub fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// How it is; cheap.
    pub fn status(&self) -> Status {
        self.core.health.status()
    }

    /// A handle that tells how it is.
    pub fn observer(&self) -> Observer {
        Observer(Arc::clone(&self.core))
    }

    /// Stops: the batch and the command in hand are finished, the attempt marker is removed. At most 8
    /// seconds; what is not done by then is done again by the next start.
    pub async fn stop(mut self) {
        // nobody listens only if every task has ended
        let _ = self.stop.send(true);
        let deadline = tokio::time::Instant::now() + STOP;
        for task in self.tasks.drain(..) {
            match tokio::time::timeout_at(deadline, task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a part of the runner ended early"),
                Err(_) => tracing::warn!("a part of the runner did not stop in time; its work is repeated"),
            }
        }
    }
}
