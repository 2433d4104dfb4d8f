//! Failed triggers: lists, details, retry, dismissal.

use serde_json::json;
use store::failed_trigger::FailedTrigger;
use uuid::Uuid;

use crate::app::{App, Project, column, text};
use crate::instances::{failing, started};

const BODY: &[u8] = b"{ \"amount\" : 1.10 }\n";

fn failed(project: &Project<'_>, data_source: &str, stage: &str, event: &str) -> FailedTrigger {
    FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: project.id.clone(),
        data_source_id: data_source.to_owned(),
        process_definition_id: None,
        instance_id: None,
        commit_id: None,
        event_id: event.to_owned(),
        event_key: event.to_owned(),
        event_time: 1_790_000_000_000,
        stage: stage.to_owned(),
        cause_code: format!("{stage}-cause"),
        cause: "It did not work.".to_owned(),
        element_id: None,
        record_headers: r#"[["ce_id","e-1"],["odd",{"base64":"//4="}]]"#.to_owned(),
        payload: BODY.to_vec(),
        status: "open".to_owned(),
        attempt: 1,
        created_at: 1_790_000_000_000,
        updated_at: 1_790_000_000_000,
    }
}

async fn store(app: &App, rows: Vec<FailedTrigger>) {
    let write = app
        .console
        .db
        .write(move |tx| Box::pin(async move { store::failed_trigger::insert(tx, &rows).await.map(drop) }));
    let _: () = write.await.unwrap();
}

#[tokio::test]
async fn details_show_what_was_sent_and_what_to_do() {
    let app = App::new().await;
    let project = app.project("Details").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let mut row = failed(&project, &data_source, "start", "e-1");
    row.process_definition_id = Some(process.clone());
    let mut binary = failed(&project, &data_source, "match", "e-2");
    binary.payload = vec![0xFF, 0x00];
    let ids = [row.id.clone(), binary.id.clone()];
    store(&app, vec![row, binary]).await;
    let detail = app.get(&project.path(&format!("failed-triggers/{}", ids[0]))).await.good();
    assert_eq!(
        detail["payload"],
        json!({ "encoding": "utf-8", "text": "{ \"amount\" : 1.10 }\n", "size": BODY.len() })
    );
    assert_eq!(detail["headers"][0], json!({ "name": "ce_id", "value": "e-1", "encoding": "utf-8" }));
    assert_eq!(detail["headers"][1]["encoding"], "base64");
    assert_eq!(
        (detail["dataSourceName"].as_str(), detail["processName"].as_str()),
        (Some("orders"), Some("orders-process"))
    );
    assert_eq!(detail["canRetry"], true);
    assert!(detail["advice"].as_str().unwrap().contains("retry"));
    let detail = app.get(&project.path(&format!("failed-triggers/{}", ids[1]))).await.good();
    assert_eq!(detail["payload"], json!({ "encoding": "base64", "text": "/wA=", "size": 2 }));
}

#[tokio::test]
async fn an_element_is_named_as_it_is_drawn_while_its_instance_is_there() {
    let app = App::new().await;
    let project = app.project("Names").await;
    let (data_source, _, _) = project.webhook("orders").await;
    let process = project.process("failing", &failing(&data_source)).await;
    let instance = started(&app, &project, (&data_source, &process), "e-1").await;
    let mut known = failed(&project, &data_source, "start", "e-1");
    let mut gone = failed(&project, &data_source, "start", "e-2");
    for (row, instance) in [(&mut known, instance), (&mut gone, Uuid::now_v7().to_string())] {
        row.process_definition_id = Some(process.clone());
        row.instance_id = Some(instance);
        row.element_id = Some("Sums".to_owned());
    }
    let id = known.id.clone();
    store(&app, vec![known, gone]).await;
    let named = |one: &serde_json::Value| (one["elementName"].clone(), one["elementType"].clone());
    let drawn = (json!("Sum & total"), json!("scriptTask"));
    let list = app.get(&project.path("failed-triggers")).await.good();
    assert_eq!(named(&list["items"][0]), (json!(null), json!(null)));
    assert_eq!(named(&list["items"][1]), drawn);
    assert_eq!(named(&app.get(&project.path(&format!("failed-triggers/{id}"))).await.good()), drawn);
    let event = app.get(&project.path("events/e-1")).await.good();
    assert_eq!(named(&event["failedTriggers"][0]), drawn);
    let groups = app.get(&project.path("failed-triggers/groups")).await.good();
    assert_eq!(groups["items"][0]["example"]["elementId"], "Sums");
}

