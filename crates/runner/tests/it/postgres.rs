//! The same runner on PostgreSQL, where `FOREBAY_TEST_POSTGRES` names a server. One test: runners of one database
//! share its positions.

use store::command::CommandKind;
use store::{Db, PgOptions};

use crate::processes;
use crate::world::{Process, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starts_rewinds_zombies_and_retry_on_postgresql() {
    let Ok(url) = std::env::var("FOREBAY_TEST_POSTGRES") else {
        println!("skipped: the runner on PostgreSQL (FOREBAY_TEST_POSTGRES is not set)");
        return;
    };
    let db = Db::postgres(&PgOptions::new(&url)).await.unwrap();
    let mut world = World::in_store(db, tempfile::tempdir().unwrap()).await;
    world.settings.batch_events = 50;
    // the position of an earlier run of this test belongs to another log
    world.rewind(None).await;
    let good = Process::new(processes::decision(world.source));
    let mut bad = Process::new(processes::script(world.source, "throw new Error('not yet')"));
    world.commit(&[good.clone(), bad.clone()]).await;
    let mut runners = vec![world.start(), world.start(), world.start()];
    let mut events = Vec::new();
    for turn in 0..5 {
        events.extend(world.post_many((0..200).map(|n| format!(r#"{{"amount":{n}}}"#))).await);
        world.rewind(None).await;
        drop(runners.remove(turn % runners.len()));
        runners.push(world.start());
    }
    world.drained().await;
    world.assert_exactly_once(&events, 2).await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 1_000);
    assert!(failed.iter().all(|f| f.cause_code == "script-failed" && f.status == "open"));

    bad.bpmn = processes::straight(world.source);
    world.commit(&[good, bad]).await;
    let command = world.command(&runners[0], CommandKind::RetryFailedTrigger, &failed[0].id, "{}").await;
    assert_eq!(command.state, "done", "{command:?}");
    let mut statuses: Vec<String> = world
        .instances()
        .await
        .into_iter()
        .filter(|instance| instance.event_id.as_deref() == Some(failed[0].event_id.as_str()))
        .map(|instance| instance.status)
        .collect();
    statuses.sort();
    assert_eq!(statuses, ["cancelled", "completed", "completed"]);
    for runner in runners {
        runner.stop().await;
    }
}
