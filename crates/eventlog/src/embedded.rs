//! The embedded driver: one SQLite file, one process, one partition (0) for each topic.
//!
//! All writes go through one thread that commits whatever waits in one transaction with one fsync
//! (`writer`). Checkpoints run on a thread and a connection of their own (`checkpoint`). Reads use
//! separate connections in short read transactions (`reader`).
//!
//! Offsets of a topic are dense: each record has the offset after its predecessor's, and retention only
//! removes from the beginning. So a missing record is always noticed, and every record carries a checksum.

mod backup;
mod checkpoint;
mod disk;
mod failure;
mod frame;
mod inbox;
mod lock;
mod meters;
mod options;
mod queue;
mod reader;
mod retention;
mod schema;
mod shared;
mod subscription;
mod verify;
mod wal;
mod writer;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use tokio::sync::{oneshot, watch};

pub use self::backup::back_up;
use self::failure::io_error;
use self::lock::{LeftBehind, Lock};
pub use self::options::{Options, Synchronous};
use self::queue::{Command, Pending};
use self::shared::Shared;
use crate::{
    AppendError, Appended, EventLog, Health, Lag, LogError, Positions, Pruned, RECORD_LIMIT, Received,
    Record, Subscription, Topic,
};

/// The only partition of an embedded topic.
pub(crate) const PARTITION: u32 = 0;

/// What the log knows of one topic. Offsets: `first..next` are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Head {
    first: i64,
    next: i64,
    /// Bytes of all stored records.
    bytes: i64,
    /// The latest hint of a subscription.
    committed: Option<i64>,
    closed: bool,
}

/// The embedded log. Dropping it closes it and waits for the writer.
pub struct EmbeddedLog {
    shared: Arc<Shared>,
    commands: Sender<Command>,
    finished: watch::Receiver<bool>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Opens the log at `path`, making it where there is none; the folder must exist. Beside the file SQLite
/// keeps `-wal` and `-shm`, and the log `.lock`. Takes as long as reading `options.verify_bytes`.
///
/// # Errors
/// [`LogError::Locked`] while another process has it open; [`LogError::Corrupt`] naming the file where
/// acknowledged records are missing or altered; [`LogError::Foreign`] and [`LogError::Unsafe`] as documented.
pub fn open(path: &Path, options: Options) -> Result<EmbeddedLog, LogError> {
    let folder = disk::folder(path);
    let (mut lock, left) = Lock::take(path)?;
    before_sqlite(path, left)?;
    let connection = schema::open_writer(path, &options)?;
    let heads = verify::contents(&connection, path, options.verify_bytes)?;
    disk::sync_folder(&folder).map_err(|error| io_error(&folder, &error))?;
    lock.mark_open()?;

    let shared = Arc::new(Shared::new(path, options, heads));
    let checkpoints = checkpoint::start(Arc::clone(&shared))?;
    let (commands, receiver) = std::sync::mpsc::channel();
    let (finished_sender, finished) = watch::channel(false);
    let writer = writer::Writer::new(Arc::clone(&shared), connection, receiver, checkpoints, lock);
    let thread = std::thread::Builder::new()
        .name("eventlog-writer".to_owned())
        .spawn(move || {
            writer.run();
            finished_sender.send_replace(true);
        })
        .map_err(|error| io_error(path, &error))?;
    Ok(EmbeddedLog { shared, commands, finished, writer: Mutex::new(Some(thread)) })
}

/// What must be looked at before SQLite repairs, and so hides, what is missing.
fn before_sqlite(path: &Path, left: LeftBehind) -> Result<(), LogError> {
    let wal = disk::beside(path, "-wal");
    let missing = |file: &Path| LogError::Corrupt {
        file: file.to_owned(),
        detail: format!(
            "it is missing although there was a log. Restore it; only to go on without its records, remove {}",
            disk::beside(path, ".lock").display()
        ),
    };
    if left != LeftBehind::Nothing && disk::file_bytes(path) == 0 {
        return Err(missing(path));
    }
    if matches!(left, LeftBehind::Unclean { .. }) && !wal.exists() {
        return Err(missing(&wal));
    }
    wal::verify(path, left)
}

impl EmbeddedLog {
    /// Writes a consistent copy of the whole log to `target`, which must not exist, while the log is in use. It
    /// holds every record that was acknowledged before the call. Open it only in a folder that has no `-wal`
    /// file of another log beside it.
    ///
    /// # Errors
    /// [`LogError::Interrupted`] where the copy took so long under load that the write-ahead log outgrew
    /// [`Options::wal_limit_bytes`]; [`LogError::Io`] where `target` exists or cannot be written.
    pub fn backup_to<'a>(&'a self, target: &'a Path) -> BoxFuture<'a, Result<(), LogError>> {
        backup::run(Arc::clone(&self.shared), target.to_owned()).boxed()
    }

