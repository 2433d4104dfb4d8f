//! The active policy, and what its changes do to triggers.

use serde_json::json;

use crate::app::{App, text};

#[tokio::test]
async fn pinning_and_going_back_keep_trigger_state_and_key() {
    let app = App::new().await;
    let project = app.project("Policy").await;
    project.data_source("early").await;
    let first = text(&project.commit("Without").await.good(), "id");
    let (data_source, _, trigger) = project.webhook("orders").await;
    let second = text(&app.get(&project.on_main("commits")).await.good()["items"][0], "id");
    let url = app.act(&project.path(&format!("triggers/{trigger}/reveal-url"))).await.good();
    let path = project.path("active-policy");
    let policy = app.get(&path).await;
    let tag = policy.etag();
    assert_eq!(policy.good()["runningCommitId"], second);

    let pin = json!({ "kind": "pinned", "commitId": first });
    app.json("PUT", &path, None, pin.clone()).await.refused(428);
    let refused = app.json("PUT", &path, Some(&tag), pin).await;
    assert_eq!(refused.json()["blocking"], json!([{ "id": trigger, "name": "orders" }]));
    assert_eq!(refused.refused(409), "would-unlink-active");
    assert_eq!(app.get(&path).await.good()["runningCommitId"], second, "a refusal changed something");

    let pin = json!({ "kind": "pinned", "commitId": first, "unlink": [trigger] });
    let chosen = app.json("PUT", &path, Some(&tag), pin.clone()).await;
    assert_ne!(chosen.etag(), tag);
    let chosen = chosen.good();
    assert_eq!(chosen["triggers"]["unlinked"], json!([trigger]));
    assert_eq!((&chosen["commitId"], &chosen["runningCommitId"]), (&json!(first), &json!(first)));
    app.json("PUT", &path, Some(&tag), pin).await.refused(412);
    let off = app.get(&project.path(&format!("triggers/{trigger}"))).await.good();
    assert_eq!((off["linked"].as_bool(), off["state"].as_str()), (Some(false), Some("Active")));
    assert_eq!(off["name"], "orders", "its name is shown though the running commit lacks it");
    assert!(app.get(&project.path("triggers")).await.good()["items"].as_array().unwrap().is_empty());
    app.act(&project.path(&format!("triggers/{trigger}/deactivate"))).await.good();
    let linked = app.act(&project.path(&format!("triggers/{trigger}/activate"))).await;
    assert_eq!(linked.refused(409), "not-linked");

    // a commit while pinned does not run
    project.data_source("third").await;
    assert_eq!(project.commit("Aside").await.good()["running"], false);
    let latest = json!({ "kind": "latest", "branch": "main" });
    let back = app.json("PUT", &path, Some("*"), latest).await.good();
    assert_eq!(back["triggers"]["relinked"], json!([trigger]));
    let again = project.trigger_of(&data_source).await;
    assert_eq!(again["state"], "Deactivated", "it comes back as it was");
    let same = app.act(&project.path(&format!("triggers/{trigger}/reveal-url"))).await.good();
    assert_eq!(same, url, "the URL changed");
}

#[tokio::test]
async fn a_commit_that_unlinks_an_active_trigger_must_say_so() {
    let app = App::new().await;
    let project = app.project("Unlink").await;
    let (data_source, process, trigger) = project.webhook("orders").await;
    let other = project.data_source("returns").await;
    project.save(&process, &crate::app::on_webhook(&other)).await.good();
    let refused = project.commit("Other").await;
    assert_eq!(refused.json()["blocking"][0]["id"], trigger);
    assert_eq!(refused.refused(409), "would-unlink-active");
    let wrong = json!({ "message": "Other", "unlink": ["00000000-0000-4000-8000-000000000000"] });
    app.post(&project.on_main("commits"), wrong).await.refused(409);
    let commits = app.get(&project.on_main("commits")).await.good();
    assert_eq!(commits["items"].as_array().unwrap().len(), 1, "a refused commit was kept");
    let agreed = json!({ "message": "Other", "unlink": [trigger] });
    let made = app.post(&project.on_main("commits"), agreed).await.good();
    assert_eq!(made["triggers"]["unlinked"], json!([trigger]));
    assert_eq!(made["triggers"]["created"].as_array().unwrap().len(), 1);
    // linked again, it is active as it was
    project.save(&process, &crate::app::on_webhook(&data_source)).await.good();
    project.commit("Back").await.good();
    assert_eq!(project.trigger_of(&data_source).await["state"], "Active");
}

