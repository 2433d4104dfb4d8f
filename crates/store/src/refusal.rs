//! Whether the database refuses the data, and would do so for ever, or cannot work now.

use crate::StoreError;

/// True if the same rows will never be stored: a broken constraint, a value that the database cannot hold.
/// Such an error is the rows' own fault; every other one is the infrastructure's and passes.
pub fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Conflict(_) => true,
        StoreError::Database(sqlx::Error::Database(cause)) => {
            let code = cause.code();
            let code = code.as_deref().unwrap_or_default();
            if cause.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                // the low byte of an extended code: SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH
                code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 18..=20))
            } else {
                // SQLSTATE classes: data exception, integrity constraint; program limit exceeded
                code.starts_with("22") || code.starts_with("23") || code.starts_with("54")
            }
        }
        StoreError::Database(sqlx::Error::Encode(_)) => true,
        _ => false,
    }
}
