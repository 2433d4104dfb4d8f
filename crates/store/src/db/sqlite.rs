//! SQLite: how it is opened, what must hold before it is used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Sqlite, SqlitePool, Transaction};

use crate::{Result, StoreError};

/// The first version without the WAL-reset bug, which could lose commits (sqlite.org, 3.51.3 release notes).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

/// A copy that lets the write-ahead log grow over so many bytes is given up.
const WAL_LIMIT: u64 = 256 << 20;
/// After so many steps of SQLite's machine it is looked at.
const LOOK: i32 = 100_000;

/// How to open the file.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections that read. Default 4.
    pub readers: u32,
    /// Whether a commit waits for the disk (`synchronous=FULL`). `false` is for the control of a fault test.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { readers: 4, durable: true }
    }
}

/// The open file.
#[derive(Clone, Debug)]
pub struct Lite {
    pub(crate) write: SqlitePool,
    pub(crate) read: SqlitePool,
    file: PathBuf,
}

impl Lite {
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn wal_bytes(&self) -> u64 {
        std::fs::metadata(beside(&self.file, "-wal")).map_or(0, |m| m.len())
    }
}

pub(crate) async fn open(file: &Path, options: Options) -> Result<Lite> {
    let connect = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if options.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .page_size(8192)
        .statement_cache_capacity(256)
        // pages fold back at 32 MiB of log; after that the log file is cut to 64 MiB
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "MEMORY");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_with(connect.clone())
        .await?;
    verify(&write, options).await?;
    let read = SqlitePoolOptions::new()
        .max_connections(options.readers.max(1))
        .acquire_timeout(Duration::from_secs(30))
        // readers only read: a write through them is a fault of ours and is refused; small caches keep memory low
        .connect_with(connect.pragma("query_only", "1").pragma("cache_size", "-8192"))
        .await?;
    sync_folder(file)?;
    Ok(Lite { write, read, file: file.to_owned() })
}

/// Reads back what durability hangs on, instead of trusting that it was set.
async fn verify(pool: &SqlitePool, options: Options) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST {
        return Err(StoreError::Unusable(format!(
            "SQLite {version} is older than 3.51.3, which can lose commits"
        )));
    }
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await?;
    if (options.durable && synchronous != 2) || !journal.eq_ignore_ascii_case("wal") {
        return Err(StoreError::Unusable(format!(
            "asked for synchronous=FULL and journal_mode=WAL, got {synchronous} and {journal}"
        )));
    }
    Ok(())
}

/// Begins a writing transaction. After a COMMIT that failed (disk full) SQLite has rolled back by itself, and the
/// driver still counts the connection as inside a transaction: it is replaced, else nothing could be written until
/// the next start.
pub(crate) async fn begin(write: &SqlitePool) -> Result<Transaction<'static, Sqlite>> {
    const HOW: &str = "BEGIN IMMEDIATE";
    match write.begin_with(HOW).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            drop(write.acquire().await?.detach());
            Ok(write.begin_with(HOW).await?)
        }
        begun => Ok(begun?),
    }
}

/// A new file is only there after a power cut if its folder was synced too.
fn sync_folder(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(|e| StoreError::Unusable(format!("the folder {} cannot be synced: {e}", folder.display())))
}

/// Copies the database in this file, which others may be writing, into a new file that appears when it is whole. It reads
/// through a connection of its own, so that writers go on; that keeps the write-ahead log from shrinking, and when it
/// grows over [`WAL_LIMIT`] the copy is given up.
pub async fn back_up(source: &Path, target: &Path) -> Result<()> {
    let unusable = |what: &str, file: &Path, e: std::io::Error| {
        StoreError::Unusable(format!("{} cannot be {what}: {e}", file.display()))
    };
    if target.exists() {
        return Err(StoreError::Unusable(format!("{} exists already", target.display())));
    }
    let partial = beside(target, ".partial");
    // left by a copy that was killed
    match std::fs::remove_file(&partial) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(unusable("removed", &partial, e)),
        _ => {}
    }
    let copied = vacuum(source, &partial).await;
    if copied.is_err() {
        // best effort: the error that matters is the first one
        let _ = std::fs::remove_file(&partial);
    }
    copied?;
    std::fs::File::open(&partial).and_then(|f| f.sync_all()).map_err(|e| unusable("synced", &partial, e))?;
    std::fs::rename(&partial, target).map_err(|e| unusable("renamed", &partial, e))?;
    sync_folder(target)
}

async fn vacuum(source: &Path, partial: &Path) -> Result<()> {
    let Some(name) = partial.to_str() else {
        return Err(StoreError::Unusable("the backup's path is not UTF-8".to_owned()));
    };
    let options = SqliteConnectOptions::new()
        .filename(source)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8192");
    let mut connection = options.connect().await?;
    let wal = beside(source, "-wal");
    let length = |wal: &Path| std::fs::metadata(wal).map_or(0, |m| m.len());
    let watched = wal.clone();
    connection.lock_handle().await?.set_progress_handler(LOOK, move || length(&watched) <= WAL_LIMIT);
    let done = sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(&mut connection).await;
    match done {
        // SQLITE_INTERRUPT
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("9") => {
            Err(StoreError::Unusable(format!(
                "the copy was given up, as the write-ahead log grew to {} bytes meanwhile: try at a quieter time",
                length(&wal)
            )))
        }
        done => Ok(done.map(drop)?),
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}
