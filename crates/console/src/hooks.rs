//! What the API asks of the rest of the process: roles never import each other, so the wiring joins them here.

use std::future::Future;
use std::pin::Pin;

use store::Scope;
use uuid::Uuid;

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why gateways did not confirm a change. The text is for the log.
#[derive(Debug, thiserror::Error)]
#[error("the gateways did not confirm the change: {0}")]
pub struct HookError(pub String);

/// An event that is in the event log and that the runner is not past yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingEvent {
    /// Whose it is: it is shown only in this project.
    pub scope: Scope,
    /// The data source it came to.
    pub data_source: Uuid,
    /// When it was accepted, milliseconds since the epoch.
    pub time: i64,
}

/// Whose pending events are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingOf {
    /// The project.
    pub scope: Scope,
    /// The data source.
    pub data_source: Uuid,
    /// At most so many.
    pub limit: usize,
}

/// What the rest of the process does for the API.
pub trait Hooks: Send + Sync {
    /// Triggers, keys or the running commit changed. Resolves when every live gateway works by the stored
    /// state; the API answers after that, so that a reset key is dead when the caller reads the answer.
    fn registry_changed(&self) -> BoxFuture<'_, Result<(), HookError>>;
    /// This process, where no other works on the store and so none writes a row there.
    fn own_server(&self) -> Option<store::server::Server>;
    /// A command row was committed: a runner may look at once.
    fn command_queued(&self);
    /// Events of a data source that are in the event log and that the runner is not past yet, the oldest first: their
    /// ids and when they were accepted. Only the first few thousand records are looked through.
    fn pending_events<'a>(&'a self, of: &'a PendingOf) -> BoxFuture<'a, Vec<(String, i64)>>;
    /// Looks for an event in the event log, near this time (milliseconds since the epoch).
    fn find_event<'a>(&'a self, id: &'a str, near_ms: i64) -> BoxFuture<'a, Option<PendingEvent>>;
}
