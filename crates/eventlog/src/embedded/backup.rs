//! A consistent copy of the log while it is in use.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::ffi::ErrorCode;

use super::failure::{io_error, log_error};
use super::shared::Shared;
use super::{disk, schema};
use crate::LogError;

/// How often the write-ahead log is looked at during a copy by another process.
const LOOK: Duration = Duration::from_millis(100);

/// Writes the copy under a passing name and renames it when it is whole and durable.
pub(super) async fn run(shared: Arc<Shared>, target: PathBuf) -> Result<(), LogError> {
    let failed = target.clone();
    tokio::task::spawn_blocking(move || {
        if target.exists() {
            let detail = "it exists already; a backup never replaces a file".to_owned();
            return Err(LogError::Io { file: target, detail });
        }
        let partial = disk::beside(&target, ".partial");
        let copied = shared.readers.read_long(|connection| {
            copy(connection, &partial, &target, || match shared.is_closed() {
                true => LogError::Closed,
                false => LogError::Interrupted { wal_bytes: shared.measure_wal() },
            })
        });
        if copied.is_err() {
            // Best effort: the error that matters is the first one.
            let _ = std::fs::remove_file(&partial);
        }
        copied
    })
    .await
    .unwrap_or_else(|error| Err(LogError::Io { file: failed, detail: error.to_string() }))
}

/// Copies the log in this file, which another process may be writing, into a new file. Reading keeps the write-ahead log
/// from shrinking: the copy is given up with [`LogError::Interrupted`] when that grows over the limit of the
/// default [`super::Options`].
pub fn back_up(source: &Path, target: &Path) -> Result<(), LogError> {
    let limit = super::Options::default().wal_limit_bytes;
    let connection = schema::open_other(source, true).map_err(|error| log_error(source, error))?;
    let (ended, wal) = (AtomicBool::new(false), disk::beside(source, "-wal"));
    let interrupt = connection.get_interrupt_handle();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Acquire) {
                if wal_bytes(&wal) > limit {
                    interrupt.interrupt();
                }
                std::thread::park_timeout(LOOK);
            }
        });
        let partial = disk::beside(target, ".partial");
        let copied =
            copy(&connection, &partial, target, || LogError::Interrupted { wal_bytes: wal_bytes(&wal) });
        ended.store(true, Ordering::Release);
        if copied.is_err() {
            // Best effort: the error that matters is the first one.
            let _ = std::fs::remove_file(&partial);
        }
        copied
    })
}

fn wal_bytes(wal: &Path) -> u64 {
    std::fs::metadata(wal).map_or(0, |file| file.len())
}

fn copy(
    connection: &Connection,
    partial: &Path,
    target: &Path,
    interrupted: impl FnOnce() -> LogError,
) -> Result<(), LogError> {
    let io = |error| io_error(partial, &error);
    if partial.exists() {
        // Left by a backup that was killed.
        std::fs::remove_file(partial).map_err(io)?;
    }
    let name = partial.to_str().ok_or_else(|| LogError::Io {
        file: partial.to_owned(),
        detail: "the name is not UTF-8".to_owned(),
    })?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|error| match &error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::OperationInterrupted => {
            interrupted()
        }
        _ => log_error(partial, error),
    })?;
    File::open(partial).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(partial, target).map_err(io)?;
    let folder = disk::folder(target);
    disk::sync_folder(&folder).map_err(|error| io_error(&folder, &error))
}
