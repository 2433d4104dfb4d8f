//! Process instances, as lists and details show them.

use uuid::Uuid;

use super::{Span, fetch_built};
use crate::query::{fetch_all, fetch_optional};
use crate::{Result, Scope, StoreError, Tx};

/// A process instance, without its variables and state.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Instance {
    /// UUID, version 7.
    pub id: String,
    /// The process definition.
    pub process_definition_id: String,
    /// Its name in the version that runs.
    pub process_name: Option<String>,
    /// The version that runs.
    pub resource_version_id: String,
    /// The commit it was started in.
    pub commit_id: String,
    /// The data source whose event started it.
    pub data_source_id: Option<String>,
    /// The event that started it.
    pub event_id: Option<String>,
    /// `active`, `incident`, `completed`, `terminated` or `cancelled`.
    pub status: String,
    /// 1 for the first start of the event, 2 for the first retry, …
    pub attempt: i64,
    /// The instance that a retry put in its place.
    pub replaced_by: Option<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
    /// Milliseconds since the epoch.
    pub ended_at: Option<i64>,
}

/// Which instances a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this status.
    pub status: Option<String>,
    /// Of this process definition.
    pub process_definition: Option<String>,
    /// Started by this data source.
    pub data_source: Option<String>,
    /// Started by this event.
    pub event: Option<String>,
    /// Started in this time.
    pub span: Span,
}

const HEAD: &str = "SELECT i.id, i.process_definition_id, v.name AS process_name, i.resource_version_id, i.commit_id, \
     i.data_source_id, i.event_id, i.status, i.attempt, i.replaced_by, i.created_at, i.updated_at, i.ended_at \
     FROM process_instance i";

const JOIN: &str = " LEFT JOIN resource_version v ON v.id = i.resource_version_id WHERE i.project_id = ";

/// The index that finds what the filter asks for. SQLite knows nothing of how the values are spread and walks the
/// whole project where none of its instances fits (145 ms of 300,000, seconds of millions); PostgreSQL keeps count.
fn index(tx: &Tx, filter: &Filter) -> &'static str {
    match (tx, filter) {
        (Tx::Pg(_), _) | (_, Filter { event: Some(_), .. }) => "",
        (_, Filter { status: Some(_), .. }) => " INDEXED BY process_instance_by_status",
        (_, Filter { process_definition: Some(_), .. }) => " INDEXED BY process_instance_by_definition",
        _ => "",
    }
}

/// Instances from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Instance>> {
    let index = index(tx, filter);
    fetch_built!(tx, Instance, HEAD, |q| {
        q.push(index).push(JOIN).push_bind(scope.project_text());
        q.push(" AND i.id < ").push_bind(filter.span.before_id(cursor));
        q.push(" AND i.id >= ").push_bind(filter.span.first_id());
        for (column, value) in [
            (" AND i.status = ", &filter.status),
            (" AND i.process_definition_id = ", &filter.process_definition),
            (" AND i.data_source_id = ", &filter.data_source),
        ] {
            if let Some(value) = value {
                q.push(column).push_bind(value.clone());
            }
        }
        if let Some(event) = &filter.event {
            q.push(" AND i.id IN (SELECT s.instance_id FROM started_event s WHERE s.project_id = ");
            q.push_bind(scope.project_text());
            q.push(" AND s.event_id = ").push_bind(event.clone()).push(")");
        }
        q.push(" ORDER BY i.id DESC LIMIT ").push_bind(limit + 1);
    })
}

/// One instance.
pub async fn read(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Instance> {
    let rows = fetch_built!(tx, Instance, HEAD, |q| {
        q.push(JOIN).push_bind(scope.project_text());
        q.push(" AND i.id = ").push_bind(id.to_string());
    })?;
    rows.into_iter().next().ok_or(StoreError::NotFound)
}

/// What the engine keeps of an instance, as JSON text: its variables and its state.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Stored {
    /// The variables.
    pub variables: String,
    /// The state.
    pub state: String,
}

/// The stored variables and state.
pub async fn stored(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Stored> {
    let sql = "SELECT variables, state FROM process_instance WHERE project_id = $1 AND id = $2";
    fetch_optional!(tx, Stored, sql, scope.project_text(), id.to_string())?.ok_or(StoreError::NotFound)
}

/// One step of an instance: the engine's events as a JSON array.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HistoryRow {
    /// 1, 2, 3 …
    pub step: i64,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// JSON text.
    pub events: String,
}

/// The steps of an instance after this one, at most `limit`.
pub async fn history(
    tx: &mut Tx,
    scope: &Scope,
    id: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<HistoryRow>> {
    let sql = "SELECT h.step, h.at, h.events FROM instance_history h JOIN process_instance i ON i.id = h.instance_id \
               WHERE i.project_id = $1 AND i.id = $2 AND h.step > $3 ORDER BY h.step LIMIT $4";
    fetch_all!(tx, HistoryRow, sql, scope.project_text(), id.to_string(), after, limit)
}

/// Instances that an event started, a replaced one too, in the order of their ids.
pub async fn of_event(tx: &mut Tx, scope: &Scope, event: &str) -> Result<Vec<Instance>> {
    let mut rows = list(
        tx,
        scope,
        &Filter { event: Some(event.to_owned()), ..Filter::default() },
        None,
        i64::from(i32::MAX),
    )
    .await?;
    rows.reverse();
    Ok(rows)
}
