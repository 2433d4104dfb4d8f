//! Process instances and their histories. The engine writes state; this keeps its texts.

use std::collections::HashMap;

use crate::feed::Kind;
use crate::incident::{self, Incident, Owner};
use crate::query::{execute, fetch_optional, insert_rows};
use crate::row_group::{Facets, List, Tally, ensure};
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
    /// What keeps it from going on: written with a new instance, not read.
    #[sqlx(skip)]
    pub incidents: Vec<Incident>,
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
    /// What keeps it from going on after it.
    pub incidents: &'a [Incident],
}

/// Where an instance stands, before a step of it is stored.
#[derive(sqlx::FromRow)]
struct Standing {
    version: i64,
    status: String,
    process_definition_id: String,
    resource_version_id: String,
    commit_id: String,
    data_source_id: Option<String>,
    group_id: i64,
}

/// What lists filter instances by.
fn facets(row: &InstanceRow) -> Facets<'_> {
    Facets {
        project: &row.project_id,
        status: &row.status,
        process_definition: &row.process_definition_id,
        version: &row.resource_version_id,
        commit: &row.commit_id,
        data_source: row.data_source_id.as_deref().unwrap_or_default(),
        stage: "",
        cause: row.incidents.first().map_or("", |incident| &incident.code),
    }
}

/// Adds instances, with their incidents.
pub async fn insert(tx: &mut Tx, rows: &[InstanceRow]) -> Result<()> {
    insert_uncounted(tx, rows).await?.store(tx).await
}

/// Adds instances, with their incidents, and leaves it to the caller to store the tally at the end of the
/// transaction. Ids should ascend: then a row costs the same however many there are.
pub async fn insert_uncounted(tx: &mut Tx, rows: &[InstanceRow]) -> Result<Tally> {
    let mut groups: HashMap<Facets<'_>, i64> = HashMap::new();
    let mut grouped: Vec<(&InstanceRow, i64)> = Vec::with_capacity(rows.len());
    let mut tally = Tally::default();
    for row in rows {
        let facets = facets(row);
        let group = match groups.get(&facets) {
            Some(&group) => group,
            None => {
                let group = ensure(tx, List::Instances, &facets).await?;
                groups.insert(facets, group);
                group
            }
        };
        tally.add(group, &row.id);
        grouped.push((row, group));
    }
    insert_grouped(tx, &grouped).await?;
    for row in rows {
        for incident in &row.incidents {
            incident::insert(tx, &Owner::of(row), incident, &mut tally).await?;
        }
    }
    Ok(tally)
}

async fn insert_grouped(tx: &mut Tx, rows: &[(&InstanceRow, i64)]) -> Result<()> {
    insert_rows!(
        tx,
        (),
        "INSERT INTO process_instance (id, project_id, process_definition_id, resource_version_id, commit_id, \
         data_source_id, event_id, event_key, status, variables, state, version, attempt, replaced_by, \
         created_at, updated_at, ended_at, group_id) ",
        rows,
        |b, entry| {
            let (r, group) = *entry;
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
            b.push_bind(group);
        },
        ""
    )?;
    // a batch is of few projects: noted once for each run of one, not once a row
    for same in rows.chunk_by(|(a, _), (b, _)| a.project_id == b.project_id) {
        if let Some((last, _)) = same.last() {
            tx.noted().added(&last.project_id, Kind::Instances, same.len() as i64, last.created_at);
        }
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
    let was = fetch_optional!(
        tx,
        Standing,
        "SELECT version, status, process_definition_id, resource_version_id, commit_id, data_source_id, group_id \
         FROM process_instance WHERE id = $1 AND project_id = $2",
        step.id,
        project_id,
    )?
    .ok_or(StoreError::NotFound)?;
    if was.version != step.from_version {
        return Err(StoreError::Stale { stored: was.version });
    }
    let facets = Facets {
        project: project_id,
        status: step.status,
        process_definition: &was.process_definition_id,
        version: &was.resource_version_id,
        commit: &was.commit_id,
        data_source: was.data_source_id.as_deref().unwrap_or_default(),
        stage: "",
        cause: step.incidents.first().map_or("", |incident| &incident.code),
    };
    let group = ensure(tx, List::Instances, &facets).await?;
    let touched = execute!(
        tx,
        "UPDATE process_instance SET status = $1, variables = $2, state = $3, version = version + 1, \
         updated_at = $4, ended_at = $5, replaced_by = coalesce($6, replaced_by), group_id = $7 \
         WHERE id = $8 AND project_id = $9 AND version = $10",
        step.status,
        step.variables,
        step.state,
        step.at,
        step.ended.then_some(step.at),
        step.replaced_by,
        group,
        step.id,
        project_id,
        step.from_version,
    )?;
    if touched == 0 {
        // another transaction was faster after our look
        return Err(StoreError::Stale { stored: step.from_version + 1 });
    }
    tx.noted().changed(project_id, Kind::Instances, step.id, step.at);
    let mut tally = Tally::default();
    if group != was.group_id {
        tally.remove(was.group_id);
        tally.add(group, step.id);
    }
    if was.status == "incident" || !step.incidents.is_empty() {
        let owner = Owner {
            project: project_id,
            instance: step.id,
            process_definition: &was.process_definition_id,
            version: &was.resource_version_id,
            now: step.at,
        };
        incident::replace(tx, &owner, step.incidents, &mut tally).await?;
    }
    tally.store(tx).await
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
