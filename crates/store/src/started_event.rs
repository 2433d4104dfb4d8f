//! Exactly-once start: one row for each event and process definition that was started. Its unique index
//! (data source, event key, process definition) is the promise; everything else may be repeated.

use crate::query::{execute, fetch_optional, insert_rows};
use crate::{Result, Tx};

/// What starts once: an event, by its key, and a process definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StartKey {
    /// The data source that the event came in by.
    pub data_source_id: String,
    /// The sender's idempotency key, else the event id.
    pub event_key: String,
    /// The process definition that it starts.
    pub process_definition_id: String,
}

/// The record of a start.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StartedEvent {
    /// The project.
    pub project_id: String,
    /// The data source that the event came in by.
    pub data_source_id: String,
    /// The sender's idempotency key, else the event id.
    pub event_key: String,
    /// The process definition that was started.
    pub process_definition_id: String,
    /// The instance that is its outcome now.
    pub instance_id: String,
    /// The event.
    pub event_id: String,
    /// When the event was accepted, milliseconds since the epoch.
    pub event_time: i64,
    /// The commit whose definition ran.
    pub commit_id: String,
    /// 1 for the first start, one more for each Retry.
    pub attempt: i64,
    /// When it was started, milliseconds since the epoch.
    pub created_at: i64,
}

impl StartedEvent {
    /// What it is unique by.
    pub fn key(&self) -> StartKey {
        StartKey {
            data_source_id: self.data_source_id.clone(),
            event_key: self.event_key.clone(),
            process_definition_id: self.process_definition_id.clone(),
        }
    }
}

/// An event that repeats an earlier one by its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateEvent {
    /// The project.
    pub project_id: String,
    /// The event that was not started.
    pub event_id: String,
    /// The data source that it came in by.
    pub data_source_id: String,
    /// The key that it shares with an earlier one.
    pub event_key: String,
    /// When it was accepted, milliseconds since the epoch.
    pub event_time: i64,
    /// When it was found to be a duplicate, milliseconds since the epoch.
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct InstanceId {
    instance_id: String,
}

#[derive(sqlx::FromRow)]
struct EventId {
    event_id: String,
}

/// Claims starts. Gives the instance ids of the rows that are new: only those may get an instance. Rows must
/// be sorted by key, or two runners with the same events can block each other on PostgreSQL.
pub async fn claim(tx: &mut Tx, rows: &[StartedEvent]) -> Result<Vec<String>> {
    let claimed = insert_rows!(
        tx,
        InstanceId,
        "INSERT INTO started_event (project_id, data_source_id, event_key, process_definition_id, \
         instance_id, event_id, event_time, commit_id, attempt, created_at) ",
        rows,
        |b, r| {
            b.push_bind(r.project_id.as_str());
            b.push_bind(r.data_source_id.as_str());
            b.push_bind(r.event_key.as_str());
            b.push_bind(r.process_definition_id.as_str());
            b.push_bind(r.instance_id.as_str());
            b.push_bind(r.event_id.as_str());
            b.push_bind(r.event_time);
            b.push_bind(r.commit_id.as_str());
            b.push_bind(r.attempt);
            b.push_bind(r.created_at);
        },
        " ON CONFLICT DO NOTHING RETURNING instance_id"
    )?;
    Ok(claimed.into_iter().map(|row| row.instance_id).collect())
}

/// What an event key and a process definition led to, if anything.
pub async fn find(tx: &mut Tx, key: &StartKey) -> Result<Option<StartedEvent>> {
    fetch_optional!(
        tx,
        StartedEvent,
        "SELECT project_id, data_source_id, event_key, process_definition_id, instance_id, event_id, \
         event_time, commit_id, attempt, created_at FROM started_event \
         WHERE data_source_id = $1 AND event_key = $2 AND process_definition_id = $3",
        key.data_source_id.as_str(),
        key.event_key.as_str(),
        key.process_definition_id.as_str(),
    )
}

/// Points a start at the instance that replaces its old one (Retry). `false` if the row is not at
/// `old_instance` any more.
pub async fn repoint(tx: &mut Tx, old_instance: &str, to: &StartedEvent) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE started_event SET instance_id = $1, commit_id = $2, attempt = $3 \
         WHERE data_source_id = $4 AND event_key = $5 AND process_definition_id = $6 AND instance_id = $7",
        to.instance_id.as_str(),
        to.commit_id.as_str(),
        to.attempt,
        to.data_source_id.as_str(),
        to.event_key.as_str(),
        to.process_definition_id.as_str(),
        old_instance,
    )?;
    Ok(touched > 0)
}

/// Whether an event of this data source started anything.
pub async fn was_started(tx: &mut Tx, data_source_id: &str, event_id: &str) -> Result<bool> {
    let found = fetch_optional!(
        tx,
        InstanceId,
        "SELECT instance_id FROM started_event WHERE data_source_id = $1 AND event_id = $2 LIMIT 1",
        data_source_id,
        event_id,
    )?;
    Ok(found.is_some())
}

/// Notes duplicates; gives the ids of the events that were not noted before.
pub async fn note_duplicates(tx: &mut Tx, rows: &[DuplicateEvent]) -> Result<Vec<String>> {
    let noted = insert_rows!(
        tx,
        EventId,
        "INSERT INTO duplicate_event (project_id, event_id, data_source_id, event_key, event_time, created_at) ",
        rows,
        |b, r| {
            b.push_bind(r.project_id.as_str());
            b.push_bind(r.event_id.as_str());
            b.push_bind(r.data_source_id.as_str());
            b.push_bind(r.event_key.as_str());
            b.push_bind(r.event_time);
            b.push_bind(r.created_at);
        },
        " ON CONFLICT DO NOTHING RETURNING event_id"
    )?;
    Ok(noted.into_iter().map(|row| row.event_id).collect())
}
