//! Branches, work in progress, check and commits.

use serde_json::{Value, json};

use crate::app::{App, column, on_webhook, text};

/// A process whose condition does not parse and that has a dangling flow.
fn broken(data_source: &str) -> String {
    on_webhook(data_source).replace(
        r#"<b:sequenceFlow id="F" sourceRef="Start" targetRef="End"/>"#,
        r#"<b:sequenceFlow id="F" sourceRef="Start" targetRef="Script"/>
           <b:scriptTask id="Script" name="Sums" scriptFormat="javascript"><b:script>output.x = = 1;</b:script></b:scriptTask>
           <b:sequenceFlow id="G" sourceRef="Script" targetRef="Nowhere"/>"#,
    )
}

#[tokio::test]
async fn committing_nothing_is_refused() {
    let app = App::new().await;
    let project = app.project("Empty").await;
    assert_eq!(project.commit("First").await.refused(409), "nothing-to-commit");
    project.data_source("orders").await;
    let made = project.commit("First").await;
    assert_eq!(made.status.as_u16(), 201);
    let made = made.good();
    assert_eq!((made["number"].as_i64(), made["running"].as_bool()), (Some(1), Some(true)));
    assert!(made["parentId"].is_null());
    assert_eq!(made["author"]["name"], "Administrator");
    assert_eq!(project.commit("Again").await.refused(409), "nothing-to-commit");
    for bad in ["", "   ", "a\nb", &"x".repeat(201)] {
        project.commit(bad).await.refused(422);
    }
}

#[tokio::test]
async fn a_commit_makes_links_and_a_deactivated_trigger_with_its_key() {
    let app = App::new().await;
    let project = app.project("Links").await;
    let data_source = project.data_source("orders").await;
    let one = project.process("first", &on_webhook(&data_source)).await;
    let two = project.process("second", &on_webhook(&data_source)).await;
    project.data_source("unused").await;
    let made = project.commit("Connect").await.good();
    assert_eq!(made["triggers"]["created"].as_array().unwrap().len(), 1);
    let trigger = project.trigger_of(&data_source).await;
    assert_eq!((trigger["state"].as_str(), trigger["linked"].as_bool()), (Some("Deactivated"), Some(true)));
    assert_eq!(trigger["keys"].as_array().unwrap().len(), 1);
    assert_eq!(trigger["location"], json!({ "project": "Links", "branch": "main" }));
    let detail = app.get(&project.path(&format!("commits/{}", text(&made, "id")))).await.good();
    let mut processes: Vec<String> =
        detail["links"].as_array().unwrap().iter().map(|l| text(l, "processDefinitionId")).collect();
    let mut expected = [one, two];
    processes.sort();
    expected.sort();
    assert_eq!(processes, expected);
    assert_eq!(detail["resources"].as_array().unwrap().len(), 4);
    assert_eq!(detail["running"], true);
    assert!(app.hooks.changed.load(std::sync::atomic::Ordering::SeqCst) > 0, "the gateways were not told");
}

