//! What a test does to the files of a stopped server, which no API may do.

use std::io;
use std::path::Path;

use rusqlite::Connection;

/// Forgets how far the log was applied, as a wiped or restored store would.
pub fn wipe_positions(data: &Path) -> io::Result<()> {
    execute(data, "DELETE FROM log_position; DELETE FROM attempt_marker;")
}

/// Takes away the promise that an event starts a definition once.
pub fn drop_started_event_once(data: &Path) -> io::Result<()> {
    execute(data, "DROP INDEX IF EXISTS started_event_once;")
}

/// One number out of the store.
pub fn number(data: &Path, sql: &str) -> io::Result<i64> {
    let store = Connection::open(data.join("store.sqlite")).map_err(io::Error::other)?;
    store.query_row(sql, [], |row| row.get(0)).map_err(io::Error::other)
}

/// What SQLite finds wrong with a file of the data folder; `ok` where nothing is.
pub fn integrity(data: &Path, file: &str) -> io::Result<String> {
    let database = Connection::open(data.join(file)).map_err(io::Error::other)?;
    database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(io::Error::other)
}

fn execute(data: &Path, sql: &str) -> io::Result<()> {
    let store = Connection::open(data.join("store.sqlite")).map_err(io::Error::other)?;
    store.execute_batch(sql).map_err(io::Error::other)
}
