//! Data sources: names, settings, concurrency, deletion.

use serde_json::json;

use crate::app::{App, column, on_webhook, text};

#[tokio::test]
async fn a_data_source_is_made_read_changed_and_listed() {
    let app = App::new().await;
    let project = app.project("Sources").await;
    let path = project.on_main("data-sources");
    let new = json!({
        "name": "Bestell-Eingang.[1](ä)_2", "description": "From the shop\nof ours",
        "redactedHeaders": ["X-Secret"], "idempotencyKey": "header:X-Github-Delivery"
    });
    let made = app.post(&path, new).await;
    let (tag, body) = (made.etag(), made.good());
    assert_eq!(body["type"], "incomingWebhook");
    assert_eq!(body["redactedHeaders"], json!(["X-Secret"]));
    let one = format!("{path}/{}", text(&body, "resourceDefinitionId"));
    assert_eq!(app.get(&one).await.good(), body);
    assert_eq!(app.get(&one).await.etag(), tag);

    let change = json!({ "redactedHeaders": null, "idempotencyKey": null, "description": "" });
    let changed = app.json("PATCH", &one, Some(&tag), change.clone()).await;
    let new_tag = changed.etag();
    assert_ne!(new_tag, tag);
    let changed = changed.good();
    assert_eq!(changed["redactedHeaders"].as_array().unwrap().len(), 4, "the default list");
    assert!(changed["idempotencyKey"].is_null());
    assert_eq!(changed["name"], body["name"], "what is left out stays");
    // the same again changes nothing, so its tag stays
    assert_eq!(app.json("PATCH", &one, Some(&new_tag), change.clone()).await.etag(), new_tag);
    assert_eq!(app.json("PATCH", &one, Some(&tag), change).await.refused(412), "stale");
    app.json("PATCH", &one, None, json!({})).await.refused(428);
    let pointer = app.json("PATCH", &one, Some("*"), json!({ "idempotencyKey": "pointer:/id" })).await.good();
    assert_eq!(pointer["idempotencyKey"], "pointer:/id");

    for name in ["bbb", "ccc"] {
        project.data_source(name).await;
    }
    let (mut names, mut page) = (Vec::new(), app.get(&format!("{path}?limit=2")).await.good());
    names.extend(column(&page, "name"));
    page = app.get(&format!("{path}?limit=2&cursor={}", text(&page, "nextCursor"))).await.good();
    names.extend(column(&page, "name"));
    assert!(page["nextCursor"].is_null());
    names.sort();
    assert_eq!(names, ["Bestell-Eingang.[1](ä)_2", "bbb", "ccc"]);
}

#[tokio::test]
async fn fields_are_refused_all_at_once() {
    let app = App::new().await;
    let project = app.project("Fields").await;
    let path = project.on_main("data-sources");
    let all = json!({
        "name": "a b", "description": "x".repeat(501), "redactedHeaders": ["ok", "not ok"], "idempotencyKey": "body:x"
    });
    let refused = app.post(&path, all).await;
    let fields: Vec<String> =
        refused.json()["errors"].as_array().unwrap().iter().map(|e| text(e, "field")).collect();
    assert_eq!(refused.refused(422), "invalid-fields");
    assert_eq!(fields, ["name", "description", "redactedHeaders/1", "idempotencyKey"]);
    for bad in ["ab", "a b c", "a/b", "😀😀😀", "a\u{202E}bc", &"x".repeat(51)] {
        app.post(&path, json!({ "name": bad })).await.refused(422);
    }
    for bad in ["pointer:id", "header:", "header:a b", "", "pointer:/\u{0}"] {
        app.post(&path, json!({ "name": "good", "idempotencyKey": bad })).await.refused(422);
    }
}

#[tokio::test]
async fn names_are_unique_in_a_branch_without_regard_to_case() {
    let app = App::new().await;
    let project = app.project("Names").await;
    project.data_source("Orders").await;
    let other = project.data_source("returns").await;
    let path = project.on_main("data-sources");
    assert_eq!(app.post(&path, json!({ "name": "ORDERS" })).await.refused(409), "name-taken");
    let rename = app.json("PATCH", &format!("{path}/{other}"), Some("*"), json!({ "name": "orders" })).await;
    assert_eq!(rename.refused(409), "name-taken");
    // a process may have the same name, and another project too
    project.process("orders", &on_webhook("x")).await;
    app.project("Elsewhere").await.data_source("orders").await;
}

#[tokio::test]
async fn deletion_is_refused_while_it_is_used_or_active() {
    let app = App::new().await;
    let project = app.project("Delete").await;
    let (data_source, process, trigger) = project.webhook("orders").await;
    let path = project.on_main(&format!("data-sources/{data_source}"));
    app.delete(&path, None).await.refused(428);
    app.delete(&path, Some("\"old\"")).await.refused(412);
    assert_eq!(app.delete(&path, Some("*")).await.refused(409), "trigger-active");
    app.act(&project.path(&format!("triggers/{trigger}/deactivate"))).await.good();
    let used = app.delete(&path, Some("*")).await;
    assert_eq!(used.json()["blocking"], json!([{ "id": process, "name": "orders-process" }]));
    assert_eq!(used.refused(409), "in-use");
    app.delete(&project.on_main(&format!("process-definitions/{process}")), Some("*")).await.good();
    assert_eq!(app.delete(&path, Some("*")).await.status.as_u16(), 204);
    app.get(&path).await.refused(404);
    // until the commit that lacks it, the trigger is as it was
    assert_eq!(project.trigger_of(&data_source).await["linked"], true);
    let made = project.commit("Without").await.good();
    assert_eq!(made["triggers"]["unlinked"], json!([trigger]));
    let gone = app.get(&project.path("triggers")).await.good();
    assert_eq!(gone["items"], json!([]));
}

#[tokio::test]
async fn an_active_trigger_of_another_branch_does_not_forbid_deletion() {
    let app = App::new().await;
    let project = app.project("Aside").await;
    let (data_source, process, _) = project.webhook("orders").await;
    app.post(&project.path("branches"), json!({ "name": "dev" })).await.good();
    let dev = |rest: &str| project.path(&format!("branches/dev/{rest}"));
    app.delete(&dev(&format!("process-definitions/{process}")), Some("*")).await.good();
    app.delete(&dev(&format!("data-sources/{data_source}")), Some("*")).await.good();
    app.get(&project.on_main(&format!("data-sources/{data_source}"))).await.good();
}
