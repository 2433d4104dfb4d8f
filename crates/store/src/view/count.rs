//! Hourly counts of a data source's requests.

use crate::query::fetch_all;
use crate::{Result, Scope, Tx};

/// How often something happened in one hour.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// The beginning of the hour, milliseconds since the epoch.
    pub hour: i64,
    /// As [`crate::count::Counter::as_str`].
    pub counter: String,
    /// How often.
    pub value: i64,
}

/// The counts of a data source in a span of hours, the last one not included, in the order of the hours.
pub async fn of_data_source(
    tx: &mut Tx,
    scope: &Scope,
    data_source: &str,
    (from, to): (i64, i64),
) -> Result<Vec<Count>> {
    let sql = "SELECT hour, counter, value FROM hourly_count \
               WHERE project_id = $1 AND data_source_id = $2 AND hour >= $3 AND hour < $4 ORDER BY hour, counter";
    fetch_all!(tx, Count, sql, scope.project_text(), data_source, from, to)
}

/// The counts of all data sources of a project together.
pub async fn of_project(tx: &mut Tx, scope: &Scope, (from, to): (i64, i64)) -> Result<Vec<Count>> {
    let sql = "SELECT hour, counter, CAST(sum(value) AS BIGINT) AS value FROM hourly_count \
               WHERE project_id = $1 AND hour >= $2 AND hour < $3 GROUP BY hour, counter ORDER BY hour, counter";
    fetch_all!(tx, Count, sql, scope.project_text(), from, to)
}