#[tokio::test]
async fn problems_refuse_a_commit_and_are_all_named() {
    let app = App::new().await;
    let project = app.project("Problems").await;
    let data_source = project.data_source("orders").await;
    let process = project.process("broken", &broken(&data_source)).await;
    let foreign = app.project("Foreign").await.data_source("theirs").await;
    let stranger = project.process("stranger", &on_webhook(&foreign)).await;
    let check = app.act(&project.on_main("check")).await.good();
    let refused = project.commit("No").await;
    let problem = refused.json();
    assert_eq!(refused.refused(422), "check-failed");
    assert_eq!(problem["problems"], check["problems"]);
    let named = |process: &str, element: &str| {
        let all = problem["problems"].as_array().unwrap();
        all.iter().any(|p| p["resourceDefinitionId"] == process && p["elementId"] == element)
    };
    assert!(named(&process, "Script"), "{problem}");
    assert!(named(&process, "G"), "{problem}");
    assert!(named(&stranger, "Start"), "a foreign data source is no error: {problem}");
    let script: Vec<&Value> =
        problem["problems"].as_array().unwrap().iter().filter(|p| p["elementId"] == "Script").collect();
    assert!(script.iter().any(|p| p["line"].is_u64() && p["elementName"] == "Sums"), "{script:?}");
    assert_eq!(problem["errors"].as_array().unwrap().len() as u64, check["errors"].as_u64().unwrap());
    assert!(app.get(&project.path("triggers")).await.good()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_part_of_the_changes_is_committed_and_checked_as_it_results() {
    let app = App::new().await;
    let project = app.project("Parts").await;
    let data_source = project.data_source("orders").await;
    let process = project.process("first", &on_webhook(&data_source)).await;
    let client = &app;
    let commit = |body: Value| {
        let path = project.on_main("commits");
        async move { client.post(&path, body).await }
    };
    // the process alone: its data source would not be in the snapshot
    let alone = commit(json!({ "message": "x", "resources": [process] })).await;
    assert_eq!(alone.refused(422), "check-failed");
    commit(json!({ "message": "Source", "resources": [data_source] })).await.good();
    let changes = app.get(&project.on_main("changes")).await.good();
    assert_eq!(column(&changes, "resourceDefinitionId"), std::slice::from_ref(&process));
    assert_eq!(changes["items"][0]["change"], "added");
    let unchanged = commit(json!({ "message": "x", "resources": [data_source] })).await;
    assert_eq!(unchanged.refused(409), "nothing-to-commit");
    let unknown =
        commit(json!({ "message": "x", "resources": ["00000000-0000-4000-8000-000000000000"] })).await;
    assert_eq!(unknown.json()["errors"][0]["field"], "resources/0");
    commit(json!({ "message": "Process", "resources": [process] })).await.good();
    let list = app.get(&project.on_main("commits?limit=1")).await.good();
    assert_eq!(list["items"][0]["message"], "Process");
    let next = app
        .get(&project.on_main(&format!("commits?limit=1&cursor={}", text(&list, "nextCursor"))))
        .await
        .good();
    assert_eq!(next["items"][0]["message"], "Source");
    assert!(next["nextCursor"].is_null());
}

#[tokio::test]
async fn swapped_names_need_one_commit() {
    let app = App::new().await;
    let project = app.project("Names").await;
    let (one, two) = (project.data_source("aaa").await, project.data_source("bbb").await);
    project.commit("Both").await.good();
    for (id, name) in [(&one, "ccc"), (&two, "aaa"), (&one, "bbb")] {
        let path = project.on_main(&format!("data-sources/{id}"));
        app.json("PATCH", &path, Some("*"), json!({ "name": name })).await.good();
    }
    let half = app.post(&project.on_main("commits"), json!({ "message": "x", "resources": [one] })).await;
    assert_eq!(half.json()["problems"][0]["code"], "name-taken");
    project.commit("Swap").await.good();
}

#[tokio::test]
async fn going_back_to_the_committed_content_is_no_change() {
    let app = App::new().await;
    let project = app.project("Back").await;
    let data_source = project.data_source("orders").await;
    let process = project.process("first", &on_webhook(&data_source)).await;
    project.commit("One").await.good();
    project.save(&process, &broken(&data_source)).await.good();
    let changes = app.get(&project.on_main("changes")).await.good();
    assert_eq!(changes["items"][0]["change"], "changed");
    project.save(&process, &on_webhook(&data_source)).await.good();
    assert_eq!(project.commit("Two").await.refused(409), "nothing-to-commit");
    app.delete(&project.on_main(&format!("process-definitions/{process}")), Some("*")).await.good();
    let changes = app.get(&project.on_main("changes")).await.good();
    assert_eq!(
        (changes["items"][0]["change"].as_str(), changes["items"][0]["name"].as_str()),
        (Some("removed"), Some("first"))
    );
}

#[tokio::test]
async fn branches_begin_at_a_commit_or_at_a_head() {
    let app = App::new().await;
    let project = app.project("Branches").await;
    let data_source = project.data_source("orders").await;
    let first = text(&project.commit("One").await.good(), "id");
    project.data_source("returns").await;
    project.commit("Two").await.good();
    let path = project.path("branches");
    let early = app.post(&path, json!({ "name": "early", "fromCommitId": first })).await.good();
    assert_eq!(early["headCommitId"], first);
    let late = app.post(&path, json!({ "name": "late", "fromBranch": "main" })).await.good();
    app.post(&path, json!({ "name": "dev" })).await.good();
    let client = &app;
    let sources = |branch: &str| {
        let path = project.path(&format!("branches/{branch}/data-sources"));
        async move { column(&client.get(&path).await.good(), "resourceDefinitionId") }
    };
    assert_eq!(sources("early").await, std::slice::from_ref(&data_source));
    assert_eq!(sources("late").await.len(), 2);
    assert_ne!(late["headCommitId"], first);
    assert_eq!(column(&app.get(&path).await.good(), "name"), ["dev", "early", "late", "main"]);
    let one = app.get(&format!("{path}?limit=1")).await.good();
    let next = app.get(&format!("{path}?limit=1&cursor={}", text(&one, "nextCursor"))).await.good();
    assert_eq!(column(&next, "name"), ["early"]);

    assert_eq!(app.post(&path, json!({ "name": "early" })).await.refused(409), "name-taken");
    for bad in ["", "-x", "a b", "a/b", "ä", &"x".repeat(51)] {
        app.post(&path, json!({ "name": bad })).await.refused(422);
    }
    for bad in [
        json!({ "name": "new", "fromBranch": "none" }),
        json!({ "name": "new", "fromBranch": "no\u{0}ne" }),
        json!({ "name": "new", "fromBranch": "main", "fromCommitId": first }),
        json!({ "name": "new", "fromCommitId": "00000000-0000-4000-8000-000000000000" }),
    ] {
        app.post(&path, bad).await.refused(422);
    }
    // a commit on another branch does not run under the default policy
    let other = app.post(&project.path("branches/early/data-sources"), json!({ "name": "third" })).await;
    other.good();
    let made = app.post(&project.path("branches/early/commits"), json!({ "message": "Aside" })).await.good();
    assert_eq!((made["running"].as_bool(), made["number"].as_i64()), (Some(false), Some(1)));
    assert_eq!(made["parentId"], first);
}

#[tokio::test]
async fn an_unsaved_draft_is_checked_against_the_branch() {
    let app = App::new().await;
    let project = app.project("Drafts").await;
    let data_source = project.data_source("orders").await;
    let client = &app;
    let check = |body: Value| {
        let path = project.on_main("check");
        async move { client.post(&path, body).await.good() }
    };
    assert_eq!(check(json!({ "bpmn": on_webhook(&data_source) })).await["problems"], json!([]));
    let found = check(json!({ "bpmn": broken(&data_source) })).await;
    assert!(found["errors"].as_u64().unwrap() >= 2, "{found}");
    let unreadable = check(json!({ "bpmn": "<a>\n<b></a>" })).await;
    assert_eq!(unreadable["problems"][0]["code"], "unreadable");
    assert_eq!(unreadable["problems"][0]["line"], 2);
    assert_eq!(check(json!({})).await["problems"], json!([]));
}

#[tokio::test]
async fn committing_and_saving_at_once_loses_nothing() {
    let app = App::new().await;
    let project = app.project("Race").await;
    let data_source = project.data_source("orders").await;
    let process = project.process("first", &on_webhook(&data_source)).await;
    for round in 0..8 {
        let xml = on_webhook(&data_source).replace("Came", &format!("Came {round}"));
        let (saved, _) = tokio::join!(project.save(&process, &xml), project.commit("Race"));
        saved.good();
        let now = app.get(&project.on_main(&format!("process-definitions/{process}/bpmn"))).await;
        assert_eq!(now.bytes, xml.as_bytes());
        // whatever the first commit took, what is left is committed now and then nothing is left
        let rest = project.commit("Rest").await;
        assert!([201, 409].contains(&rest.status.as_u16()));
        assert_eq!(project.commit("Nothing").await.refused(409), "nothing-to-commit");
    }
}
