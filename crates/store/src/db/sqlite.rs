//! SQLite: how it is opened, what must hold before it is used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::{Result, StoreError};

/// The first version without the WAL-reset bug, which could lose commits (sqlite.org, 3.51.3 release notes).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

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
    pub(crate) fn wal_bytes(&self) -> u64 {
        let mut wal = self.file.clone().into_os_string();
        wal.push("-wal");
        std::fs::metadata(wal).map_or(0, |m| m.len())
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

pub(crate) async fn backup(lite: &Lite, file: &Path) -> Result<()> {
    let Some(target) = file.to_str() else {
        return Err(StoreError::Unusable("the backup's path is not UTF-8".to_owned()));
    };
    sqlx::query("VACUUM INTO $1").bind(target.to_owned()).execute(&lite.write).await?;
    Ok(())
}
