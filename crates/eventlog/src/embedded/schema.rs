//! The file: its tables, its settings, and the checks that it is ours.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, params};

use super::failure::log_error;
use super::{Head, Options, Synchronous};
use crate::{LogError, Topic};

/// "FBLG": tells the event log from any other SQLite file.
const APPLICATION_ID: i32 = 0x4642_4c47;
/// Version of the tables below.
const VERSION: i32 = 1;
/// The first SQLite without the WAL-reset bug, which could lose commits (sqlite.org/releaselog/3_51_3.html).
const OLDEST_SQLITE: i32 = 3_051_003;
/// Fewer, larger pages: measured 15 % faster at 1 KB records than 4 KiB, and less space for large ones.
pub(super) const PAGE_SIZE: i64 = 8192;

/// The table of a topic.
pub(super) fn table(topic: Topic) -> &'static str {
    match topic {
        Topic::WebhookEvents => "webhook_events",
        Topic::WebhookFailures => "webhook_failures",
    }
}

/// Opens the connection of the writer: makes the file and its tables where they are missing.
pub(super) fn open_writer(path: &Path, options: &Options) -> Result<Connection, LogError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(LogError::Unsafe(format!("SQLite 3.51.3 or later, this is {}", rusqlite::version())));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let error = |error| log_error(path, error);
    let mut connection = Connection::open_with_flags(path, flags).map_err(error)?;
    connection.busy_timeout(Duration::from_secs(1)).map_err(error)?;
    let new = check_owner(&connection, path)?;
    settings(&connection, options).map_err(error)?;
    read_back(&connection, options, path)?;
    // Opening a log that is there writes nothing, so that it opens on a full disk too.
    if new {
        make_tables(&mut connection).map_err(error)?;
    }
    Ok(connection)
}

/// Opens a connection that only reads, or with `write` one for checkpoints.
pub(super) fn open_other(path: &Path, write: bool) -> rusqlite::Result<Connection> {
    let access = if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(1))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -4096)?;
    Ok(connection)
}

/// What the file says of a topic.
pub(super) fn head(connection: &Connection, topic: Topic) -> rusqlite::Result<Head> {
    connection
        .prepare_cached(
            "SELECT first_offset, next_offset, bytes, committed_offset FROM topic WHERE name = ?1",
        )?
        .query_row([topic.name()], |row| {
            Ok(Head {
                first: row.get(0)?,
                next: row.get(1)?,
                bytes: row.get(2)?,
                committed: row.get(3)?,
                closed: false,
            })
        })
}

/// Writes it, inside the caller's transaction.
pub(super) fn set_head(connection: &Connection, topic: Topic, head: &Head) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE topic SET first_offset = ?2, next_offset = ?3, bytes = ?4, committed_offset = ?5 WHERE name = ?1",
        )?
        .execute(params![topic.name(), head.first, head.next, head.bytes, head.committed])
        .map(drop)
}

/// Refuses a file that is not an event log, or of a later version, before anything is written to it. Whether it is
/// new and empty.
fn check_owner(connection: &Connection, path: &Path) -> Result<bool, LogError> {
    let error = |error| log_error(path, error);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(error)?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(error)?;
    let version: i32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(error)?;
    let foreign = |detail: String| LogError::Foreign { file: path.to_owned(), detail };
    match (tables, application, version) {
        (0, 0, 0) => Ok(true),
        (_, APPLICATION_ID, VERSION) => Ok(false),
        (_, APPLICATION_ID, later) if later > VERSION => {
            Err(foreign(format!("it has format {later}, this program knows up to {VERSION}")))
        }
        (_, APPLICATION_ID, other) => Err(foreign(format!("it has the unknown format {other}"))),
        _ => Err(foreign("it is a SQLite file of something else".to_owned())),
    }
}

fn settings(connection: &Connection, options: &Options) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Off => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // What lies over the target when the write-ahead log is started over is kept too: to cut it off and to allocate it
    // again costs more than the room does.
    let kept = options.wal_target_bytes + options.wal_target_bytes / 4;
    connection.pragma_update(None, "journal_size_limit", i64::try_from(kept).unwrap_or(i64::MAX))?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -32_768)
}

/// A setting that SQLite did not take would break the promise silently.
fn read_back(connection: &Connection, options: &Options, path: &Path) -> Result<(), LogError> {
    let text = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| {
                row.get_ref(0).map(|value| match value {
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    other => other.as_str().unwrap_or_default().to_owned(),
                })
            })
            .map_err(|error| log_error(path, error))
    };
    let synchronous = match options.synchronous {
        Synchronous::Full => "2",
        Synchronous::Off => "0",
    };
    for (name, expected) in
        [("journal_mode", "wal"), ("synchronous", synchronous), ("wal_autocheckpoint", "0")]
    {
        let found = text(name)?;
        if found != expected {
            return Err(LogError::Unsafe(format!("{name} = {expected}, but SQLite says {found}")));
        }
    }
    Ok(())
}

fn make_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE topic (
             name TEXT PRIMARY KEY,
             first_offset INTEGER NOT NULL,
             next_offset INTEGER NOT NULL,
             bytes INTEGER NOT NULL,
             committed_offset INTEGER
         ) STRICT, WITHOUT ROWID;",
    )?;
    for topic in Topic::ALL {
        let table = table(topic);
        transaction.execute_batch(&format!(
            "CREATE TABLE {table} (
                 offset INTEGER PRIMARY KEY,
                 id TEXT NOT NULL,
                 time INTEGER NOT NULL,
                 checksum INTEGER NOT NULL,
                 headers BLOB NOT NULL,
                 value BLOB NOT NULL
             ) STRICT;
             CREATE INDEX {table}_by_id ON {table} (id);"
        ))?;
        transaction.execute("INSERT INTO topic VALUES (?1, 0, 0, 0, NULL)", [topic.name()])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
