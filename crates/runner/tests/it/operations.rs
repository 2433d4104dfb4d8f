//! Operations over many rows: what is retried, dismissed, passed over, and what a second one at once does.

use store::command::CommandKind;
use store::operation::{NewOperation, OperationKind, OperationRow};
use store::view::failed_trigger::FailedTrigger;
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::processes;
use crate::world::{Process, World, now, until};

/// Queues an operation; its id. The newest failed trigger or incident is the last one that it is about.
async fn queue(world: &World, kind: OperationKind, filter: &str) -> String {
    let scope = world.scope;
    let newest = world
        .db
        .read::<_, StoreError, _>(move |tx: &mut Tx| {
            Box::pin(async move {
                match kind {
                    OperationKind::RetryIncidents => store::view::incident::newest_id(tx, &scope).await,
                    _ => store::view::failed_trigger::newest_id(tx, &scope).await,
                }
            })
        })
        .await
        .unwrap();
    queue_up_to(world, kind, filter, &newest).await
}

async fn queue_up_to(world: &World, kind: OperationKind, filter: &str, up_to: &str) -> String {
    let (scope, id) = (world.scope, Uuid::now_v7().to_string());
    let (own, filter, up_to) = (id.clone(), filter.to_owned(), up_to.to_owned());
    world
        .db
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let new = NewOperation {
                    id: &own,
                    kind,
                    filter: &filter,
                    up_to_id: &up_to,
                    total: 0,
                    created_by: None,
                    now: now(),
                };
                store::operation::enqueue(tx, &scope, &new).await
            })
        })
        .await
        .unwrap();
    id
}

async fn read(world: &World, id: &str) -> OperationRow {
    let (scope, id) = (world.scope, id.to_owned());
    world
        .db
        .read::<_, StoreError, _>(move |tx| {
            Box::pin(async move { store::view::operation::read(tx, &scope, &id).await })
        })
        .await
        .unwrap()
}

async fn ended(world: &World, id: &str) -> OperationRow {
    until("the operation ended", async || read(world, id).await.finished_at.is_some()).await;
    read(world, id).await
}

/// A process that fails, so many events, and the failed triggers that they came to, oldest first.
async fn failures(world: &World, process: &Process, events: usize) -> Vec<FailedTrigger> {
    world.commit(std::slice::from_ref(process)).await;
    world.post_many((0..events).map(|n| format!("{{\"n\":{n}}}"))).await;
    let runner = world.start();
    world.drained().await;
    runner.stop().await;
    let mut failed = world.failed().await;
    failed.reverse();
    assert_eq!(failed.len(), events);
    failed
}

/// Live instances of every event: one that ended by itself or goes on.
async fn live(world: &World) -> std::collections::BTreeMap<String, usize> {
    let mut live = std::collections::BTreeMap::new();
    for instance in world.instances().await {
        *live.entry(instance.event_id.unwrap()).or_insert(0) += usize::from(instance.status != "cancelled");
    }
    live
}

