//! Events: what became of an accepted request. An event has no row of its own; it is what its started
//! instances, its failed triggers and its duplicate mark say.

use crate::query::{fetch_all, fetch_optional};
use crate::{Result, Scope, Tx};

/// An event that something is known of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// The event's id.
    pub event_id: String,
    /// The data source it came to.
    pub data_source_id: String,
    /// When it was accepted or refused.
    pub event_time: i64,
    /// How many instances it started.
    pub started: i64,
    /// How many failed triggers it has.
    pub failed: i64,
    /// 1 if it was the same as an earlier event.
    pub duplicate: i64,
}

const PAGE_AND_PARTS: &str = "\
     WITH page AS (SELECT event_id FROM ( \
       SELECT event_id FROM (SELECT DISTINCT event_id FROM started_event WHERE project_id = $1 AND event_id < $2 \
         AND ($3 IS NULL OR data_source_id = $3) ORDER BY event_id DESC LIMIT $4) a \
       UNION SELECT event_id FROM (SELECT DISTINCT event_id FROM failed_trigger WHERE project_id = $1 AND event_id < $2 \
         AND ($3 IS NULL OR data_source_id = $3) ORDER BY event_id DESC LIMIT $4) b \
       UNION SELECT event_id FROM (SELECT event_id FROM duplicate_event WHERE project_id = $1 AND event_id < $2 \
         AND ($3 IS NULL OR data_source_id = $3) ORDER BY event_id DESC LIMIT $4) c) u \
     ORDER BY event_id DESC LIMIT $4) \
     SELECT event_id, data_source_id, min(event_time) AS event_time, CAST(sum(started) AS BIGINT) AS started, \
       CAST(sum(failed) AS BIGINT) AS failed, CAST(max(duplicate) AS BIGINT) AS duplicate FROM ( \
       SELECT event_id, data_source_id, event_time, 1 AS started, 0 AS failed, 0 AS duplicate FROM started_event \
         WHERE project_id = $1 AND event_id IN (SELECT event_id FROM page) \
       UNION ALL SELECT event_id, data_source_id, event_time, 0, 1, 0 FROM failed_trigger \
         WHERE project_id = $1 AND event_id IN (SELECT event_id FROM page) \
       UNION ALL SELECT event_id, data_source_id, event_time, 0, 0, 1 FROM duplicate_event \
         WHERE project_id = $1 AND event_id IN (SELECT event_id FROM page)) parts \
     WHERE ($3 IS NULL OR data_source_id = $3) \
     GROUP BY event_id, data_source_id ORDER BY event_id DESC, data_source_id";

/// Events from new to old, whose ids are below `before`; at most `limit` ids. Ids of version 7 sort by time;
/// those of foreign producers are any text and sort as text. The same id in two data sources is two events.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    data_source: Option<&str>,
    before: &str,
    limit: i64,
) -> Result<Vec<Event>> {
    fetch_all!(tx, Event, PAGE_AND_PARTS, scope.project_text(), before, data_source, limit)
}

/// The mark of an event that was the same as an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Duplicate {
    /// The data source it came to.
    pub data_source_id: String,
    /// When it was accepted.
    pub event_time: i64,
    /// The earlier event; `None` when that was pruned.
    pub duplicate_of: Option<String>,
}

/// The duplicate mark of an event, if it has one.
pub async fn duplicate(tx: &mut Tx, scope: &Scope, event: &str) -> Result<Option<Duplicate>> {
    let sql = "SELECT d.data_source_id, d.event_time, (SELECT s.event_id FROM started_event s \
               WHERE s.data_source_id = d.data_source_id AND s.event_key = d.event_key \
               ORDER BY s.created_at LIMIT 1) AS duplicate_of \
               FROM duplicate_event d WHERE d.project_id = $1 AND d.event_id = $2";
    fetch_optional!(tx, Duplicate, sql, scope.project_text(), event)
}

/// What an event started.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Started {
    /// The data source it came to.
    pub data_source_id: String,
    /// The process definition.
    pub process_definition_id: String,
    /// Its name in the version that was started.
    pub process_name: Option<String>,
    /// The live instance.
    pub instance_id: String,
    /// That instance's status; `None` when it was pruned.
    pub status: Option<String>,
    /// 1 for the first start, 2 for the first retry, …
    pub attempt: i64,
    /// When it was accepted.
    pub event_time: i64,
}

/// The instances that an event started, one for each process definition.
pub async fn started(tx: &mut Tx, scope: &Scope, event: &str) -> Result<Vec<Started>> {
    let sql = "SELECT s.data_source_id, s.process_definition_id, v.name AS process_name, s.instance_id, i.status, s.attempt, \
               s.event_time FROM started_event s LEFT JOIN process_instance i ON i.id = s.instance_id \
               LEFT JOIN resource_version v ON v.id = i.resource_version_id \
               WHERE s.project_id = $1 AND s.event_id = $2 ORDER BY s.process_definition_id";
    fetch_all!(tx, Started, sql, scope.project_text(), event)
}
