//! Hourly counters of a data source: what came in and what became of it.

use crate::query::insert_rows;
use crate::{Result, Tx};

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counter {
    /// Events that the runner took up.
    Accepted,
    /// Instances that were started.
    Started,
    /// Failed triggers of the stages *match* and *start*.
    Failed,
    /// Failed triggers of the stage *gateway*.
    Refused,
    /// Events that repeat an earlier one.
    Duplicate,
    /// Requests without the right key; nothing else is known of them.
    WrongKey,
    /// Requests with the right key that came while the trigger was deactivated.
    Deactivated,
}

impl Counter {
    /// As it stands in the row.
    pub fn as_str(self) -> &'static str {
        match self {
            Counter::Accepted => "accepted",
            Counter::Started => "started",
            Counter::Failed => "failed",
            Counter::Refused => "refused",
            Counter::Duplicate => "duplicate",
            Counter::WrongKey => "wrong-key",
            Counter::Deactivated => "deactivated",
        }
    }
}

/// Something to add to a counter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addition {
    /// The project.
    pub project_id: String,
    /// The data source.
    pub data_source_id: String,
    /// The beginning of the hour, milliseconds since the epoch; see [`hour_of`].
    pub hour: i64,
    /// Which counter.
    pub counter: Counter,
    /// How many.
    pub value: i64,
}

/// The beginning of the hour of a time; of a time in the very first hour of all, the first that there is.
pub fn hour_of(time: i64) -> i64 {
    time.saturating_sub(time.rem_euclid(HOUR))
}

/// Adds to counters. Rows must be sorted and name each counter once (PostgreSQL refuses to touch a row twice
/// in one statement, and two runners would block each other).
pub async fn add(tx: &mut Tx, rows: &[Addition]) -> Result<()> {
    insert_rows!(
        tx,
        (),
        "INSERT INTO hourly_count (project_id, data_source_id, hour, counter, value) ",
        rows,
        |b, r| {
            b.push_bind(r.project_id.as_str());
            b.push_bind(r.data_source_id.as_str());
            b.push_bind(r.hour);
            b.push_bind(r.counter.as_str());
            b.push_bind(r.value);
        },
        " ON CONFLICT (project_id, data_source_id, hour, counter) \
         DO UPDATE SET value = hourly_count.value + excluded.value"
    )?;
    Ok(())
}
