//! The writer thread: takes what waits, commits it in one transaction with one fsync, answers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use super::checkpoint::Checkpoints;
use super::failure::{Verdict, verdict};
use super::inbox::Inbox;
use super::lock::Lock;
use super::queue::{Command, Pending};
use super::shared::Shared;
use super::{Head, PARTITION, disk, meters, retention, schema};
use crate::{AppendError, Appended, Topic};

/// How old a look at the free space may be.
const DISK_CHECK: Duration = Duration::from_millis(100);
/// After this long without work the write-ahead log is emptied.
const IDLE: Duration = Duration::from_secs(1);

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) connection: Connection,
    inbox: Inbox,
    pub(super) heads: [Head; Topic::ALL.len()],
    pub(super) checkpoints: Checkpoints,
    lock: Lock,
    disk_checked: Option<Instant>,
    disk_refusal: Option<String>,
}

/// A write that did not come through.
pub(super) struct Failure {
    pub(super) error: rusqlite::Error,
    /// Whether the commit was begun, so that the outcome of an I/O error is not known.
    pub(super) committing: bool,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self { error, committing: false }
    }
}

impl Writer {
    pub(super) fn new(
        shared: Arc<Shared>,
        connection: Connection,
        commands: Receiver<Command>,
        checkpoints: Checkpoints,
        lock: Lock,
    ) -> Self {
        let heads = Topic::ALL.map(|topic| *shared.head(topic).borrow());
        Self {
            inbox: Inbox::new(commands, &shared.options),
            shared,
            connection,
            heads,
            checkpoints,
            lock,
            disk_checked: None,
            disk_refusal: None,
        }
    }

    /// Works until the log is closed.
    pub(super) fn run(mut self) {
        let _told = TellOnPanic(Arc::clone(&self.shared));
        loop {
            match self.next_command() {
                Some(Command::Append(first)) => {
                    let batch = self.inbox.batch(first);
                    self.append(batch);
                }
                Some(Command::Prune(step)) => {
                    let done = retention::step(&mut self, &step);
                    let _ = step.reply.send(done);
                }
                Some(Command::Close) | None => break,
            }
            self.checkpoints.after_write(&self.shared, &self.connection);
        }
        self.close();
    }

    fn next_command(&mut self) -> Option<Command> {
        while self.checkpoints.wants_idle() {
            match self.inbox.next_within(IDLE) {
                Ok(command) => return Some(command),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.checkpoints.idle(&self.shared, &self.connection),
            }
        }
        self.inbox.next()
    }

    fn append(&mut self, mut batch: Vec<Pending>) {
        if let Some(why) = self.shared.fatal() {
            return refuse(batch, &AppendError::Unavailable(why));
        }
        if let Some(why) = self.disk_refusal() {
            return refuse(batch, &AppendError::DiskFull(why));
        }
        for pending in &mut batch {
            pending.started = true;
        }
        fail::fail_point!("eventlog::control_ack_before_append", |_| {
            // The control of the crash tests: the mistake that they must find.
            let copies = batch.iter_mut().map(|pending| pending.reply.take()).collect::<Vec<_>>();
            for reply in copies.into_iter().flatten() {
                let _ = reply.send(Ok(Appended { partition: PARTITION, offset: 0 }));
            }
            let _ = self.write(&batch);
        });
        let begun = Instant::now();
        match self.write(&batch) {
            Ok(offsets) => {
                self.shared.meters.commit_seconds.record(begun.elapsed());
                self.shared.meters.batch_records.record(batch.len() as f64);
                self.shared.set_disk_full(false);
                self.acknowledge(batch, offsets);
            }
            Err(failure) => {
                let error = self.append_error(&failure);
                refuse(batch, &error);
            }
        }
    }

