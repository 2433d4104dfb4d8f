//! Projects: make, list, rename, erase.

use serde_json::json;

use crate::app::{App, column, text};

#[tokio::test]
async fn a_project_is_made_read_renamed_and_erased() {
    let app = App::new().await;
    let made = app.post("projects", json!({ "name": " Orders " })).await;
    assert_eq!(made.status.as_u16(), 201);
    let (tag, body) = (made.etag(), made.good());
    assert_eq!(body["name"], "Orders", "names are trimmed");
    let path = format!("projects/{}", text(&body, "id"));
    assert_eq!(app.get(&path).await.good(), body);
    let created = text(&body, "createdAt");
    assert!(created.ends_with('Z') && created.len() == "2026-03-23T15:30:00.000Z".len(), "{created}");

    assert_eq!(
        app.json("PATCH", &path, None, json!({ "name": "New" })).await.refused(428),
        "if-match-missing"
    );
    for wrong in ["\"7\"", "W/\"1\"", "\"1"] {
        let status = if wrong.ends_with("1") { 400 } else { 412 };
        app.json("PATCH", &path, Some(wrong), json!({ "name": "New" })).await.refused(status);
    }
    let renamed = app.json("PATCH", &path, Some(&tag), json!({ "name": "New" })).await;
    assert_ne!(renamed.etag(), tag);
    assert_eq!(renamed.good()["name"], "New");
    app.json("PATCH", &path, Some(&format!("\"9\", {tag}")), json!({ "name": "Newer" })).await.refused(412);

    app.delete(&path, None).await.refused(428);
    app.delete(&path, Some(&tag)).await.refused(412);
    assert_eq!(app.delete(&path, Some("*")).await.status.as_u16(), 204);
    app.get(&path).await.refused(404);
}

#[tokio::test]
async fn names_are_unique_without_regard_to_case() {
    let app = App::new().await;
    let one = app.project("Straße").await;
    assert_eq!(app.post("projects", json!({ "name": "STRASSE" })).await.refused(409), "name-taken");
    let other = app.project("Other").await;
    let path = format!("projects/{}", other.id);
    let rename = app.json("PATCH", &path, Some("*"), json!({ "name": "straße" })).await;
    assert_eq!(rename.refused(409), "name-taken");
    // its own name in another case is no conflict
    let own = format!("projects/{}", one.id);
    app.json("PATCH", &own, Some("*"), json!({ "name": "STRAẞE" })).await.good();
}

#[tokio::test]
async fn a_list_goes_through_all_pages_once() {
    let app = App::new().await;
    let mut made = Vec::new();
    for number in 0..7 {
        made.push(app.project(&format!("P{number}")).await.id);
    }
    made.sort();
    let (mut seen, mut path) = (Vec::new(), "projects?limit=3".to_owned());
    loop {
        let page = app.get(&path).await.good();
        assert!(page["items"].as_array().unwrap().len() <= 3);
        seen.extend(column(&page, "id"));
        let Some(next) = page["nextCursor"].as_str() else { break };
        path = format!("projects?limit=3&cursor={next}");
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn erasing_waits_for_active_triggers_and_leaves_nothing() {
    let app = App::new().await;
    let project = app.project("Doomed").await;
    let (data_source, process, trigger) = project.webhook("orders").await;
    let path = format!("projects/{}", project.id);
    let refused = app.delete(&path, Some("*")).await;
    assert_eq!(refused.json()["blocking"], json!([{ "id": trigger, "name": "orders" }]));
    assert_eq!(refused.refused(409), "trigger-active");
    app.act(&project.path(&format!("triggers/{trigger}/deactivate"))).await.good();
    crate::instances::started(&app, &project, (&data_source, &process), "e-1").await;
    assert_eq!(app.delete(&path, Some("*")).await.status.as_u16(), 204);
    let left = app.rows_of(&project.id).await;
    assert_eq!(left, Vec::<String>::new(), "rows are left");
    // the same name is free again
    app.project("Doomed").await;
}
