//! Verification of the main file on opening.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::failure::log_error;
use super::reader::{COLUMNS, missing, stored};
use super::{Head, disk, schema};
use crate::{LogError, Topic};

/// Records that are verified at the end of a topic that is too large to verify whole.
const TAIL_RECORDS: i64 = 256;

/// Checks the file, whole up to `limit` bytes, and returns what it says of each topic.
pub(super) fn contents(
    connection: &Connection,
    path: &Path,
    limit: u64,
) -> Result<[Head; Topic::ALL.len()], LogError> {
    let whole = disk::file_bytes(path).max(disk::file_bytes(&disk::beside(path, "-wal"))) <= limit;
    if whole {
        structure(connection, path)?;
    }
    let mut heads = [Head::default(); Topic::ALL.len()];
    for topic in Topic::ALL {
        let head = schema::head(connection, topic).map_err(|error| log_error(path, error))?;
        ends(connection, path, topic, &head)?;
        let from = if whole { head.first } else { head.first.max(head.next - TAIL_RECORDS) };
        records(connection, path, topic, from..head.next)?;
        heads[topic as usize] = head;
    }
    Ok(heads)
}

fn structure(connection: &Connection, path: &Path) -> Result<(), LogError> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| log_error(path, error))?;
    if found == "ok" { Ok(()) } else { Err(LogError::Corrupt { file: path.to_owned(), detail: found }) }
}

/// The first and the last stored record are the ones that the topic's row names.
fn ends(connection: &Connection, path: &Path, topic: Topic, head: &Head) -> Result<(), LogError> {
    let table = schema::table(topic);
    let end = |function: &str| {
        connection
            .query_row(&format!("SELECT {function}(offset) FROM {table}"), [], |row| row.get(0))
            .optional()
            .map_err(|error| log_error(path, error))
            .map(Option::<Option<i64>>::flatten)
    };
    let found = (end("min")?, end("max")?);
    let empty = head.first == head.next;
    let expected = if empty { (None, None) } else { (Some(head.first), Some(head.next - 1)) };
    if found == expected && head.first >= 0 && head.first <= head.next {
        return Ok(());
    }
    let detail = format!("{topic} should hold offsets {expected:?}, it holds {found:?}");
    Err(LogError::Corrupt { file: path.to_owned(), detail })
}

fn records(
    connection: &Connection,
    path: &Path,
    topic: Topic,
    range: std::ops::Range<i64>,
) -> Result<(), LogError> {
    let error = |error| log_error(path, error);
    let table = schema::table(topic);
    let sql = format!("SELECT {COLUMNS} FROM {table} WHERE offset >= ?1 ORDER BY offset");
    let mut query = connection.prepare(&sql).map_err(error)?;
    let mut rows = query.query([range.start]).map_err(error)?;
    let mut expected = range.start;
    while let Some(row) = rows.next().map_err(error)? {
        let received = stored(row).map_err(error)?.checked(path)?;
        if received.offset != expected {
            return Err(missing(path, topic, expected, received.offset));
        }
        expected += 1;
    }
    if expected < range.end { Err(missing(path, topic, expected, range.end)) } else { Ok(()) }
}
