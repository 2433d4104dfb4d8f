//! Failed triggers: events that did not get to their first wait state, and refused requests.

use std::collections::{HashMap, HashSet};

use crate::feed::Kind;
use crate::query::{execute, fetch_all, fetch_optional, insert_rows};
use crate::row_group::{Facets, List, Tally, ensure};
use crate::{Result, Scope, StoreError, Tx};

/// Where an event failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Refused by the gateway with the right key: the sender was told, there is no Retry.
    Gateway,
    /// No process is linked, the record is invalid, or too old to prove that it is new.
    Match,
    /// The definition does not load, a limit, an incident in the first step, an engine crash.
    Start,
}

impl Stage {
    /// As it stands in the row.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Gateway => "gateway",
            Stage::Match => "match",
            Stage::Start => "start",
        }
    }
}

/// `status` of a row that waits for somebody.
pub const OPEN: &str = "open";
/// `status` of a row whose Retry was asked for and is not done.
pub const RETRYING: &str = "retrying";
/// `status` of a row whose Retry started the event.
pub const RETRIED: &str = "retried";

/// A failed trigger with its payload.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedTrigger {
    /// UUID version 7: sorts by the time it was made.
    pub id: String,
    /// The project; empty if the record did not say.
    pub project_id: String,
    /// The data source; empty if the record did not say.
    pub data_source_id: String,
    /// The process definition that did not start (stage *start*).
    pub process_definition_id: Option<String>,
    /// The instance with the incident, if one was made.
    pub instance_id: Option<String>,
    /// The commit that was running.
    pub commit_id: Option<String>,
    /// The event.
    pub event_id: String,
    /// What the event is unique by.
    pub event_key: String,
    /// When it was accepted, milliseconds since the epoch.
    pub event_time: i64,
    /// As [`Stage::as_str`].
    pub stage: String,
    /// A stable word for the cause: lists filter by it.
    pub cause_code: String,
    /// The cause and what to do, for people.
    pub cause: String,
    /// The element at fault.
    pub element_id: Option<String>,
    /// The record's headers: a JSON array of `[name, value]`, a value that is not UTF-8 as `{"base64": …}`.
    pub record_headers: String,
    /// The record's value, byte for byte.
    pub payload: Vec<u8>,
    /// [`OPEN`], [`RETRYING`] or [`RETRIED`].
    pub status: String,
    /// 1, and one more for each Retry.
    pub attempt: i64,
    /// When it was made, milliseconds since the epoch.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// What a Retry came to.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// [`OPEN`] or [`RETRIED`].
    pub status: &'a str,
    /// The cause, where it is open still; `None` keeps the old one.
    pub cause: Option<(&'a str, &'a str)>,
    /// The element at fault now.
    pub element_id: Option<&'a str>,
    /// The instance that is its outcome; `None` keeps the old one.
    pub instance_id: Option<&'a str>,
    /// The commit that ran; `None` keeps the old one.
    pub commit_id: Option<&'a str>,
    /// When, milliseconds since the epoch.
    pub at: i64,
}

#[derive(sqlx::FromRow)]
struct Id {
    id: String,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, project_id, data_source_id, process_definition_id, instance_id, commit_id, event_id, \
             event_key, event_time, stage, cause_code, cause, element_id, record_headers, payload, status, \
             attempt, created_at, updated_at FROM failed_trigger WHERE ",
            $rest
        )
    };
}

/// Adds failed triggers; gives the ids of the new ones. One that is there already (the same event, stage and
/// definition) is left as it is.
pub async fn insert(tx: &mut Tx, rows: &[FailedTrigger]) -> Result<Vec<String>> {
    let mut groups: HashMap<Facets<'_>, i64> = HashMap::new();
    let mut grouped: Vec<(&FailedTrigger, i64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let facets = Facets {
            project: &row.project_id,
            status: &row.status,
            process_definition: row.process_definition_id.as_deref().unwrap_or_default(),
            data_source: &row.data_source_id,
            stage: &row.stage,
            cause: &row.cause_code,
            ..Facets::default()
        };
        let group = match groups.get(&facets) {
            Some(&group) => group,
            None => {
                let group = ensure(tx, List::FailedTriggers, &facets).await?;
                groups.insert(facets, group);
                group
            }
        };
        grouped.push((row, group));
    }
    let added: HashSet<String> = insert_grouped(tx, &grouped).await?.into_iter().map(|row| row.id).collect();
    let mut tally = Tally::default();
    for (row, group) in grouped.iter().filter(|(row, _)| added.contains(&row.id)) {
        tally.add(*group, &row.id);
        tx.noted().added(&row.project_id, Kind::FailedTriggers, 1, row.created_at);
    }
    tally.store(tx).await?;
    Ok(added.into_iter().collect())
}

