//! Export and import of projects.

use console::archive::Archive;
use serde_json::{Value, json};

use crate::app::{Answer, App, Project, column, on_webhook, text};

pub(crate) async fn send(app: &App, path: &str, tag: Option<&str>, bytes: Vec<u8>) -> Answer {
    let mut request = app.request("POST", path).header("content-type", "application/gzip");
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    app.send(request.body(bytes.into()).unwrap()).await
}

async fn export(project: &Project<'_>, rest: &str) -> Vec<u8> {
    let answer = project.app.get(&project.path(rest)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
    assert_eq!(answer.headers["content-type"], "application/gzip");
    answer.bytes
}

/// A project with two webhooks, three processes, and everything that can be set.
async fn full<'a>(app: &'a App, name: &str) -> (Project<'a>, Vec<String>) {
    let project = app.project(name).await;
    let orders = project.data_source("orders").await;
    let settings = json!({ "name": "Rückgaben", "description": "Two\nlines, \"quoted\" \u{1F600} 'x'", "redactedHeaders": ["X-Secret"],
        "idempotencyKey": "pointer:/id" });
    let returns = app.post(&project.on_main("data-sources"), settings).await.good();
    let returns = text(&returns, "resourceDefinitionId");
    let one = project.process("intake", &on_webhook(&orders)).await;
    let odd = on_webhook(&returns).replace("Straight", "Öl &amp; 𝄞").replace('\n', "\r\n");
    let two = project.process("con", &format!("\u{feff}{odd}")).await;
    let three = project.process(".hidden", &on_webhook(&returns).replace("Came", "Third")).await;
    project.commit("Everything").await.good();
    (project, vec![orders, returns, one, two, three])
}

fn effects(imported: &Value) -> Vec<(String, String)> {
    let all = imported["resources"].as_array().unwrap().iter();
    all.map(|r| (text(r, "name"), text(r, "change"))).collect()
}

#[tokio::test]
async fn a_commit_is_exported_readable_and_always_the_same() {
    let app = App::new().await;
    let (project, ids) = full(&app, "Order intake").await;
    let commit = text(&app.get(&project.on_main("commits")).await.good()["items"][0], "id");
    let bytes = export(&project, &format!("commits/{commit}/export")).await;
    assert_eq!(bytes, export(&project, &format!("commits/{commit}/export")).await);
    assert_eq!(bytes, export(&project, "branches/main/export").await, "nothing is changed there");
    let files = Archive::unpack(&bytes).unwrap().files;
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["forebay.toml", "processes/_.hidden.bpmn", "processes/_con.bpmn", "processes/intake.bpmn"]
    );
    assert_eq!(files["processes/intake.bpmn"], on_webhook(&ids[0]).as_bytes());
    let toml = std::str::from_utf8(&files["forebay.toml"]).unwrap();
    for expected in [
        "name = \"Order intake\"".to_owned(),
        "kind = \"latest\"\nbranch = \"main\"".to_owned(),
        format!("id = \"{}\"\ntype = \"incomingWebhook\"\nname = \"orders\"", ids[0]),
        "idempotency-key = \"pointer:/id\"".to_owned(),
        "file = \"processes/_con.bpmn\"".to_owned(),
    ] {
        assert!(toml.contains(&expected), "{expected}\n{toml}");
    }
    // no key leaves with it
    let trigger = text(&project.trigger_of(&ids[0]).await, "id");
    let url = app.act(&project.path(&format!("triggers/{trigger}/reveal-url"))).await.good();
    let key = text(&url, "apiKey");
    assert!(files.values().all(|f| !String::from_utf8_lossy(f).contains(&key)));
    // an old commit stays as it was
    project.save(&ids[2], &on_webhook(&ids[1])).await.good();
    assert_ne!(bytes, export(&project, "branches/main/export").await);
    project.commit("Later").await.good();
    assert_eq!(bytes, export(&project, &format!("commits/{commit}/export")).await);
    app.get(&project.path(&format!("commits/{}/export", uuid::Uuid::new_v4()))).await.refused(404);
    app.get(&project.path("branches/none/export")).await.refused(404);
}

