//! Events that start processes, and events that cannot.

use std::collections::BTreeSet;

use eventlog::{EventLog, Record, Topic};

use crate::processes;
use crate::world::{Process, World, now, record, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_becomes_a_completed_instance() {
    let world = World::new().await;
    let process = Process::new(processes::decision(world.source));
    let commit = world.commit(std::slice::from_ref(&process)).await;
    let runner = world.start();
    let body = r#"{ "amount": 250.10, "big": 12345678901234567890123 }"#;
    let event = world.post(body).await;
    world.drained().await;
    let instances = world.instances().await;
    assert_eq!(instances.len(), 1);
    let row = world.row(&instances[0].id).await;
    assert_eq!((row.status.as_str(), row.event_id.as_deref()), ("completed", Some(event.as_str())));
    assert_eq!(row.commit_id, commit);
    assert!(row.ended_at.is_some());
    assert!(row.variables.contains(&format!(r#""payload":{body},"#)), "{}", row.variables);
    assert!(row.variables.contains(r#""review":{"amount":250.1,"by":"desk"}"#), "{}", row.variables);
    let counts: Vec<(String, i64)> = world.counts().await.into_iter().collect();
    assert_eq!(counts, [("accepted".to_owned(), 1), ("started".to_owned(), 1)]);
    runner.stop().await;
    assert_eq!(world.marker().await, None);
}

/// The history is the whole truth: replayed, it gives the stored state.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_replays_to_the_stored_state() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::decision(world.source))]).await;
    let runner = world.start();
    world.post_many((0..20).map(|n| format!(r#"{{"amount":{}}}"#, n * 11))).await;
    world.drained().await;
    for instance in world.instances().await {
        let row = world.row(&instance.id).await;
        let mut replayed = engine::Instance::new();
        for step in world.history(&instance.id).await {
            for event in serde_json::from_str::<Vec<engine::Event>>(&step.events).unwrap() {
                replayed.apply(&event).unwrap();
            }
        }
        assert_eq!(replayed.state_json(), row.state);
        assert_eq!(replayed.variables().to_json(), row.variables);
    }
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_starts_every_linked_process_once() {
    let world = World::new().await;
    let processes =
        [Process::new(processes::straight(world.source)), Process::new(processes::decision(world.source))];
    world.commit(&processes).await;
    let runner = world.start();
    let events = world.post_many((0..300).map(|n| format!(r#"{{"amount":{n}}}"#))).await;
    world.drained().await;
    let started: BTreeSet<(String, String)> = world
        .instances()
        .await
        .into_iter()
        .map(|instance| (instance.event_id.unwrap(), instance.process_definition_id))
        .collect();
    assert_eq!(started.len(), 600);
    for event in &events {
        for process in &processes {
            assert!(started.contains(&(event.clone(), process.id.to_string())));
        }
    }
    assert_eq!(world.counts().await["started"], 600);
    assert_eq!(world.counts().await["accepted"], 300);
    // counted after the commit
    until("all are counted", async || runner.status().started == 600).await;
    let status = runner.status();
    assert_eq!((status.completed, status.failed), (600, 0));
    runner.stop().await;
}

/// A commit in the middle of the stream: what is stored before it runs the old content, what is stored after
/// it the new one, although the steps of the next batch have run already.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commit_that_runs_when_the_batch_is_stored_decides() {
    let mut world = World::new().await;
    world.settings.batch_events = 20;
    let mut process = Process::new(processes::script(world.source, "output.by = 'old'"));
    let old = world.commit(std::slice::from_ref(&process)).await;
    let runner = world.start();
    let mut commits = vec![old];
    for turn in 0..6 {
        world.post_many((0..200).map(|n| format!("{{\"n\":{n}}}"))).await;
        process.bpmn = processes::script(world.source, &format!("output.by = 'turn {turn}'"));
        commits.push(world.commit(std::slice::from_ref(&process)).await);
    }
    world.post_many((0..200).map(|n| format!("{{\"n\":{n}}}"))).await;
    world.drained().await;
    let instances = world.instances().await;
    assert_eq!(instances.len(), 1_400);
    for instance in &instances {
        let by = match commits.iter().position(|commit| *commit == instance.commit_id).unwrap() {
            0 => "old".to_owned(),
            turn => format!("turn {}", turn - 1),
        };
        let variables = world.row(&instance.id).await.variables;
        assert!(variables.contains(&format!(r#""by":"{by}""#)), "{by}: {variables}");
    }
    assert!(world.failed().await.is_empty());
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nothing_is_linked_to_is_a_failed_match() {
    let world = World::new().await;
    let runner = world.start();
    let early = world.post("{}").await;
    world.drained().await;
    world.commit(&[]).await;
    let later = world.post("{\"a\":1}").await;
    world.drained().await;
    let failed = world.failed().await;
    let seen: Vec<(&str, &str, &str)> =
        failed.iter().map(|f| (f.event_id.as_str(), f.stage.as_str(), f.cause_code.as_str())).collect();
    assert_eq!(
        seen,
        [(later.as_str(), "match", "not-linked"), (early.as_str(), "match", "no-running-commit")]
    );
    assert_eq!(world.counts().await["failed"], 2);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_is_no_event_is_a_failed_match_with_its_bytes() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let mut foreign = record(&world.event("{}"));
    foreign.headers.retain(|(name, _)| name != "ce_time");
    foreign.headers.push(("x-odd".to_owned(), vec![0xff, 0x00]));
    foreign.value = vec![0_u8, 159, 146, 150].into();
    let headers = foreign.headers.clone();
    world.log.append(Topic::WebhookEvents, foreign).await.unwrap();
    // accepted by nobody's gateway: not JSON, although it says so
    let unread = world.post("{not json").await;
    let nobody = Record { id: "a\u{0}b".to_owned(), time: now(), headers: vec![], value: vec![].into() };
    world.log.append(Topic::WebhookEvents, nobody).await.unwrap();
    let good = world.post("{}").await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 2, "the third names no project");
    assert!(failed.iter().all(|f| f.stage == "match" && f.cause_code == "invalid-record"));
    assert_eq!(failed[0].event_id, unread);
    assert!(failed[1].cause.contains("ce_time"), "{}", failed[1].cause);
    let sent = world.sent(&failed[1].id).await;
    assert_eq!(sent.payload, [0, 159, 146, 150]);
    assert_eq!(runner::record_headers(&sent.record_headers).unwrap(), headers);
    let instances = world.instances().await;
    assert_eq!(instances.iter().map(|i| i.event_id.as_deref()).collect::<Vec<_>>(), [Some(good.as_str())]);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_event_with_the_same_key_is_a_duplicate() {
    let world = World::new().await;
    world
        .commit(&[
            Process::new(processes::straight(world.source)),
            Process::new(processes::decision(world.source)),
        ])
        .await;
    let runner = world.start();
    let keyed = |key: &str, amount: u32| {
        let mut event = world.event(&format!(r#"{{"amount":{amount}}}"#));
        event.idempotency_key = Some(key.to_owned());
        event
    };
    let first = world.append(keyed("delivery-1", 1)).await;
    world.drained().await;
    let again = world.append(keyed("delivery-1", 2)).await;
    let other = world.append(keyed("delivery-2", 3)).await;
    world.drained().await;
    // and two of one key in one batch
    let batch: Vec<_> = (0..40).map(|n| keyed(&format!("batch-{}", n / 2), n)).collect();
    let appends = batch.iter().map(|event| world.log.append(Topic::WebhookEvents, record(event)));
    futures::future::join_all(appends).await;
    world.drained().await;
    let started: BTreeSet<String> = world.instances().await.into_iter().filter_map(|i| i.event_id).collect();
    assert_eq!(started.len(), 2 + 20);
    assert!(started.contains(&first) && started.contains(&other) && !started.contains(&again));
    for pair in batch.chunks(2) {
        assert!(started.contains(&pair[0].id) && !started.contains(&pair[1].id), "the first one wins");
    }
    assert!(world.is_duplicate(&again).await && !world.is_duplicate(&first).await);
    assert_eq!(world.counts().await["duplicate"], 21);
    assert_eq!(world.counts().await["started"], 44);
    until("all are counted", async || runner.status().duplicates == 21).await;
    assert!(world.failed().await.is_empty());
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_older_than_what_is_remembered_is_set_aside() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let day = 86_400_000;
    let aged = |days: i64| {
        let mut event = world.event("{}");
        event.time = now() - days * day;
        event
    };
    let old = world.append(aged(15)).await;
    let young = world.append(aged(13)).await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].event_id.as_str(), failed[0].cause_code.as_str()), (old.as_str(), "too-old"));
    assert_eq!(world.instances().await[0].event_id.as_deref(), Some(young.as_str()));
    runner.stop().await;
}
