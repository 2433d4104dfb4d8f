//! Reading: connections of their own, short read transactions, every record checked.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, InterruptHandle, OptionalExtension, Row, params};

use super::failure::log_error;
use super::shared::Shared;
use super::{PARTITION, frame, schema};
use crate::{Lag, LogError, Received, Record, Topic};

/// Connections that are kept for the next read.
const IDLE_CONNECTIONS: usize = 8;

/// The reading connections of the log.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// Held for reading during each read, for writing by the close, which so waits for the last read.
    gate: RwLock<()>,
    closed: AtomicBool,
    long: Mutex<Vec<Arc<InterruptHandle>>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
            gate: RwLock::new(()),
            closed: AtomicBool::new(false),
            long: Mutex::new(Vec::new()),
        }
    }

    /// Runs one short read.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, LogError>) -> Result<T, LogError> {
        let _open = self.enter()?;
        let idle = guard(&self.idle).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let result = work(&connection);
        let mut idle = guard(&self.idle);
        // After an error the connection is not trusted any more.
        if result.is_ok() && idle.len() < IDLE_CONNECTIONS {
            idle.push(connection);
        }
        result
    }

    /// Runs a read that may take long, and may be ended by [`Self::end_long_reads`].
    pub(super) fn read_long<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let _open = self.enter()?;
        let connection = self.open()?;
        let handle = Arc::new(connection.get_interrupt_handle());
        guard(&self.long).push(Arc::clone(&handle));
        let result = work(&connection);
        guard(&self.long).retain(|other| !Arc::ptr_eq(other, &handle));
        result
    }

    /// Ends all long reads; how many there were.
    pub(super) fn end_long_reads(&self) -> usize {
        let long = guard(&self.long);
        long.iter().for_each(|handle| handle.interrupt());
        long.len()
    }

    /// Refuses further reads, ends long ones, waits for short ones, closes the connections.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.end_long_reads();
        let _none_left = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        guard(&self.idle).clear();
    }

    fn enter(&self) -> Result<RwLockReadGuard<'_, ()>, LogError> {
        let open = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        if self.closed.load(Ordering::Acquire) { Err(LogError::Closed) } else { Ok(open) }
    }

    fn open(&self) -> Result<Connection, LogError> {
        schema::open_other(&self.path, false).map_err(|error| log_error(&self.path, error))
    }
}

/// Runs a short read on a thread that may block.
pub(super) async fn run<T: Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    let path = shared.path.clone();
    tokio::task::spawn_blocking(move || shared.readers.read(work))
        .await
        .unwrap_or_else(|error| Err(LogError::Io { file: path, detail: error.to_string() }))
}

/// The first record with this id.
pub(super) fn find(
    connection: &Connection,
    shared: &Shared,
    topic: Topic,
    id: &str,
) -> Result<Option<Received>, LogError> {
    let table = schema::table(topic);
    let sql = format!("SELECT {COLUMNS} FROM {table} WHERE id = ?1 ORDER BY offset LIMIT 1");
    let found = connection
        .prepare_cached(&sql)
        .and_then(|mut query| query.query_row([id], stored).optional())
        .map_err(|error| log_error(&shared.path, error))?;
    found.map(|stored| stored.checked(&shared.path)).transpose()
}

/// The id of the record at an offset.
pub(super) fn id_at(
    connection: &Connection,
    shared: &Shared,
    topic: Topic,
    offset: i64,
) -> Result<Option<String>, LogError> {
    let table = schema::table(topic);
    connection
        .prepare_cached(&format!("SELECT id FROM {table} WHERE offset = ?1"))
        .and_then(|mut query| query.query_row([offset], |row| row.get(0)).optional())
        .map_err(|error| log_error(&shared.path, error))
}

