//! How far each partition of the event log was applied. The row is written in the transaction that
//! applied the records, which is what makes "applied" and "remembered" one fact.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::query::{execute, fetch_all, fetch_optional, insert_rows};
use crate::{Result, StoreError, Tx};

/// How far one partition was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPosition {
    /// The offset of the first record that is not applied yet.
    pub next_offset: i64,
    /// The id of the record before it: on the next start it proves that the log is still the same one.
    pub last_id: Option<String>,
    /// The time of that record, milliseconds since the epoch.
    pub last_time: Option<i64>,
}

/// One partition of one topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partition<'a> {
    /// The topic's name.
    pub topic: &'a str,
    /// The partition's number.
    pub number: u32,
}

#[derive(sqlx::FromRow)]
struct Row {
    log_partition: i64,
    next_offset: i64,
    last_id: Option<String>,
    last_time: Option<i64>,
}

impl Row {
    fn position(self) -> LogPosition {
        let last_id = self.last_id.map(|stored| shown(&stored));
        LogPosition { next_offset: self.next_offset, last_id, last_time: self.last_time }
    }
}

#[derive(sqlx::FromRow)]
struct Moved {
    log_partition: i64,
}

/// What the text of an id that was made storable begins with.
const MARK: char = '\u{1}';

/// The id as every database can hold it: other producers write any text into the log, and PostgreSQL has no NUL.
fn storable(id: &str) -> Cow<'_, str> {
    if !id.contains('\0') && !id.starts_with(MARK) {
        return Cow::Borrowed(id);
    }
    let escaped = id.replace(MARK, "\u{1}1").replace('\0', "\u{1}0");
    Cow::Owned(format!("{MARK}{escaped}"))
}

/// The id of which [`storable`] made this text.
fn shown(stored: &str) -> String {
    match stored.strip_prefix(MARK) {
        Some(escaped) => escaped.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}"),
        None => stored.to_owned(),
    }
}

/// The position of one partition, or `None` where nothing was applied yet.
pub async fn load(tx: &mut Tx, partition: Partition<'_>) -> Result<Option<LogPosition>> {
    let row = fetch_optional!(
        tx,
        Row,
        "SELECT log_partition, next_offset, last_id, last_time FROM log_position \
         WHERE topic = $1 AND log_partition = $2",
        partition.topic,
        i64::from(partition.number),
    )?;
    Ok(row.map(Row::position))
}

/// The positions of every partition of a topic.
pub async fn all(tx: &mut Tx, topic: &str) -> Result<Vec<(u32, LogPosition)>> {
    let rows = fetch_all!(
        tx,
        Row,
        "SELECT log_partition, next_offset, last_id, last_time FROM log_position \
         WHERE topic = $1 ORDER BY log_partition",
        topic,
    )?;
    rows.into_iter()
        .map(|row| {
            let number = u32::try_from(row.log_partition)
                .map_err(|_| StoreError::Corrupt(format!("partition {}", row.log_partition)))?;
            Ok((number, row.position()))
        })
        .collect()
}

/// The first of these partitions of a topic whose stored position is before the one named here (the next offset); a
/// partition without a row stands at 0. What once was stored can be missing after a failover to a standby that lagged,
/// or after a backup was restored.
pub async fn behind(tx: &mut Tx, topic: &str, reached: &[(u32, i64)]) -> Result<Option<u32>> {
    if reached.is_empty() {
        return Ok(None);
    }
    let stored: HashMap<u32, i64> =
        all(tx, topic).await?.into_iter().map(|(number, position)| (number, position.next_offset)).collect();
    let is_behind = |(number, next): &&(u32, i64)| stored.get(number).copied().unwrap_or(0) < *next;
    Ok(reached.iter().find(is_behind).map(|(number, _)| *number))
}

/// Moves a position forward. `false` if the stored one is already as far: another runner was faster, and
/// nothing was changed. A position never goes back by this.
pub async fn advance(tx: &mut Tx, partition: Partition<'_>, to: &LogPosition, now: i64) -> Result<bool> {
    Ok(!advance_all(tx, &[(partition, to.clone())], now).await?.is_empty())
}

/// The same of several partitions; the numbers of those that moved. Each partition once, sorted, or two runners block
/// each other.
pub async fn advance_all(tx: &mut Tx, to: &[(Partition<'_>, LogPosition)], now: i64) -> Result<Vec<i64>> {
    let moved = insert_rows!(
        tx,
        Moved,
        "INSERT INTO log_position (topic, log_partition, next_offset, last_id, last_time, updated_at) ",
        to,
        |b, r| {
            b.push_bind(r.0.topic);
            b.push_bind(i64::from(r.0.number));
            b.push_bind(r.1.next_offset);
            b.push_bind(r.1.last_id.as_deref().map(storable));
            b.push_bind(r.1.last_time);
            b.push_bind(now);
        },
        " ON CONFLICT (topic, log_partition) DO UPDATE SET next_offset = excluded.next_offset, \
         last_id = excluded.last_id, last_time = excluded.last_time, updated_at = excluded.updated_at \
         WHERE log_position.next_offset < excluded.next_offset RETURNING log_partition"
    )?;
    Ok(moved.into_iter().map(|row| row.log_partition).collect())
}

/// Forgets exactly this position, because the log it was taken from is gone. `false` if the stored one is
/// another by now: somebody else already applied records of the new log.
pub async fn forget(tx: &mut Tx, partition: Partition<'_>, stale: &LogPosition) -> Result<bool> {
    let last_id = stale.last_id.as_deref().map(storable);
    let touched = execute!(
        tx,
        "DELETE FROM log_position WHERE topic = $1 AND log_partition = $2 AND next_offset = $3 \
         AND coalesce(last_id, '') = coalesce($4, '')",
        partition.topic,
        i64::from(partition.number),
        stale.next_offset,
        last_id.as_deref(),
    )?;
    Ok(touched > 0)
}
