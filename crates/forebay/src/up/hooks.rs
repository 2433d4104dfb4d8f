//! What the roles tell each other without knowing each other.

use std::sync::Arc;

use eventlog::{EventLog, Topic};
use store::{Db, Scope, StoreError, Word};
use tokio::sync::Notify;
use webhook::{Address, EventRecord};

use super::presence::{self, Presence};
use super::registrar::Registrar;

/// The console's words to gateways, log and runners.
pub(super) struct Hooks {
    pub(super) db: Db,
    pub(super) log: Arc<dyn EventLog>,
    /// Of this process, if it is a gateway.
    pub(super) registrar: Option<Arc<Registrar>>,
    pub(super) presence: Arc<Presence>,
    /// Of this process, if it is a runner.
    pub(super) commands: Option<Arc<Notify>>,
}

impl Hooks {
    async fn change(&self) -> Result<(), StoreError> {
        let revision = match self.presence.is_shared() {
            true => Some(presence::announce(&self.db).await?),
            false => None,
        };
        if let Some(registrar) = &self.registrar {
            registrar.load().await?;
        }
        if let Some(revision) = revision {
            self.presence.beat().await;
            presence::confirmed(&self.db, revision).await?;
        }
        Ok(())
    }
}

impl console::Hooks for Hooks {
    fn registry_changed(&self) -> console::BoxFuture<'_, Result<(), console::HookError>> {
        Box::pin(async { self.change().await.map_err(|e| console::HookError(e.to_string())) })
    }

    fn own_server(&self) -> Option<store::server::Server> {
        (!self.presence.is_shared()).then(|| self.presence.now())
    }

    fn command_queued(&self) {
        match &self.commands {
            Some(commands) => commands.notify_one(),
            None => {
                let db = self.db.clone();
                tokio::spawn(async move {
                    if let Err(e) = db.ring(Word::Commands).await {
                        tracing::debug!("runners were not told of a command; they look by themselves: {e}");
                    }
                });
            }
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
