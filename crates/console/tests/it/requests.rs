//! The last requests of a webhook and the shape of what they sent.

use console::PendingEvent;
use serde_json::{Value, json};
use store::failed_trigger::FailedTrigger;
use uuid::Uuid;

use crate::app::{App, Project, column, text};
use crate::instances::started;

fn refused(project: &Project<'_>, data_source: &str, event: &str, stage: &str) -> FailedTrigger {
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
        cause_code: if stage == "gateway" { "not-json" } else { "not-linked" }.to_owned(),
        cause: if stage == "gateway" { "the sender was answered 400 (not-json)" } else { "none" }.to_owned(),
        element_id: None,
        record_headers: "[]".to_owned(),
        payload: b"{".to_vec(),
        status: "open".to_owned(),
        attempt: 1,
        created_at: 1,
        updated_at: 1,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepted_refused_failed_and_waiting_requests_are_listed() {
    let app = App::new().await;
    let project = app.project("Requests").await;
    let (data_source, process, trigger) = project.webhook("orders").await;
    let (elsewhere, other_process, _) = project.webhook("others").await;
    let path = project.path(&format!("triggers/{trigger}/requests"));
    assert_eq!(app.get(&path).await.good(), json!({ "items": [], "nextCursor": null }));
    started(&app, &project, (&data_source, &process), "e1").await;
    started(&app, &project, (&elsewhere, &other_process), "e2").await;
    let rows = vec![
        refused(&project, &data_source, "e3", "gateway"),
        refused(&project, &data_source, "e4", "match"),
    ];
    let stored = app.console.db.write::<_, store::StoreError, _>(move |tx| {
        Box::pin(async move { store::failed_trigger::insert(tx, &rows).await })
    });
    stored.await.unwrap();
    let own = app.get("projects").await.good()["items"][0].clone();
    let id = |field: &str| Uuid::parse_str(own[field].as_str().unwrap_or_default()).ok();
    let scope = store::Scope {
        organization: id("organizationId").unwrap_or_default(),
        workspace: id("workspaceId").unwrap_or_default(),
        project: Uuid::parse_str(&project.id).unwrap(),
    };
    let waiting = PendingEvent { scope, data_source: Uuid::parse_str(&data_source).unwrap(), time: 5 };
    *app.hooks.pending.lock().unwrap() = Some(("e5".to_owned(), waiting));
    let list = app.get(&path).await.good();
    assert_eq!(column(&list, "eventId"), ["e5", "e4", "e3", "e1"], "{list}");
    assert_eq!(column(&list, "state"), ["pending", "failed", "refused", "started"]);
    let of = |n: usize| &list["items"][n];
    assert_eq!((&of(2)["status"], &of(2)["causeCode"]), (&json!(400), &json!("not-json")));
    assert_eq!(
        (&of(1)["status"], &of(1)["failed"], &of(1)["causeCode"]),
        (&Value::Null, &json!(1), &json!("not-linked"))
    );
    assert_eq!((&of(3)["started"], &of(3)["failed"]), (&json!(1), &json!(0)));
    // page by page; what waits is on the first one only
    let (mut seen, mut at) = (Vec::new(), format!("{path}?limit=1"));
    loop {
        let page = app.get(&at).await.good();
        seen.extend(column(&page, "eventId"));
        let Some(next) = page["nextCursor"].as_str() else { break };
        at = format!("{path}?limit=1&cursor={next}");
    }
    assert_eq!(seen, ["e5", "e4", "e3", "e1"]);
    let other = app.project("Foreign").await;
    assert_eq!(app.get(&other.path(&format!("triggers/{trigger}/requests"))).await.refused(404), "not-found");
}

fn named<'a>(fields: &'a Value, name: &str) -> &'a Value {
    let found = fields.as_array().unwrap().iter().find(|field| field["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {fields}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_types_of_recent_payloads_are_told() {
    let app = App::new().await;
    let project = app.project("Shape").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let path = project.on_main(&format!("data-sources/{data_source}/payload-shape"));
    let nothing = app.get(&path).await.good();
    assert_eq!((&nothing["events"], &nothing["payload"]["types"]), (&json!(0), &json!([])));
    for event in ["e1", "e2"] {
        started(&app, &project, (&data_source, &process), event).await;
    }
    let shape = app.get(&path).await.good();
    assert_eq!((&shape["events"], &shape["payload"]["types"]), (&json!(2), &json!(["object"])));
    let b = named(&shape["payload"]["fields"], "b");
    assert_eq!((&b["types"], &b["big"], &b["optional"]), (&json!(["integer"]), &json!(true), &json!(false)));
    assert_eq!((text(b, "pointer"), text(b, "path")), ("/b".to_owned(), "webhookData.payload.b".to_owned()));
    assert_eq!(named(&shape["payload"]["fields"], "amount")["example"], "1.10");
    assert_eq!(shape["headers"]["types"], json!(["object"]));
    for wrong in ["?events=0", "?events=51"] {
        assert_eq!(app.get(&format!("{path}{wrong}")).await.refused(422), "invalid-fields");
    }
    // a process is no data source
    let wrong = project.on_main(&format!("data-sources/{process}/payload-shape"));
    assert_eq!(app.get(&wrong).await.refused(404), "not-found");
}
