//! PostgreSQL: how it is connected to, what must hold before it is used, and how a connection is judged each time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Row};

use crate::{Result, StoreError};

/// The oldest version that the texts are run against.
const OLDEST: i32 = 140_000;
/// How long a pooled connection may take to say that it is alive and can write.
const JUDGED_WITHIN: Duration = Duration::from_secs(2);
/// Nothing here works longer on one statement; what prunes goes in small pieces. The server ends what does.
const STATEMENT: &str = "30s";
/// A transaction whose process has gone holds its rows no longer than this.
const IDLE_IN_TRANSACTION: &str = "60s";

/// The server finds out within 7 s that our machine has gone, and gives back what its sessions held.
const KEEPALIVES: [(&str, &str); 3] =
    [("tcp_keepalives_idle", "3"), ("tcp_keepalives_interval", "2"), ("tcp_keepalives_count", "2")];

/// How to connect.
#[derive(Clone)]
pub struct PgOptions {
    /// `postgres://user:password@host/database`, with libpq's parameters (`sslmode`, `sslrootcert`, …) behind a `?`.
    pub url: String,
    /// Connections at most. Default 16.
    pub connections: u32,
    /// The longest that a transaction may take, from its begin to the answer to its commit. Default 60 s: longer than the
    /// server lets one statement work.
    pub deadline: Duration,
}

/// The connections.
#[derive(Clone, Debug)]
pub struct Pg {
    /// They are judged before each use.
    pub pool: PgPool,
    pub(super) deadline: Duration,
}

impl PgOptions {
    /// The server and database of this URL, everything else at its default.
    pub fn new(url: &str) -> Self {
        PgOptions { url: url.to_owned(), connections: 16, deadline: Duration::from_secs(60) }
    }

    /// Whether the URL can be understood at all.
    pub fn check(&self) -> Result<()> {
        self.parsed().map(drop)
    }

    // the driver's own error may repeat the URL, and with it the password
    pub(super) fn parsed(&self) -> Result<PgConnectOptions> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| self.url.starts_with(scheme));
        let parsed = PgConnectOptions::from_str(&self.url).ok().filter(|_| known);
        let wrong =
            || StoreError::Unusable("the URL is not postgres://user:password@host/database".to_owned());
        Ok(parsed.ok_or_else(wrong)?.application_name("forebay").options(KEEPALIVES))
    }
}

impl fmt::Debug for PgOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgOptions").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// Connects, and reads back what durability hangs on.
pub(crate) async fn open(options: &PgOptions) -> Result<Pg> {
    let bounded =
        [("statement_timeout", STATEMENT), ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION)];
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(2))
        .acquire_timeout(Duration::from_secs(10))
        // instead of a mere ping: after a failover the old primary still answers, and refuses to write (SQLSTATE 25006)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async move { Ok(can_write(connection).await) }))
        .after_connect(|connection, _| Box::pin(wait_for_the_disk(connection)))
        .connect_with(options.parsed()?.options(bounded))
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Err(reason(options, error).await),
    };
    verify(&pool).await?;
    Ok(Pg { pool, deadline: options.deadline })
}

/// A single connection of its own, without time limits: a migration may take longer than a statement ought to.
pub(crate) async fn single(options: &PgOptions) -> Result<PgPool> {
    let single = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    match single.acquire_timeout(Duration::from_secs(10)).connect_with(options.parsed()?).await {
        Ok(pool) => Ok(pool),
        Err(error) => Err(reason(options, error).await),
    }
}

/// Why no connection came. A pool that is refused tries until its time is over, and then says only that it is.
async fn reason(options: &PgOptions, error: sqlx::Error) -> StoreError {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error.into();
    }
    match tokio::time::timeout(JUDGED_WITHIN, connect(options)).await {
        Ok(Err(refused)) => refused,
        _ => error.into(),
    }
}

/// The same as a bare session, for what is held in one.
pub(crate) async fn connect(options: &PgOptions) -> Result<PgConnection> {
    Ok(PgConnection::connect_with(&options.parsed()?).await?)
}

async fn can_write(connection: &mut PgConnection) -> bool {
    let asked = sqlx::query_scalar::<_, String>("SHOW transaction_read_only").fetch_one(connection);
    matches!(tokio::time::timeout(JUDGED_WITHIN, asked).await, Ok(Ok(read_only)) if read_only == "off")
}

/// A server whose default is not to wait for the disk waits for it here: a start that is forgotten after its log
/// position was stored would be an event lost.
async fn wait_for_the_disk(connection: &mut PgConnection) -> std::result::Result<(), sqlx::Error> {
    let text = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
    sqlx::query(text).execute(connection).await.map(drop)
}

async fn verify(pool: &PgPool) -> Result<()> {
    let text = "SELECT current_setting('server_version_num')::int4 AS version, current_setting('fsync') AS fsync, \
                current_setting('full_page_writes') AS pages, current_setting('server_encoding') AS encoding, \
                current_setting('transaction_read_only') AS read_only";
    let row = sqlx::query(text).fetch_one(pool).await?;
    let refuse = |why: String| Err(StoreError::Unusable(why));
    let version: i32 = row.try_get("version")?;
    if version < OLDEST {
        return refuse(format!("PostgreSQL {}: 14 is the oldest that works", version / 10_000));
    }
    for (setting, what) in [("fsync", "fsync"), ("pages", "full_page_writes")] {
        if row.try_get::<String, _>(setting)? != "on" {
            return refuse(format!(
                "{what} is off there: a power cut would lose what was started. Turn it on"
            ));
        }
    }
    if row.try_get::<String, _>("encoding")? != "UTF8" {
        return refuse("its encoding is not UTF8: names and payloads would not fit".to_owned());
    }
    if row.try_get::<String, _>("read_only")? != "off" {
        return refuse("it only reads (a standby?): name the primary".to_owned());
    }
    Ok(())
}