async fn insert_grouped(tx: &mut Tx, rows: &[(&FailedTrigger, i64)]) -> Result<Vec<Id>> {
    insert_rows!(
        tx,
        Id,
        "INSERT INTO failed_trigger (id, project_id, data_source_id, process_definition_id, instance_id, \
         commit_id, event_id, event_key, event_time, stage, cause_code, cause, element_id, record_headers, \
         payload, status, attempt, created_at, updated_at, group_id) ",
        rows,
        |b, entry| {
            let (r, group) = *entry;
            b.push_bind(r.id.as_str());
            b.push_bind(r.project_id.as_str());
            b.push_bind(r.data_source_id.as_str());
            b.push_bind(r.process_definition_id.as_deref());
            b.push_bind(r.instance_id.as_deref());
            b.push_bind(r.commit_id.as_deref());
            b.push_bind(r.event_id.as_str());
            b.push_bind(r.event_key.as_str());
            b.push_bind(r.event_time);
            b.push_bind(r.stage.as_str());
            b.push_bind(r.cause_code.as_str());
            b.push_bind(r.cause.as_str());
            b.push_bind(r.element_id.as_deref());
            b.push_bind(r.record_headers.as_str());
            b.push_bind(r.payload.as_slice());
            b.push_bind(r.status.as_str());
            b.push_bind(r.attempt);
            b.push_bind(r.created_at);
            b.push_bind(r.updated_at);
            b.push_bind(group);
        },
        " ON CONFLICT DO NOTHING RETURNING id"
    )
}

/// What lists filter by, of one row.
#[derive(sqlx::FromRow)]
struct Grouped {
    id: String,
    group_id: i64,
    status: String,
    process_definition_id: Option<String>,
    data_source_id: String,
    stage: String,
    cause_code: String,
}

/// Puts a row into the group that its status and cause belong to now.
async fn regroup(tx: &mut Tx, project_id: &str, id: &str) -> Result<()> {
    let row = fetch_optional!(
        tx,
        Grouped,
        "SELECT id, group_id, status, process_definition_id, data_source_id, stage, cause_code FROM failed_trigger \
         WHERE id = $1 AND project_id = $2",
        id,
        project_id,
    )?;
    let Some(row) = row else { return Ok(()) };
    let facets = Facets {
        project: project_id,
        status: &row.status,
        process_definition: row.process_definition_id.as_deref().unwrap_or_default(),
        data_source: &row.data_source_id,
        stage: &row.stage,
        cause: &row.cause_code,
        ..Facets::default()
    };
    let group = ensure(tx, List::FailedTriggers, &facets).await?;
    if group == row.group_id {
        return Ok(());
    }
    execute!(tx, "UPDATE failed_trigger SET group_id = $1 WHERE id = $2", group, row.id.as_str())?;
    let mut tally = Tally::default();
    tally.remove(row.group_id);
    tally.add(group, &row.id);
    tally.store(tx).await
}

/// A failed trigger with its payload.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none in this project.
pub async fn find(tx: &mut Tx, project_id: &str, id: &str) -> Result<FailedTrigger> {
    fetch_optional!(tx, FailedTrigger, columns!("id = $1 AND project_id = $2"), id, project_id)?
        .ok_or(StoreError::NotFound)
}

