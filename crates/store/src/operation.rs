//! Work on many rows that the API asks for and a runner carries out in small steps.
//!
//! Each step is one transaction: what it did to its rows, how far the operation is, and the lease. So a stop at any
//! moment repeats nothing, and a cancel ends it between two steps.

use crate::feed::Kind;
use crate::query::{execute, fetch_optional};
use crate::{Result, Scope, Tx};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Run the events of failed triggers in the running commit.
    RetryFailedTriggers,
    /// Remove failed triggers.
    DismissFailedTriggers,
    /// Try the elements of incidents again.
    RetryIncidents,
}

impl OperationKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RetryFailedTriggers, Self::DismissFailedTriggers, Self::RetryIncidents];

    /// As it stands in the row.
    pub fn as_str(self) -> &'static str {
        match self {
            OperationKind::RetryFailedTriggers => "retry-failed-triggers",
            OperationKind::DismissFailedTriggers => "dismiss-failed-triggers",
            OperationKind::RetryIncidents => "retry-incidents",
        }
    }

    /// The kind of a row; `None` for one that a later version wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An operation and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OperationRow {
    /// UUID version 7.
    pub id: String,
    /// The project.
    pub project_id: String,
    /// As [`OperationKind::as_str`].
    pub kind: String,
    /// Which rows, JSON text.
    pub filter: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Why it failed, for people.
    pub message: String,
    /// The newest row that it is about.
    pub up_to_id: String,
    /// Every row up to this one is dealt with.
    pub after_id: String,
    /// How many rows there were when it was asked for.
    pub total: i64,
    /// How many it did what was asked to.
    pub done: i64,
    /// How many it tried without success.
    pub failed: i64,
    /// Who asked.
    pub created_by: Option<String>,
    /// That user's name, in lists and details.
    #[sqlx(default)]
    pub created_by_name: Option<String>,
    /// How often it was claimed.
    pub attempts: i64,
    /// How often the process stopped since the last step.
    pub crashes: i64,
    /// When it was asked for, milliseconds since the epoch.
    pub created_at: i64,
    /// When its last step was.
    pub updated_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
}

/// An operation to be queued.
#[derive(Clone, Debug)]
pub struct NewOperation<'a> {
    /// UUID version 7.
    pub id: &'a str,
    /// What to do.
    pub kind: OperationKind,
    /// To which rows, JSON text.
    pub filter: &'a str,
    /// The newest of them: later ones are not its business.
    pub up_to_id: &'a str,
    /// How many there are.
    pub total: i64,
    /// Who asks.
    pub created_by: Option<&'a str>,
    /// Milliseconds since the epoch.
    pub now: i64,
}

/// What one step came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Every row up to this one is dealt with.
    pub after_id: String,
    /// Rows that it did what was asked to.
    pub done: i64,
    /// Rows that it tried without success.
    pub failed: i64,
}

macro_rules! columns {
    () => {
        "id, project_id, kind, filter, state, message, up_to_id, after_id, total, done, failed, created_by, attempts, \
         crashes, created_at, updated_at, finished_at"
    };
}

/// Queues an operation. Wake a runner after the commit.
pub async fn enqueue(tx: &mut Tx, scope: &Scope, new: &NewOperation<'_>) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO operation (id, project_id, kind, filter, state, message, up_to_id, after_id, total, done, failed, \
         created_by, attempts, crashes, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, 'queued', '', $5, '', $6, 0, 0, $7, 0, 0, $8, $9)",
        new.id,
        scope.project_text(),
        new.kind.as_str(),
        new.filter,
        new.up_to_id,
        new.total,
        new.created_by,
        new.now,
        new.now,
    )?;
    tx.noted().changed(&scope.project_text(), Kind::Operations, new.id, new.now);
    Ok(())
}

