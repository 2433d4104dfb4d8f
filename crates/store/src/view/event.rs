//! Events: what became of an accepted request. An event has no row of its own; it is what its started
//! instances, its failed triggers and its duplicate mark say.

use std::collections::BTreeSet;

use super::{Span, fetch_built};
use crate::query::fetch_optional;
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
    /// How many of them are of the stages *match* or *start* and no retry has started them.
    pub open: i64,
    /// How many of them a retry has started.
    pub retried: i64,
    /// 1 if it was the same as an earlier event.
    pub duplicate: i64,
}

/// What a list of events can be asked for: events with at least one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A process instance.
    Started,
    /// A failed trigger of the stages *match* or *start* that no retry has started.
    Failed,
    /// A failed trigger of the stage *gateway*.
    Refused,
    /// The mark of a duplicate.
    Duplicate,
}

/// Which events a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this data source.
    pub data_source: Option<String>,
    /// Only those with this.
    pub outcome: Option<Outcome>,
    /// With an id of version 7 that was made in this time.
    pub span: Span,
}

/// The data sources of a project, up to the project's id.
pub(crate) const SOURCES: &str =
    "SELECT d.id FROM resource_definition d WHERE d.kind = 'data-source' AND d.project_id = ";

/// Data sources that one statement looks into.
const AT_ONCE: usize = 24;

/// One stretch of an index: what is known of events, in one data source.
struct Stretch<'a> {
    head: &'static str,
    only: &'static str,
    source: &'a str,
}

const STARTED: (&str, &str) = (
    "SELECT x.event_id, x.data_source_id FROM (SELECT DISTINCT event_id, data_source_id FROM started_event",
    "",
);
const FAILED: &str =
    "SELECT x.event_id, x.data_source_id FROM (SELECT DISTINCT event_id, data_source_id FROM failed_trigger";
const DUPLICATE: (&str, &str) = (
    "SELECT x.event_id, x.data_source_id FROM (SELECT DISTINCT event_id, data_source_id FROM duplicate_event",
    "",
);

fn tables(outcome: Option<Outcome>) -> Vec<(&'static str, &'static str)> {
    match outcome {
        None => vec![STARTED, (FAILED, ""), DUPLICATE],
        Some(Outcome::Started) => vec![STARTED],
        // each stage and status is a stretch of its own
        Some(Outcome::Failed) => vec![
            (FAILED, " AND stage = 'match' AND status = 'open'"),
            (FAILED, " AND stage = 'match' AND status = 'retrying'"),
            (FAILED, " AND stage = 'start' AND status = 'open'"),
            (FAILED, " AND stage = 'start' AND status = 'retrying'"),
        ],
        Some(Outcome::Refused) => vec![(FAILED, " AND stage = 'gateway' AND status = 'open'")],
        Some(Outcome::Duplicate) => vec![DUPLICATE],
    }
}

/// Above every id: those of version 7 are hexadecimal, those of foreign producers any text.
const TOP: &str = "\u{10FFFF}";

/// Events from new to old, whose ids are below `cursor`; at most `limit` ids. Ids of version 7 sort by time; those
/// of foreign producers are any text and sort as text. The same id in two data sources is two events.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Event>> {
    let sources = fetch_built!(tx, (String,), SOURCES, |q| {
        q.push_bind(scope.project_text());
        if let Some(source) = &filter.data_source {
            q.push(" AND d.id = ").push_bind(source.clone());
        }
    })?;
    let end = if filter.span.to.is_some() { filter.span.before_id(None) } else { TOP.to_owned() };
    let before = cursor.filter(|cursor| *cursor < end.as_str()).unwrap_or(&end).to_owned();
    let stretches: Vec<Stretch<'_>> = tables(filter.outcome)
        .into_iter()
        .flat_map(|(head, only)| sources.iter().map(move |(source,)| Stretch { head, only, source }))
        .collect();
    let mut page: BTreeSet<(String, String)> = BTreeSet::new();
    let mut first = filter.span.first_id();
    for some in stretches.chunks(AT_ONCE) {
        page.extend(newest(tx, some, (&first, &before), limit).await?);
        // what comes before the last id of a full page is not even read
        if let Some(last) = trim(&mut page, limit) {
            first = last;
        }
    }
    parts(tx, &page).await
}