    fn enqueue(
        &self,
        topic: Topic,
        record: Record,
    ) -> Result<oneshot::Receiver<Result<Appended, AppendError>>, AppendError> {
        let size = record.size();
        if size > RECORD_LIMIT {
            return Err(AppendError::TooLarge { size, limit: RECORD_LIMIT });
        }
        if self.shared.is_closed() {
            return Err(AppendError::Closed);
        }
        if let Some(why) = self.shared.fatal() {
            return Err(AppendError::Unavailable(why));
        }
        fail::fail_point!("eventlog::before_append", |_| Err(AppendError::Unavailable(
            "failpoint before_append".to_owned()
        )));
        let permit = self.shared.budget.take(size).ok_or(AppendError::Full)?;
        let headers = frame::encode(&record.headers);
        let checksum = frame::checksum(&record.id, record.time, &headers, &record.value);
        let (reply, answer) = oneshot::channel();
        let pending = Pending {
            topic,
            id: record.id,
            time: record.time,
            headers,
            value: record.value,
            checksum,
            permit: Some(permit),
            bytes: size,
            since: Instant::now(),
            reply: Some(reply),
            started: false,
        };
        self.commands.send(Command::Append(pending)).map_err(|_| AppendError::Closed)?;
        Ok(answer)
    }

    fn begin_close(&self) {
        if !self.shared.closed.swap(true, Ordering::AcqRel) {
            // Where the writer is gone already there is nothing to close.
            let _ = self.commands.send(Command::Close);
        }
    }
}

impl EventLog for EmbeddedLog {
    fn append(&self, topic: Topic, record: Record) -> BoxFuture<'static, Result<Appended, AppendError>> {
        match self.enqueue(topic, record) {
            Ok(answer) => async move {
                answer.await.unwrap_or_else(|_| Err(AppendError::Unknown("the writer stopped".to_owned())))
            }
            .boxed(),
            Err(error) => {
                meters::refused(&error);
                ready(Err(error)).boxed()
            }
        }
    }

    fn subscribe(
        &self,
        topic: Topic,
        positions: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>> {
        subscription::start(Arc::clone(&self.shared), topic, positions).boxed()
    }

    fn find<'a>(
        &'a self,
        topic: Topic,
        id: &'a str,
        _near_ms: i64,
    ) -> BoxFuture<'a, Result<Option<Received>, LogError>> {
        let id = id.to_owned();
        let shared = Arc::clone(&self.shared);
        reader::run(Arc::clone(&self.shared), move |connection| reader::find(connection, &shared, topic, &id))
            .boxed()
    }

    fn peek<'a>(
        &'a self,
        topic: Topic,
        positions: &'a [(u32, i64)],
        limits: (usize, usize),
    ) -> BoxFuture<'a, Result<Vec<Received>, LogError>> {
        let position =
            positions.iter().find(|(partition, _)| *partition == PARTITION).map_or(0, |(_, next)| *next);
        let shared = Arc::clone(&self.shared);
        reader::run(Arc::clone(&self.shared), move |connection| {
            reader::batch(connection, &shared, topic, position, limits)
        })
        .boxed()
    }

    fn lag<'a>(&'a self, topic: Topic, positions: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>> {
        let position =
            positions.iter().find(|(partition, _)| *partition == PARTITION).map_or(0, |(_, next)| *next);
        let shared = Arc::clone(&self.shared);
        reader::run(Arc::clone(&self.shared), move |connection| {
            reader::lag(connection, &shared, topic, position)
        })
        .boxed()
    }

    fn retain(
        &self,
        topic: Topic,
        older_than_ms: i64,
        max_bytes: u64,
    ) -> BoxFuture<'_, Result<Pruned, LogError>> {
        retention::run(self.commands.clone(), topic, older_than_ms, max_bytes).boxed()
    }

    fn health(&self) -> Health {
        self.shared.health()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.begin_close();
        let mut finished = self.finished.clone();
        async move {
            // An error means that the sender is gone, and with it the thread.
            let _ = finished.wait_for(|finished| *finished).await;
        }
        .boxed()
    }
}

impl Drop for EmbeddedLog {
    fn drop(&mut self) {
        self.begin_close();
        if let Some(thread) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A panic of the writer was told to all waiters already.
            let _ = thread.join();
        }
    }
}
