//! Commands on instances.

use store::command::CommandKind;
use uuid::Uuid;

use crate::processes;
use crate::world::{Process, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancel_ends_an_instance_with_an_incident() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::script(world.source, "throw 1"))]).await;
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    let id = world.instances().await[0].id.clone();
    let command = world.command(&runner, CommandKind::CancelInstance, &id, "{}").await;
    assert_eq!(command.state, "done", "{command:?}");
    let row = world.row(&id).await;
    assert_eq!((row.status.as_str(), row.version), ("cancelled", 2));
    assert!(row.ended_at.is_some());
    let history = world.history(&id).await;
    assert!(history[1].events.contains("cancelled"), "{}", history[1].events);
    let again = world.command(&runner, CommandKind::CancelInstance, &id, "{}").await;
    assert_eq!(again.state, "failed");
    assert!(again.result.unwrap().contains("\"ended\""));
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_cannot_be_done_say_why() {
    let world = World::new().await;
    world.commit(&[Process::new(processes::script(world.source, "throw 1"))]).await;
    let runner = world.start();
    world.post("{}").await;
    world.drained().await;
    let id = world.instances().await[0].id.clone();
    let unknown = Uuid::now_v7().to_string();
    for (kind, target, arguments, code) in [
        (CommandKind::CancelInstance, unknown.as_str(), "{}", "not-found"),
        (CommandKind::RetryFailedTrigger, unknown.as_str(), "{}", "not-found"),
        (CommandKind::RetryIncident, id.as_str(), r#"{"incident":99}"#, "engine-fault"),
        (CommandKind::RetryIncident, id.as_str(), "[", "bad-arguments"),
        (CommandKind::ChangeVariables, id.as_str(), r#"{"patch":[]}"#, "bad-arguments"),
        (CommandKind::ChangeVariables, id.as_str(), "{}", "bad-arguments"),
    ] {
        let command = world.command(&runner, kind, target, arguments).await;
        assert_eq!(command.state, "failed");
        assert!(command.result.as_deref().unwrap().contains(code), "{command:?}");
    }
    assert_eq!(world.row(&id).await.version, 1);
    runner.stop().await;
}
