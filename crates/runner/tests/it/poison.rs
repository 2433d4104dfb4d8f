//! Events and definitions at fault: each becomes a failed trigger with its cause, the others start.

use crate::processes;
use crate::world::{Process, World};

/// Bar 9: one event in a hundred is poison, of every kind that an event can be by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_events_stand_alone_and_the_others_start() {
    let mut world = World::new().await;
    world.settings.script.script_ticks = 20;
    world.settings.script.step_ticks = 40;
    let source = "
        const kind = webhookData.payload.kind;
        if (kind === 'throw') throw new Error('no such order');
        if (kind === 'loop') for (;;) {}
        if (kind === 'memory') { const held = []; for (;;) held.push(new Array(100000).fill(kind)); }
        if (kind === 'recursion') { (function f() { f(); })(); }
        output.kind = kind;";
    world.commit(&[Process::new(processes::script(world.source, source))]).await;
    let runner = world.start();
    let kinds = ["throw", "loop", "memory", "recursion"];
    let body = |n: usize| match n % 100 {
        50 => format!(r#"{{"kind":"{}","n":{n}}}"#, kinds[n / 100 % kinds.len()]),
        _ => format!(r#"{{"kind":"good","n":{n}}}"#),
    };
    world.post_many((0..800).map(body)).await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 8, "{failed:#?}");
    for failed in &failed {
        assert_eq!((failed.stage.as_str(), failed.status.as_str()), ("start", "open"));
        assert_eq!(failed.cause_code, "script-failed");
        assert_eq!(failed.element_id.as_deref(), Some("task"));
        let instance = world.row(failed.instance_id.as_deref().unwrap()).await;
        assert_eq!((instance.status.as_str(), instance.ended_at), ("incident", None));
    }
    assert!(failed.iter().any(|failed| failed.cause.contains("no such order")));
    let instances = world.instances().await;
    assert_eq!(instances.iter().filter(|i| i.status == "completed").count(), 792);
    assert_eq!(instances.len(), 800);
    runner.stop().await;
    // a restart neither repeats nor loops
    let runner = world.start();
    world.post(r#"{"kind":"good"}"#).await;
    world.drained().await;
    assert_eq!((world.instances().await.len(), world.failed().await.len()), (801, 8));
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_definition_that_does_not_load_fails_its_own_starts_only() {
    let world = World::new().await;
    let broken = Process::new(b"<bpmn:definitions".to_vec());
    let good = Process::new(processes::straight(world.source));
    world.commit(&[broken.clone(), good.clone()]).await;
    let runner = world.start();
    world.post_many((0..50).map(|n| n.to_string())).await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 50);
    for failed in &failed {
        assert_eq!((failed.stage.as_str(), failed.cause_code.as_str()), ("start", "definition-invalid"));
        assert_eq!(failed.process_definition_id.as_deref(), Some(broken.id.to_string().as_str()));
        let instance = world.row(failed.instance_id.as_deref().unwrap()).await;
        assert_eq!(instance.status, "incident");
        assert!(instance.variables.contains("webhookData"));
    }
    let completed: Vec<_> = world.instances().await.into_iter().filter(|i| i.status == "completed").collect();
    assert_eq!(completed.len(), 50);
    assert!(completed.iter().all(|i| i.process_definition_id == good.id.to_string()));
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_over_a_limit_keeps_its_instance_with_an_incident() {
    let mut world = World::new().await;
    world.settings.engine.variables_bytes = 1_000;
    world.commit(&[Process::new(processes::straight(world.source))]).await;
    let runner = world.start();
    let large = world.post(&format!("\"{}\"", "x".repeat(2_000))).await;
    world.post("\"small\"").await;
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (failed[0].event_id.as_str(), failed[0].cause_code.as_str()),
        (large.as_str(), "variables-too-large")
    );
    assert_eq!(world.row(failed[0].instance_id.as_deref().unwrap()).await.status, "incident");
    assert_eq!(world.instances().await.len(), 2);
    runner.stop().await;
}