#[tokio::test]
async fn lists_have_every_filter() {
    let app = App::new().await;
    let project = app.project("Filters").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let mut rows = Vec::new();
    for number in 0..6 {
        let stage = ["gateway", "match", "start"][number % 3];
        let mut row = failed(&project, &data_source, stage, &format!("e-{number}"));
        row.process_definition_id = (stage == "start").then(|| process.clone());
        row.status = if number == 5 { "retried" } else { "open" }.to_owned();
        rows.push(row);
    }
    let mut ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    ids.reverse();
    store(&app, rows).await;
    let client = &app;
    let list = |query: &str| {
        let path = project.path(&format!("failed-triggers?{query}"));
        async move { column(&client.get(&path).await.good(), "id") }
    };
    assert_eq!(list("").await, ids);
    assert_eq!(list("stage=gateway").await.len(), 2);
    assert_eq!(list("causeCode=match-cause").await.len(), 2);
    assert_eq!(list("status=retried").await, ids[..1]);
    assert_eq!(list("eventId=e-0").await, ids[5..]);
    assert_eq!(list(&format!("processDefinitionId={process}")).await.len(), 2);
    assert_eq!(list(&format!("dataSourceId={data_source}&stage=start&status=open")).await.len(), 1);
    assert_eq!(list("from=2020-01-01T00:00:00Z").await.len(), 6);
    assert_eq!(list("to=2020-01-01T00:00:00Z").await.len(), 0);
    let page = app.get(&project.path("failed-triggers?limit=4&stage=start")).await.good();
    assert!(page["nextCursor"].is_null());
    let page = app.get(&project.path("failed-triggers?limit=4")).await.good();
    let rest = list(&format!("limit=4&cursor={}", text(&page, "nextCursor"))).await;
    assert_eq!(rest, ids[4..]);
    app.get(&project.path("failed-triggers?stage=engine")).await.refused(422);
    assert!(
        app.project("Empty")
            .await
            .app
            .get(&format!("projects/{}/failed-triggers", project.id))
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn of_two_retries_at_once_one_is_queued() {
    let app = App::new().await;
    let project = app.project("Retry").await;
    let (data_source, ..) = project.webhook("orders").await;
    let row = failed(&project, &data_source, "start", "e-1");
    let path = project.path(&format!("failed-triggers/{}", row.id));
    store(&app, vec![row]).await;
    let retry = format!("{path}/retry");
    let (one, two) = tokio::join!(app.act(&retry), app.act(&retry));
    let (queued, refused) = if one.status == 202 { (one, two) } else { (two, one) };
    assert_eq!(refused.refused(409), "already-running");
    let command = text(&queued.good(), "commandId");
    let command = app.get(&project.path(&format!("commands/{command}"))).await.good();
    assert_eq!((command["kind"].as_str(), command["result"].is_null()), (Some("retry-failed-trigger"), true));
    let now = app.get(&path).await.good();
    assert_eq!((now["status"].as_str(), now["canRetry"].as_bool()), (Some("retrying"), Some(false)));
    assert_eq!(app.delete(&path, None).await.refused(409), "already-running");
    assert_eq!(app.count("command").await, 1);
    assert_eq!(app.hooks.queued.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_cannot_be_retried_says_why() {
    let app = App::new().await;
    let project = app.project("Never").await;
    let (data_source, ..) = project.webhook("orders").await;
    let gateway = failed(&project, &data_source, "gateway", "e-1");
    let mut done = failed(&project, &data_source, "start", "e-2");
    done.status = "retried".to_owned();
    let paths = [&gateway, &done].map(|row| project.path(&format!("failed-triggers/{}", row.id)));
    store(&app, vec![gateway, done]).await;
    assert_eq!(app.act(&format!("{}/retry", paths[0])).await.refused(409), "not-retryable");
    assert_eq!(app.act(&format!("{}/retry", paths[1])).await.refused(409), "already-retried");
    for path in &paths {
        assert_eq!(app.delete(path, None).await.status.as_u16(), 204);
        app.get(path).await.refused(404);
        app.delete(path, None).await.refused(404);
    }
    let events = app.audit(&project.id).await;
    assert_eq!(events.iter().filter(|a| *a == "failed-trigger.dismiss").count(), 2);
}

#[tokio::test]
async fn events_tell_refused_from_failed() {
    let app = App::new().await;
    let project = app.project("Events").await;
    let (data_source, ..) = project.webhook("orders").await;
    let rows = vec![
        failed(&project, &data_source, "gateway", "refused"),
        failed(&project, &data_source, "match", "unmatched"),
    ];
    store(&app, rows).await;
    let event = app.get(&project.path("events/refused")).await.good();
    assert_eq!(
        (event["state"].as_str(), event["instances"].as_array().map(Vec::len)),
        (Some("refused"), Some(0))
    );
    let event = app.get(&project.path("events/unmatched")).await.good();
    assert_eq!(event["state"], "failed");
    assert_eq!(event["failedTriggers"][0]["causeCode"], "match-cause");
    let list = app.get(&project.path("events")).await.good();
    assert_eq!(column(&list, "id"), ["unmatched", "refused"]);
}
