//! How it ends: stop accepting, drain, flush, leave. The last word is a deadline.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Error;
use super::wiring::Wired;

/// SIGTERM to exit, at most; orchestrators send SIGKILL after ten seconds or more.
const DEADLINE: Duration = Duration::from_millis(9_500);

/// A word that can be said once and heard by many.
#[derive(Clone)]
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    pub(super) fn new() -> Self {
        Stop(watch::Sender::new(false))
    }

    pub(super) fn say(&self) {
        self.0.send_replace(true);
    }

    pub(super) async fn wait(&self) {
        // the sender lives in self: this cannot fail
        let _ = self.0.subscribe().wait_for(|said| *said).await;
    }
}

/// The signals that mean stop. One that comes before they are listened for ends the process at once.
pub(super) struct Signals {
    term: Signal,
    int: Signal,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(Error::Threads);
        Ok(Self { term: listen(SignalKind::terminate())?, int: listen(SignalKind::interrupt())? })
    }
}

/// Waits for SIGTERM or SIGINT, or for a failure of the log that only a new start can mend.
pub(super) async fn signal_or_failure(mut signals: Signals, wired: &Wired) -> Result<(), Error> {
    tokio::select! {
        _ = signals.term.recv() => tracing::info!("SIGTERM: draining"),
        _ = signals.int.recv() => tracing::info!("SIGINT: draining"),
        why = log_failure(wired) => {
            tracing::error!(why, "the event log failed for good: stopping");
            return Err(Error::LogFailed(why));
        }
        () = wired.store_lost() => return Err(Error::StoreLost),
    }
    Ok(())
}

async fn log_failure(wired: &Wired) -> String {
    loop {
        let health = wired.log.health();
        if let Some(why) = health.fatal {
            return why;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Ends the roles in the order of the walk, so that each one finishes what the one before it accepted.
pub(super) async fn drain(
    stop: Stop,
    serving: JoinHandle<std::io::Result<()>>,
    wired: Wired,
) -> Result<(), Error> {
    let all = async {
        stop.say();
        // they would not end by themselves
        if let Some(people) = &wired.console {
            people.console.live.end_streams();
        }
        match serving.await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => tracing::error!("the gateway ended: {e}"),
            Err(e) => tracing::error!("the gateway's task ended: {e}"),
        }
        wired.end().await;
        tracing::info!("drained");
    };
    tokio::time::timeout(DEADLINE, all).await.map_err(|_| Error::Hurried(DEADLINE))
}