#[tokio::test]
async fn it_comes_back_with_new_ids_and_links_that_work() {
    let app = App::new().await;
    let (project, ids) = full(&app, "Order intake").await;
    let bytes = export(&project, "branches/main/export").await;
    assert_eq!(send(&app, "projects/import", None, bytes.clone()).await.refused(409), "name-taken");
    let seen = send(&app, "projects/import/preview?name=Copy", None, bytes.clone()).await.good();
    assert!(seen["projectId"].is_null() && seen["resources"].as_array().unwrap().len() == 5);
    assert_eq!(column(&app.get("projects").await.good(), "name").len(), 1, "a preview made a project");
    let made = send(&app, "projects/import?name=Copy", None, bytes.clone()).await;
    assert_eq!(made.status, 201);
    let made = made.good();
    assert!(effects(&made).iter().all(|(_, change)| change == "added"));
    let copy = Project { app: &app, id: text(&made, "projectId") };
    assert_eq!(app.get(&copy.on_main("changes")).await.good()["items"].as_array().unwrap().len(), 5);
    assert_eq!(app.get(&copy.on_main("check")).await.status, 405);
    let checked = app.act(&copy.on_main("check")).await.good();
    assert_eq!(checked["errors"], 0, "{checked}");
    let done = copy.commit("Imported").await.good();
    assert_eq!(done["triggers"]["created"].as_array().unwrap().len(), 2, "links work under the new ids");

    // the same bytes but for ids
    let again = export(&copy, "branches/main/export").await;
    let mut expected = Archive::unpack(&bytes).unwrap();
    let mut new: Vec<(String, String)> = vec![(project.id.clone(), copy.id.clone())];
    for resource in made["resources"].as_array().unwrap() {
        new.push((text(resource, "importedId"), text(resource, "resourceDefinitionId")));
    }
    assert!(
        new.iter().all(|(old, new)| old != new) && ids.iter().all(|id| new.iter().any(|(old, _)| old == id))
    );
    for file in expected.files.values_mut() {
        let mut text = String::from_utf8(file.clone()).unwrap();
        for (old, new) in &new {
            text = text.replace(old, new);
        }
        *file = text.replace("\"Order intake\"", "\"Copy\"").into_bytes();
    }
    assert_eq!(Archive::unpack(&again).unwrap(), expected);
    assert_eq!(again, expected.pack().unwrap());
}