    /// One transaction. Returns the offset of each record.
    fn write(&mut self, batch: &[Pending]) -> Result<Vec<i64>, Failure> {
        let mut heads = self.heads;
        let mut offsets = Vec::with_capacity(batch.len());
        let transaction = Begun::begin(&self.connection)?;
        for topic in Topic::ALL {
            heads[topic as usize].committed = self.shared.hint(topic);
        }
        {
            let [events, failures] = Topic::ALL.map(|topic| {
                let table = schema::table(topic);
                self.connection
                    .prepare_cached(&format!("INSERT INTO {table} VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))
            });
            let mut inserts = [events?, failures?];
            for pending in batch {
                let head = &mut heads[pending.topic as usize];
                inserts[pending.topic as usize].execute(params![
                    head.next,
                    pending.id,
                    pending.time,
                    pending.checksum,
                    pending.headers,
                    &pending.value[..]
                ])?;
                offsets.push(head.next);
                head.next += 1;
                head.bytes += stored_bytes(pending);
            }
        }
        for topic in Topic::ALL {
            if heads[topic as usize] != self.heads[topic as usize] {
                schema::set_head(&self.connection, topic, &heads[topic as usize])?;
            }
        }
        fail::fail_point!("eventlog::before_commit");
        transaction.commit()?;
        fail::fail_point!("eventlog::after_commit");
        self.heads = heads;
        self.checkpoints.wrote(batch.iter().map(|pending| pending.bytes as u64).sum());
        Ok(offsets)
    }

    fn acknowledge(&self, batch: Vec<Pending>, offsets: Vec<i64>) {
        let now = Instant::now();
        for (pending, offset) in batch.into_iter().zip(offsets) {
            self.shared.meters.append_seconds.record(now.saturating_duration_since(pending.since));
            pending.answer(Ok(Appended { partition: PARTITION, offset }));
        }
        self.publish();
    }

    /// Shows the committed heads to readers and wakes them.
    pub(super) fn publish(&self) {
        for topic in Topic::ALL {
            let head = self.heads[topic as usize];
            self.shared.head(topic).send_if_modified(|seen| {
                let changed = *seen != head;
                *seen = head;
                changed
            });
        }
    }

    /// What a failed transaction means, for its records and for the log.
    pub(super) fn append_error(&self, failure: &Failure) -> AppendError {
        let why = failure.error.to_string();
        match verdict(&failure.error, disk::free_bytes(&self.shared.folder)) {
            Verdict::DiskFull => {
                self.shared.set_disk_full(true);
                AppendError::DiskFull(why)
            }
            Verdict::Passing => AppendError::Unavailable(why),
            Verdict::Fatal => {
                self.shared.set_fatal(&why);
                if failure.committing { AppendError::Unknown(why) } else { AppendError::Unavailable(why) }
            }
        }
    }

    /// Looks at the free space, at most every [`DISK_CHECK`].
    fn disk_refusal(&mut self) -> Option<String> {
        if self.disk_checked.is_none_or(|at| at.elapsed() > DISK_CHECK) {
            self.disk_refusal = self.shared.below_reserve(disk::free_bytes(&self.shared.folder));
            self.disk_checked = Some(Instant::now());
        }
        self.disk_refusal.clone()
    }

    /// Empties the write-ahead log into the main file, says so in the lock file, lets go of everything.
    fn close(mut self) {
        self.shared.end_reading();
        self.checkpoints.stop();
        self.save_hints();
        if self.shared.fatal().is_none()
            && self.checkpoints.truncate(&self.shared, &self.connection)
            && let Err(error) = self.lock.mark_clean()
        {
            tracing::warn!(%error, "the event log was closed but could not be marked as closed");
        }
        // Whoever slipped in after the close is answered by being dropped: nothing of it was begun.
        self.inbox.drop_rest();
    }

    /// Keeps the hints over a restart, so that retention does not forget what was not applied. Only hints:
    /// a failure changes nothing.
    fn save_hints(&mut self) {
        if self.shared.fatal().is_some() {
            return;
        }
        for topic in Topic::ALL {
            let mut head = self.heads[topic as usize];
            head.committed = self.shared.hint(topic);
            if let Err(error) = schema::set_head(&self.connection, topic, &head) {
                tracing::warn!(%error, "the event log's committed offset was not kept");
            }
        }
    }
}

/// A transaction that is rolled back unless it was committed.
pub(super) struct Begun<'a>(&'a Connection);

impl<'a> Begun<'a> {
    pub(super) fn begin(connection: &'a Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(connection))
    }

    pub(super) fn commit(self) -> Result<(), Failure> {
        let committed = self.0.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        committed.map(drop).map_err(|error| Failure { error, committing: true })
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        // SQLite has rolled back by itself after some errors.
        if !self.0.is_autocommit()
            && let Err(error) = self.0.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "the event log could not roll back");
        }
    }
}

/// Tells all callers and receivers where the writer ends by a panic.
struct TellOnPanic(Arc<Shared>);

impl Drop for TellOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.set_fatal("the writer thread panicked");
            self.0.end_reading();
        }
    }
}

fn stored_bytes(pending: &Pending) -> i64 {
    (pending.id.len() + pending.headers.len() + pending.value.len()) as i64
}

fn refuse(batch: Vec<Pending>, error: &AppendError) {
    for pending in batch {
        meters::refused(error);
        pending.answer(Err(error.clone()));
    }
}
