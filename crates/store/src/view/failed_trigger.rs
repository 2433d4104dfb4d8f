//! Failed triggers, as lists and details show them.

use uuid::Uuid;

use super::{Span, fetch_built};
use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, StoreError, Tx};

/// A failed trigger, without its payload.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedTrigger {
    /// UUID, version 7.
    pub id: String,
    /// The data source.
    pub data_source_id: String,
    /// Its name in its newest version.
    pub data_source_name: Option<String>,
    /// The process definition that did not start.
    pub process_definition_id: Option<String>,
    /// Its name in its newest version.
    pub process_name: Option<String>,
    /// The instance with the incident.
    pub instance_id: Option<String>,
    /// The commit that ran.
    pub commit_id: Option<String>,
    /// The event.
    pub event_id: String,
    /// When it was accepted or refused.
    pub event_time: i64,
    /// `gateway`, `match` or `start`.
    pub stage: String,
    /// For programs.
    pub cause_code: String,
    /// For people.
    pub cause: String,
    /// The element that the incident is at.
    pub element_id: Option<String>,
    /// `open`, `retrying` or `retried`.
    pub status: String,
    /// How often it was tried.
    pub attempt: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// Which failed triggers a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this data source.
    pub data_source: Option<String>,
    /// Of this process definition.
    pub process_definition: Option<String>,
    /// Of this stage.
    pub stage: Option<String>,
    /// With this cause code.
    pub cause: Option<String>,
    /// Of this event.
    pub event: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Made in this time.
    pub span: Span,
}

const HEAD: &str = "SELECT f.id, f.data_source_id, \
     (SELECT v.name FROM resource_version v WHERE v.resource_definition_id = f.data_source_id ORDER BY v.id DESC LIMIT 1) AS data_source_name, \
     f.process_definition_id, \
     (SELECT v.name FROM resource_version v WHERE v.resource_definition_id = f.process_definition_id ORDER BY v.id DESC LIMIT 1) AS process_name, \
     f.instance_id, f.commit_id, f.event_id, f.event_time, f.stage, f.cause_code, f.cause, f.element_id, f.status, \
     f.attempt, f.created_at, f.updated_at FROM failed_trigger f WHERE f.project_id = ";

/// Failed triggers from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<FailedTrigger>> {
    fetch_built!(tx, FailedTrigger, HEAD, |q| {
        q.push_bind(scope.project_text());
        q.push(" AND f.id < ").push_bind(filter.span.before_id(cursor));
        q.push(" AND f.id >= ").push_bind(filter.span.first_id());
        for (column, value) in [
            (" AND f.data_source_id = ", &filter.data_source),
            (" AND f.process_definition_id = ", &filter.process_definition),
            (" AND f.stage = ", &filter.stage),
            (" AND f.cause_code = ", &filter.cause),
            (" AND f.event_id = ", &filter.event),
            (" AND f.status = ", &filter.status),
        ] {
            if let Some(value) = value {
                q.push(column).push_bind(value.clone());
            }
        }
        q.push(" ORDER BY f.id DESC LIMIT ").push_bind(limit + 1);
    })
}

/// One failed trigger.
pub async fn read(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<FailedTrigger> {
    let rows = fetch_built!(tx, FailedTrigger, HEAD, |q| {
        q.push_bind(scope.project_text());
        q.push(" AND f.id = ").push_bind(id.to_string());
    })?;
    rows.into_iter().next().ok_or(StoreError::NotFound)
}

/// What the sender sent.
#[derive(Clone, sqlx::FromRow)]
pub struct Sent {
    /// The headers of the record, JSON text.
    pub record_headers: String,
    /// The body, byte for byte.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sent({} bytes)", self.payload.len())
    }
}

/// What the sender sent.
pub async fn sent(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Sent> {
    let sql = "SELECT record_headers, payload FROM failed_trigger WHERE project_id = $1 AND id = $2";
    fetch_optional!(tx, Sent, sql, scope.project_text(), id.to_string())?.ok_or(StoreError::NotFound)
}

/// Every failed trigger of an event, in the order of their ids.
pub async fn of_event(tx: &mut Tx, scope: &Scope, event: &str) -> Result<Vec<FailedTrigger>> {
    fetch_built!(tx, FailedTrigger, HEAD, |q| {
        q.push_bind(scope.project_text());
        q.push(" AND f.event_id = ").push_bind(event.to_owned()).push(" ORDER BY f.id");
    })
}

/// Removes a failed trigger that is not being retried; `false` if it is.
pub async fn dismiss(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM failed_trigger WHERE project_id = $1 AND id = $2 AND status <> 'retrying'";
    Ok(execute!(tx, sql, scope.project_text(), id.to_string())? == 1)
}

/// How many failed triggers a project has in each status.
pub async fn totals(tx: &mut Tx, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let sql =
        "SELECT status, count(*) FROM failed_trigger WHERE project_id = $1 GROUP BY status ORDER BY status";
    fetch_all!(tx, (String, i64), sql, scope.project_text())
}
