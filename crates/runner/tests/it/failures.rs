//! Refused requests become failed triggers of the stage *gateway*.

use eventlog::{EventLog, Record, Topic};
use store::command::CommandKind;
use webhook::RefusedRequest;

use crate::world::{World, now, refusal};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_requests_are_kept_once_and_cannot_be_retried() {
    let world = World::new().await;
    let refused = |body: &str| {
        let event = world.event(body);
        RefusedRequest { event, status: 400, cause: "not-json".to_owned(), truncated: false }
    };
    let requests: Vec<RefusedRequest> = (0..30).map(|n| refused(&format!("{{{n}"))).collect();
    for request in &requests {
        let record = refusal(request);
        // twice: the log promises at least once
        world.log.append(Topic::WebhookFailures, record.clone()).await.unwrap();
        world.log.append(Topic::WebhookFailures, record).await.unwrap();
    }
    let odd = Record { id: "odd".to_owned(), time: now(), headers: vec![], value: vec![1].into() };
    world.log.append(Topic::WebhookFailures, odd).await.unwrap();
    let runner = world.start();
    world.drained().await;
    let failed = world.failed().await;
    assert_eq!(failed.len(), 30);
    assert!(failed.iter().all(|f| f.stage == "gateway" && f.cause_code == "not-json" && f.status == "open"));
    assert_eq!(world.counts().await["refused"], 30);
    let sent = world.sent(&failed[29].id).await;
    assert_eq!(sent.payload, b"{0");
    let command = world.command(&runner, CommandKind::RetryFailedTrigger, &failed[0].id, "{}").await;
    assert_eq!(command.state, "failed");
    assert!(command.result.unwrap().contains("not-retryable"));
    assert_eq!(world.failed().await[0].status, "open");
    runner.stop().await;
}