/// When the newest event of a data source came, milliseconds since the epoch: the latest of those with the greatest ids
/// that started something, failed or were duplicates. `None` where none is kept.
pub async fn last_time(tx: &mut Tx, scope: &Scope, data_source: &str) -> Result<Option<i64>> {
    type Ends = (Option<i64>, Option<i64>, Option<i64>);
    // each is the end of one stretch of an index
    let sql = "SELECT (SELECT event_time FROM started_event WHERE data_source_id = d.id ORDER BY event_id DESC LIMIT 1), \
               (SELECT event_time FROM failed_trigger WHERE data_source_id = d.id ORDER BY event_id DESC LIMIT 1), \
               (SELECT event_time FROM duplicate_event WHERE data_source_id = d.id ORDER BY event_id DESC LIMIT 1) \
               FROM resource_definition d WHERE d.project_id = $1 AND d.id = $2";
    let ends = fetch_optional!(tx, Ends, sql, scope.project_text(), data_source)?;
    Ok(ends.and_then(|(started, failed, duplicate)| started.max(failed).max(duplicate)))
}

/// The newest ids of some stretches.
async fn newest(
    tx: &mut Tx,
    stretches: &[Stretch<'_>],
    (first, before): (&str, &str),
    limit: i64,
) -> Result<Vec<(String, String)>> {
    fetch_built!(tx, (String, String), "", |q| {
        for (at, stretch) in stretches.iter().enumerate() {
            q.push(if at == 0 { "" } else { " UNION ALL " }).push(stretch.head);
            q.push(" WHERE data_source_id = ").push_bind(stretch.source.to_owned());
            q.push(" AND event_id < ").push_bind(before.to_owned());
            q.push(" AND event_id >= ").push_bind(first.to_owned());
            q.push(stretch.only).push(" ORDER BY event_id DESC LIMIT ").push_bind(limit).push(") x");
        }
    })
}

/// Leaves the newest `limit` ids; gives the last of them if there are so many.
fn trim(page: &mut BTreeSet<(String, String)>, limit: i64) -> Option<String> {
    let mut ids: Vec<&String> = page.iter().rev().map(|(id, _)| id).collect();
    ids.dedup();
    let last = ids.get(usize::try_from(limit).ok()?.checked_sub(1)?).map(|id| (*id).clone())?;
    page.retain(|(id, _)| *id >= last);
    Some(last)
}

const PARTS: &str = ") SELECT event_id, data_source_id, min(event_time) AS event_time, CAST(sum(started) AS BIGINT) AS started, \
     CAST(sum(failed) AS BIGINT) AS failed, CAST(sum(open) AS BIGINT) AS open, CAST(sum(retried) AS BIGINT) AS retried, \
     CAST(max(duplicate) AS BIGINT) AS duplicate FROM ( \
     SELECT s.event_id, s.data_source_id, s.event_time, 1 AS started, 0 AS failed, 0 AS open, 0 AS retried, 0 AS duplicate \
       FROM page p, started_event s WHERE s.data_source_id = p.data_source_id AND s.event_id = p.event_id \
     UNION ALL SELECT f.event_id, f.data_source_id, f.event_time, 0, 1, \
       CASE WHEN f.stage <> 'gateway' AND f.status <> 'retried' THEN 1 ELSE 0 END, \
       CASE WHEN f.status = 'retried' THEN 1 ELSE 0 END, 0 \
       FROM page p, failed_trigger f WHERE f.data_source_id = p.data_source_id AND f.event_id = p.event_id \
     UNION ALL SELECT d.event_id, d.data_source_id, d.event_time, 0, 0, 0, 0, 1 \
       FROM page p, duplicate_event d WHERE d.data_source_id = p.data_source_id AND d.event_id = p.event_id) parts \
     GROUP BY event_id, data_source_id ORDER BY event_id DESC, data_source_id";

/// What is known of the events of a page.
async fn parts(tx: &mut Tx, page: &BTreeSet<(String, String)>) -> Result<Vec<Event>> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, Event, "WITH page (event_id, data_source_id) AS (VALUES ", |q| {
        for (at, (event, source)) in page.iter().enumerate() {
            q.push(if at == 0 { "(" } else { ", (" }).push_bind(event.clone());
            q.push(", ").push_bind(source.clone()).push(")");
        }
        q.push(PARTS);
    })
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
    let head = "SELECT s.data_source_id, s.process_definition_id, v.name AS process_name, s.instance_id, i.status, s.attempt, \
                s.event_time FROM started_event s LEFT JOIN process_instance i ON i.id = s.instance_id \
                LEFT JOIN resource_version v ON v.id = i.resource_version_id WHERE s.event_id = ";
    fetch_built!(tx, Started, head, |q| {
        q.push_bind(event.to_owned()).push(" AND s.data_source_id IN (");
        q.push(SOURCES).push_bind(scope.project_text()).push(") ORDER BY s.process_definition_id");
    })
}
