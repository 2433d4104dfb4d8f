//! Who did what to which thing: rows that are only added, in the transaction of the change they tell of. Each
//! carries the hash of the one before it in its chain ([`chain`]).

pub mod chain;

use uuid::Uuid;

use crate::query::execute;
use crate::view::{Span, fetch_built};
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
    /// The project it happened in; `None` for the installation.
    pub project_id: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// That user's e-mail, as it is now.
    pub email: Option<String>,
    /// The token that was presented.
    pub token_id: Option<String>,
    /// The session that was presented.
    pub session_id: Option<String>,
    /// What was done.
    pub action: String,
    /// To which thing.
    pub target: String,
    /// JSON text.
    pub detail: String,
    /// From where.
    pub source_address: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
}

/// Which entries a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this project; `None` for all, and for those of the installation.
    pub project: Option<Uuid>,
    /// By this user.
    pub user: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// About this thing.
    pub target: Option<String>,
    /// In this time.
    pub span: Span,
}

/// Adds an entry. Installation-wide: the entry names its project itself, and stays when the project is deleted.
pub async fn append(tx: &mut Tx, entry: &NewEntry<'_>) -> Result<()> {
    let id = Uuid::now_v7().to_string();
    let place = chain::next(tx, &id, entry).await?;
    let sql = "INSERT INTO audit_entry (id, at, project_id, user_id, token_id, session_id, action, target, detail, \
               source_address, request_id, chain, sequence, sha256) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    execute!(
        tx,
        sql,
        id,
        entry.stamp.at,
        entry.project.map(|id| id.to_string()),
        entry.stamp.user_text(),
        entry.token.map(|id| id.to_string()),
        entry.session.map(|id| id.to_string()),
        entry.action,
        entry.target,
        entry.detail,
        entry.source_address,
        entry.request_id,
        place.chain,
        place.sequence,
        place.sha256,
    )?;
    if let Some(project) = entry.project {
        tx.noted().acted(&project.to_string(), entry.action, entry.target, entry.stamp.at);
    }
    Ok(())
}

const HEAD: &str = "SELECT e.id, e.at, e.project_id, e.user_id, u.email, e.token_id, e.session_id, e.action, e.target, \
     e.detail, e.source_address, e.request_id FROM audit_entry e ";

/// Entries before the id `cursor`, the newest first; one more than `limit` if there are more. Installation-wide
/// where the filter names no project: callers ask the rights of the whole installation.
pub async fn list(tx: &mut Tx, filter: &Filter, cursor: Option<&str>, limit: i64) -> Result<Vec<Entry>> {
    let index = matches!(tx, Tx::Lite(_)).then(|| index(filter)).flatten();
    fetch_built!(tx, Entry, HEAD, |q| {
        if let Some(index) = index {
            q.push(index);
        }
        q.push(" LEFT JOIN app_user u ON u.id = e.user_id WHERE e.id < ")
            .push_bind(filter.span.before_id(cursor));
        q.push(" AND e.id >= ").push_bind(filter.span.first_id());
        let project = filter.project.map(|id| id.to_string());
        for (column, value) in [
            (" AND e.project_id = ", &project),
            (" AND e.user_id = ", &filter.user),
            (" AND e.action = ", &filter.action),
            (" AND e.target = ", &filter.target),
        ] {
            if let Some(value) = value {
                q.push(column).push_bind(value.clone());
            }
        }
        q.push(" ORDER BY e.id DESC LIMIT ").push_bind(limit + 1);
    })
}

/// SQLite keeps no statistics here and may take the index of the ids: this names the one that fits the filter.
fn index(filter: &Filter) -> Option<&'static str> {
    let project = filter.project.is_some();
    match (filter.target.is_some(), filter.user.is_some(), filter.action.is_some()) {
        (true, ..) => Some("INDEXED BY audit_entry_by_target"),
        (_, true, true) if project => Some("INDEXED BY audit_entry_by_project_both"),
        (_, true, true) => Some("INDEXED BY audit_entry_by_both"),
        (_, true, false) if project => Some("INDEXED BY audit_entry_by_project_user"),
        (_, true, false) => Some("INDEXED BY audit_entry_by_user"),
        (_, false, true) if project => Some("INDEXED BY audit_entry_by_project_action"),
        (_, false, true) => Some("INDEXED BY audit_entry_by_action"),
        _ if project => Some("INDEXED BY audit_entry_by_project"),
        _ => None,
    }
}
