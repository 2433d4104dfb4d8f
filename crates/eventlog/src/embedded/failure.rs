//! What an error of SQLite means for the log.

use std::path::Path;

use rusqlite::ffi::{self, ErrorCode};

use crate::LogError;

/// With less free space than this an I/O error is taken for a full disk.
const FULL_BYTES: u64 = 1024 * 1024;

/// What a failed write means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No space: nothing was committed, later appends may succeed.
    DiskFull,
    /// Somebody else holds the file, or no memory: nothing was committed, later appends may succeed.
    Passing,
    /// After a failed write or fsync nobody knows what is on the disk, and the next fsync may report success
    /// for pages that are gone ("fsyncgate"): stop for good.
    Fatal,
}

/// Judges a failed write. `free` = free bytes on the disk, where known.
pub(super) fn verdict(error: &rusqlite::Error, free: Option<u64>) -> Verdict {
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        return Verdict::Fatal;
    };
    match failure.code {
        ErrorCode::DiskFull => Verdict::DiskFull,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OutOfMemory => Verdict::Passing,
        // The -shm file grows by a write of its own, whose ENOSPC comes as an I/O error.
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen
            if matches!(
                failure.extended_code,
                ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_SHMMAP | ffi::SQLITE_IOERR_SHMOPEN
            ) && free.is_some_and(|free| free < FULL_BYTES) =>
        {
            Verdict::DiskFull
        }
        _ => Verdict::Fatal,
    }
}

/// The error of a read or an opening, naming the file.
pub(super) fn log_error(file: &Path, error: rusqlite::Error) -> LogError {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    let damaged = match &error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            // "no such table": the schema of a damaged file may read as an empty one
            let missing = message.as_deref().is_some_and(|text| text.starts_with("no such "));
            missing || matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        }
        InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) => true,
        Utf8Error(..) | rusqlite::Error::QueryReturnedNoRows => true,
        _ => false,
    };
    let detail = error.to_string();
    if damaged {
        LogError::Corrupt { file: file.to_owned(), detail }
    } else {
        LogError::Io { file: file.to_owned(), detail }
    }
}

/// An error of the operating system, naming the file.
pub(super) fn io_error(file: &Path, error: &std::io::Error) -> LogError {
    LogError::Io { file: file.to_owned(), detail: error.to_string() }
}
