//! Bringing another branch's commit into the work in progress.

use serde_json::{Value, json};

use crate::app::{Answer, App, Project, on_webhook, text};

struct Fork<'a> {
    project: Project<'a>,
    data_source: String,
    processes: Vec<String>,
}

fn xml(data_source: &str, name: &str) -> String {
    on_webhook(data_source).replace("Came", name)
}

/// A project whose branch `dev` begins where main has a data source and processes p0, p1, …
async fn fork<'a>(app: &'a App, count: usize) -> Fork<'a> {
    let project = app.project("Bring").await;
    let data_source = project.data_source("orders").await;
    let mut processes = Vec::new();
    for at in 0..count {
        processes.push(project.process(&format!("process-{at}"), &xml(&data_source, "Base")).await);
    }
    project.commit("Base").await.good();
    app.post(&project.path("branches"), json!({ "name": "dev" })).await.good();
    Fork { project, data_source, processes }
}

impl Fork<'_> {
    async fn save(&self, branch: &str, process: &str, name: &str) {
        let path = self.project.path(&format!("branches/{branch}/process-definitions/{process}/bpmn"));
        self.project.app.put_xml(&path, Some("*"), xml(&self.data_source, name)).await.good();
    }

    async fn remove(&self, branch: &str, rest: &str) {
        let path = self.project.path(&format!("branches/{branch}/{rest}"));
        self.project.app.delete(&path, Some("*")).await.good();
    }

    async fn commit(&self, branch: &str) -> String {
        let path = self.project.path(&format!("branches/{branch}/commits"));
        text(&self.project.app.post(&path, json!({ "message": "Work" })).await.good(), "id")
    }

    async fn preview(&self) -> (String, Value) {
        let answer = self.project.app.get(&self.project.on_main("bring?fromBranch=dev")).await;
        (answer.etag(), answer.good())
    }

    async fn bring(&self, tag: &str, commit: &str, choices: &[(&str, &str)]) -> Answer {
        let choices: Vec<Value> =
            choices.iter().map(|(id, take)| json!({ "resourceDefinitionId": id, "take": take })).collect();
        let body = json!({ "commitId": commit, "choices": choices });
        self.project.app.json("POST", &self.project.on_main("bring"), Some(tag), body).await
    }

    async fn bpmn(&self, process: &str) -> Vec<u8> {
        self.project
            .app
            .get(&self.project.on_main(&format!("process-definitions/{process}/bpmn")))
            .await
            .bytes
    }
}

fn status<'v>(preview: &'v Value, id: &str) -> &'v str {
    let all = preview["resources"].as_array().unwrap();
    let found = all.iter().find(|r| r["resourceDefinitionId"] == id);
    found.unwrap_or_else(|| panic!("{id} is not in {preview}"))["status"].as_str().unwrap()
}

#[tokio::test]
async fn each_resource_is_compared_with_what_both_had_in_common() {
    let app = App::new().await;
    let fork = fork(&app, 8).await;
    let p = &fork.processes;
    fork.save("dev", &p[1], "Theirs").await;
    fork.save("main", &p[2], "Mine").await;
    for process in [&p[3], &p[5]] {
        fork.save("dev", process, "Theirs").await;
    }
    fork.save("main", &p[3], "Mine").await;
    fork.remove("dev", &format!("process-definitions/{}", p[4])).await;
    fork.remove("main", &format!("process-definitions/{}", p[5])).await;
    fork.remove("dev", &format!("process-definitions/{}", p[6])).await;
    fork.save("main", &p[6], "Mine").await;
    for branch in ["dev", "main"] {
        fork.save(branch, &p[7], "The same").await;
    }
    let new =
        app.post(&fork.project.path("branches/dev/data-sources"), json!({ "name": "fresh" })).await.good();
    let new = text(&new, "resourceDefinitionId");
    let own = fork.project.data_source("Fresh").await;
    let theirs = fork.commit("dev").await;
    let (tag, preview) = fork.preview().await;
    assert_eq!(preview["commitId"], theirs);
    for (id, expected) in [
        (&fork.data_source, "same"),
        (&p[0], "same"),
        (&p[1], "theirs-changed"),
        (&p[2], "mine-changed"),
        (&p[3], "both-changed"),
        (&p[4], "theirs-removed"),
        (&p[5], "mine-removed-theirs-changed"),
        (&p[6], "theirs-removed-mine-changed"),
        (&p[7], "same"),
        (&new, "theirs-new"),
        (&own, "mine-new"),
    ] {
        assert_eq!(status(&preview, id), expected, "{id}");
    }
    let fresh =
        preview["resources"].as_array().unwrap().iter().find(|r| r["resourceDefinitionId"] == new).unwrap();
    assert_eq!(fresh["nameTakenBy"], own);

    // every conflict needs a choice; the first without one is named
    let open = fork.bring(&tag, &theirs, &[(&p[1], "theirs")]).await;
    assert_eq!(open.json()["errors"][0]["code"], "choice-missing");
    open.refused(422);
    let conflicts = [(p[3].as_str(), "mine"), (p[5].as_str(), "theirs"), (p[6].as_str(), "theirs")];
    let mut all = conflicts.to_vec();
    all.push((&new, "theirs"));
    let refused = fork.bring(&tag, &theirs, &all).await;
    assert!(refused.json()["blocking"].as_array().unwrap().iter().any(|b| b["id"] == own));
    assert_eq!(refused.refused(409), "name-taken");
    let path = fork.project.on_main(&format!("data-sources/{own}"));
    app.json("PATCH", &path, Some("*"), json!({ "name": "own" })).await.good();
    all.extend([(p[1].as_str(), "theirs"), (p[4].as_str(), "theirs")]);
    assert_eq!(fork.bring(&tag, &theirs, &all).await.refused(412), "stale");
    let (tag, _) = fork.preview().await;
    let done = fork.bring(&tag, &theirs, &all).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_ne!(done.etag(), tag);
    assert_eq!(fork.bpmn(&p[1]).await, xml(&fork.data_source, "Theirs").as_bytes());
    assert_eq!(fork.bpmn(&p[2]).await, xml(&fork.data_source, "Mine").as_bytes());
    assert_eq!(fork.bpmn(&p[3]).await, xml(&fork.data_source, "Mine").as_bytes());
    assert_eq!(fork.bpmn(&p[5]).await, xml(&fork.data_source, "Theirs").as_bytes());
    for gone in [&p[4], &p[6]] {
        app.get(&fork.project.on_main(&format!("process-definitions/{gone}"))).await.refused(404);
    }
    fork.project.commit("Brought").await.good();
    // what was brought is no conflict when they go on
    fork.save("dev", &p[1], "Theirs again").await;
    fork.commit("dev").await;
    let (_, preview) = fork.preview().await;
    assert_eq!(status(&preview, &p[1]), "theirs-changed");
    assert_eq!(status(&preview, &p[5]), "same");
    assert_eq!(status(&preview, &new), "same");
}

