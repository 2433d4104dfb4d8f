//! The running Forebays on one database, and how far their gateways have read.

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, StoreError, Tx};

/// A server that was not heard of for so long (milliseconds) counts as gone. Clocks may differ by part of it.
pub const LIVE_MS: i64 = 5_000;

/// A running Forebay.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Server {
    /// UUID, version 7, made at its start.
    pub id: String,
    /// `gateway`, `runner`, `console`, separated by commas.
    pub roles: String,
    /// The name of its machine.
    pub host: String,
    /// Where it listens.
    pub address: String,
    /// Its version.
    pub version: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// When it was heard of last, by its own clock, milliseconds since the epoch.
    pub seen_at: i64,
    /// The revision of the registry that its gateway works by; 0 where it has none.
    pub registry_revision: i64,
    /// The partitions of webhook events that its runner receives, as numbers separated by commas.
    pub partitions: String,
    /// Events that no runner has started yet, as its runner last measured; 0 where it has none.
    pub lag_records: i64,
    /// The age of the oldest of them in milliseconds.
    pub oldest_unstarted_ms: i64,
    /// Instances that its runner started in the last second or two, a second.
    pub started_per_second: i64,
}

impl Server {
    /// Whether it is alive at this time (milliseconds since the epoch).
    pub fn is_live(&self, now: i64) -> bool {
        now.saturating_sub(self.seen_at) < LIVE_MS
    }

    /// Whether it starts processes.
    pub fn is_runner(&self) -> bool {
        self.roles.split(',').any(|role| role == "runner")
    }

    /// Whether it accepts webhooks.
    pub fn is_gateway(&self) -> bool {
        self.roles.split(',').any(|role| role == "gateway")
    }
}

/// Writes a server's row, over the one that is there.
pub async fn beat(tx: &mut Tx, server: &Server) -> Result<()> {
    let sql = "INSERT INTO server (id, roles, host, address, version, started_at, seen_at, registry_revision, partitions, \
               lag_records, oldest_unstarted_ms, started_per_second) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET \
               seen_at = excluded.seen_at, registry_revision = excluded.registry_revision, partitions = excluded.partitions, \
               lag_records = excluded.lag_records, oldest_unstarted_ms = excluded.oldest_unstarted_ms, \
               started_per_second = excluded.started_per_second";
    execute!(
        tx,
        sql,
        &*server.id,
        &*server.roles,
        &*server.host,
        &*server.address,
        &*server.version,
        server.started_at,
        server.seen_at,
        server.registry_revision,
        &*server.partitions,
        server.lag_records,
        server.oldest_unstarted_ms,
        server.started_per_second,
    )?;
    Ok(())
}

/// Takes a server's row away: it ends.
pub async fn leave(tx: &mut Tx, id: &str) -> Result<()> {
    execute!(tx, "DELETE FROM server WHERE id = $1", id)?;
    Ok(())
}

/// Takes away the rows of servers that were not heard of since this time: they ended without a word.
pub async fn forget(tx: &mut Tx, before: i64) -> Result<()> {
    execute!(tx, "DELETE FROM server WHERE seen_at < $1", before)?;
    Ok(())
}

/// Every server that has a row, in the order of their starts.
pub async fn all(tx: &mut Tx) -> Result<Vec<Server>> {
    let sql = "SELECT id, roles, host, address, version, started_at, seen_at, registry_revision, partitions, lag_records, \
               oldest_unstarted_ms, started_per_second FROM server ORDER BY id";
    fetch_all!(tx, Server, sql)
}

/// The revision of what gateways judge by. Read it in the same transaction as the rows.
pub async fn registry_revision(tx: &mut Tx) -> Result<i64> {
    let row = fetch_optional!(tx, (i64,), "SELECT revision FROM registry_revision WHERE one = 1")?;
    row.map(|(revision,)| revision)
        .ok_or_else(|| StoreError::Corrupt("registry_revision is empty".to_owned()))
}

/// Raises it, after the change is committed; the new one.
pub async fn raise_registry_revision(tx: &mut Tx) -> Result<i64> {
    let sql = "UPDATE registry_revision SET revision = revision + 1 WHERE one = 1 RETURNING revision";
    let row = fetch_optional!(tx, (i64,), sql)?;
    row.map(|(revision,)| revision)
        .ok_or_else(|| StoreError::Corrupt("registry_revision is empty".to_owned()))
}
