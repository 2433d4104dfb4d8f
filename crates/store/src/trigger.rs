//! Triggers: the runtime registration of a data source, its API keys, and what the gateway's registry needs.

mod key;
mod registry;
mod tally;

pub use key::{Key, KeySummary, any_key, insert_key, key, key_summaries, replace_keys};
pub use registry::{RegistryKey, RegistryRow, registry_rows};
pub use tally::{add_refused, key_used};

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// A trigger, with the name that its data source has in the running commit.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Trigger {
    /// UUID, version 7.
    pub id: String,
    /// The data source.
    pub data_source_id: String,
    /// Its name in the running commit, else in its newest version.
    pub name: Option<String>,
    /// `Active` or `Deactivated`.
    pub state: String,
    /// 1 while the running commit connects the data source to a process.
    pub linked: i64,
    /// Requests a second; `None` for no limit.
    pub rate_limit: Option<i64>,
    /// Requests with the right key that came while it was deactivated.
    pub refused_since_deactivated: i64,
    /// Grows with each change of state, key or limit.
    pub revision: i64,
    /// Milliseconds since the epoch.
    pub state_changed_at: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Registers a data source: deactivated, linked, without a key yet.
pub async fn insert(tx: &mut Tx, scope: &Scope, id: Uuid, data_source: &str, stamp: &Stamp) -> Result<()> {
    let sql = "INSERT INTO webhook_trigger (id, organization_id, workspace_id, project_id, data_source_id, state, linked, \
               refused_since_deactivated, revision, state_changed_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, 'Deactivated', 1, 0, 1, $6, $7)";
    execute!(
        tx,
        sql,
        id.to_string(),
        scope.organization.to_string(),
        scope.workspace.to_string(),
        scope.project_text(),
        data_source,
        stamp.at,
        stamp.at,
    )?;
    Ok(())
}

/// The linked triggers of a project after this id, in the order of their ids; one more than `limit` if there are more.
pub async fn list(tx: &mut Tx, scope: &Scope, after: &str, limit: i64) -> Result<Vec<Trigger>> {
    let sql = "SELECT t.id, t.data_source_id, v.name, t.state, t.linked, t.rate_limit, t.refused_since_deactivated, \
               t.revision, t.state_changed_at, t.created_at FROM webhook_trigger t \
               LEFT JOIN active_policy p ON p.project_id = t.project_id \
               LEFT JOIN commit_resource r ON r.commit_id = p.running_commit_id AND r.resource_definition_id = t.data_source_id \
               LEFT JOIN resource_version v ON v.id = r.resource_version_id \
               WHERE t.project_id = $1 AND t.linked = 1 AND t.id > $2 ORDER BY t.id LIMIT $3";
    fetch_all!(tx, Trigger, sql, scope.project_text(), after, limit + 1)
}

/// Every trigger of a project, linked or not. A project has as many as it ever had connected data sources.
pub async fn all(tx: &mut Tx, scope: &Scope) -> Result<Vec<Trigger>> {
    let sql = "SELECT t.id, t.data_source_id, v.name, t.state, t.linked, t.rate_limit, t.refused_since_deactivated, \
               t.revision, t.state_changed_at, t.created_at FROM webhook_trigger t \
               LEFT JOIN active_policy p ON p.project_id = t.project_id \
               LEFT JOIN commit_resource r ON r.commit_id = p.running_commit_id AND r.resource_definition_id = t.data_source_id \
               LEFT JOIN resource_version v ON v.id = r.resource_version_id \
               WHERE t.project_id = $1 ORDER BY t.id";
    fetch_all!(tx, Trigger, sql, scope.project_text())
}

/// One trigger.
pub async fn read(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Trigger> {
    let sql = "SELECT t.id, t.data_source_id, coalesce(v.name, (SELECT w.name FROM resource_version w \
               WHERE w.resource_definition_id = t.data_source_id ORDER BY w.id DESC LIMIT 1)) AS name, t.state, t.linked, \
               t.rate_limit, t.refused_since_deactivated, t.revision, t.state_changed_at, t.created_at \
               FROM webhook_trigger t \
               LEFT JOIN active_policy p ON p.project_id = t.project_id \
               LEFT JOIN commit_resource r ON r.commit_id = p.running_commit_id AND r.resource_definition_id = t.data_source_id \
               LEFT JOIN resource_version v ON v.id = r.resource_version_id \
               WHERE t.project_id = $1 AND t.id = $2";
    fetch_optional!(tx, Trigger, sql, scope.project_text(), id.to_string())?.ok_or(StoreError::NotFound)
}

/// The trigger of a data source, if it has one.
pub async fn of_data_source(tx: &mut Tx, scope: &Scope, data_source: Uuid) -> Result<Option<Trigger>> {
    let sql = "SELECT id FROM webhook_trigger WHERE project_id = $1 AND data_source_id = $2";
    let row = fetch_optional!(tx, (String,), sql, scope.project_text(), data_source.to_string())?;
    match row {
        Some((id,)) => read(tx, scope, crate::project::id(&id)?).await.map(Some),
        None => Ok(None),
    }
}

/// Sets the state (`Active` or `Deactivated`). Deactivating begins a new count of refused requests. The same
/// state again changes nothing.
pub async fn set_state(tx: &mut Tx, scope: &Scope, id: Uuid, state: &str, stamp: &Stamp) -> Result<()> {
    let sql = "UPDATE webhook_trigger SET state = $1, state_changed_at = $2, refused_since_deactivated = 0, \
               revision = revision + 1 WHERE project_id = $3 AND id = $4 AND state <> $5";
    execute!(tx, sql, state, stamp.at, scope.project_text(), id.to_string(), state)?;
    Ok(())
}

/// Says whether the running commit connects the data source to a process.
pub async fn set_linked(tx: &mut Tx, scope: &Scope, id: &str, linked: bool) -> Result<()> {
    let sql = "UPDATE webhook_trigger SET linked = $1 WHERE project_id = $2 AND id = $3";
    execute!(tx, sql, i64::from(linked), scope.project_text(), id)?;
    Ok(())
}

/// Sets the limit of requests a second; `None` for no limit.
pub async fn set_rate_limit(tx: &mut Tx, scope: &Scope, id: Uuid, limit: Option<i64>) -> Result<()> {
    let sql = "UPDATE webhook_trigger SET rate_limit = $1, revision = revision + 1 WHERE project_id = $2 AND id = $3";
    execute!(tx, sql, limit, scope.project_text(), id.to_string())?;
    Ok(())
}
