//! Old rows go, young ones stay, and nothing that was started starts again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use eventlog::{EventLog, Topic};
use runner::Clock;
use store::StoreError;
use store::started_event::StartKey;

use crate::processes;
use crate::world::{Process, World, now, until};

const DAY: i64 = 86_400_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_older_than_its_time_is_removed() {
    let mut world = World::new().await;
    let later = Arc::new(AtomicI64::new(0));
    let ahead = Arc::clone(&later);
    world.clock = Clock::of(move || now() + ahead.load(Ordering::Relaxed));
    let script = "if (webhookData.payload.bad) throw 1";
    world.commit(&[Process::new(processes::script(world.source, script))]).await;
    let runner = world.start();
    world.post_many((0..450).map(|n| format!(r#"{{"bad":{}}}"#, n % 90 == 0))).await;
    world.drained().await;
    assert_eq!((world.instances().await.len(), world.failed().await.len()), (450, 5));
    // eight days later the log is shorter, everything else is there
    later.store(8 * DAY, Ordering::Relaxed);
    let records = async || world.log.lag(Topic::WebhookEvents, &[]).await.unwrap().records;
    until("the log is pruned", async || records().await <= 1).await;
    assert_eq!((world.instances().await.len(), world.failed().await.len()), (450, 5));
    // an event of today, then; ids carry the real time, so it is made in time
    later.store(31 * DAY, Ordering::Relaxed);
    until("ended instances are removed", async || world.instances().await.len() == 5).await;
    until("failed triggers are removed", async || world.failed().await.is_empty()).await;
    assert!(world.instances().await.iter().all(|i| i.status == "incident"), "what is not ended stays");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_triggers_beyond_their_bytes_go_oldest_first() {
    let mut world = World::new().await;
    world.settings.keep.failed_trigger_bytes = 60_000;
    world.settings.prune_ms = 3_600_000;
    let runner = world.start();
    let mut events = Vec::new();
    for n in 0..20 {
        events.push(world.post(&format!("\"{n} {}\"", "x".repeat(10_000))).await);
    }
    world.drained().await;
    assert_eq!(world.failed().await.len(), 20);
    runner.stop().await;
    world.settings.prune_ms = 20;
    let runner = world.start();
    until("the oldest are removed", async || world.failed().await.len() < 20).await;
    let left: Vec<String> = world.failed().await.into_iter().map(|f| f.event_id).collect();
    assert_eq!(left.len(), 5);
    let newest: Vec<String> = events.iter().rev().take(5).cloned().collect();
    assert_eq!(left, newest);
    runner.stop().await;
}

/// The memory of starts has an end. What comes again after it (a log that is kept longer by the brokers, or brought back
/// from a backup) cannot be told from new, so it is set aside and not started twice; what is still remembered is neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_comes_again_after_its_start_was_forgotten_is_set_aside() {
    let mut world = World::new().await;
    world.settings.keep.log_days = 1;
    let later = Arc::new(AtomicI64::new(0));
    let ahead = Arc::clone(&later);
    world.clock = Clock::of(move || now() + ahead.load(Ordering::Relaxed));
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let events: Vec<_> = (0..40).map(|n| world.event(&n.to_string())).collect();
    for event in &events {
        world.append(event.clone()).await;
    }
    world.drained().await;
    assert_eq!(world.instances().await.len(), 40);
    // seven days later the starts are remembered: a repeat is nothing new
    later.store(7 * DAY, Ordering::Relaxed);
    for event in &events {
        world.append(event.clone()).await;
    }
    world.drained().await;
    assert_eq!((world.instances().await.len(), world.failed().await.len()), (40, 0));
    // nine days later they are forgotten
    later.store(9 * DAY, Ordering::Relaxed);
    until("the starts are forgotten", async || started(&world).await == 0).await;
    for event in &events {
        world.append(event.clone()).await;
    }
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!((world.instances().await.len(), failed.len()), (40, 40));
    assert!(failed.iter().all(|failed| failed.cause_code == "too-old"));
    runner.stop().await;
}

/// How many of the events that have an instance are remembered as started.
async fn started(world: &World) -> usize {
    let keys = world.instances().await.into_iter().map(|instance| StartKey {
        data_source_id: world.source.to_string(),
        event_key: instance.event_id.unwrap_or_default(),
        process_definition_id: instance.process_definition_id,
    });
    let keys: Vec<StartKey> = keys.collect();
    let count = world.db.read::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let mut count = 0;
            for key in &keys {
                count += usize::from(store::started_event::find(tx, key).await?.is_some());
            }
            Ok(count)
        })
    });
    count.await.unwrap()
}
