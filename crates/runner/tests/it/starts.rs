//! Events that start processes.

use crate::processes;
use crate::world::{Process, World};

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
    assert_eq!(
        world.counts().await.into_iter().collect::<Vec<_>>(),
        [("accepted".to_owned(), 1), ("started".to_owned(), 1)]
    );
    runner.stop().await;
    assert_eq!(world.marker().await, None);
}
