//! What can go wrong between us and the database.

use thiserror::Error;

/// An error of the store. The text is for the log; callers decide what a person is told.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The row does not exist in this scope.
    #[error("no such row in this scope")]
    NotFound,
    /// A uniqueness rule forbids the row. Carries the constraint's or index's name where the database gives it.
    #[error("the row breaks the rule {0}")]
    Conflict(String),
    /// The caller's revision is not the stored one: somebody else was faster.
    #[error("the row changed meanwhile: its revision is {stored}")]
    Stale {
        /// The revision that is stored now.
        stored: i64,
    },
    /// What was read does not fit what the program expects of its own rows.
    #[error("a stored value is not readable: {0}")]
    Corrupt(String),
    /// The files cannot be used: wrong version, wrong settings, a second process.
    #[error("the database cannot be used: {0}")]
    Unusable(String),
    /// The database did not answer in time. What was asked may be done all the same.
    #[error("the database did not answer within {0:?}")]
    Silent(std::time::Duration),
    /// The database said no or did not answer.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the same call can succeed later without anybody changing it: then it is retried, never skipped.
    pub fn is_transient(&self) -> bool {
        match self {
            StoreError::Database(e) => !matches!(
                e,
                sqlx::Error::RowNotFound
                    | sqlx::Error::TypeNotFound { .. }
                    | sqlx::Error::ColumnNotFound(_)
                    | sqlx::Error::ColumnDecode { .. }
                    | sqlx::Error::Encode(_)
                    | sqlx::Error::Decode(_)
            ),
            StoreError::Silent(_) => true,
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        match &e {
            sqlx::Error::RowNotFound => StoreError::NotFound,
            sqlx::Error::Database(d) if d.is_unique_violation() => {
                // SQLite names the columns in the message, PostgreSQL the index.
                StoreError::Conflict(d.constraint().map_or_else(|| d.message().to_owned(), str::to_owned))
            }
            _ => StoreError::Database(e),
        }
    }
}
