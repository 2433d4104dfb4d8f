//! Who did what to which thing: rows that are only added, in the transaction of the change they tell of.

use uuid::Uuid;

use crate::query::{execute, fetch_all};
use crate::{Result, Tx, user::Stamp};

/// One action of one person.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// The project it happened in; `None` for the installation.
    pub project: Option<Uuid>,
    /// Who and when.
    pub stamp: Stamp,
    /// The token that was presented.
    pub token: Option<Uuid>,
    /// The session that was presented.
    pub session: Option<Uuid>,
    /// What was done: `trigger.reveal-url`, `commit.create`, …
    pub action: &'a str,
    /// The id of the thing.
    pub target: &'a str,
    /// JSON text: what a reader needs to understand it. Never a key, token, payload or body.
    pub detail: &'a str,
    /// The address of the other end of the connection.
    pub source_address: Option<&'a str>,
    /// The request's id, as its answer carries it.
    pub request_id: Option<&'a str>,
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// UUID, version 7.
    pub id: String,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// The user.
    pub user_id: Option<String>,
    /// What was done.
    pub action: String,
    /// To which thing.
    pub target: String,
    /// JSON text.
    pub detail: String,
}

/// Adds an entry. Installation-wide: the entry names its project itself, and stays when the project is deleted.
pub async fn append(tx: &mut Tx, entry: &NewEntry<'_>) -> Result<()> {
    let sql = "INSERT INTO audit_entry (id, at, project_id, user_id, token_id, action, target, detail, source_address, request_id, session_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    execute!(
        tx,
        sql,
        Uuid::now_v7().to_string(),
        entry.stamp.at,
        entry.project.map(|id| id.to_string()),
        entry.stamp.user_text(),
        entry.token.map(|id| id.to_string()),
        entry.action,
        entry.target,
        entry.detail,
        entry.source_address,
        entry.request_id,
        entry.session.map(|id| id.to_string()),
    )?;
    Ok(())
}

/// The entries of a project, the newest first.
pub async fn list(tx: &mut Tx, scope: &crate::Scope, limit: i64) -> Result<Vec<Entry>> {
    let sql = "SELECT id, at, user_id, action, target, detail FROM audit_entry WHERE project_id = $1 \
               ORDER BY id DESC LIMIT $2";
    fetch_all!(tx, Entry, sql, scope.project_text(), limit)
}
