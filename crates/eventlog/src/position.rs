//! Positions: up to where a topic was applied. They live in the store.

use futures::future::BoxFuture;

use crate::Topic;

/// How far one partition was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The offset of the first record that is not applied yet.
    pub next_offset: i64,
    /// The id of the record before it, which proves on the next start that the log is still the same.
    pub last_id: Option<String>,
}

/// The store's positions, read when a partition is assigned. The runner implements it.
pub trait Positions: Send + Sync {
    /// The position of one partition, or `None` where nothing was applied yet.
    fn load(&self, topic: Topic, partition: u32) -> BoxFuture<'_, Result<Option<Position>, PositionError>>;
}

/// The store could not tell its position. The subscription does not start; try again later.
#[derive(Debug, thiserror::Error)]
#[error("the store could not tell the position")]
pub struct PositionError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl PositionError {
    /// Wraps the store's own error.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