/// Ends an operation where it stands. `false` if it has ended already. From the commit on no further row is touched.
pub async fn cancel(tx: &mut Tx, scope: &Scope, id: &str, now: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE operation SET state = 'cancelled', finished_at = $1, updated_at = $2, lease_until = NULL \
         WHERE id = $3 AND project_id = $4 AND state IN ('queued', 'running')",
        now,
        now,
        id,
        scope.project_text(),
    )?;
    if touched > 0 {
        tx.noted().changed(&scope.project_text(), Kind::Operations, id, now);
    }
    Ok(touched > 0)
}

/// Claims the next operation: the one that waits longest of those that are queued, or whose lease ran out.
/// Installation-wide: a runner works for all projects.
pub async fn claim(tx: &mut Tx, now: i64, lease_ms: i64) -> Result<Option<OperationRow>> {
    macro_rules! claim {
        ($lock:literal) => {
            concat!(
                "UPDATE operation SET crashes = CASE WHEN state = 'running' THEN crashes + 1 ELSE crashes END, \
                 state = 'running', lease_until = $1, attempts = attempts + 1 WHERE id = ( \
                 SELECT id FROM operation WHERE state = 'queued' OR (state = 'running' AND lease_until < $2) \
                 ORDER BY updated_at, id LIMIT 1",
                $lock,
                ") RETURNING ",
                columns!()
            )
        };
    }
    let sql = match tx {
        Tx::Lite(_) => claim!(""),
        Tx::Pg(_) => claim!(" FOR UPDATE SKIP LOCKED"),
    };
    fetch_optional!(tx, OperationRow, sql, now + lease_ms, now)
}

/// Whether any operation waits. Installation-wide, as [`claim`].
pub async fn any_waiting(tx: &mut Tx, now: i64) -> Result<bool> {
    let sql = "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM operation WHERE state = 'queued') \
               OR EXISTS (SELECT 1 FROM operation WHERE state = 'running' AND lease_until < $1)";
    Ok(fetch_optional!(tx, (i64,), sql, now)?.is_some())
}

/// Takes a claimed operation for a step, first of all in the step's transaction. `false` if it was cancelled, or
/// another runner has it: then nothing may be done. Installation-wide: the claim says whose it is.
pub async fn hold(tx: &mut Tx, claimed: &OperationRow, lease_until: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE operation SET lease_until = $1 WHERE id = $2 AND state = 'running' AND attempts = $3",
        lease_until,
        claimed.id.as_str(),
        claimed.attempts,
    )?;
    Ok(touched > 0)
}

/// Notes a step of an operation that is held. Installation-wide, as [`hold`].
pub async fn advance(tx: &mut Tx, claimed: &OperationRow, step: &Progress, now: i64) -> Result<()> {
    execute!(
        tx,
        "UPDATE operation SET after_id = $1, done = done + $2, failed = failed + $3, updated_at = $4, crashes = 0 \
         WHERE id = $5",
        step.after_id.as_str(),
        step.done,
        step.failed,
        now,
        claimed.id.as_str(),
    )?;
    tx.noted().changed(&claimed.project_id, Kind::Operations, &claimed.id, now);
    Ok(())
}

/// Ends an operation that is held: `done` or `failed`. Installation-wide, as [`hold`].
pub async fn finish(
    tx: &mut Tx,
    claimed: &OperationRow,
    (state, message): (&str, &str),
    now: i64,
) -> Result<()> {
    execute!(
        tx,
        "UPDATE operation SET state = $1, message = $2, finished_at = $3, updated_at = $4, lease_until = NULL WHERE id = $5",
        state,
        message,
        now,
        now,
        claimed.id.as_str(),
    )?;
    tx.noted().changed(&claimed.project_id, Kind::Operations, &claimed.id, now);
    Ok(())
}

/// Gives a claimed operation back, to be claimed again at once. Installation-wide, as [`hold`].
pub async fn give_back(tx: &mut Tx, claimed: &OperationRow) -> Result<()> {
    execute!(
        tx,
        "UPDATE operation SET state = 'queued', lease_until = NULL WHERE id = $1 AND state = 'running' AND attempts = $2",
        claimed.id.as_str(),
        claimed.attempts,
    )?;
    Ok(())
}
