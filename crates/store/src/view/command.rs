//! Command rows: the API asks, a runner carries out.

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Run the event of a failed trigger again. Target: the failed trigger, whose status was set to `retrying`
    /// in the same transaction; the runner sets it to `retried`, or back to `open` with the new cause.
    RetryFailedTrigger,
    /// End an instance. Target: the instance.
    CancelInstance,
}

impl Kind {
    /// As it stands in the rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::RetryFailedTrigger => "retry-failed-trigger",
            Kind::CancelInstance => "cancel-instance",
        }
    }

    /// Reads what stands in the rows.
    pub fn parse(text: &str) -> Option<Self> {
        [Kind::RetryFailedTrigger, Kind::CancelInstance].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A command as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Command {
    /// UUID, version 7.
    pub id: String,
    /// [`Kind`] as text.
    pub kind: String,
    /// What it is about.
    pub target_id: String,
    /// `queued`, `running`, `done` or `failed`.
    pub state: String,
    /// JSON text, or a sentence: what came of it.
    pub result: Option<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub finished_at: Option<i64>,
}

/// Queues a command without arguments.
pub async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    kind: Kind,
    (id, target): (Uuid, &str),
    stamp: &Stamp,
) -> Result<()> {
    let sql = "INSERT INTO command (id, project_id, kind, target_id, arguments, state, created_by, attempts, created_at) \
               VALUES ($1, $2, $3, $4, '{}', 'queued', $5, 0, $6)";
    execute!(
        tx,
        sql,
        id.to_string(),
        scope.project_text(),
        kind.as_str(),
        target,
        stamp.user_text(),
        stamp.at
    )?;
    Ok(())
}

/// One command.
pub async fn read(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Command> {
    let sql = "SELECT id, kind, target_id, state, result, created_at, finished_at FROM command \
               WHERE project_id = $1 AND id = $2";
    fetch_optional!(tx, Command, sql, scope.project_text(), id.to_string())?.ok_or(StoreError::NotFound)
}

/// The command on this target that is not finished yet, if any.
pub async fn unfinished(tx: &mut Tx, scope: &Scope, target: &str) -> Result<Option<Command>> {
    let sql = "SELECT id, kind, target_id, state, result, created_at, finished_at FROM command \
               WHERE project_id = $1 AND target_id = $2 AND state IN ('queued', 'running') ORDER BY id LIMIT 1";
    fetch_optional!(tx, Command, sql, scope.project_text(), target)
}
