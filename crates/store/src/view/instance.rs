//! Process instances, as lists and details show them.

use uuid::Uuid;

use super::event::SOURCES;
use super::lane::{self, AnyOf, End, Range, push_any_of, push_ids};
use super::{Span, fetch_built};
use crate::query::{fetch_all, fetch_optional};
use crate::row_group::List;
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
    /// In one of these statuses; empty: in any.
    pub statuses: Vec<String>,
    /// Of this process definition.
    pub process_definition: Option<String>,
    /// Of this version of it.
    pub version: Option<String>,
    /// Started in this commit.
    pub commit: Option<String>,
    /// Started by this data source.
    pub data_source: Option<String>,
    /// Whose first open incident has this cause code.
    pub cause: Option<String>,
    /// Started by this event.
    pub event: Option<String>,
    /// Started in this time.
    pub span: Span,
}

impl Filter {
    fn any_of(&self) -> AnyOf<'_> {
        let mut any_of: AnyOf<'_> = Vec::new();
        if !self.statuses.is_empty() {
            any_of.push(("status", self.statuses.iter().map(String::as_str).collect()));
        }
        for (column, value) in [
            ("process_definition_id", &self.process_definition),
            ("resource_version_id", &self.version),
            ("commit_id", &self.commit),
            ("data_source_id", &self.data_source),
            ("cause_code", &self.cause),
        ] {
            any_of.extend(value.iter().map(|value| (column, vec![value.as_str()])));
        }
        any_of
    }
}

const HEAD: &str = "SELECT i.id, i.process_definition_id, v.name AS process_name, i.resource_version_id, i.commit_id, \
     i.data_source_id, i.event_id, i.status, i.attempt, i.replaced_by, i.created_at, i.updated_at, i.ended_at \
     FROM process_instance i LEFT JOIN resource_version v ON v.id = i.resource_version_id WHERE i.project_id = ";

/// Instances from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Instance>> {
    let (any_of, range, limit) = (filter.any_of(), Range::of(&filter.span, cursor), limit + 1);
    if filter.event.is_some() {
        return of_event(tx, scope, filter, (&range, limit)).await;
    }
    if any_of.is_empty() {
        return fetch_built!(tx, Instance, HEAD, |q| {
            q.push_bind(scope.project_text());
            q.push(" AND i.id < ").push_bind(range.before.clone());
            q.push(" AND i.id >= ").push_bind(range.first.clone());
            q.push(" ORDER BY i.id DESC LIMIT ").push_bind(limit);
        });
    }
    let lanes = lane::lanes(tx, scope, List::Instances, &any_of).await?;
    let ids = lane::ids(tx, (List::Instances, lanes), &range, End::Newest, limit).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, Instance, HEAD, |q| {
        q.push_bind(scope.project_text());
        push_ids!(q, "i.id", ids, limit);
        q.push(" ORDER BY i.id DESC");
    })
}

/// The instances that an event started, as far as the rest of the filter lets them through: a few at most.
async fn of_event(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (range, limit): (&Range, i64),
) -> Result<Vec<Instance>> {
    let any_of = filter.any_of();
    fetch_built!(tx, Instance, HEAD, |q| {
        q.push_bind(scope.project_text());
        q.push(" AND i.id IN (SELECT s.instance_id FROM started_event s WHERE s.data_source_id IN (");
        q.push(SOURCES).push_bind(scope.project_text());
        q.push(") AND s.event_id = ").push_bind(filter.event.clone()).push(")");
        q.push(" AND i.id < ").push_bind(range.before.clone());
        q.push(" AND i.id >= ").push_bind(range.first.clone());
        if !any_of.is_empty() {
            q.push(" AND i.group_id IN (SELECT g.id FROM row_group g WHERE g.project_id = ");
            q.push_bind(scope.project_text());
            q.push(" AND g.list = ").push_bind(List::Instances.as_str());
            push_any_of!(q, "g", &any_of);
            q.push(")");
        }
        q.push(" ORDER BY i.id DESC LIMIT ").push_bind(limit);
    })
}

const STATUSES: [&str; 5] = ["active", "incident", "completed", "terminated", "cancelled"];

/// How many instances there are in each status, of those that the filter means. Counted as they come and go, so it
/// costs the same however many there are; with a time span the groups that it cuts are counted in the index. Those of
/// one event are few: they are found by it.
pub async fn counts(tx: &mut Tx, scope: &Scope, filter: &Filter) -> Result<Vec<(String, i64)>> {
    if filter.event.is_some() {
        let all = (&Range::of(&filter.span, None), i64::MAX);
        let found = of_event(tx, scope, filter, all).await?;
        let count = |status: &str| found.iter().filter(|one| one.status == status).count() as i64;
        return Ok(STATUSES.map(|status| (status.to_owned(), count(status))).to_vec());
    }
    let mut counts = Vec::new();
    for status in STATUSES {
        let is_asked = filter.statuses.is_empty() || filter.statuses.iter().any(|asked| asked == status);
        let mut total = 0;
        if is_asked {
            let one = Filter { statuses: vec![status.to_owned()], ..filter.clone() };
            let lanes = lane::lanes(tx, scope, List::Instances, &one.any_of()).await?;
            total = lane::count(tx, List::Instances, &lanes, &Range::of(&filter.span, None)).await?;
        }
        counts.push((status.to_owned(), total));
    }
    Ok(counts)
}

/// One instance.
pub async fn read(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Instance> {
    let rows = fetch_built!(tx, Instance, HEAD, |q| {
        q.push_bind(scope.project_text());
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
