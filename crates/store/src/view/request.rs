//! The requests of a webhook, and what they sent.

use super::fetch_built;
use crate::query::{fetch_all, fetch_optional};
use crate::{Result, Scope, Tx};

/// What failed of an event.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Failure {
    /// The event.
    pub event_id: String,
    /// `gateway`, `match` or `start`.
    pub stage: String,
    /// `open`, `retrying` or `retried`.
    pub status: String,
    /// For programs.
    pub cause_code: String,
    /// For people.
    pub cause: String,
}

const FAILURES: &str =
    "SELECT event_id, stage, status, cause_code, cause FROM failed_trigger WHERE project_id = ";

/// What failed of these events at a data source, in the order of the ids of the failed triggers.
pub async fn failures(
    tx: &mut Tx,
    scope: &Scope,
    data_source: &str,
    events: &[String],
) -> Result<Vec<Failure>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, Failure, FAILURES, |q| {
        q.push_bind(scope.project_text()).push(" AND event_id IN (");
        let mut ids = q.separated(", ");
        for event in events {
            ids.push_bind(event.clone());
        }
        q.push(") AND data_source_id = ").push_bind(data_source.to_owned()).push(" ORDER BY id");
    })
}

/// An instance that an event started.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Start {
    /// The event.
    pub event_id: String,
    /// The instance.
    pub instance_id: String,
}

/// The newest starts by events of a data source, the newest first.
pub async fn starts(tx: &mut Tx, scope: &Scope, data_source: &str, limit: i64) -> Result<Vec<Start>> {
    let sql = "SELECT event_id, instance_id FROM started_event WHERE project_id = $1 AND data_source_id = $2 \
               ORDER BY event_id DESC LIMIT $3";
    fetch_all!(tx, Start, sql, scope.project_text(), data_source, limit)
}

/// The engine's events of an instance's first step, which have the variables it was started with; `None` if there is
/// no such step, or its text has more than `most` bytes.
pub async fn first_step(tx: &mut Tx, scope: &Scope, instance: &str, most: i64) -> Result<Option<String>> {
    let sql = "SELECT h.events FROM instance_history h JOIN process_instance i ON i.id = h.instance_id \
               WHERE i.project_id = $1 AND i.id = $2 AND h.step = 1 AND octet_length(h.events) <= $3";
    let row = fetch_optional!(tx, (String,), sql, scope.project_text(), instance, most)?;
    Ok(row.map(|(events,)| events))
}
