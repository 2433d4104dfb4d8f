//! What the roles tell each other without knowing each other.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use eventlog::{EventLog, Topic};
use gateway::{Entry, Gateway};
use store::count::{Addition, Counter};
use store::trigger::RegistryRow;
use store::{Db, Scope, StoreError, Tx};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use webhook::headers::DEFAULT_REDACTED;
use webhook::{Address, EventRecord, IdempotencyKey, KeyDigest, TriggerState};

/// How often the registry is read anew beneath the calls that say it changed, and counts are written.
const CHORES: Duration = Duration::from_secs(2);

/// Reads every trigger into the gateway's memory, one reader at a time: with two at once the slower one could
/// put back what it read before a key was reset.
pub(super) struct Registrar {
    pub(super) db: Db,
    pub(super) gateway: Arc<Gateway>,
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Registrar {
    pub(super) async fn load(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let as_of = now();
        let rows = self.db.read(|tx| Box::pin(store::trigger::registry_rows(tx))).await?;
        let entries = rows.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        self.gateway.registry().replace(entries, as_of);
        Ok(())
    }
}

/// The console's words to gateway, log and runner.
pub(super) struct Hooks {
    pub(super) registrar: Registrar,
    pub(super) log: Arc<dyn EventLog>,
    pub(super) commands: Option<Arc<Notify>>,
}

impl console::Hooks for Hooks {
    fn registry_changed(&self) -> console::BoxFuture<'_, Result<(), console::HookError>> {
        Box::pin(async { self.registrar.load().await.map_err(|e| console::HookError(e.to_string())) })
    }

    fn command_queued(&self) {
        if let Some(commands) = &self.commands {
            commands.notify_one();
        }
    }

    fn pending_events<'a>(
        &'a self,
        of: &'a console::PendingOf,
    ) -> console::BoxFuture<'a, Vec<(String, i64)>> {
        Box::pin(async move {
            match self.peek().await {
                Ok(records) => {
                    let events = records.into_iter().filter_map(|received| {
                        EventRecord::decode(&received.record.headers, &received.record.value).ok()
                    });
                    let own = events.filter(|event| {
                        event.address.project == of.scope.project
                            && event.address.data_source == of.data_source
                    });
                    own.map(|event| (event.id, event.time)).take(of.limit).collect()
                }
                Err(e) => {
                    tracing::warn!("what waits in the event log could not be read: {e}");
                    Vec::new()
                }
            }
        })
    }

    fn find_event<'a>(
        &'a self,
        id: &'a str,
        near_ms: i64,
    ) -> console::BoxFuture<'a, Option<console::PendingEvent>> {
        Box::pin(async move {
            let found = match self.log.find(Topic::WebhookEvents, id, near_ms).await {
                Ok(found) => found?,
                Err(e) => {
                    tracing::warn!("the event log could not be searched: {e}");
                    return None;
                }
            };
            let event = EventRecord::decode(&found.record.headers, &found.record.value).ok()?;
            let Address { organization, workspace, project, data_source } = event.address;
            let scope = Scope { organization, workspace, project };
            Some(console::PendingEvent { scope, data_source, time: event.time })
        })
    }
}

/// Most records, and bytes of them, that are looked through for what waits.
const PEEK: (usize, usize) = (2_000, 8 << 20);

impl Hooks {
    /// The first records that the runner is not past yet.
    async fn peek(&self) -> Result<Vec<eventlog::Received>, String> {
        let topic = Topic::WebhookEvents;
        let stored = self
            .registrar
            .db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::position::all(tx, topic.name()).await })
            })
            .await
            .map_err(|e| e.to_string())?;
        let positions: Vec<(u32, i64)> =
            stored.into_iter().map(|(partition, position)| (partition, position.next_offset)).collect();
        self.log.peek(topic, &positions, PEEK).await.map_err(|e| e.to_string())
    }
}

fn entry(row: RegistryRow) -> Result<Entry, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of trigger {}", row.trigger));
    let address = Address {
        organization: row.organization,
        workspace: row.workspace,
        project: row.project,
        data_source: row.data_source,
    };
    let idempotency = row
        .idempotency_key
        .as_deref()
        .map(|text| IdempotencyKey::parse(text).map_err(|_| corrupt("the idempotency key")))
        .transpose()?;
    let state = TriggerState::parse(&row.state).ok_or_else(|| corrupt("the state"))?;
    let redacted = row.redacted_headers.clone();
    Ok(Entry {
        address,
        trigger: row.trigger,
        state,
        keys: row.keys.iter().map(|key| (KeyDigest(key.sha256), key.valid_until)).collect(),
        redacted: redacted
            .unwrap_or_else(|| DEFAULT_REDACTED.iter().map(|name| (*name).to_owned()).collect()),
        idempotency,
        rate_limit: row.rate_limit,
        commit: row.commit,
        linked: row.linked,
    })
}

/// Keeps the registry young and writes what the gateway counted.
pub(super) fn start_chores(hooks: Arc<Hooks>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut every = tokio::time::interval(CHORES);
        loop {
            every.tick().await;
            if let Err(e) = hooks.registrar.load().await {
                tracing::warn!("the registry of triggers was not read anew: {e}");
            }
            if let Err(e) = write_counts(&hooks).await {
                tracing::warn!("counts of refused requests were not stored: {e}");
            }
        }
    })
}

/// Adds what the gateway counted to the rows. What cannot be written is lost: it is statistics, and keeping it
/// for later would let it grow.
async fn write_counts(hooks: &Hooks) -> Result<(), StoreError> {
    let gateway = &hooks.registrar.gateway;
    let counts = gateway.take_counts();
    if counts.is_empty() {
        return Ok(());
    }
    let at = now();
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
    let mut tx = hooks.registrar.db.begin_write().await?;
    write(&mut tx).await?;
    tx.commit().await
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
