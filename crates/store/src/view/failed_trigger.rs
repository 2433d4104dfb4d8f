//! Failed triggers, as lists and details show them.

mod group;

use uuid::Uuid;

pub use group::{Group, groups};

use super::lane::{self, AnyOf, End, Range, push_any_of, push_ids};
use super::{Span, fetch_built};
use crate::query::fetch_optional;
use crate::row_group::List;
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
    /// The version that the instance runs, while the instance is there.
    pub resource_version_id: Option<String>,
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
    /// Of one of these stages; empty: of any.
    pub stages: Vec<String>,
    /// With this cause code.
    pub cause: Option<String>,
    /// Of this event.
    pub event: Option<String>,
    /// In one of these statuses; empty: in any.
    pub statuses: Vec<String>,
    /// Made in this time.
    pub span: Span,
}

impl Filter {
    pub(crate) fn any_of(&self) -> AnyOf<'_> {
        let mut any_of: AnyOf<'_> = Vec::new();
        for (column, values) in [("status", &self.statuses), ("stage", &self.stages)] {
            if !values.is_empty() {
                any_of.push((column, values.iter().map(String::as_str).collect()));
            }
        }
        for (column, value) in [
            ("process_definition_id", &self.process_definition),
            ("data_source_id", &self.data_source),
            ("cause_code", &self.cause),
        ] {
            any_of.extend(value.iter().map(|value| (column, vec![value.as_str()])));
        }
        any_of
    }
}

const HEAD: &str = "SELECT f.id, f.data_source_id, \
     (SELECT v.name FROM resource_version v WHERE v.resource_definition_id = f.data_source_id ORDER BY v.id DESC LIMIT 1) AS data_source_name, \
     f.process_definition_id, \
     (SELECT v.name FROM resource_version v WHERE v.resource_definition_id = f.process_definition_id ORDER BY v.id DESC LIMIT 1) AS process_name, \
     f.instance_id, \
     (SELECT i.resource_version_id FROM process_instance i WHERE i.id = f.instance_id) AS resource_version_id, \
     f.commit_id, f.event_id, f.event_time, f.stage, f.cause_code, f.cause, f.element_id, f.status, \
     f.attempt, f.created_at, f.updated_at FROM failed_trigger f WHERE f.project_id = ";

/// Failed triggers from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<FailedTrigger>> {
    let (any_of, range, limit) = (filter.any_of(), Range::of(&filter.span, cursor), limit + 1);
    if let Some(event) = &filter.event {
        return fetch_built!(tx, FailedTrigger, HEAD, |q| {
            q.push_bind(scope.project_text());
            q.push(" AND f.id < ").push_bind(range.before.clone());
            q.push(" AND f.id >= ").push_bind(range.first.clone());
            // found by the event first, whatever the order of the list
            q.push(" AND f.id IN (SELECT e.id FROM failed_trigger e WHERE e.project_id = ");
            q.push_bind(scope.project_text());
            q.push(" AND e.event_id = ").push_bind(event.clone()).push(")");
            push_any_of!(q, "f", &any_of);
            q.push(" ORDER BY f.id DESC LIMIT ").push_bind(limit);
        });
    }
    if any_of.is_empty() {
        return fetch_built!(tx, FailedTrigger, HEAD, |q| {
            q.push_bind(scope.project_text());
            q.push(" AND f.id < ").push_bind(range.before.clone());
            q.push(" AND f.id >= ").push_bind(range.first.clone());
            q.push(" ORDER BY f.id DESC LIMIT ").push_bind(limit);
        });
    }
    let lanes = lane::lanes(tx, scope, List::FailedTriggers, &any_of).await?;
    let ids = lane::ids(tx, (List::FailedTriggers, lanes), &range, End::Newest, limit).await?;
    of_ids(tx, scope, &ids, limit).await
}

/// The rows of these ids, from new to old.
async fn of_ids(tx: &mut Tx, scope: &Scope, ids: &[String], size: i64) -> Result<Vec<FailedTrigger>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, FailedTrigger, HEAD, |q| {
        q.push_bind(scope.project_text());
        push_ids!(q, "f.id", ids, size);
        q.push(" ORDER BY f.id DESC");
    })
}

/// How many failed triggers a filter (without its event) means.
pub async fn count(tx: &mut Tx, scope: &Scope, filter: &Filter) -> Result<i64> {
    let lanes = lane::lanes(tx, scope, List::FailedTriggers, &filter.any_of()).await?;
    lane::count(tx, List::FailedTriggers, &lanes, &Range::of(&filter.span, None)).await
}

/// How many of these ids are failed triggers that are not being retried, or (`is_retry`) that can be retried.
pub async fn count_of(tx: &mut Tx, scope: &Scope, ids: &[String], is_retry: bool) -> Result<i64> {
    let only = match is_retry {
        true => " AND f.status = 'open' AND f.stage <> 'gateway'",
        false => " AND f.status <> 'retrying'",
    };
    let mut total = 0;
    for some in ids.chunks(200) {
        let rows =
            fetch_built!(tx, (i64,), "SELECT count(*) FROM failed_trigger f WHERE f.project_id = ", |q| {
                q.push_bind(scope.project_text()).push(only);
                push_ids!(q, "f.id", some, 200);
            })?;
        total += rows.first().map_or(0, |(count,)| *count);
    }
    Ok(total)
}

/// Ids of failed triggers that a filter (without its event) means, from old to new, above `after` and up to `up_to`.
pub async fn oldest(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (after, up_to): (&str, &str),
    limit: i64,
) -> Result<Vec<String>> {
    let range = Range::of(&filter.span, None).between(after, up_to);
    let lanes = lane::lanes(tx, scope, List::FailedTriggers, &filter.any_of()).await?;
    lane::ids(tx, (List::FailedTriggers, lanes), &range, End::Oldest, limit).await
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

/// The id of the newest failed trigger; empty if there is none.
pub async fn newest_id(tx: &mut Tx, scope: &Scope) -> Result<String> {
    let sql = "SELECT id FROM failed_trigger WHERE project_id = $1 ORDER BY id DESC LIMIT 1";
    let row = fetch_optional!(tx, (String,), sql, scope.project_text())?;
    Ok(row.map(|(id,)| id).unwrap_or_default())
}