/// What is counted as rows come and go is what there is.
async fn counts_hold(world: &World) {
    let scope = world.scope;
    let (counts, groups) = world
        .db
        .read::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let counts = store::view::instance::counts(tx, &scope, &Default::default()).await?;
                let groups =
                    store::view::failed_trigger::groups(tx, &scope, &Default::default(), None, 200).await?;
                Ok((counts, groups.items))
            })
        })
        .await
        .unwrap();
    let instances = world.instances().await;
    for (status, count) in counts {
        let there = instances.iter().filter(|instance| instance.status == status).count();
        assert_eq!(count, there as i64, "{status}");
    }
    let failed = world.failed().await;
    let open = failed.iter().filter(|failed| failed.status == "open").count() as i64;
    assert_eq!(groups.iter().map(|group| group.open).sum::<i64>(), open);
    let all: i64 = groups.iter().map(|group| group.open + group.retrying + group.retried).sum();
    assert_eq!(all, failed.len() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mended_process_starts_every_event_of_a_group_once() {
    let world = World::new().await;
    let mut process = Process::new(processes::script(world.source, "throw new Error('no')"));
    let failed = failures(&world, &process, 70).await;
    process.bpmn = processes::script(world.source, "output.ok = true");
    world.commit(std::slice::from_ref(&process)).await;
    // ten newer ones are none of its business
    let filter = format!(r#"{{"causeCode":"script-failed","processDefinitionId":"{}"}}"#, process.id);
    let id = queue_up_to(&world, OperationKind::RetryFailedTriggers, &filter, &failed[59].id).await;
    let runner = world.start();
    let operation = ended(&world, &id).await;
    runner.stop().await;
    assert_eq!((operation.state.as_str(), operation.done, operation.failed), ("done", 60, 0));
    let after = world.failed().await;
    assert_eq!(after.iter().filter(|failed| failed.status == "retried").count(), 60);
    assert!(after[..10].iter().all(|failed| failed.status == "open" && failed.attempt == 1));
    assert!(live(&world).await.values().all(|live| *live == 1));
    counts_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_on_the_same_rows_try_each_once() {
    let world = World::new().await;
    let process = Process::new(processes::script(world.source, "throw new Error('no')"));
    failures(&world, &process, 45).await;
    let first = queue(&world, OperationKind::RetryFailedTriggers, "{}").await;
    let second = queue(&world, OperationKind::RetryFailedTriggers, "{}").await;
    let (one, other) = (world.start(), world.start());
    let (first, second) = (ended(&world, &first).await, ended(&world, &second).await);
    one.stop().await;
    other.stop().await;
    assert_eq!((first.done + second.done, first.failed + second.failed), (0, 45), "{first:?} {second:?}");
    let failed = world.failed().await;
    assert!(failed.iter().all(|failed| failed.status == "open" && failed.attempt == 2), "{failed:?}");
    assert!(live(&world).await.values().all(|live| *live == 1));
    counts_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_one_touches_no_further_row() {
    let world = World::new().await;
    let mut process = Process::new(processes::script(world.source, "throw new Error('no')"));
    failures(&world, &process, 150).await;
    process.bpmn = processes::script(world.source, "for (let i = 0; i < 300000; i++); output.ok = true");
    world.commit(std::slice::from_ref(&process)).await;
    let id = queue(&world, OperationKind::RetryFailedTriggers, "{}").await;
    let runner = world.start();
    until("it has begun", async || read(&world, &id).await.done > 0).await;
    let (scope, own) = (world.scope, id.clone());
    let cancelled = world
        .db
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { store::operation::cancel(tx, &scope, &own, now()).await })
        })
        .await
        .unwrap();
    assert!(cancelled);
    let at = read(&world, &id).await;
    // one of no rows, behind it: when that has ended, the runner has passed by the cancelled one
    let behind = queue(&world, OperationKind::RetryFailedTriggers, r#"{"causeCode":"nobody-has-it"}"#).await;
    ended(&world, &behind).await;
    let later = read(&world, &id).await;
    runner.stop().await;
    assert_eq!((later.state.as_str(), later.done), ("cancelled", at.done));
    let retried = world.failed().await.iter().filter(|failed| failed.status == "retried").count();
    assert_eq!(retried as i64, at.done);
    assert!(retried < 150);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dismissed_group_is_gone_and_the_others_stay() {
    let world = World::new().await;
    let process = Process::new(processes::script(world.source, "throw new Error('no')"));
    let failed = failures(&world, &process, 230).await;
    let other = Process::new(processes::straight(Uuid::new_v4()));
    world.commit(&[other]).await;
    let ids = format!(r#"{{"ids":["{}","{}"]}}"#, failed[3].id, Uuid::nil());
    let some = queue(&world, OperationKind::DismissFailedTriggers, &ids).await;
    let runner = world.start();
    assert_eq!(ended(&world, &some).await.done, 1);
    assert_eq!(world.failed().await.len(), 229);
    let none = queue(&world, OperationKind::DismissFailedTriggers, r#"{"causeCode":"other"}"#).await;
    assert_eq!(ended(&world, &none).await.done, 0);
    let all = queue(&world, OperationKind::DismissFailedTriggers, r#"{"stage":"start"}"#).await;
    let operation = ended(&world, &all).await;
    runner.stop().await;
    assert_eq!((operation.state.as_str(), operation.done, operation.failed), ("done", 229, 0));
    assert!(world.failed().await.is_empty());
    assert_eq!(world.instances().await.len(), 230, "what runs is not touched");
    counts_hold(&world).await;
}

/// A row at which the process stopped three times is passed over; the rest is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_stops_the_process_is_passed_over() {
    let world = World::new().await;
    let mut process = Process::new(processes::script(world.source, "throw new Error('no')"));
    let failed = failures(&world, &process, 30).await;
    process.bpmn = processes::straight(world.source);
    world.commit(std::slice::from_ref(&process)).await;
    let id = queue(&world, OperationKind::RetryFailedTriggers, "{}").await;
    for turn in 0..4 {
        // as a runner that claims it and is killed
        let at = now() - 100_000 + turn * 1_000;
        let claimed = world
            .db
            .write::<_, StoreError, _>(move |tx| Box::pin(store::operation::claim(tx, at, 10)))
            .await
            .unwrap();
        assert!(claimed.is_some());
    }
    let runner = world.start();
    let operation = ended(&world, &id).await;
    runner.stop().await;
    assert_eq!((operation.done, operation.failed), (29, 1), "{operation:?}");
    let open: Vec<String> =
        world.failed().await.into_iter().filter(|f| f.status == "open").map(|f| f.id).collect();
    assert_eq!(open, [failed[0].id.clone()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incidents_are_retried_after_their_variables_were_changed() {
    let world = World::new().await;
    let process = Process::new(processes::script(world.source, "output.copy = fixed.number"));
    failures(&world, &process, 25).await;
    let instances = world.instances().await;
    let runner = world.start();
    let patch = r#"{"patch":{"fixed":{"number":1.10,"big":12345678901234567890123}}}"#;
    for instance in &instances[..2] {
        let command = world.command(&runner, CommandKind::ChangeVariables, &instance.id, patch).await;
        assert_eq!(command.state, "done", "{command:?}");
        let row = world.row(&instance.id).await;
        assert!(
            row.variables.contains(r#"{"number":1.10,"big":12345678901234567890123}"#),
            "{}",
            row.variables
        );
        assert_eq!(row.status, "incident", "nothing runs until a retry");
    }
    let none = queue(&world, OperationKind::RetryIncidents, r#"{"causeCode":"no-flow"}"#).await;
    assert_eq!(ended(&world, &none).await.done, 0);
    let id = queue(&world, OperationKind::RetryIncidents, r#"{"causeCode":"script-failed"}"#).await;
    let operation = ended(&world, &id).await;
    assert_eq!((operation.state.as_str(), operation.done, operation.failed), ("done", 2, 23));
    let retried: Vec<FailedTrigger> =
        world.failed().await.into_iter().filter(|failed| failed.status == "retried").collect();
    assert_eq!(retried.len(), 2, "the failed trigger of an instance that goes on is resolved");
    for instance in &instances[..2] {
        let row = world.row(&instance.id).await;
        assert_eq!(row.status, "completed");
        assert!(row.variables.contains(r#""copy":1.1"#), "{}", row.variables);
        let late = world.command(&runner, CommandKind::ChangeVariables, &instance.id, patch).await;
        assert_eq!(late.state, "failed");
    }
    runner.stop().await;
    let scope = world.scope;
    let open = world
        .db
        .read::<_, StoreError, _>(move |tx| {
            Box::pin(
                async move { store::view::incident::list(tx, &scope, &Default::default(), None, 100).await },
            )
        })
        .await
        .unwrap();
    assert_eq!(open.len(), 23);
    assert!(open.iter().all(|incident| incident.number == 2), "each retry raised a new one: {open:?}");
    counts_hold(&world).await;
}
