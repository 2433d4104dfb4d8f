//! One process on a PostgreSQL database whose event log is its own.
//!
//! The log positions in the store belong to one log. Where the log is embedded it lies in one process's data folder, so a
//! second process with another folder would take the first one's positions for those of a log made anew.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::postgres::{self, PgOptions};
use crate::{Result, StoreError};

/// How often it is asked whether the claim still stands, and how long the answer may take.
const EVERY: Duration = Duration::from_secs(5);

/// How long an earlier session may take to end, that of a killed process or our own from before the network was cut: the
/// server's keepalives find a dead host in 7 s.
const PATIENCE: Duration = Duration::from_secs(10);

/// The first half of the advisory lock's key; the second is the schema's.
const KEY: i32 = 0x4642_4c47;

/// Held as long as this lives. It stands in the server's session, so a crash gives it back.
#[derive(Debug)]
pub struct Claim {
    lost: watch::Receiver<bool>,
    keeper: JoinHandle<()>,
}

impl Claim {
    /// Takes it, or says that another process has it and keeps it.
    pub async fn take(options: &PgOptions) -> Result<Claim> {
        let session = begin(options).await?;
        let (tell, lost) = watch::channel(false);
        let keeper = tokio::spawn(keep(session, options.clone(), tell));
        Ok(Claim { lost, keeper })
    }

    /// Comes back when another process has taken it while the database was away: this one must end.
    pub async fn lost(&self) {
        // without its keeper nothing can be lost any more: the process is ending
        if self.lost.clone().wait_for(|lost| *lost).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// Holds the session open, and takes the claim again after the database was away.
async fn keep(session: PgConnection, options: PgOptions, lost: watch::Sender<bool>) {
    let mut session = Some(session);
    loop {
        tokio::time::sleep(EVERY).await;
        let alive = match &mut session {
            Some(session) => matches!(tokio::time::timeout(EVERY, session.ping()).await, Ok(Ok(()))),
            None => false,
        };
        if alive {
            continue;
        }
        session = None;
        match tokio::time::timeout(PATIENCE + EVERY, begin(&options)).await {
            Ok(Ok(again)) => session = Some(again),
            Ok(Err(StoreError::Unusable(why))) => {
                tracing::error!(why, "the database was away, and another process has taken it");
                lost.send_replace(true);
                return;
            }
            Ok(Err(e)) => tracing::warn!("the database is away: {e}"),
            Err(_) => tracing::warn!("the database does not answer"),
        }
    }
}

/// A session that holds the lock, once the one that has it now has ended, if it ends in time.
async fn begin(options: &PgOptions) -> Result<PgConnection> {
    let mut session = postgres::connect(options).await?;
    let text = "SELECT pg_try_advisory_lock($1, hashtext(current_schema()))";
    if sqlx::query_scalar::<_, bool>(text).bind(KEY).fetch_one(&mut session).await? {
        return Ok(session);
    }
    tracing::info!("another Forebay still works on the database: waiting for its end");
    let patience = format!("{}ms", PATIENCE.as_millis());
    sqlx::query("SELECT set_config('lock_timeout', $1, false)").bind(patience).execute(&mut session).await?;
    let text = "SELECT pg_advisory_lock($1, hashtext(current_schema()))";
    match sqlx::query(text).bind(KEY).execute(&mut session).await {
        Ok(_) => Ok(session),
        // lock_not_available
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("55P03") => Err(StoreError::Unusable(
            "another Forebay with an embedded event log works on this database: stop it first, or give this one a database \
             of its own"
                .to_owned(),
        )),
        Err(e) => Err(e.into()),
    }
}
