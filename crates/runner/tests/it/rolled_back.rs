//! A store that forgot what was stored in it, as a failover to a standby that lagged leaves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use eventlog::{
    AppendError, Appended, BoxFuture, EmbeddedLog, EventLog, Health, Lag, LogError, Positions, Pruned,
    Received, Record, Subscription, Topic,
};
use store::StoreError;
use store::position::Partition;
use webhook::RefusedRequest;

use crate::processes;
use crate::world::{Process, World, refusal, until};

/// The embedded log, and how often somebody has subscribed and so has read a position.
struct Counting {
    log: Arc<EmbeddedLog>,
    subscribed: AtomicUsize,
}

impl EventLog for Counting {
    fn append(&self, topic: Topic, record: Record) -> BoxFuture<'static, Result<Appended, AppendError>> {
        self.log.append(topic, record)
    }

    fn subscribe(
        &self,
        topic: Topic,
        positions: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>> {
        Box::pin(async move {
            let subscription = self.log.subscribe(topic, positions).await?;
            self.subscribed.fetch_add(1, Ordering::AcqRel);
            Ok(subscription)
        })
    }

    fn find<'a>(
        &'a self,
        topic: Topic,
        id: &'a str,
        near_ms: i64,
    ) -> BoxFuture<'a, Result<Option<Received>, LogError>> {
        self.log.find(topic, id, near_ms)
    }

    fn lag<'a>(&'a self, topic: Topic, positions: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>> {
        self.log.lag(topic, positions)
    }

    fn retain(&self, topic: Topic, older_than_ms: i64, most: u64) -> BoxFuture<'_, Result<Pruned, LogError>> {
        self.log.retain(topic, older_than_ms, most)
    }

    fn health(&self) -> Health {
        self.log.health()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.log.close()
    }
}

impl World {
    /// Takes the position of a topic back to its beginning.
    async fn forget(&self, topic: Topic) {
        let place = Partition { topic: topic.name(), number: 0 };
        self.db
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let stored = store::position::load(tx, place).await?.ok_or(StoreError::NotFound)?;
                    store::position::forget(tx, place, &stored).await
                })
            })
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_store_forgot_is_applied_again_though_nothing_comes() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let events = world.post_many((0..300).map(|n| n.to_string())).await;
    let event = world.event("{");
    let refused = RefusedRequest { event, status: 400, cause: "not-json".to_owned(), truncated: false };
    world.log.append(Topic::WebhookFailures, refusal(&refused)).await.unwrap();
    world.drained().await;
    for topic in Topic::ALL {
        until("everything is applied", async || world.next_offset(topic).await > 0).await;
    }
    assert_eq!(world.failed().await.len(), 1);
    for topic in Topic::ALL {
        let before = world.next_offset(topic).await;
        world.forget(topic).await;
        until("it is applied again", async || world.next_offset(topic).await == before).await;
    }
    assert_eq!(world.failed().await.len(), 1);
    world.assert_exactly_once(&events, 1).await;
    runner.stop().await;
}

/// The same of what another runner stored: this one has only read where it stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_stored_before_this_runner_began_is_applied_again_too() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let events = world.post_many((0..50).map(|n| n.to_string())).await;
    world.drained().await;
    runner.stop().await;
    let before = world.next_offset(Topic::WebhookEvents).await;
    let log = Arc::new(Counting { log: Arc::clone(&world.log), subscribed: AtomicUsize::new(0) });
    let runner = world.start_on(Arc::clone(&log) as Arc<dyn EventLog>);
    until("it knows both positions", async || log.subscribed.load(Ordering::Acquire) == Topic::ALL.len())
        .await;
    world.forget(Topic::WebhookEvents).await;
    until("it is applied again", async || world.next_offset(Topic::WebhookEvents).await == before).await;
    world.assert_exactly_once(&events, 1).await;
    runner.stop().await;
}

/// The same in the transaction of the next event: it must not carry the position past what is missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_event_does_not_carry_the_position_past_what_was_forgotten() {
    let world = World::new().await;
    let runner = world.start();
    // no commit runs: each event becomes a failed trigger
    let mut events = world.post_many((0..50).map(|n| n.to_string())).await;
    world.drained().await;
    assert_eq!(world.failed().await.len(), 50);
    world.forget(Topic::WebhookEvents).await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    events.extend(world.post_many((0..5).map(|n| n.to_string())).await);
    // the fifty are read again, in a commit that starts them
    until("all have started", async || world.instances().await.len() == events.len()).await;
    world.assert_exactly_once(&events, 1).await;
    runner.stop().await;
}