/// How far a position is behind.
pub(super) fn lag(
    connection: &Connection,
    shared: &Shared,
    topic: Topic,
    position: i64,
) -> Result<Lag, LogError> {
    let head = schema::head(connection, topic).map_err(|error| log_error(&shared.path, error))?;
    let from = position.max(head.first);
    let Some(records) = u64::try_from(head.next - from).ok().filter(|records| *records > 0) else {
        return Ok(Lag::default());
    };
    let table = schema::table(topic);
    let oldest = connection
        .prepare_cached(&format!("SELECT time FROM {table} WHERE offset >= ?1 ORDER BY offset LIMIT 1"))
        .and_then(|mut query| query.query_row([from], |row| row.get(0)).optional())
        .map_err(|error| log_error(&shared.path, error))?;
    Ok(Lag { records, oldest_ms: oldest })
}

/// The records from `next` on, within the limits; empty where there are none yet.
pub(super) fn batch(
    connection: &Connection,
    shared: &Shared,
    topic: Topic,
    next: i64,
    limits: (usize, usize),
) -> Result<Vec<Received>, LogError> {
    let error = |error| log_error(&shared.path, error);
    // One transaction, so that head and records are of the same moment.
    let transaction = connection.unchecked_transaction().map_err(error)?;
    let head = schema::head(&transaction, topic).map_err(error)?;
    let (max_records, max_bytes) = limits;
    let mut expected = next.max(head.first);
    let mut bytes = 0usize;
    let mut records = Vec::new();
    let table = schema::table(topic);
    let sql = format!("SELECT {COLUMNS} FROM {table} WHERE offset >= ?1 ORDER BY offset LIMIT ?2");
    {
        let mut query = transaction.prepare_cached(&sql).map_err(error)?;
        let limit = i64::try_from(max_records.max(1)).unwrap_or(i64::MAX);
        let mut rows = query.query(params![expected, limit]).map_err(error)?;
        while let Some(row) = rows.next().map_err(error)? {
            let received = stored(row).map_err(error)?.checked(&shared.path)?;
            if received.offset != expected {
                return Err(missing(&shared.path, topic, expected, received.offset));
            }
            bytes = bytes.saturating_add(received.record.size());
            if bytes > max_bytes && !records.is_empty() {
                break;
            }
            expected += 1;
            records.push(received);
        }
    }
    if records.is_empty() && expected < head.next {
        return Err(missing(&shared.path, topic, expected, head.next));
    }
    transaction.commit().map_err(error)?;
    Ok(records)
}

/// Columns that [`stored`] reads.
pub(super) const COLUMNS: &str = "offset, id, time, checksum, headers, value";

/// A row, not yet checked.
pub(super) struct Stored {
    offset: i64,
    checksum: u32,
    headers: Vec<u8>,
    record: Record,
}

/// Reads a row of [`COLUMNS`].
pub(super) fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        offset: row.get(0)?,
        checksum: row.get(3)?,
        headers: row.get(4)?,
        record: Record {
            id: row.get(1)?,
            time: row.get(2)?,
            headers: Vec::new(),
            value: row.get::<_, Vec<u8>>(5)?.into(),
        },
    })
}

impl Stored {
    /// The record, where it is what was appended.
    pub(super) fn checked(self, path: &Path) -> Result<Received, LogError> {
        let Self { offset, checksum, headers, mut record } = self;
        let found = frame::checksum(&record.id, record.time, &headers, &record.value);
        let decoded = frame::decode(&headers).filter(|_| found == checksum);
        let Some(headers) = decoded else {
            let detail = format!("the record at offset {offset} is not what was appended");
            return Err(LogError::Corrupt { file: path.to_owned(), detail });
        };
        record.headers = headers;
        Ok(Received { partition: PARTITION, offset, record })
    }
}

/// Records are gone that nobody removed.
pub(super) fn missing(path: &Path, topic: Topic, from: i64, to: i64) -> LogError {
    LogError::Corrupt {
        file: path.to_owned(),
        detail: format!("records {from} to {} of {topic} are missing", to - 1),
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
