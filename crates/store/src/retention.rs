//! Removal of what is older than its time, in batches small enough that starts go on in between.

use crate::query::{execute, fetch_all};
use crate::row_group::Tally;
use crate::{Result, Tx};

/// Removes starts of events that were accepted before `before`, oldest first, at most `limit`.
///
/// Only call it with a time that is older than every event the log can still hand out: a start whose row is
/// gone cannot be told from a new one.
pub async fn started_events(tx: &mut Tx, before: i64, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM started_event WHERE (data_source_id, event_key, process_definition_id) IN ( \
         SELECT data_source_id, event_key, process_definition_id FROM started_event \
         WHERE event_time < $1 ORDER BY event_time LIMIT $2)",
        before,
        i64::from(limit),
    )
}

/// Removes notes of duplicates that were accepted before `before`, oldest first, at most `limit`.
pub async fn duplicate_events(tx: &mut Tx, before: i64, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM duplicate_event WHERE (project_id, event_id) IN ( \
         SELECT project_id, event_id FROM duplicate_event WHERE event_time < $1 ORDER BY event_time LIMIT $2)",
        before,
        i64::from(limit),
    )
}

/// Removes instances that ended before `before`, with their histories, at most `limit`. Ids sort by the time
/// they were made: `made_before` is the smallest id that was made at `before`, and bounds what is looked at.
pub async fn ended_instances(tx: &mut Tx, before: i64, made_before: &str, limit: u32) -> Result<u64> {
    // nobody ends an instance at a time that is long past, so both statements mean the same ones
    execute!(
        tx,
        "DELETE FROM instance_history WHERE instance_id IN (SELECT id FROM process_instance \
         WHERE id < $1 AND ended_at < $2 ORDER BY id LIMIT $3)",
        made_before,
        before,
        i64::from(limit),
    )?;
    let removed = fetch_all!(
        tx,
        (i64,),
        "DELETE FROM process_instance WHERE id IN (SELECT id FROM process_instance \
         WHERE id < $1 AND ended_at < $2 ORDER BY id LIMIT $3) RETURNING group_id",
        made_before,
        before,
        i64::from(limit),
    )?;
    take_off(tx, &removed).await
}

/// Takes removed rows off the counts of their groups; how many they were.
async fn take_off(tx: &mut Tx, groups: &[(i64,)]) -> Result<u64> {
    let mut tally = Tally::default();
    groups.iter().for_each(|(group,)| tally.remove(*group));
    tally.store(tx).await?;
    Ok(groups.len() as u64)
}

/// Removes failed triggers made before the id `made_before`, oldest first, at most `limit`. One whose Retry
/// is under way stays.
pub async fn failed_triggers(tx: &mut Tx, made_before: &str, limit: u32) -> Result<u64> {
    let removed = fetch_all!(
        tx,
        (i64,),
        "DELETE FROM failed_trigger WHERE id IN (SELECT id FROM failed_trigger \
         WHERE id < $1 AND status <> 'retrying' ORDER BY id LIMIT $2) RETURNING group_id",
        made_before,
        i64::from(limit),
    )?;
    take_off(tx, &removed).await
}

#[derive(sqlx::FromRow)]
struct Size {
    id: String,
    bytes: i64,
}

/// Ids and sizes (headers and payload, bytes) of failed triggers with ids below `below`, newest first, at most
/// `limit`. Reads sizes, not contents.
pub async fn failed_trigger_sizes(tx: &mut Tx, below: &str, limit: u32) -> Result<Vec<(String, u64)>> {
    let rows = fetch_all!(
        tx,
        Size,
        "SELECT id, CAST(octet_length(payload) + octet_length(record_headers) AS BIGINT) AS bytes \
         FROM failed_trigger WHERE id < $1 ORDER BY id DESC LIMIT $2",
        below,
        i64::from(limit),
    )?;
    Ok(rows.into_iter().map(|row| (row.id, u64::try_from(row.bytes).unwrap_or(0))).collect())
}

/// Removes commands that were finished before `before`, at most `limit`. `made_before` as at
/// [`ended_instances`].
pub async fn commands(tx: &mut Tx, before: i64, made_before: &str, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM command WHERE id IN (SELECT id FROM command \
         WHERE id < $1 AND finished_at < $2 ORDER BY id LIMIT $3)",
        made_before,
        before,
        i64::from(limit),
    )
}

/// Removes hourly counters of hours before `before`, at most `limit`.
pub async fn hourly_counts(tx: &mut Tx, before: i64, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM hourly_count WHERE (project_id, data_source_id, hour, counter) IN ( \
         SELECT project_id, data_source_id, hour, counter FROM hourly_count WHERE hour < $1 LIMIT $2)",
        before,
        i64::from(limit),
    )
}

/// Removes operations that were finished before `before`, at most `limit`. `made_before` as at
/// [`ended_instances`].
pub async fn operations(tx: &mut Tx, before: i64, made_before: &str, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM operation WHERE id IN (SELECT id FROM operation \
         WHERE id < $1 AND finished_at < $2 ORDER BY id LIMIT $3)",
        made_before,
        before,
        i64::from(limit),
    )
}

/// Removes groups that have had no row and no new one since before the id `made_before`, at most `limit`.
pub async fn row_groups(tx: &mut Tx, made_before: &str, limit: u32) -> Result<u64> {
    execute!(
        tx,
        "DELETE FROM row_group WHERE id IN (SELECT id FROM row_group WHERE total = 0 AND last_id < $1 \
         AND last_id <> '' LIMIT $2)",
        made_before,
        i64::from(limit),
    )
}