#[tokio::test]
async fn an_update_finds_what_it_brought_before_and_is_idempotent() {
    let app = App::new().await;
    let (test, ids) = full(&app, "Test").await;
    let made =
        send(&app, "projects/import?name=Production", None, export(&test, "branches/main/export").await)
            .await
            .good();
    let production = Project { app: &app, id: text(&made, "projectId") };
    production.commit("First").await.good();
    let here = |id: &str| {
        let all = made["resources"].as_array().unwrap().iter();
        text(all.clone().find(|r| r["importedId"] == id).unwrap(), "resourceDefinitionId")
    };
    let (import, preview) = (production.on_main("import"), production.on_main("import/preview"));

    // renamed, changed, removed and added there
    app.json(
        "PATCH",
        &test.on_main(&format!("data-sources/{}", ids[0])),
        Some("*"),
        json!({ "name": "purchases" }),
    )
    .await
    .good();
    test.save(&ids[2], &on_webhook(&ids[0]).replace("Came", "Bought")).await.good();
    app.delete(&test.on_main(&format!("process-definitions/{}", ids[4])), Some("*")).await.good();
    let fresh = test.process("fresh", &on_webhook(&ids[0])).await;
    let bytes = export(&test, "branches/main/export").await;
    let seen = send(&app, &preview, None, bytes.clone()).await;
    let tag = seen.etag();
    let seen = seen.good();
    let expected = [
        ("purchases", "changed"),
        ("Rückgaben", "unchanged"),
        ("con", "unchanged"),
        ("fresh", "added"),
        ("intake", "changed"),
        (".hidden", "removed"),
    ];
    assert_eq!(effects(&seen), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(
        app.get(&production.on_main("changes")).await.good()["items"],
        json!([]),
        "a preview changed it"
    );
    send(&app, &import, None, bytes.clone()).await.refused(428);
    send(&app, &import, Some("\"x\""), bytes.clone()).await.refused(412);
    let done = send(&app, &import, Some(&tag), bytes.clone()).await;
    assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.bytes));
    let renamed = app.get(&production.on_main(&format!("data-sources/{}", here(&ids[0])))).await.good();
    assert_eq!(renamed["name"], "purchases", "the same webhook under another name");
    let drawn =
        app.get(&production.on_main(&format!("process-definitions/{}/bpmn", here(&ids[2])))).await.bytes;
    assert_eq!(drawn, on_webhook(&here(&ids[0])).replace("Came", "Bought").as_bytes());
    app.get(&production.on_main(&format!("process-definitions/{}", here(&ids[4])))).await.refused(404);

    // again it changes nothing, and neither after a commit
    let tag = app.get(&production.path("branches/main")).await.etag();
    for _ in 0..2 {
        let same = send(&app, &import, Some("*"), bytes.clone()).await;
        let (now, same) = (same.etag(), same.good());
        assert!(effects(&same).iter().all(|(_, change)| change == "unchanged"), "{same}");
        if tag == now {
            production.commit("Second").await.good();
        }
    }
    assert_eq!(production.commit("Nothing").await.refused(409), "nothing-to-commit");
    // into its own project: the same ids
    let own = send(&app, &test.on_main("import"), Some("*"), bytes.clone()).await.good();
    assert!(effects(&own).iter().all(|(_, change)| change == "unchanged"), "{own}");
    assert!(
        own["resources"].as_array().unwrap().iter().all(|r| r["importedId"] == r["resourceDefinitionId"])
    );
    assert!(own["resources"].as_array().unwrap().iter().any(|r| r["importedId"] == fresh));

    // what the archive lacks stays if asked, and an active webhook stays anyway
    let extra = production.data_source("extra").await;
    let kept = send(&app, &format!("{preview}?keepOthers=true"), None, bytes.clone()).await.good();
    assert!(effects(&kept).iter().all(|(_, change)| change == "unchanged"));
    let process = production.process("extra-process", &on_webhook(&extra)).await;
    production.commit("Extra").await.good();
    let trigger = text(&production.trigger_of(&extra).await, "id");
    app.act(&production.path(&format!("triggers/{trigger}/activate"))).await.good();
    let refused = send(&app, &import, Some("*"), bytes.clone()).await;
    assert_eq!(refused.json()["blocking"], json!([{ "id": trigger, "name": "extra" }]));
    assert_eq!(refused.refused(409), "trigger-active");
    send(&app, &format!("{import}?keepOthers=true"), Some("*"), bytes.clone()).await.good();
    app.act(&production.path(&format!("triggers/{trigger}/deactivate"))).await.good();
    send(&app, &import, Some("*"), bytes).await.good();
    app.get(&production.on_main(&format!("process-definitions/{process}"))).await.refused(404);
    let audit = app.audit(&production.id).await;
    assert_eq!(audit.iter().filter(|action| *action == "branch.import").count(), 5);
    app.delete(&format!("projects/{}", production.id), Some("*")).await.good();
    assert_eq!(app.rows_of(&production.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn names_change_places_and_strangers_are_found_by_name() {
    let app = App::new().await;
    let (test, ids) = full(&app, "Test").await;
    let rename = async |id: &str, name: &str| {
        let path = test.on_main(&format!("data-sources/{id}"));
        app.json("PATCH", &path, Some("*"), json!({ "name": name })).await.good();
    };
    let before = export(&test, "branches/main/export").await;
    rename(&ids[0], "between").await;
    rename(&ids[1], "ORDERS").await;
    rename(&ids[0], "rückgaben").await;
    send(&app, &test.on_main("import"), Some("*"), before.clone()).await.good();
    assert_eq!(test.commit("Nothing").await.refused(409), "nothing-to-commit");
    // a project that was drawn by hand has other ids and no origins
    let other = app.project("By hand").await;
    let orders = other.data_source("Orders").await;
    let seen = send(&app, &other.on_main("import/preview"), None, before).await.good();
    let found = seen["resources"].as_array().unwrap().iter().find(|r| r["name"] == "orders").unwrap();
    assert_eq!(
        (found["resourceDefinitionId"].as_str(), found["change"].as_str()),
        (Some(orders.as_str()), Some("changed"))
    );
}

#[tokio::test]
async fn importing_against_saving_loses_nothing() {
    let app = App::new().await;
    let (project, ids) = full(&app, "Race").await;
    let bytes = export(&project, "branches/main/export").await;
    let import = project.on_main("import");
    for round in 0..6 {
        let before = on_webhook(&ids[0]).replace("Came", &format!("Before {round}"));
        let mine = on_webhook(&ids[0]).replace("Came", &format!("Mine {round}"));
        project.save(&ids[2], &before).await.good();
        let tag = app.get(&project.path("branches/main")).await.etag();
        let (imported, saved) =
            tokio::join!(send(&app, &import, Some(&tag), bytes.clone()), project.save(&ids[2], &mine));
        let now = app.get(&project.on_main(&format!("process-definitions/{}/bpmn", ids[2]))).await.bytes;
        match (imported.status.as_u16(), saved.status.as_u16()) {
            (412, 200) => assert_eq!(now, mine.as_bytes()),
            (200, 412 | 200) => assert!(now != before.as_bytes()),
            other => panic!("{other:?}"),
        }
    }
}
