//! Retry of failed triggers (and what must never come of it: two live instances).

use store::command::CommandKind;
use store::view::failed_trigger::FailedTrigger;

use crate::processes;
use crate::world::{Process, World};

const RETRY: CommandKind = CommandKind::RetryFailedTrigger;

async fn only_failed(world: &World) -> FailedTrigger {
    let mut failed = world.failed().await;
    assert_eq!(failed.len(), 1, "{failed:#?}");
    failed.remove(0)
}

/// Statuses of all instances, oldest first.
async fn statuses(world: &World) -> Vec<String> {
    world.instances().await.into_iter().rev().map(|instance| instance.status).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_replaces_the_instance_with_the_incident() {
    let world = World::new().await;
    let mut process = Process::new(processes::script(world.source, "throw new Error('first')"));
    world.commit(std::slice::from_ref(&process)).await;
    let runner = world.start();
    let event = world.post(r#"{ "a": 1.10 }"#).await;
    world.drained().await;
    let failed = only_failed(&world).await;
    let first = failed.instance_id.clone().unwrap();

    // still broken, in another way: another instance with an incident, the first one is cancelled
    process.bpmn = processes::script(world.source, "throw new Error('second')");
    let commit = world.commit(std::slice::from_ref(&process)).await;
    let command = world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(command.state, "done", "{command:?}");
    let failed = only_failed(&world).await;
    assert_eq!((failed.status.as_str(), failed.attempt), ("open", 2));
    assert!(failed.cause.contains("second"), "{}", failed.cause);
    assert_eq!(failed.commit_id.as_deref(), Some(commit.as_str()));
    let second = failed.instance_id.clone().unwrap();
    assert_ne!(first, second);
    let old = world.row(&first).await;
    assert_eq!((old.status.as_str(), old.replaced_by.as_deref()), ("cancelled", Some(second.as_str())));
    assert!(old.ended_at.is_some());
    assert_eq!(world.history(&first).await.len(), 2);
    assert_eq!(statuses(&world).await, ["cancelled", "incident"]);

    // and now it works
    process.bpmn = processes::script(world.source, "output.ok = webhookData.payload.a");
    world.commit(std::slice::from_ref(&process)).await;
    let command = world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(command.state, "done");
    let failed = only_failed(&world).await;
    assert_eq!((failed.status.as_str(), failed.attempt), ("retried", 3));
    let third = world.row(failed.instance_id.as_deref().unwrap()).await;
    assert_eq!(
        (third.status.as_str(), third.attempt, third.event_id.as_deref()),
        ("completed", 3, Some(event.as_str()))
    );
    assert!(third.variables.contains(r#""payload":{ "a": 1.10 },"#), "{}", third.variables);
    assert_eq!(statuses(&world).await, ["cancelled", "cancelled", "completed"]);

    // a Retry of what is retried does nothing
    let command = world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(command.state, "failed");
    assert!(command.result.unwrap().contains("already-retried"));
    assert_eq!(statuses(&world).await.len(), 3);
    runner.stop().await;
}

/// The same, of an instance that the engine cannot even load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_replaces_an_instance_whose_definition_does_not_load() {
    let world = World::new().await;
    let mut process = Process::new(b"no xml".to_vec());
    world.commit(std::slice::from_ref(&process)).await;
    let runner = world.start();
    world.post("1").await;
    world.drained().await;
    let failed = only_failed(&world).await;
    process.bpmn = processes::straight(world.source);
    world.commit(std::slice::from_ref(&process)).await;
    world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(statuses(&world).await, ["cancelled", "completed"]);
    assert_eq!(only_failed(&world).await.status, "retried");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_of_a_failed_match_starts_what_is_linked_by_now() {
    let world = World::new().await;
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    let failed = only_failed(&world).await;
    let command = world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(command.state, "done");
    let failed = only_failed(&world).await;
    assert_eq!(
        (failed.status.as_str(), failed.attempt, failed.cause_code.as_str()),
        ("open", 2, "no-running-commit")
    );

    let good = Process::new(processes::straight(world.source));
    let bad = Process::new(processes::script(world.source, "null.x"));
    world.commit(&[good, bad]).await;
    let command = world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(command.state, "done", "{command:?}");
    let failed = world.failed().await;
    assert_eq!(failed.len(), 2);
    let (start, matched): (Vec<_>, Vec<_>) = failed.into_iter().partition(|f| f.stage == "start");
    assert_eq!(matched[0].status, "retried");
    assert_eq!((start[0].status.as_str(), start[0].cause_code.as_str()), ("open", "script-failed"));
    let mut now = statuses(&world).await;
    now.sort();
    assert_eq!(now, ["completed", "incident"]);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_of_an_old_event_starts_it_however_old_it_is() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let mut event = world.event("{}");
    event.time -= 20 * 86_400_000;
    world.append(event).await;
    world.drained().await;
    let failed = only_failed(&world).await;
    assert_eq!(failed.cause_code, "too-old");
    world.command(&runner, RETRY, &failed.id, "{}").await;
    assert_eq!(only_failed(&world).await.status, "retried");
    assert_eq!(statuses(&world).await, ["completed"]);
    runner.stop().await;
}

/// Who solved it in place needs no Retry, and a Retry then makes no second instance.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_goes_on_is_never_replaced() {
    let world = World::new().await;
    let source = "if (!webhookData.payload.fixed) throw new Error('broken'); output.done = true;";
    world.commit(&[Process::new(processes::script(world.source, source))]).await;
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    let failed = only_failed(&world).await;
    let instance = failed.instance_id.clone().unwrap();
    // a Retry is queued behind the two commands that solve it
    let change = r#"{"patch":{"webhookData":{"payload":{"fixed":true}}}}"#;
    let first = world.enqueue(CommandKind::ChangeVariables, &instance, change).await;
    let second = world.enqueue(CommandKind::RetryIncident, &instance, "{}").await;
    let third = world.enqueue(RETRY, &failed.id, "{}").await;
    runner.wake_commands();
    for (id, state) in [(first, "done"), (second, "done"), (third, "failed")] {
        let ended = world.ended(&id).await;
        assert_eq!(ended.state, state, "{ended:?}");
    }
    assert_eq!(statuses(&world).await, ["completed"]);
    assert_eq!(only_failed(&world).await.status, "retried");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_retries_at_once_leave_one_live_instance() {
    let world = World::new().await;
    let process = Process::new(processes::script(world.source, "throw 1"));
    world.commit(std::slice::from_ref(&process)).await;
    let runners = [world.start(), world.start(), world.start()];
    world.post("{}").await;
    world.drained().await;
    let failed = only_failed(&world).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(world.enqueue(RETRY, &failed.id, "{}").await);
        runners.iter().for_each(runner::Runner::wake_commands);
    }
    for id in &ids {
        assert_eq!(world.ended(id).await.state, "done");
    }
    let statuses = statuses(&world).await;
    assert_eq!(statuses.len(), 21);
    assert_eq!(statuses.iter().filter(|status| *status == "incident").count(), 1);
    assert_eq!(only_failed(&world).await.attempt, 21);
    for runner in runners {
        runner.stop().await;
    }
}
