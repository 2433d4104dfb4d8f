//! Differences, commits with filters, versions of a resource, and resources as old commits have them.

use serde_json::{Value, json};

use crate::app::{App, Project, column, on_webhook, text};

async fn two_commits<'a>(project: &Project<'a>) -> (String, String, String, String) {
    let data_source = project.data_source("orders").await;
    let process = project.process("intake", &on_webhook(&data_source)).await;
    let first = text(&project.commit("One").await.good(), "id");
    let xml = on_webhook(&data_source).replace("Came", "Arrived");
    project.save(&process, &xml).await.good();
    let path = project.on_main(&format!("data-sources/{data_source}"));
    project.app.json("PATCH", &path, Some("*"), json!({ "description": "Shop" })).await.good();
    let second = text(&project.commit("Two").await.good(), "id");
    (data_source, process, first, second)
}

#[tokio::test]
async fn work_in_progress_says_what_changed_by_whom_and_how() {
    let app = App::new().await;
    let project = app.project("Changes").await;
    let (data_source, process, _, _) = two_commits(&project).await;
    assert_eq!(app.get(&project.on_main("changes")).await.good()["items"], json!([]));
    let quiet = app.get(&project.on_main(&format!("changes/{process}"))).await.good();
    assert_eq!((quiet["change"].as_str(), &quiet["elements"]), (Some("same"), &json!([])));

    let edited = on_webhook(&data_source)
        .replace("Came", "Arrived")
        .replace(r#"<b:endEvent id="End"/>"#, r#"<b:endEvent id="End"/><b:userTask id="New" name="Ask"/>"#);
    project.save(&process, &edited).await.good();
    let path = project.on_main(&format!("data-sources/{data_source}"));
    let patch =
        json!({ "name": "purchases", "redactedHeaders": ["X-Secret"], "idempotencyKey": "header:X-Id" });
    app.json("PATCH", &path, Some("*"), patch).await.good();
    let changes = app.get(&project.on_main("changes")).await.good();
    for item in changes["items"].as_array().unwrap() {
        assert_eq!(item["change"], "changed");
        assert_eq!(item["changedBy"]["name"], "Administrator");
        assert!(item["changedAt"].as_str().unwrap().ends_with('Z'));
    }
    let found = app.get(&project.on_main(&format!("changes/{process}"))).await.good();
    assert_eq!(found["elements"][0]["elementId"], "New");
    assert_eq!(
        (found["elements"][0]["change"].as_str(), found["fields"].as_array().unwrap().len()),
        (Some("added"), 0)
    );
    let fields = app.get(&project.on_main(&format!("changes/{data_source}"))).await.good();
    let names: Vec<&str> =
        fields["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!(names, ["name", "redactedHeaders", "idempotencyKey"]);
    assert_eq!(fields["fields"][0], json!({ "field": "name", "old": "orders", "new": "purchases" }));
    assert_eq!(fields["fields"][2], json!({ "field": "idempotencyKey", "old": null, "new": "header:X-Id" }));

    app.delete(&project.on_main(&format!("process-definitions/{process}")), Some("*")).await.good();
    let changes = app.get(&project.on_main("changes")).await.good();
    let removed = changes["items"].as_array().unwrap().iter().find(|i| i["change"] == "removed").unwrap();
    assert_eq!(removed["changedBy"]["name"], "Administrator", "who removed it is known");
    let gone = app.get(&project.on_main(&format!("changes/{process}"))).await.good();
    assert_eq!(gone["change"], "removed");
    assert!(gone["elements"].as_array().unwrap().iter().all(|e| e["change"] == "removed"));
    assert_eq!(
        app.get(&project.on_main(&format!("changes/{}", uuid::Uuid::new_v4()))).await.refused(404),
        "not-found"
    );
}

#[tokio::test]
async fn two_commits_and_two_versions_are_compared() {
    let app = App::new().await;
    let project = app.project("Compare").await;
    let (data_source, process, first, second) = two_commits(&project).await;
    let list = app.get(&project.path(&format!("commits/{second}/changes"))).await.good();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert!(list["items"].as_array().unwrap().iter().all(|i| i["change"] == "changed"));
    let first_changes = app.get(&project.path(&format!("commits/{first}/changes"))).await.good();
    assert!(first_changes["items"].as_array().unwrap().iter().all(|i| i["change"] == "added"));

    let path = project.path(&format!("commits/{second}/changes/{process}"));
    let by_default = app.get(&path).await.good();
    let change = &by_default["elements"][0];
    assert_eq!((change["elementId"].as_str(), change["change"].as_str()), (Some("Start"), Some("changed")));
    assert_eq!(
        change["properties"],
        json!([{ "property": "name", "old": "Came", "new": "Arrived", "diagram": false }])
    );
    let back =
        app.get(&project.path(&format!("commits/{first}/changes/{process}?against={second}"))).await.good();
    assert_eq!(back["elements"][0]["properties"][0]["new"], "Came");
    let unknown = format!("{path}?against={}", uuid::Uuid::new_v4());
    assert_eq!(app.get(&unknown).await.refused(422), "invalid-fields");
    assert_eq!(app.get(&format!("{path}?other=1")).await.refused(422), "invalid-fields");
    let draft = app.get(&project.on_main(&format!("changes/{process}?against={first}"))).await.good();
    assert_eq!(draft["elements"], by_default["elements"]);

    let versions = app.get(&project.path(&format!("resources/{process}/versions"))).await.good();
    let items = versions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!((items[0]["change"].as_str(), items[1]["change"].as_str()), (Some("changed"), Some("added")));
    assert_eq!((&items[0]["commit"]["id"], &items[1]["commit"]["message"]), (&json!(second), &json!("One")));
    let (new, old) = (text(&items[0], "versionId"), text(&items[1], "versionId"));
    let compare = project.path(&format!("resources/{process}/versions/{new}/changes"));
    let found = app.get(&format!("{compare}?against={old}")).await.good();
    assert_eq!(
        (&found["elements"], found["oldVersionId"].as_str()),
        (&by_default["elements"], Some(old.as_str()))
    );
    assert_eq!(app.get(&compare).await.refused(422), "invalid-fields");
    let other = app.get(&project.path(&format!("resources/{data_source}/versions"))).await.good();
    let foreign = text(&other["items"][0], "versionId");
    assert_eq!(app.get(&format!("{compare}?against={foreign}")).await.refused(422), "invalid-fields");
}

#[tokio::test]
async fn old_commits_give_back_what_they_had() {
    let app = App::new().await;
    let project = app.project("Old").await;
    let (data_source, process, first, second) = two_commits(&project).await;
    let bpmn = |commit: &str| project.path(&format!("commits/{commit}/resources/{process}/bpmn"));
    let old = app.get(&bpmn(&first)).await;
    assert_eq!(old.headers["content-type"], "application/xml");
    assert_eq!(old.bytes, on_webhook(&data_source).as_bytes());
    assert_eq!(
        app.get(&bpmn(&second)).await.bytes,
        on_webhook(&data_source).replace("Came", "Arrived").as_bytes()
    );
    let read = app.get(&project.path(&format!("commits/{first}/resources/{data_source}"))).await.good();
    assert_eq!((read["name"].as_str(), read["settings"]["description"].as_str()), (Some("orders"), Some("")));
    let read = app.get(&project.path(&format!("commits/{second}/resources/{data_source}"))).await.good();
    assert_eq!(read["settings"]["description"], "Shop");
    let read = app.get(&project.path(&format!("commits/{first}/resources/{process}"))).await.good();
    assert!(read["settings"].is_null());
    let none = project.path(&format!("commits/{first}/resources/{data_source}/bpmn"));
    assert_eq!(app.get(&none).await.refused(404), "not-found");
    let other = app.project("Other").await;
    let foreign = other.path(&format!("commits/{first}/resources/{process}"));
    assert_eq!(app.get(&foreign).await.refused(404), "not-found");
    let foreign = other.path(&format!("resources/{process}/versions"));
    assert_eq!(app.get(&foreign).await.refused(404), "not-found");
    assert_eq!(app.get(&other.path(&format!("commits/{first}/changes"))).await.refused(404), "not-found");
}

#[tokio::test]
async fn commits_are_listed_by_branch_author_time_and_resource() {
    let app = App::new().await;
    let project = app.project("Lists").await;
    let (data_source, process, first, second) = two_commits(&project).await;
    app.post(&project.path("branches"), json!({ "name": "dev" })).await.good();
    let aside = project.path("branches/dev/data-sources");
    let aside_source =
        text(&app.post(&aside, json!({ "name": "aside" })).await.good(), "resourceDefinitionId");
    let dev = app.post(&project.path("branches/dev/commits"), json!({ "message": "Dev" })).await.good();
    let (dev, author) = (text(&dev, "id"), text(&dev["author"], "id"));
    let client = &app;
    let ids = |rest: String| {
        let path = project.path(&rest);
        async move { column(&client.get(&path).await.good(), "id") }
    };
    let all = [dev.clone(), second.clone(), first.clone()];
    assert_eq!(ids("commits".to_owned()).await, all);
    assert_eq!(ids(format!("commits?authorId={author}")).await, all);
    assert_eq!(ids("commits?branch=main".to_owned()).await, all[1..]);
    assert_eq!(ids("commits?branch=none".to_owned()).await, Vec::<String>::new());
    assert_eq!(ids(format!("commits?resourceDefinitionId={aside_source}")).await, all[..1]);
    assert_eq!(
        ids(format!("commits?branch=dev&authorId={author}&resourceDefinitionId={process}")).await,
        Vec::<String>::new()
    );
    assert_eq!(ids(format!("branches/main/commits?resourceDefinitionId={data_source}")).await, all[1..]);
    assert_eq!(
        ids(format!("branches/main/commits?authorId={}", uuid::Uuid::new_v4())).await,
        Vec::<String>::new()
    );
    assert_eq!(ids("commits?from=2999-01-01T00:00:00Z".to_owned()).await, Vec::<String>::new());
    assert_eq!(ids("commits?to=2999-01-01T00:00:00Z".to_owned()).await, all);
    let page = app.get(&project.path("commits?limit=2")).await.good();
    let next =
        app.get(&project.path(&format!("commits?limit=2&cursor={}", text(&page, "nextCursor")))).await.good();
    assert_eq!((column(&next, "id"), &next["nextCursor"]), (vec![first], &Value::Null));
    for (bad, status) in
        [("from=x", 422), ("limit=0", 422), ("authorId=x", 422), ("branch=a%00b", 422), ("x=1", 422)]
    {
        app.get(&project.path(&format!("commits?{bad}"))).await.refused(status);
    }
}
