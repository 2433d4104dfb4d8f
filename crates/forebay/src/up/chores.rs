//! What is done beside the requests: the registry is kept young, counts are written, other processes are heard and told.

use std::sync::Arc;
use std::time::Duration;

use store::count::{Addition, Counter};
use store::{Bell, Db, PgOptions, StoreError, Tx, Word};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::clock;
use super::presence::Presence;
use super::registrar::Registrar;
use crate::config::Config;

/// How often the registry is read anew beneath the calls that say it changed, and counts are written.
const EVERY: Duration = Duration::from_secs(2);
/// How often a database that is away is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// What the chores work with.
pub(super) struct Chores {
    pub(super) registrar: Arc<Registrar>,
    pub(super) presence: Arc<Presence>,
    /// Wakes the runner.
    pub(super) commands: Option<Arc<Notify>>,
    /// Whether this process is a gateway.
    pub(super) gateway: bool,
}

/// Tasks that end with this.
#[derive(Default)]
pub(super) struct Running(Vec<JoinHandle<()>>);

impl Running {
    /// Has a task end with the others.
    pub(super) fn add(&mut self, task: JoinHandle<()>) {
        self.0.push(task);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Starts them.
pub(super) fn start(chores: Arc<Chores>, config: &Config, tasks: &mut Running) {
    tasks.add(tokio::spawn(keep(Arc::clone(&chores))));
    let presence = Arc::clone(&chores.presence);
    if let Some(options) = config.store.postgres() {
        tasks.add(tokio::spawn(listen(chores, options)));
        tasks.add(tokio::spawn(async move { presence.beat_on().await }));
    }
}

async fn keep(chores: Arc<Chores>) {
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        // measures how fast instances start
        let _ = chores.presence.now();
        let Some(db) = chores.registrar.store() else { continue };
        if chores.gateway {
            chores.read_anew().await;
        }
        if let Err(e) = write_counts(&chores.registrar, db).await {
            tracing::warn!("counts of refused requests were not stored: {e}");
        }
    }
}

/// Hears what other processes say. After each gap everything is looked at.
async fn listen(chores: Arc<Chores>, options: PgOptions) {
    loop {
        match Bell::listen(&options).await {
            Ok(mut bell) => {
                chores.look_at_all().await;
                loop {
                    match bell.heard().await {
                        Ok(Some(Word::Registry)) if chores.gateway => chores.read_anew().await,
                        Ok(Some(Word::Registry)) => {}
                        Ok(Some(Word::Commands)) => chores.wake(),
                        Ok(None) => chores.look_at_all().await,
                        Err(e) => {
                            tracing::debug!("other processes cannot be heard: {e}");
                            break;
                        }
                    }
                }
            }
            Err(e) => tracing::debug!("other processes cannot be heard: {e}"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

impl Chores {
    async fn look_at_all(&self) {
        if self.gateway {
            self.read_anew().await;
        }
        self.wake();
    }

    fn wake(&self) {
        if let Some(commands) = &self.commands {
            commands.notify_one();
        }
    }

    /// Reads the registry and tells others how far.
    async fn read_anew(&self) {
        let before = self.registrar.revision();
        if let Err(e) = self.registrar.load().await {
            tracing::warn!("the registry of triggers was not read anew: {e}");
        } else if self.registrar.revision() != before {
            self.presence.beat().await;
        }
    }
}

/// Adds what the gateway counted to the rows. What cannot be written is lost: it is statistics, and keeping it
/// for later would let it grow.
async fn write_counts(registrar: &Registrar, db: &Db) -> Result<(), StoreError> {
    let gateway = registrar.gateway();
    let counts = gateway.take_counts();
    if counts.is_empty() {
        return Ok(());
    }
    let at = clock::now();
    let hour = store::count::hour_of(at);
    let mut refused: Vec<Addition> = counts
        .iter()
        .filter_map(|c| gateway.registry().get(&c.data_source).map(|entry| (c, entry.address)))
        .flat_map(|(c, address)| {
            let counted = [
                (Counter::Refused, c.refused_unrecorded),
                (Counter::WrongKey, c.wrong_key),
                (Counter::Deactivated, c.refused_while_deactivated),
            ];
            counted.into_iter().filter(|(_, count)| *count > 0).map(move |(counter, count)| Addition {
                project_id: address.project.to_string(),
                data_source_id: c.data_source.to_string(),
                hour,
                counter,
                value: i64::try_from(count).unwrap_or(i64::MAX),
            })
        })
        .collect();
    refused.sort();
    let write = async move |tx: &mut Tx| -> Result<(), StoreError> {
        for c in &counts {
            if c.refused_while_deactivated > 0 {
                let refused = i64::try_from(c.refused_while_deactivated).unwrap_or(i64::MAX);
                store::trigger::add_refused(tx, c.trigger, refused, at).await?;
            }
            for (digest, at) in &c.keys_used {
                store::trigger::key_used(tx, c.trigger, &digest.0, *at).await?;
            }
        }
        store::count::add(tx, &refused).await
    };
    let mut tx = db.begin_write().await?;
    write(&mut tx).await?;
    tx.commit().await
}
