//! The attempt marker: written before records are run, removed when nothing is being run any more. One
//! that is found at start says that the last process stopped uncleanly somewhere in its range.

use crate::position::Partition;
use crate::query::{execute, fetch_optional, insert_rows};
use crate::{Result, Tx};

/// Which records of a partition may be running now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Marker {
    /// The first offset that may be running.
    pub first_offset: i64,
    /// The last one. The same as the first while a record runs alone.
    pub last_offset: i64,
    /// How often a process stopped uncleanly while exactly this record ran alone.
    pub crashes: i64,
    /// When the attempt began, milliseconds since the epoch.
    pub started_at: i64,
}

/// The marker of a partition, if there is one.
pub async fn load(tx: &mut Tx, partition: Partition<'_>) -> Result<Option<Marker>> {
    fetch_optional!(
        tx,
        Marker,
        "SELECT first_offset, last_offset, crashes, started_at FROM attempt_marker \
         WHERE topic = $1 AND log_partition = $2",
        partition.topic,
        i64::from(partition.number),
    )
}

/// Writes the markers of partitions over those that are there: each once, sorted, or two runners block each other.
pub async fn put_all(tx: &mut Tx, markers: &[(Partition<'_>, Marker)]) -> Result<()> {
    insert_rows!(
        tx,
        (),
        "INSERT INTO attempt_marker (topic, log_partition, first_offset, last_offset, crashes, started_at) ",
        markers,
        |b, r| {
            b.push_bind(r.0.topic);
            b.push_bind(i64::from(r.0.number));
            b.push_bind(r.1.first_offset);
            b.push_bind(r.1.last_offset);
            b.push_bind(r.1.crashes);
            b.push_bind(r.1.started_at);
        },
        " ON CONFLICT (topic, log_partition) DO UPDATE SET first_offset = excluded.first_offset, \
         last_offset = excluded.last_offset, crashes = excluded.crashes, started_at = excluded.started_at"
    )?;
    Ok(())
}

/// Removes the marker of a partition: nothing runs.
pub async fn clear(tx: &mut Tx, partition: Partition<'_>) -> Result<()> {
    execute!(
        tx,
        "DELETE FROM attempt_marker WHERE topic = $1 AND log_partition = $2",
        partition.topic,
        i64::from(partition.number),
    )?;
    Ok(())
}