#[tokio::test]
async fn a_webhook_that_they_removed_is_held_by_its_process_and_its_senders() {
    let app = App::new().await;
    let fork = fork(&app, 1).await;
    let trigger = text(&fork.project.trigger_of(&fork.data_source).await, "id");
    fork.remove("dev", &format!("process-definitions/{}", fork.processes[0])).await;
    fork.remove("dev", &format!("data-sources/{}", fork.data_source)).await;
    let theirs = fork.commit("dev").await;
    let alone = [(fork.data_source.as_str(), "theirs")];
    let bring = async |choices: &[(&str, &str)]| {
        let (tag, _) = fork.preview().await;
        fork.bring(&tag, &theirs, choices).await
    };
    assert_eq!(bring(&alone).await.refused(409), "in-use");
    app.act(&fork.project.path(&format!("triggers/{trigger}/activate"))).await.good();
    let both = [alone[0], (fork.processes[0].as_str(), "theirs")];
    let refused = bring(&both).await;
    assert_eq!(refused.json()["blocking"][0]["id"], trigger);
    assert_eq!(refused.refused(409), "trigger-active");
    app.act(&fork.project.path(&format!("triggers/{trigger}/deactivate"))).await.good();
    bring(&both).await.good();
}

#[tokio::test]
async fn what_cannot_be_brought_is_refused() {
    let app = App::new().await;
    let fork = fork(&app, 1).await;
    let other = app.project("Other").await;
    other.data_source("orders").await;
    let foreign = text(&other.commit("Theirs").await.good(), "id");
    for bad in
        ["bring", "bring?fromBranch=none", "bring?fromBranch=a%00", &format!("bring?commitId={foreign}")]
    {
        app.get(&fork.project.on_main(bad)).await.refused(422);
    }
    let (tag, preview) = fork.preview().await;
    let commit = text(&preview, "commitId");
    let id = fork.processes[0].as_str();
    for (commit, choices) in [
        (commit.as_str(), vec![("00000000-0000-4000-8000-000000000000", "mine")]),
        (commit.as_str(), vec![(id, "mine"), (id, "theirs")]),
        (commit.as_str(), vec![(id, "other")]),
        (foreign.as_str(), vec![]),
    ] {
        fork.bring(&tag, commit, &choices).await.refused(422);
    }
}

#[tokio::test]
async fn bringing_against_saving_loses_nothing() {
    let app = App::new().await;
    let fork = fork(&app, 1).await;
    let process = fork.processes[0].clone();
    for round in 0..8 {
        fork.save("dev", &process, &format!("Theirs {round}")).await;
        let theirs = fork.commit("dev").await;
        let (tag, _) = fork.preview().await;
        let mine = xml(&fork.data_source, &format!("Mine {round}"));
        let choices = [(process.as_str(), "theirs")];
        let (brought, saved) =
            tokio::join!(fork.bring(&tag, &theirs, &choices), fork.project.save(&process, &mine));
        let now = fork.bpmn(&process).await;
        match (brought.status.as_u16(), saved.status.as_u16()) {
            (412, 200) => assert_eq!(now, mine.as_bytes()),
            (200, 412) => assert_eq!(now, xml(&fork.data_source, &format!("Theirs {round}")).as_bytes()),
            // the save read its tag after the bring
            (200, 200) => assert_eq!(now, mine.as_bytes()),
            other => panic!("{other:?}"),
        }
        fork.project.commit("Round").await.good();
    }
}
