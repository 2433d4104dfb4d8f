//! A consistent copy of the log while it is in use.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::ffi::ErrorCode;

use super::disk;
use super::failure::{io_error, log_error};
use super::shared::Shared;
use crate::LogError;

/// Writes the copy under a passing name and renames it when it is whole and durable.
pub(super) async fn run(shared: Arc<Shared>, target: PathBuf) -> Result<(), LogError> {
    let failed = target.clone();
    tokio::task::spawn_blocking(move || {
        if target.exists() {
            let detail = "it exists already; a backup never replaces a file".to_owned();
            return Err(LogError::Io { file: target, detail });
        }
        let partial = disk::beside(&target, ".partial");
        let copied = shared.readers.read_long(|connection| copy(connection, &shared, &partial, &target));
        if copied.is_err() {
            // Best effort: the error that matters is the first one.
            let _ = std::fs::remove_file(&partial);
        }
        copied
    })
    .await
    .unwrap_or_else(|error| Err(LogError::Io { file: failed, detail: error.to_string() }))
}

fn copy(connection: &Connection, shared: &Shared, partial: &Path, target: &Path) -> Result<(), LogError> {
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
            if shared.is_closed() {
                LogError::Closed
            } else {
                LogError::Interrupted { wal_bytes: shared.measure_wal() }
            }
        }
        _ => log_error(partial, error),
    })?;
    File::open(partial).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(partial, target).map_err(io)?;
    let folder = disk::folder(target);
    disk::sync_folder(&folder).map_err(|error| io_error(&folder, &error))
}