/// Notes that a Retry was asked for. `false` if the row is not open, or of the gateway.
pub async fn mark_retrying(tx: &mut Tx, scope: Scope, id: &str, now: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE failed_trigger SET status = 'retrying', updated_at = $1 \
         WHERE id = $2 AND project_id = $3 AND status = 'open' AND stage <> 'gateway'",
        now,
        id,
        scope.project_text(),
    )?;
    if touched > 0 {
        tx.noted().changed(&scope.project_text(), Kind::FailedTriggers, id, now);
        regroup(tx, &scope.project_text(), id).await?;
    }
    Ok(touched > 0)
}

/// Takes a row that is not retried yet for a Retry: counts the attempt. `false` if it changed meanwhile.
/// On PostgreSQL this also holds the row until the transaction ends.
pub async fn begin_retry(tx: &mut Tx, failed: &FailedTrigger) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE failed_trigger SET attempt = attempt + 1 \
         WHERE id = $1 AND project_id = $2 AND attempt = $3 AND status <> 'retried'",
        failed.id.as_str(),
        failed.project_id.as_str(),
        failed.attempt,
    )?;
    Ok(touched > 0)
}

/// Writes what a Retry came to.
pub async fn finish_retry(tx: &mut Tx, failed: &FailedTrigger, outcome: &Outcome<'_>) -> Result<()> {
    execute!(
        tx,
        "UPDATE failed_trigger SET status = $1, cause_code = coalesce($2, cause_code), \
         cause = coalesce($3, cause), element_id = $4, instance_id = coalesce($5, instance_id), \
         commit_id = coalesce($6, commit_id), updated_at = $7 WHERE id = $8 AND project_id = $9",
        outcome.status,
        outcome.cause.map(|(code, _)| code),
        outcome.cause.map(|(_, text)| text),
        outcome.element_id,
        outcome.instance_id,
        outcome.commit_id,
        outcome.at,
        failed.id.as_str(),
        failed.project_id.as_str(),
    )?;
    tx.noted().changed(&failed.project_id, Kind::FailedTriggers, &failed.id, outcome.at);
    regroup(tx, &failed.project_id, &failed.id).await
}

/// Opens a row again whose Retry could not be done.
pub async fn reopen(tx: &mut Tx, project_id: &str, id: &str, now: i64) -> Result<()> {
    execute!(
        tx,
        "UPDATE failed_trigger SET status = 'open', updated_at = $1 \
         WHERE id = $2 AND project_id = $3 AND status = 'retrying'",
        now,
        id,
        project_id,
    )?;
    tx.noted().changed(project_id, Kind::FailedTriggers, id, now);
    regroup(tx, project_id, id).await
}

/// Resolves the open failed trigger of an instance whose incident was solved in another way (retried in
/// place, cancelled).
pub async fn resolve_of_instance(
    tx: &mut Tx,
    project_id: &str,
    event: (&str, &str),
    now: i64,
) -> Result<u64> {
    let solved = fetch_all!(
        tx,
        Id,
        "UPDATE failed_trigger SET status = 'retried', updated_at = $1 \
         WHERE project_id = $2 AND event_id = $3 AND instance_id = $4 AND stage = 'start' AND status <> 'retried' \
         RETURNING id",
        now,
        project_id,
        event.0,
        event.1,
    )?;
    for row in &solved {
        tx.noted().changed(project_id, Kind::FailedTriggers, &row.id, now);
        regroup(tx, project_id, &row.id).await?;
    }
    Ok(solved.len() as u64)
}

#[derive(sqlx::FromRow)]
struct Removed {
    group_id: i64,
}

/// Removes rows that are not being retried; gives how many there were.
pub async fn remove(tx: &mut Tx, project_id: &str, ids: &[String], now: i64) -> Result<u64> {
    let mut tally = Tally::default();
    let mut count = 0;
    for id in ids {
        let sql = "DELETE FROM failed_trigger WHERE project_id = $1 AND id = $2 AND status <> 'retrying' \
                   RETURNING group_id";
        if let Some(Removed { group_id }) = fetch_optional!(tx, Removed, sql, project_id, id.as_str())? {
            tally.remove(group_id);
            count += 1;
        }
    }
    if count > 0 {
        tx.noted().changed_somewhere(project_id, Kind::FailedTriggers, now);
    }
    tally.store(tx).await?;
    Ok(count)
}
