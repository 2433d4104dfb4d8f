//! Work on running things: the API writes a row, a runner carries it out exactly once.
//!
//! A runner claims a row with a lease. Its effects and its end are one transaction, and the end only
//! succeeds while the claim is still the last one; so a crash or an expired lease repeats the work, never
//! its effects.

use crate::feed::Kind;
use crate::query::{execute, fetch_optional};
use crate::{Result, Scope, StoreError, Tx};

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// Run a failed trigger's event in the running commit. Target: the failed trigger.
    RetryFailedTrigger,
    /// End an instance. Target: the instance.
    CancelInstance,
    /// Try the element of an incident again. Target: the instance; arguments `{"incident": number}`.
    RetryIncident,
    /// Merge values into an instance's variables. Target: the instance; arguments: the patch, an object.
    ChangeVariables,
}

impl CommandKind {
    /// As it stands in the row.
    pub fn as_str(self) -> &'static str {
        match self {
            CommandKind::RetryFailedTrigger => "retry-failed-trigger",
            CommandKind::CancelInstance => "cancel-instance",
            CommandKind::RetryIncident => "retry-incident",
            CommandKind::ChangeVariables => "change-variables",
        }
    }

    /// The kind of a row; `None` for one that a later version wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::RetryFailedTrigger, Self::CancelInstance, Self::RetryIncident, Self::ChangeVariables]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A command and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CommandRow {
    /// UUID version 7: commands are carried out about in the order of their ids.
    pub id: String,
    /// The project.
    pub project_id: String,
    /// As [`CommandKind::as_str`].
    pub kind: String,
    /// What it is done to.
    pub target_id: String,
    /// JSON text.
    pub arguments: String,
    /// `queued`, `running`, `done` or `failed`.
    pub state: String,
    /// JSON text, once done or failed.
    pub result: Option<String>,
    /// Who asked.
    pub created_by: Option<String>,
    /// How often it was claimed.
    pub attempts: i64,
    /// Until when the claim holds, milliseconds since the epoch.
    pub lease_until: Option<i64>,
    /// When it was asked for.
    pub created_at: i64,
    /// When it was done or failed.
    pub finished_at: Option<i64>,
}

/// A command to be queued.
#[derive(Clone, Debug)]
pub struct NewCommand<'a> {
    /// UUID version 7.
    pub id: &'a str,
    /// What to do.
    pub kind: CommandKind,
    /// To what.
    pub target_id: &'a str,
    /// JSON text; `{}` where there is nothing to say.
    pub arguments: &'a str,
    /// Who asks.
    pub created_by: Option<&'a str>,
    /// Milliseconds since the epoch.
    pub now: i64,
}

macro_rules! columns {
    () => {
        "id, project_id, kind, target_id, arguments, state, result, created_by, attempts, lease_until, \
         created_at, finished_at"
    };
}

/// Queues a command. Wake a runner after the commit.
pub async fn enqueue(tx: &mut Tx, scope: Scope, new: &NewCommand<'_>) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO command (id, project_id, kind, target_id, arguments, state, created_by, attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, $7)",
        new.id,
        scope.project_text(),
        new.kind.as_str(),
        new.target_id,
        new.arguments,
        new.created_by,
        new.now,
    )?;
    tx.noted().changed(&scope.project_text(), Kind::Operations, new.id, new.now);
    Ok(())
}

/// A command of a project.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none in this project.
pub async fn find(tx: &mut Tx, scope: Scope, id: &str) -> Result<CommandRow> {
    fetch_optional!(
        tx,
        CommandRow,
        concat!("SELECT ", columns!(), " FROM command WHERE id = $1 AND project_id = $2"),
        id,
        scope.project_text(),
    )?
    .ok_or(StoreError::NotFound)
}

/// Whether any command waits. Cheap; asked by polling runners before they open a writing transaction.
pub async fn any_waiting(tx: &mut Tx, now: i64) -> Result<bool> {
    let found = fetch_optional!(
        tx,
        (i64,),
        "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM command WHERE state = 'queued') \
         OR EXISTS (SELECT 1 FROM command WHERE state = 'running' AND lease_until < $1)",
        now,
    )?;
    Ok(found.is_some())
}

/// Claims the next command: the oldest that is queued, or whose claim ran out.
pub async fn claim(tx: &mut Tx, now: i64, lease_ms: i64) -> Result<Option<CommandRow>> {
    // Rows that another runner is just claiming are passed over; SQLite has one writer and needs no lock.
    let sql = match tx {
        Tx::Lite(_) => concat!(
            "UPDATE command SET state = 'running', lease_until = $1, attempts = attempts + 1 WHERE id = ( \
             SELECT id FROM command WHERE state = 'queued' OR (state = 'running' AND lease_until < $2) \
             ORDER BY id LIMIT 1) RETURNING ",
            columns!()
        ),
        Tx::Pg(_) => concat!(
            "UPDATE command SET state = 'running', lease_until = $1, attempts = attempts + 1 WHERE id = ( \
             SELECT id FROM command WHERE state = 'queued' OR (state = 'running' AND lease_until < $2) \
             ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ",
            columns!()
        ),
    };
    fetch_optional!(tx, CommandRow, sql, now + lease_ms, now)
}

/// Ends a claimed command. `false` if the claim is not the last one any more: roll back, somebody else has it.
pub async fn finish(tx: &mut Tx, claimed: &CommandRow, done: bool, result: &str, now: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE command SET state = $1, result = $2, finished_at = $3, lease_until = NULL \
         WHERE id = $4 AND state = 'running' AND attempts = $5",
        if done { "done" } else { "failed" },
        result,
        now,
        claimed.id.as_str(),
        claimed.attempts,
    )?;
    if touched > 0 {
        tx.noted().changed(&claimed.project_id, Kind::Operations, &claimed.id, now);
    }
    Ok(touched > 0)
}

/// Gives a claimed command back, to be claimed again at once.
pub async fn give_back(tx: &mut Tx, claimed: &CommandRow) -> Result<()> {
    execute!(
        tx,
        "UPDATE command SET state = 'queued', lease_until = NULL WHERE id = $1 AND state = 'running' AND attempts = $2",
        claimed.id.as_str(),
        claimed.attempts,
    )?;
    Ok(())
}
