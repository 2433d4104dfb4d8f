//! What the processes on one database know of each other: each has a row that it writes every second.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use eventlog::EventLog;
use runner::Observer;
use store::server::Server;
use store::{Db, StoreError, Word};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::clock;
use super::registrar::Registrar;
use crate::config::Config;

/// How often a server writes its row.
const BEAT: Duration = Duration::from_secs(1);
/// Rows of servers that ended without a word are taken away after this many milliseconds.
const FORGOTTEN_MS: i64 = 24 * 3_600_000;
/// How long a change waits for the gateways, and how often it looks.
const CONFIRM: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(15);

/// This process among the others.
pub(super) struct Presence {
    registrar: Arc<Registrar>,
    log: Arc<dyn EventLog>,
    /// The row, but for what changes.
    row: Server,
    /// Whether other processes may work on the store, and read the row there.
    shared: bool,
    /// Whether the log has more than one partition.
    partitioned: bool,
    runner: OnceLock<Observer>,
    started: Mutex<Started>,
    /// One at a time, so that no older row comes after a newer one.
    turn: tokio::sync::Mutex<()>,
}

/// Instances started, and how fast.
struct Started {
    at: std::time::Instant,
    count: u64,
    per_second: u64,
}

impl Presence {
    /// One for this process, which listens at `address`.
    pub(super) fn new(
        config: &Config,
        registrar: Arc<Registrar>,
        log: Arc<dyn EventLog>,
        address: String,
    ) -> Self {
        let roles: Vec<_> = config.roles.iter().map(|role| role.as_str()).collect();
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let row = Server {
            id: uuid::Uuid::now_v7().to_string(),
            roles: roles.join(","),
            host,
            address,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: clock::now(),
            seen_at: 0,
            registry_revision: 0,
            partitions: String::new(),
            lag_records: 0,
            oldest_unstarted_ms: 0,
            started_per_second: 0,
        };
        let partitioned = config.event_log.kafka().is_some();
        let shared = config.store.postgres().is_some();
        let started = Mutex::new(Started { at: std::time::Instant::now(), count: 0, per_second: 0 });
        Presence {
            registrar,
            log,
            row,
            shared,
            partitioned,
            runner: OnceLock::new(),
            started,
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Writes the row every second.
    pub(super) async fn beat_on(&self) {
        let mut every = interval(BEAT);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            self.beat().await;
        }
    }

    /// Writes the row now.
    pub(super) async fn beat(&self) {
        if !self.shared {
            return;
        }
        let Some(db) = self.registrar.store() else { return };
        let _turn = self.turn.lock().await;
        let row = self.now();
        let forgotten = row.seen_at - FORGOTTEN_MS;
        let written = db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                store::server::beat(tx, &row).await?;
                store::server::forget(tx, forgotten).await
            })
        });
        if let Err(e) = written.await {
            tracing::debug!("this server's row was not written: {e}");
        }
    }

    /// Tells of this runner too.
    pub(super) fn observe(&self, runner: Observer) {
        // there is one runner in a process
        let _ = self.runner.set(runner);
    }

    /// Whether other processes may work on the store.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// The row as it is now.
    pub(super) fn now(&self) -> Server {
        let status = self.runner.get().map(Observer::status);
        let partitions = match (&status, self.partitioned) {
            (None, _) => Vec::new(),
            (Some(_), false) => vec![0],
            (Some(_), true) => self.log.health().partitions,
        };
        let status = status.unwrap_or_default();
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let partitions: Vec<_> = partitions.iter().map(u32::to_string).collect();
        Server {
            seen_at: clock::now(),
            registry_revision: self.registrar.revision(),
            partitions: partitions.join(","),
            lag_records: count(status.lag_records),
            oldest_unstarted_ms: count(status.oldest_unstarted_ms),
            started_per_second: count(self.per_second(status.started)),
            ..self.row.clone()
        }
    }

    /// How fast the count grows, over a second at least.
    fn per_second(&self, count: u64) -> u64 {
        let mut last = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let millis = u64::try_from(last.at.elapsed().as_millis()).unwrap_or(u64::MAX);
        if millis >= 900 {
            let more = count.saturating_sub(last.count);
            *last = Started {
                at: std::time::Instant::now(),
                count,
                per_second: more.saturating_mul(1_000).div_ceil(millis),
            };
        }
        last.per_second
    }

    /// Takes the row away: this process ends.
    pub(super) async fn leave(&self) {
        let Some(db) = self.registrar.store().filter(|_| self.shared) else { return };
        let id = self.row.id.clone();
        let left = db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { store::server::leave(tx, &id).await })
        });
        if let Err(e) = left.await {
            tracing::debug!("this server's row stays: {e}");
        }
    }
}

/// Says to all gateways that what they judge by has changed; the revision that they must reach.
pub(super) async fn announce(db: &Db) -> Result<i64, StoreError> {
    let raised = db.write::<_, StoreError, _>(|tx| {
        Box::pin(async move { store::server::raise_registry_revision(tx).await })
    });
    let revision = raised.await?;
    db.ring(Word::Registry).await?;
    Ok(revision)
}

/// Waits until every live gateway works by this revision, for a second at most. Gateways that are silent longer are
/// named in the log: they read the change within two seconds of seeing the database again.
pub(super) async fn confirmed(db: &Db, revision: i64) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        let rows = db.read::<_, StoreError, _>(|tx| Box::pin(async move { store::server::all(tx).await }));
        let now = clock::now();
        let is_behind =
            |row: &Server| row.is_gateway() && row.is_live(now) && row.registry_revision < revision;
        let behind: Vec<_> = rows.await?.into_iter().filter(is_behind).collect();
        if behind.is_empty() {
            return Ok(());
        }
        if begun.elapsed() >= CONFIRM {
            for Server { id, host, address, .. } in behind {
                tracing::warn!(
                    server = id,
                    host,
                    address,
                    "a gateway has not confirmed a change of triggers"
                );
            }
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}
