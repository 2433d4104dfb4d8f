//! Hourly counts of a data source's requests.

use crate::query::fetch_all;
use crate::{Result, Scope, Tx};

/// How often something happened in one hour.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// The beginning of the hour, milliseconds since the epoch.
    pub hour: i64,
    /// `accepted`, `started`, `failed`, `refused` or `duplicate`.
    pub counter: String,
    /// How often.
    pub value: i64,
}

/// The counts of a data source from this hour on, in the order of the hours.
pub async fn since(tx: &mut Tx, scope: &Scope, data_source: &str, hour: i64) -> Result<Vec<Count>> {
    let sql = "SELECT hour, counter, value FROM hourly_count \
               WHERE project_id = $1 AND data_source_id = $2 AND hour >= $3 ORDER BY hour, counter";
    fetch_all!(tx, Count, sql, scope.project_text(), data_source, hour)
}