#[tokio::test]
async fn what_is_not_there_cannot_run() {
    let app = App::new().await;
    let project = app.project("Unknown").await;
    let foreign = app.project("Foreign").await;
    foreign.data_source("orders").await;
    let theirs = text(&foreign.commit("Theirs").await.good(), "id");
    let path = project.path("active-policy");
    for (bad, field) in [
        (json!({ "kind": "pinned", "commitId": theirs }), "commitId"),
        (json!({ "kind": "latest", "branch": "none" }), "branch"),
        (json!({ "kind": "latest", "branch": "a\u{0}" }), "branch"),
    ] {
        let refused = app.json("PUT", &path, Some("*"), bad).await;
        assert_eq!(refused.json()["errors"][0]["field"], field);
        refused.refused(422);
    }
    for bad in [json!({}), json!({ "kind": "other" }), json!({ "kind": "latest", "branch": "main", "x": 1 })]
    {
        app.json("PUT", &path, Some("*"), bad).await.refused(422);
    }
    let empty = app.json("PUT", &path, Some("*"), json!({ "kind": "latest", "branch": "main" })).await.good();
    assert!(empty["runningCommitId"].is_null());
}

#[tokio::test]
async fn what_a_change_would_do_is_shown_before_and_nothing_is_done() {
    let app = App::new().await;
    let project = app.project("Preview").await;
    project.data_source("early").await;
    let first = text(&project.commit("Without").await.good(), "id");
    let preview = project.on_main("commits/preview");
    assert_eq!(app.post(&preview, json!({})).await.refused(409), "nothing-to-commit");
    let orders = project.data_source("orders").await;
    let process = project.process("intake", &crate::app::on_webhook(&orders)).await;
    let shown = app.post(&preview, json!({})).await.good();
    assert_eq!((shown["running"].as_bool(), shown["errors"].as_u64()), (Some(true), Some(0)));
    let created = json!([{ "dataSourceId": orders, "triggerId": null, "name": "orders", "active": false }]);
    assert_eq!(shown["triggers"]["created"], created);
    assert!(app.get(&project.path("triggers")).await.good()["items"].as_array().unwrap().is_empty());
    // a part of the changes: its check fails, and the preview says so instead of refusing
    let part = app.post(&preview, json!({ "resources": [process] })).await.good();
    assert_eq!(part["errors"], 1);

    project.commit("Both").await.good();
    let trigger = text(&project.trigger_of(&orders).await, "id");
    app.act(&project.path(&format!("triggers/{trigger}/activate"))).await.good();
    let policy = project.path("active-policy/preview");
    let pin = json!({ "kind": "pinned", "commitId": first });
    let shown = app.post(&policy, pin).await.good();
    assert_eq!(shown["runningCommitId"], first);
    assert_eq!(shown["triggers"]["unlinked"][0]["name"], "orders");
    assert_eq!(shown["triggers"]["wouldUnlinkActive"], json!([{ "id": trigger, "name": "orders" }]));
    let agreed = json!({ "kind": "pinned", "commitId": first, "unlink": [trigger] });
    assert_eq!(app.post(&policy, agreed.clone()).await.good()["triggers"]["wouldUnlinkActive"], json!([]));
    assert_eq!(
        app.get(&project.path("active-policy")).await.good()["kind"],
        "latest",
        "a preview changed it"
    );

    app.json("PUT", &project.path("active-policy"), Some("*"), agreed).await.good();
    let back = app.post(&policy, json!({ "kind": "latest", "branch": "main" })).await.good();
    let relinked =
        json!([{ "dataSourceId": orders, "triggerId": trigger, "name": "orders", "active": true }]);
    assert_eq!(back["triggers"]["relinked"], relinked);
    project.save(&process, &crate::app::on_webhook(&orders).replace("Came", "x")).await.good();
    let aside = app.post(&preview, json!({})).await.good();
    assert_eq!((aside["running"].as_bool(), &aside["triggers"]["created"]), (Some(false), &json!([])));
    for bad in
        [json!({ "kind": "latest", "branch": "none" }), json!({ "kind": "pinned", "commitId": trigger })]
    {
        app.post(&policy, bad).await.refused(422);
    }
}
