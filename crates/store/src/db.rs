//! The two databases behind one type, and the transaction that everything runs in.

mod held;
pub(crate) mod sqlite;

use std::path::Path;

use futures::future::BoxFuture;
use sqlx::{Postgres, Sqlite};

use crate::feed::{self, Noted};
use crate::{Result, StoreError, migrate};

pub use held::Held;

/// A database. Cheap to clone: clones share the pools.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite in a file: one connection writes, others read.
    Lite(sqlite::Lite),
    /// PostgreSQL.
    Pg(sqlx::PgPool),
}

/// An open transaction. Dropping it rolls back.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Lite(Held<Sqlite>),
    /// On PostgreSQL.
    Pg(Held<Postgres>),
}

impl Tx {
    /// Makes what was written durable, and tells the feeds of the projects what it was.
    pub async fn commit(mut self) -> Result<()> {
        let noted = std::mem::take(self.noted());
        feed::raise(&mut self, noted).await?;
        match self {
            Tx::Lite(tx) => tx.into_inner().commit().await,
            Tx::Pg(tx) => tx.into_inner().commit().await,
        }
        .map_err(StoreError::from)
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
            Tx::Lite(tx) => tx.into_inner().rollback().await,
            Tx::Pg(tx) => tx.into_inner().rollback().await,
        }
        .map_err(StoreError::from)
    }
}

impl Db {
    /// Opens (and makes, and migrates) the SQLite database in this file.
    pub async fn sqlite(file: &Path, options: sqlite::Options) -> Result<Db> {
        let db = Db::Lite(sqlite::open(file, options).await?);
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Connects to (and migrates) a PostgreSQL database, `postgres://…`.
    pub async fn postgres(url: &str, connections: u32) -> Result<Db> {
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(connections).connect(url).await?;
        let db = Db::Pg(pool);
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Begins a writing transaction. Only for tasks that nobody cancels: a `begin` that is dropped half-way
    /// can leave a connection with an open transaction in the pool (sqlx #4385). Others use [`Db::write`].
    pub async fn begin_write(&self) -> Result<Tx> {
        match self {
            // a deferred transaction that turns to writing fails at once (SQLITE_BUSY_SNAPSHOT)
            Db::Lite(lite) => Ok(Tx::Lite(sqlite::begin(&lite.write).await?.into())),
            Db::Pg(pool) => Ok(Tx::Pg(pool.begin().await?.into())),
        }
    }

    /// Begins a reading transaction: one snapshot for all its queries. The same warning as at [`Db::begin_write`].
    pub async fn begin_read(&self) -> Result<Tx> {
        match self {
            Db::Lite(lite) => Ok(Tx::Lite(lite.read.begin().await?.into())),
            Db::Pg(pool) => {
                Ok(Tx::Pg(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?.into()))
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
        finish(tokio::spawn(async move {
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
        }))
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
        finish(tokio::spawn(async move {
            let mut tx = db.begin_read().await?;
            let value = work(&mut tx).await;
            tx.rollback().await?;
            value
        }))
        .await
    }

    /// Bytes in the write-ahead log (SQLite); 0 on PostgreSQL.
    pub fn wal_bytes(&self) -> u64 {
        match self {
            Db::Lite(lite) => lite.wal_bytes(),
            Db::Pg(_) => 0,
        }
    }

    /// Copies the whole database, as it is at one moment, into a new file (SQLite's `VACUUM INTO`, from a reading
    /// connection, so that writers go on).
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        match self {
            Db::Lite(lite) => sqlite::backup(lite, file).await,
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
            Db::Pg(pool) => pool.close().await,
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
