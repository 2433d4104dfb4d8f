//! Keeping the write-ahead log small without holding up appends.
//!
//! A thread of its own copies the write-ahead log into the main file while the writer goes on (PASSIVE). Under
//! steady load it never gets to the very end, so once it is over its target and nearly all is copied,
//! the writer copies the small rest and starts it over (RESTART). When the writer is idle it empties it
//! (TRUNCATE), so that a crash of an idle log leaves nothing to recover.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::disk;
use super::failure::{Verdict, io_error, log_error, verdict};
use super::schema;
use super::shared::Shared;
use crate::LogError;

/// A checkpoint is asked for after about this many bytes of writes. Small pieces: the disk that has to take a large
/// one makes the syncs of the appends wait, and the rest that the writer copies before it starts over is one.
const EVERY_BYTES: u64 = 1024 * 1024;
/// What a transaction writes besides its records: the last pages of table, index and heads.
const OVERHEAD_BYTES: u64 = 32 * 1024;
/// How long the writer waits for short reads when it starts the write-ahead log over.
const PATIENCE: Duration = Duration::from_millis(100);
/// Idle attempts that fail because of a long read are repeated this seldom.
const RETRY_IDLE: Duration = Duration::from_secs(10);

/// The writer's side of it.
pub(super) struct Checkpoints {
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Bytes written since the last request.
    pending_bytes: u64,
    /// Whether anything was written since the write-ahead log was emptied.
    dirty: bool,
    idle_again: Option<Instant>,
    warned: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Mode {
    Passive,
    Restart,
    Truncate,
}

/// What a checkpoint found.
struct Outcome {
    busy: bool,
    /// Frames in the write-ahead log, and how many of them are in the main file now.
    frames: i64,
    copied: i64,
}

/// Starts the checkpointing thread.
pub(super) fn start(shared: Arc<Shared>) -> Result<Checkpoints, LogError> {
    let connection =
        schema::open_other(&shared.path, true).map_err(|error| log_error(&shared.path, error))?;
    let path = shared.path.clone();
    let (ask, asked) = sync_channel(1);
    let thread = std::thread::Builder::new()
        .name("eventlog-checkpoint".to_owned())
        .spawn(move || passive_loop(&shared, &connection, &asked))
        .map_err(|error| io_error(&path, &error))?;
    Ok(Checkpoints {
        ask: Some(ask),
        thread: Some(thread),
        pending_bytes: 0,
        dirty: true,
        idle_again: None,
        warned: None,
    })
}

impl Checkpoints {
    /// Notes a committed transaction with this many bytes of records.
    pub(super) fn wrote(&mut self, bytes: u64) {
        self.pending_bytes += bytes + OVERHEAD_BYTES;
        self.dirty = true;
    }

    /// After each transaction: asks for a checkpoint, or starts the write-ahead log over.
    pub(super) fn after_write(&mut self, shared: &Shared, connection: &Connection) {
        let wal_bytes = shared.measure_wal();
        let due = self.pending_bytes >= EVERY_BYTES;
        if due {
            self.pending_bytes = 0;
            if let Some(ask) = &self.ask {
                // Full means that one is asked for already.
                let _ = ask.try_send(());
            }
        }
        let over = due && wal_bytes >= shared.options.wal_limit_bytes;
        if over {
            let ended = shared.readers.end_long_reads();
            self.warn(wal_bytes, ended);
        }
        if shared.restart_wanted.swap(false, Ordering::AcqRel) || over {
            let _one = one_at_a_time(shared);
            checkpoint(shared, connection, Mode::Restart);
        }
    }

    /// Whether emptying the write-ahead log is worth a try when nothing else is to do.
    pub(super) fn wants_idle(&self) -> bool {
        self.dirty
    }

    /// Empties the write-ahead log of an idle log.
    pub(super) fn idle(&mut self, shared: &Shared, connection: &Connection) {
        if self.idle_again.is_some_and(|at| Instant::now() < at) {
            return;
        }
        self.idle_again = (!self.truncate(shared, connection)).then(|| Instant::now() + RETRY_IDLE);
    }

    /// Copies everything into the main file and empties the write-ahead log. Whether that was possible.
    pub(super) fn truncate(&mut self, shared: &Shared, connection: &Connection) -> bool {
        if shared.fatal().is_some() {
            self.dirty = false;
            return false;
        }
        let _one = one_at_a_time(shared);
        let done = checkpoint(shared, connection, Mode::Truncate).is_some_and(|outcome| !outcome.busy);
        let empty = shared.measure_wal() == 0;
        self.dirty = !(done && empty);
        self.pending_bytes = 0;
        done && empty
    }

    /// Ends the checkpointing thread.
    pub(super) fn stop(&mut self) {
        self.ask = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the event log's checkpoint thread panicked");
        }
    }

    fn warn(&mut self, wal_bytes: u64, ended: usize) {
        if self.warned.is_none_or(|at| at.elapsed() > RETRY_IDLE) {
            self.warned = Some(Instant::now());
            tracing::warn!(
                wal_bytes,
                ended,
                "the event log's write-ahead log is over its limit: long reads were ended"
            );
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.stop();
    }
}

fn passive_loop(shared: &Shared, connection: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        if shared.fatal().is_some() {
            continue;
        }
        // A second and third pass copy what the writer added during the one before.
        for _ in 0..3 {
            let outcome = {
                let _one = one_at_a_time(shared);
                checkpoint(shared, connection, Mode::Passive)
            };
            let Some(outcome) = outcome else { break };
            let bytes = |frames: i64| u64::try_from(frames.saturating_mul(schema::PAGE_SIZE)).unwrap_or(0);
            if bytes(outcome.frames) < shared.options.wal_target_bytes {
                break;
            }
            if bytes(outcome.frames - outcome.copied) < EVERY_BYTES {
                shared.restart_wanted.store(true, Ordering::Release);
                break;
            }
        }
    }
}

/// Runs one checkpoint. `None` where it failed: passing failures are left to the next one, a failed fsync is
/// the end of all writing.
fn checkpoint(shared: &Shared, connection: &Connection, mode: Mode) -> Option<Outcome> {
    let sql = match mode {
        Mode::Passive => "PRAGMA wal_checkpoint(PASSIVE)",
        Mode::Restart => "PRAGMA wal_checkpoint(RESTART)",
        Mode::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    let begun = Instant::now();
    let run = || {
        connection.busy_timeout(PATIENCE)?;
        let outcome = connection.query_row(sql, [], |row| {
            Ok(Outcome { busy: row.get::<_, i64>(0)? != 0, frames: row.get(1)?, copied: row.get(2)? })
        });
        connection.busy_timeout(Duration::from_secs(1))?;
        outcome
    };
    match run() {
        Ok(outcome) => {
            shared.meters.checkpoint_seconds.record(begun.elapsed());
            Some(outcome)
        }
        Err(error) => {
            if verdict(&error, disk::free_bytes(&shared.folder)) == Verdict::Fatal {
                shared.set_fatal(&format!("checkpoint: {error}"));
            } else {
                tracing::warn!(%error, "a checkpoint of the event log has to wait");
            }
            None
        }
    }
}

fn one_at_a_time(shared: &Shared) -> MutexGuard<'_, ()> {
    shared.checkpointing.lock().unwrap_or_else(PoisonError::into_inner)
}
