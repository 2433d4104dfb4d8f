//! The two databases behind one type, and the transaction that everything runs in.

mod bell;
mod claim;
mod held;
pub(crate) mod postgres;
mod session;
pub(crate) mod sqlite;

use std::path::Path;

use crate::feed::{self, Noted};
use crate::{Result, StoreError, migrate};
use futures::future::BoxFuture;

pub use bell::{Bell, Word};
pub use claim::Claim;
pub use held::Held;
pub use session::Session;

/// A database. Cheap to clone: clones share the pools.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite in a file: one connection writes, others read.
    Lite(sqlite::Lite),
    /// PostgreSQL.
    Pg(postgres::Pg),
}

/// An open transaction. Dropping it rolls back.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Lite(Held),
    /// On PostgreSQL.
    Pg(Session),
}

impl Tx {
    /// Makes what was written durable, and tells the feeds of the projects what it was.
    pub async fn commit(mut self) -> Result<()> {
        let noted = std::mem::take(self.noted());
        feed::raise(&mut self, noted).await?;
        match self {
            Tx::Lite(tx) => tx.into_inner().commit().await.map_err(StoreError::from),
            Tx::Pg(tx) => tx.commit().await,
        }
    }

    /// What the feeds of projects are told when this is committed.
    pub(crate) fn noted(&mut self) -> &mut Noted {
        match self {
            Tx::Lite(tx) => tx.noted(),
            Tx::Pg(tx) => tx.noted(),
        }
    }

    /// Forgets what was written.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Tx::Lite(tx) => tx.into_inner().rollback().await.map_err(StoreError::from),
            Tx::Pg(tx) => tx.rollback().await,
        }
    }
}

impl Db {
    /// Opens (and makes, and migrates) the SQLite database in this file.
    pub async fn sqlite(file: &Path, options: sqlite::Options) -> Result<Db> {
        let lite = sqlite::open(file, options).await?;
        migrate::sqlite(&lite.write).await?;
        Ok(Db::Lite(lite))
    }

    /// Connects to (and migrates) a PostgreSQL database. Refused where the server would forget what it confirmed.
    pub async fn postgres(options: &postgres::PgOptions) -> Result<Db> {
        let pg = postgres::open(options).await?;
        let single = postgres::single(options).await?;
        let migrated = migrate::postgres(&single).await;
        single.close().await;
        migrated?;
        Ok(Db::Pg(pg))
    }

    /// Begins a writing transaction. Only for tasks that nobody cancels: a `begin` that is dropped half-way
    /// can leave a connection with an open transaction in the pool (sqlx #4385). Others use [`Db::write`].
    pub async fn begin_write(&self) -> Result<Tx> {
        match self {
            // a deferred transaction that turns to writing fails at once (SQLITE_BUSY_SNAPSHOT)
            Db::Lite(lite) => Ok(Tx::Lite(sqlite::begin(&lite.write).await?.into())),
            Db::Pg(pg) => Ok(Tx::Pg(Session::begin(&pg.pool, "BEGIN").await?)),
        }
    }

    /// Begins a reading transaction: one snapshot for all its queries. The same warning as at [`Db::begin_write`].
    pub async fn begin_read(&self) -> Result<Tx> {
        match self {
            Db::Lite(lite) => Ok(Tx::Lite(lite.read.begin().await?.into())),
            Db::Pg(pg) => {
                Ok(Tx::Pg(Session::begin(&pg.pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?))
            }
        }
    }

    /// Runs `work` in a writing transaction: committed if it answers `Ok`, else rolled back. It runs in a task of
    /// its own, so that a caller who goes away cancels nothing half-way.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let db = self.clone();
        finish(tokio::spawn(self.clone().in_time(async move {
            let mut tx = db.begin_write().await?;
            match work(&mut tx).await {
                Ok(value) => {
                    tx.commit().await?;
                    Ok(value)
                }
                Err(e) => {
                    tx.rollback().await?;
                    Err(e)
                }
            }
        })))
        .await
    }

    /// Runs `work` in a reading transaction, in a task of its own.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let db = self.clone();
        finish(tokio::spawn(self.clone().in_time(async move {
            let mut tx = db.begin_read().await?;
            let value = work(&mut tx).await;
            tx.rollback().await?;
            value
        })))
        .await
    }

    /// Gives up a transaction for which a server in the network does nothing any more; a file always answers.
    async fn in_time<T, E: From<StoreError>>(self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        match self {
            Db::Lite(_) => work.await,
            Db::Pg(pg) => match tokio::time::timeout(pg.deadline, work).await {
                Ok(answer) => answer,
                Err(_) => Err(E::from(StoreError::Silent(pg.deadline))),
            },
        }
    }

    /// Bytes in the write-ahead log (SQLite); 0 on PostgreSQL.
    pub fn wal_bytes(&self) -> u64 {
        match self {
            Db::Lite(lite) => lite.wal_bytes(),
            Db::Pg(_) => 0,
        }
    }

    /// Copies the whole database, as it is at one moment, into a new file (SQLite's `VACUUM INTO`, through a
    /// connection of its own, so that writers go on).
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        match self {
            Db::Lite(lite) => sqlite::back_up(lite.file(), file).await,
            Db::Pg(_) => Err(StoreError::Unusable("use pg_dump for PostgreSQL".to_owned())),
        }
    }

    /// Closes the pools; SQLite folds its write-ahead log back into the file.
    pub async fn close(&self) {
        match self {
            Db::Lite(lite) => {
                lite.read.close().await;
                lite.write.close().await;
            }
            Db::Pg(pg) => pg.pool.close().await,
        }
    }
}

/// The task's own answer; a task that panicked or was ended with the runtime is an error of the store.
async fn finish<T, E: From<StoreError>>(task: tokio::task::JoinHandle<Result<T, E>>) -> Result<T, E> {
    match task.await {
        Ok(answer) => answer,
        Err(e) => Err(E::from(StoreError::Unusable(format!("the transaction's task ended early: {e}")))),
    }
}
