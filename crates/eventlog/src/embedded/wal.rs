//! Verification of the write-ahead log before SQLite opens it.

use std::path::Path;

use crate::LogError;

/// Checks it.
pub(super) fn verify(_path: &Path) -> Result<(), LogError> {
    Ok(())
}
