//! Process instances and their histories. The engine writes state; this keeps its texts.

use crate::feed::Kind;
use crate::query::{execute, fetch_optional, insert_rows};
use crate::{Result, StoreError, Tx};

/// An instance as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InstanceRow {
    /// UUID version 7: sorts by the time it was made.
    pub id: String,
    /// The project.
    pub project_id: String,
    /// The process definition.
    pub process_definition_id: String,
    /// Its content.
    pub resource_version_id: String,
    /// The commit that was running when it was started.
    pub commit_id: String,
    /// The data source that started it.
    pub data_source_id: Option<String>,
    /// The event that started it.
    pub event_id: Option<String>,
    /// What that event is unique by.
    pub event_key: Option<String>,
    /// `active`, `incident`, `completed`, `terminated` or `cancelled`.
    pub status: String,
    /// JSON text: name → value.
    pub variables: String,
    /// JSON text of the engine: everything but the variables.
    pub state: String,
    /// Grows by one with each step; a step on an old version is refused.
    pub version: i64,
    /// 1 for the first start of its event, one more for each Retry.
    pub attempt: i64,
    /// The instance that took its place by Retry.
    pub replaced_by: Option<String>,
    /// When it was made, milliseconds since the epoch.
    pub created_at: i64,
    /// When its last step ran.
    pub updated_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// One step of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The instance.
    pub instance_id: String,
    /// The step, from 1; the same as the instance's version after it.
    pub step: i64,
    /// When it ran, milliseconds since the epoch.
    pub at: i64,
    /// The engine's events, a JSON array.
    pub events: String,
}

/// What a step changes.
#[derive(Clone, Debug)]
pub struct Advance<'a> {
    /// The instance.
    pub id: &'a str,
    /// The version that the step began with.
    pub from_version: i64,
    /// The status after it.
    pub status: &'a str,
    /// The variables after it.
    pub variables: &'a str,
    /// The state after it.
    pub state: &'a str,
    /// When it ran, milliseconds since the epoch.
    pub at: i64,
    /// Whether the instance ended by it.
    pub ended: bool,
    /// The instance that takes its place.
    pub replaced_by: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct Version {
    version: i64,
}

/// Adds instances. Ids should ascend: then a row costs the same however many there are.
pub async fn insert(tx: &mut Tx, rows: &[InstanceRow]) -> Result<()> {
    insert_rows!(
        tx,
        (),
        "INSERT INTO process_instance (id, project_id, process_definition_id, resource_version_id, commit_id, \
         data_source_id, event_id, event_key, status, variables, state, version, attempt, replaced_by, \
         created_at, updated_at, ended_at) ",
        rows,
        |b, r| {
            b.push_bind(r.id.as_str());
            b.push_bind(r.project_id.as_str());
            b.push_bind(r.process_definition_id.as_str());
            b.push_bind(r.resource_version_id.as_str());
            b.push_bind(r.commit_id.as_str());
            b.push_bind(r.data_source_id.as_deref());
            b.push_bind(r.event_id.as_deref());
            b.push_bind(r.event_key.as_deref());
            b.push_bind(r.status.as_str());
            b.push_bind(r.variables.as_str());
            b.push_bind(r.state.as_str());
            b.push_bind(r.version);
            b.push_bind(r.attempt);
            b.push_bind(r.replaced_by.as_deref());
            b.push_bind(r.created_at);
            b.push_bind(r.updated_at);
            b.push_bind(r.ended_at);
        },
        ""
    )?;
    for row in rows {
        tx.noted().added(&row.project_id, Kind::Instances, 1, row.created_at);
    }
    Ok(())
}

/// Adds steps to histories.
pub async fn insert_history(tx: &mut Tx, rows: &[HistoryRow]) -> Result<()> {
    insert_rows!(
        tx,
        (),
        "INSERT INTO instance_history (instance_id, step, at, events) ",
        rows,
        |b, r| {
            b.push_bind(r.instance_id.as_str());
            b.push_bind(r.step);
            b.push_bind(r.at);
            b.push_bind(r.events.as_str());
        },
        ""
    )?;
    Ok(())
}

/// Stores a step of an instance.
///
/// # Errors
/// [`StoreError::Stale`] if the instance is at another version: read it again and repeat the step.
pub async fn advance(tx: &mut Tx, project_id: &str, step: &Advance<'_>) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE process_instance SET status = $1, variables = $2, state = $3, version = version + 1, \
         updated_at = $4, ended_at = $5, replaced_by = coalesce($6, replaced_by) \
         WHERE id = $7 AND project_id = $8 AND version = $9",
        step.status,
        step.variables,
        step.state,
        step.at,
        step.ended.then_some(step.at),
        step.replaced_by,
        step.id,
        project_id,
        step.from_version,
    )?;
    if touched > 0 {
        tx.noted().changed(project_id, Kind::Instances, step.id, step.at);
        return Ok(());
    }
    let found = fetch_optional!(
        tx,
        Version,
        "SELECT version FROM process_instance WHERE id = $1 AND project_id = $2",
        step.id,
        project_id,
    )?;
    Err(found.map_or(StoreError::NotFound, |row| StoreError::Stale { stored: row.version }))
}

/// The whole instance.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none in this project.
pub async fn find(tx: &mut Tx, project_id: &str, id: &str) -> Result<InstanceRow> {
    fetch_optional!(
        tx,
        InstanceRow,
        "SELECT id, project_id, process_definition_id, resource_version_id, commit_id, data_source_id, \
         event_id, event_key, status, variables, state, version, attempt, replaced_by, created_at, \
         updated_at, ended_at FROM process_instance WHERE id = $1 AND project_id = $2",
        id,
        project_id,
    )?
    .ok_or(StoreError::NotFound)
}
