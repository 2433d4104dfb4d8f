//! Events that wait in the folder's embedded log although the configuration names brokers now: nothing would read them.

use std::path::Path;

use eventlog::{EventLog, LogError, Options, Topic};
use store::Db;
use store::position::LogPosition;

use super::Error;

/// The only partition of an embedded topic.
const PARTITION: u32 = 0;

/// Refuses to go on while records wait in the embedded log at `file`, if there is one: they were answered 200, and
/// whoever changes `event_log.kind` expects them to start. Afterwards the store's positions tell of the brokers' log,
/// and what lies in the file counts as done with.
///
/// # Errors
/// [`Error::LeftEvents`] with their number; the log's and the store's own errors.
pub(super) async fn refuse(file: &Path, options: Options, db: &Db) -> Result<(), Error> {
    if !file.exists() {
        return Ok(());
    }
    let log = eventlog::open(file, options)?;
    let mut waiting = 0;
    for topic in Topic::ALL {
        let name = topic.name();
        let stored = db.read(move |tx| Box::pin(async move { store::position::all(tx, name).await })).await?;
        waiting += records(&log, topic, &stored).await?;
    }
    log.close().await;
    match waiting {
        0 => Ok(()),
        waiting => Err(Error::LeftEvents { file: file.to_owned(), waiting }),
    }
}

/// How many records of the topic the store has not applied, by its positions.
async fn records(log: &impl EventLog, topic: Topic, stored: &[(u32, LogPosition)]) -> Result<u64, LogError> {
    let position = stored.iter().find(|(number, _)| *number == PARTITION).map(|(_, position)| position);
    let next = match position {
        // nothing of any log was ever applied
        None if stored.is_empty() => return Ok(log.lag(topic, &[]).await?.records),
        None => return Ok(0),
        Some(position) => position.next_offset,
    };
    let last = position.and_then(|position| position.last_id.as_deref());
    let Some(last) = last else { return Ok(0) };
    // the position of another log, the brokers', names a record that is not in this one
    match log.find(topic, last, i64::MIN).await? {
        Some(found) if found.offset == next - 1 => Ok(log.lag(topic, &[(PARTITION, next)]).await?.records),
        _ => Ok(0),
    }
}
