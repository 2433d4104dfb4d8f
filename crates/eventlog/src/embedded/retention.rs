//! Removing old records, in steps that appends can pass between.
//!
//! Two records never go: the newest, and the one before the committed offset. So the log can always prove
//! to a stored position that it is still the same log. What is not committed stays whatever its age: it
//! was acknowledged and has not started anything yet. Where that fills the disk, the reserve refuses appends.

use std::sync::mpsc::Sender;

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use super::queue::{Command, Prune, PruneStep};
use super::writer::{Begun, Failure, Writer};
use super::{Head, meters, schema};
use crate::{LogError, Pruned, Topic};

/// Most of one step; a step holds up appends for a few milliseconds.
const STEP_RECORDS: i64 = 512;
const STEP_BYTES: i64 = 4 * 1024 * 1024;

/// Asks the writer for step after step until nothing is left to remove.
pub(super) async fn run(
    commands: Sender<Command>,
    topic: Topic,
    older_than: i64,
    max_bytes: u64,
) -> Result<Pruned, LogError> {
    let mut sum = Pruned::default();
    loop {
        let (reply, answer) = oneshot::channel();
        let step = Prune { topic, older_than, max_bytes, reply };
        commands.send(Command::Prune(step)).map_err(|_| LogError::Closed)?;
        let done = answer.await.map_err(|_| LogError::Closed)??;
        sum.records += done.pruned.records;
        sum.bytes += done.pruned.bytes;
        sum.held_back = done.pruned.held_back;
        if !done.more {
            return Ok(sum);
        }
    }
}

/// One step, on the writer thread.
pub(super) fn step(writer: &mut Writer, prune: &Prune) -> Result<PruneStep, LogError> {
    if let Some(why) = writer.shared.fatal() {
        return Err(LogError::Failed(why));
    }
    let mut head = writer.heads[prune.topic as usize];
    head.committed = writer.shared.hint(prune.topic);
    match remove(&writer.connection, prune, &mut head) {
        Ok(step) => {
            writer.heads[prune.topic as usize] = head;
            writer.publish();
            writer.checkpoints.wrote(step.pruned.bytes);
            meters::pruned_records(prune.topic).increment(step.pruned.records);
            Ok(step)
        }
        Err(failure) => Err(match writer.append_error(&failure) {
            error if writer.shared.fatal().is_some() => LogError::Failed(error.to_string()),
            error => LogError::Io { file: writer.shared.path.clone(), detail: error.to_string() },
        }),
    }
}

fn remove(connection: &Connection, prune: &Prune, head: &mut Head) -> Result<PruneStep, Failure> {
    let transaction = Begun::begin(connection)?;
    let table = schema::table(prune.topic);
    let committed = head.committed.unwrap_or(i64::MAX);
    let mut step = PruneStep::default();
    let mut bytes = 0;
    let from = head.first;
    {
        let mut query = connection.prepare_cached(&format!(
            "SELECT offset, time, octet_length(id) + octet_length(headers) + octet_length(value)
             FROM {table} WHERE offset >= ?1 ORDER BY offset LIMIT ?2"
        ))?;
        let mut rows = query.query(params![from, STEP_RECORDS])?;
        while let Some(row) = rows.next()? {
            let (offset, time, size): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let too_many = u64::try_from(head.bytes - bytes).unwrap_or(0) > prune.max_bytes;
            if !(time < prune.older_than || too_many) || offset + 1 >= head.next {
                break;
            }
            if offset + 1 >= committed {
                step.pruned.held_back = true;
                break;
            }
            bytes += size;
            head.first = offset + 1;
            if head.first - from == STEP_RECORDS || bytes >= STEP_BYTES {
                step.more = true;
                break;
            }
        }
    }
    if head.first == from {
        return Ok(step);
    }
    head.bytes -= bytes;
    connection.prepare_cached(&format!("DELETE FROM {table} WHERE offset < ?1"))?.execute([head.first])?;
    schema::set_head(connection, prune.topic, head)?;
    transaction.commit()?;
    step.pruned.records = u64::try_from(head.first - from).unwrap_or(0);
    step.pruned.bytes = u64::try_from(bytes).unwrap_or(0);
    Ok(step)
}
