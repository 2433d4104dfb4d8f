//! Renaming, deleting, discarding and restoring on branches.

use serde_json::json;

use crate::app::{Answer, App, Project, column, on_webhook, text};

async fn tag(project: &Project<'_>, branch: &str) -> String {
    project.app.get(&project.path(&format!("branches/{branch}"))).await.etag()
}

async fn discard(project: &Project<'_>, tag: Option<&str>, body: serde_json::Value) -> Answer {
    project.app.json("POST", &project.on_main("discard"), tag, body).await
}

#[tokio::test]
async fn a_branch_is_renamed_and_deleted_but_never_one_that_is_needed() {
    let app = App::new().await;
    let project = app.project("Branches").await;
    let data_source = project.data_source("orders").await;
    project.commit("One").await.good();
    for name in ["dev", "old"] {
        app.post(&project.path("branches"), json!({ "name": name })).await.good();
    }
    let (dev, main) = (project.path("branches/dev"), project.path("branches/main"));
    app.json("PATCH", &dev, None, json!({ "name": "new" })).await.refused(428);
    app.json("PATCH", &dev, Some("\"x\""), json!({ "name": "new" })).await.refused(412);
    assert_eq!(app.json("PATCH", &dev, Some("*"), json!({ "name": "old" })).await.refused(409), "name-taken");
    app.json("PATCH", &dev, Some("*"), json!({ "name": "a b" })).await.refused(422);
    assert_eq!(app.json("PATCH", &main, Some("*"), json!({ "name": "x" })).await.refused(409), "main-branch");
    assert_eq!(app.delete(&main, Some("*")).await.refused(409), "main-branch");
    let renamed = app.json("PATCH", &dev, Some(&tag(&project, "dev").await), json!({ "name": "next" })).await;
    assert_eq!(renamed.etag(), tag(&project, "next").await);
    assert_eq!(renamed.good()["name"], "next");
    app.get(&dev).await.refused(404);

    // the policy follows it, then is pinned to its commit
    let next = project.path("branches/next");
    app.post(&format!("{next}/data-sources"), json!({ "name": "more" })).await.good();
    let commit = text(&app.post(&format!("{next}/commits"), json!({ "message": "More" })).await.good(), "id");
    let policy = project.path("active-policy");
    app.json("PUT", &policy, Some("*"), json!({ "kind": "latest", "branch": "next" })).await.good();
    let refused = app.delete(&next, Some("*")).await;
    assert_eq!(refused.json()["blocking"][0]["name"], "next");
    assert_eq!(refused.refused(409), "policy-follows");
    assert_eq!(
        app.json("PATCH", &next, Some("*"), json!({ "name": "x" })).await.refused(409),
        "policy-follows"
    );
    app.json("PUT", &policy, Some("*"), json!({ "kind": "pinned", "commitId": commit })).await.good();
    assert_eq!(app.delete(&next, Some("*")).await.refused(409), "pinned-commit");
    app.json("PUT", &policy, Some("*"), json!({ "kind": "latest", "branch": "main" })).await.good();

    // what is not committed is not lost without a word
    app.post(&format!("{next}/data-sources"), json!({ "name": "draft" })).await.good();
    let refused = app.delete(&next, Some("*")).await;
    assert_eq!(refused.json()["blocking"][0]["name"], "draft");
    assert_eq!(refused.refused(409), "uncommitted-changes");
    app.delete(&format!("{next}?discardChanges=true"), Some("*")).await.good();
    app.get(&next).await.refused(404);
    assert_eq!(column(&app.get(&project.path("branches")).await.good(), "name"), ["main", "old"]);
    // its commits stay, its name is free again, one can branch from it
    let read = app.get(&project.path(&format!("commits/{commit}"))).await.good();
    assert_eq!((read["branch"].as_str(), read["branchDeleted"].as_bool()), (Some("next"), Some(true)));
    let again =
        app.post(&project.path("branches"), json!({ "name": "next", "fromCommitId": commit })).await.good();
    assert_eq!(again["headCommitId"], commit);
    let both = app.get(&project.path("branches/next/data-sources")).await.good();
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    assert_eq!(app.get(&project.on_main(&format!("data-sources/{data_source}"))).await.status, 200);
    let actions = app.audit(&project.id).await;
    assert!(actions.contains(&"branch.rename".to_owned()) && actions.contains(&"branch.delete".to_owned()));
    // and the whole project can still be erased
    app.delete(&format!("projects/{}", project.id), Some("*")).await.good();
    assert_eq!(app.rows_of(&project.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn discarding_puts_back_the_last_commit() {
    let app = App::new().await;
    let project = app.project("Discard").await;
    let (orders, returns) = (project.data_source("orders").await, project.data_source("returns").await);
    let process = project.process("intake", &on_webhook(&orders)).await;
    project.commit("One").await.good();
    assert_eq!(discard(&project, Some("*"), json!({})).await.refused(409), "nothing-to-discard");

    project.save(&process, &on_webhook(&returns)).await.good();
    let added = project.data_source("added").await;
    app.delete(&project.on_main(&format!("data-sources/{orders}")), Some("*")).await.good();
    let stale = tag(&project, "main").await;
    // names change places meanwhile
    app.json(
        "PATCH",
        &project.on_main(&format!("data-sources/{returns}")),
        Some("*"),
        json!({ "name": "Orders" }),
    )
    .await
    .good();
    discard(&project, None, json!({})).await.refused(428);
    discard(&project, Some(&stale), json!({})).await.refused(412);
    let now = tag(&project, "main").await;
    let refused = discard(&project, Some(&now), json!({ "resources": [orders] })).await;
    assert_eq!(refused.json()["blocking"].as_array().unwrap().len(), 2);
    assert_eq!(refused.refused(409), "name-taken");
    let unknown = json!({ "resources": [uuid::Uuid::new_v4()] });
    assert_eq!(discard(&project, Some(&now), unknown).await.json()["errors"][0]["field"], "resources/0");
    let some = discard(&project, Some(&now), json!({ "resources": [added, orders, returns] })).await;
    assert_eq!(some.etag(), tag(&project, "main").await);
    assert_eq!(column(&some.good(), "resourceDefinitionId"), std::slice::from_ref(&process));
    let left = discard(&project, Some("*"), json!({})).await.good();
    assert_eq!(left["items"], json!([]));
    let bpmn = app.get(&project.on_main(&format!("process-definitions/{process}/bpmn"))).await;
    assert_eq!(bpmn.bytes, on_webhook(&orders).as_bytes());
    assert_eq!(project.commit("Nothing").await.refused(409), "nothing-to-commit");

    // an added webhook that a kept change selects stays
    let added = project.data_source("added").await;
    project.save(&process, &on_webhook(&added)).await.good();
    let refused = discard(&project, Some("*"), json!({ "resources": [added] })).await;
    assert_eq!(refused.json()["blocking"], json!([{ "id": process, "name": "intake" }]));
    assert_eq!(refused.refused(409), "in-use");
    discard(&project, Some("*"), json!({})).await.good();
}

#[tokio::test]
async fn deleted_and_changed_resources_are_restored_from_any_commit() {
    let app = App::new().await;
    let project = app.project("Restore").await;
    let orders = project.data_source("orders").await;
    let process = project.process("intake", &on_webhook(&orders)).await;
    let first = text(&project.commit("One").await.good(), "id");
    project.save(&process, &on_webhook(&orders).replace("Came", "Later")).await.good();
    project.commit("Two").await.good();
    app.delete(&project.on_main(&format!("process-definitions/{process}")), Some("*")).await.good();
    app.delete(&project.on_main(&format!("data-sources/{orders}")), Some("*")).await.good();
    project.commit("Gone").await.good();
    let taken = project.data_source("ORDERS").await;
    let path = project.on_main("restore");
    let both = json!({ "commitId": first, "resources": [orders, process] });
    app.json("POST", &path, None, both.clone()).await.refused(428);
    let refused = app.json("POST", &path, Some("*"), both.clone()).await;
    let blocking = refused.json()["blocking"].clone();
    assert!(blocking.as_array().unwrap().iter().any(|b| b["id"] == taken), "{blocking}");
    assert_eq!(refused.refused(409), "name-taken");
    app.json(
        "PATCH",
        &project.on_main(&format!("data-sources/{taken}")),
        Some("*"),
        json!({ "name": "other" }),
    )
    .await
    .good();
    let done = app.json("POST", &path, Some("*"), both.clone()).await.good();
    assert_eq!(done["items"].as_array().unwrap().len(), 3);
    let bpmn = app.get(&project.on_main(&format!("process-definitions/{process}/bpmn"))).await;
    assert_eq!(bpmn.bytes, on_webhook(&orders).as_bytes());
    app.json("POST", &path, Some("*"), both).await.good();
    project.commit("Back").await.good();
    for bad in [
        json!({ "commitId": first, "resources": [] }),
        json!({ "commitId": first, "resources": [taken] }),
        json!({ "commitId": uuid::Uuid::new_v4(), "resources": [orders] }),
    ] {
        app.json("POST", &path, Some("*"), bad).await.refused(422);
    }
}

#[tokio::test]
async fn discarding_against_saving_and_committing_loses_nothing() {
    let app = App::new().await;
    let project = app.project("Race").await;
    let orders = project.data_source("orders").await;
    let process = project.process("intake", &on_webhook(&orders)).await;
    project.commit("One").await.good();
    for round in 0..8 {
        let before = on_webhook(&orders).replace("Came", &format!("Before {round}"));
        let after = on_webhook(&orders).replace("Came", &format!("After {round}"));
        project.save(&process, &before).await.good();
        let seen = tag(&project, "main").await;
        let (discarded, saved) =
            tokio::join!(discard(&project, Some(&seen), json!({})), project.save(&process, &after));
        let now = app.get(&project.on_main(&format!("process-definitions/{process}/bpmn"))).await.bytes;
        match (discarded.status.as_u16(), saved.status.as_u16()) {
            // the save came first, and is not discarded unseen; or it came second and found another version
            (412, 200) => assert_eq!(now, after.as_bytes()),
            (200, 412 | 200) => assert!(now != before.as_bytes()),
            other => panic!("{other:?}"),
        }
        let _ = discard(&project, Some("*"), json!({})).await;
        project.save(&process, &before).await.good();
        let seen = tag(&project, "main").await;
        let (discarded, committed) =
            tokio::join!(discard(&project, Some(&seen), json!({})), project.commit("Race"));
        match (discarded.status.as_u16(), committed.status.as_u16()) {
            (412, 201) | (200, 409) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn two_people_make_one_branch_of_a_name() {
    let app = App::new().await;
    let project = app.project("Names").await;
    let path = project.path("branches");
    for round in 0..4 {
        let body = json!({ "name": format!("b{round}") });
        let (one, other) = tokio::join!(app.post(&path, body.clone()), app.post(&path, body));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        let from = project.path(&format!("branches/b{round}"));
        let seen = tag(&project, &format!("b{round}")).await;
        let (one, other) = tokio::join!(
            app.json("PATCH", &from, Some(&seen), json!({ "name": format!("x{round}") })),
            app.json("PATCH", &from, Some(&seen), json!({ "name": format!("y{round}") }))
        );
        let good = [one.status.as_u16(), other.status.as_u16()];
        assert_eq!(good.iter().filter(|s| **s == 200).count(), 1, "{good:?}");
    }
}
