//! Records that no gateway wrote: whatever stands in them becomes a failed trigger of its own, and the events behind
//! them start.

use eventlog::{EventLog, Record, Topic};
use webhook::RefusedRequest;

use crate::processes;
use crate::world::{Process, World, now, record};

/// An event's record without one header.
fn without(world: &World, name: &str) -> Record {
    let mut foreign = record(&world.event("{}"));
    foreign.headers.retain(|(other, _)| other != name);
    foreign
}

/// The same without an id, as the Kafka driver reads it.
fn nameless(world: &World) -> Record {
    Record { id: String::new(), ..without(world, "ce_id") }
}

/// The same with another id.
fn named(world: &World, id: &str) -> Record {
    let mut foreign = nameless(world);
    foreign.headers.push(("ce_id".to_owned(), id.as_bytes().to_vec()));
    Record { id: id.to_owned(), ..foreign }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_without_an_id_are_failed_triggers_of_their_own() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let long = "x".repeat(200);
    let foreign = [
        nameless(&world),
        nameless(&world),
        named(&world, &format!("{long}a")),
        named(&world, &format!("{long}b")),
        named(&world, "a\u{0}b"),
        named(&world, "\u{1}"),
    ];
    for foreign in &foreign {
        world.log.append(Topic::WebhookEvents, foreign.clone()).await.unwrap();
    }
    world.post("{}").await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), foreign.len());
    for (failed, foreign) in failed.iter().rev().zip(&foreign) {
        assert_eq!((failed.stage.as_str(), failed.cause_code.as_str()), ("match", "invalid-record"));
        assert!(failed.cause.contains("ce_id"), "{}", failed.cause);
        assert!(failed.event_id.starts_with("no-id-0-"), "{}", failed.event_id);
        let sent = world.sent(&failed.id).await;
        assert_eq!(runner::record_headers(&sent.record_headers).unwrap(), foreign.headers);
    }
    // read again, they are what they were
    runner.stop().await;
    world.rewind(None).await;
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    assert_eq!(world.failed().await.len(), foreign.len());
    assert_eq!(world.instances().await.len(), 2);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_at_the_ends_of_all_time_hold_nothing_up() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    for time in [i64::MIN, -1, i64::MAX] {
        world.log.append(Topic::WebhookEvents, Record { time, ..without(&world, "ce_time") }).await.unwrap();
    }
    // the lag is measured while they wait, and later
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    assert_eq!(world.failed().await.len(), 3);
    assert_eq!(world.instances().await.len(), 1);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_without_our_headers_is_shown_where_its_source_says() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let mut foreign = record(&world.event("{}"));
    foreign.headers.retain(|(name, _)| !name.starts_with("forebay_"));
    world.log.append(Topic::WebhookEvents, foreign).await.unwrap();
    // these two no project shows
    let nobody = Record { id: "nobody".to_owned(), time: now(), headers: vec![], value: vec![].into() };
    world.log.append(Topic::WebhookEvents, nobody).await.unwrap();
    let mut elsewhere = world.event("{}");
    elsewhere.address.project = uuid::Uuid::new_v4();
    world.append(elsewhere).await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].data_source_id, world.source.to_string());
    assert!(failed[0].cause.contains("forebay_organization"), "{}", failed[0].cause);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreadable_refused_requests_do_not_hold_up_those_behind_them() {
    let world = World::new().await;
    let runner = world.start();
    let refused = RefusedRequest {
        event: world.event("{"),
        status: 400,
        cause: "not-json".to_owned(),
        truncated: false,
    };
    let mut good = record(&refused.event);
    good.headers = refused.headers().into_iter().map(|(n, v)| (n.to_owned(), v.into_bytes())).collect();
    for id in ["", "a\u{0}b"] {
        let foreign = Record { id: id.to_owned(), time: i64::MIN, headers: vec![], value: vec![].into() };
        world.log.append(Topic::WebhookFailures, foreign).await.unwrap();
    }
    world.log.append(Topic::WebhookFailures, good).await.unwrap();
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].event_id, refused.event.id);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_with_one_id_are_one_event() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let started = world.post("{}").await;
    world.drained().await;
    for id in [started.as_str(), "order-1", "order-1"] {
        let mut foreign = named(&world, id);
        foreign.headers.retain(|(name, _)| name != "ce_time");
        world.log.append(Topic::WebhookEvents, foreign).await.unwrap();
    }
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.iter().map(|failed| failed.event_id.as_str()).collect::<Vec<_>>(), ["order-1"]);
    runner.stop().await;
}
