//! Which processes start on which data source, in the lists and details of both.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::{App, Project, on_webhook, text};

/// A page of a list: the names of what each item is connected with, by its own name.
async fn connected(project: &Project<'_>, list: &str, field: &str) -> Vec<(String, Vec<String>)> {
    let page = project.app.get(&project.on_main(&format!("{list}?limit=200"))).await.good();
    let names = |item: &Value| item[field].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
    let mut all: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|item| (text(item, "name"), names(item))).collect();
    all.sort();
    all
}

fn pairs(all: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    all.iter().map(|(name, others)| ((*name).to_owned(), owned(others))).collect()
}

#[tokio::test]
async fn both_sides_tell_of_each_other() {
    let app = App::new().await;
    let project = app.project("Uses").await;
    let (orders, returns) = (project.data_source("orders").await, project.data_source("returns").await);
    let intake = project.process("Intake", &on_webhook(&orders)).await;
    // however the id is written
    project.process("archive", &on_webhook(&orders.to_uppercase())).await;
    let loose = json!({ "name": "loose", "bpmn": on_webhook("00000000-0000-4000-8000-000000000000") });
    let made = app.post(&project.on_main("process-definitions"), loose).await.good();
    assert_eq!(made["startedBy"], json!([]), "a data source that is not there");
    let sources = || connected(&project, "data-sources", "usedBy");
    assert_eq!(sources().await, pairs(&[("orders", &["archive", "Intake"]), ("returns", &[])]));
    let processes = || connected(&project, "process-definitions", "startedBy");
    let expected = pairs(&[("Intake", &["orders"]), ("archive", &["orders"]), ("loose", &[])]);
    assert_eq!(processes().await, expected);
    // saved anew: the answer of the change, both details and both lists
    let saved = project.save(&intake, &on_webhook(&returns)).await.good();
    let by_returns = json!([{ "id": returns, "name": "returns" }]);
    assert_eq!(saved["startedBy"], by_returns);
    let read = app.get(&project.on_main(&format!("process-definitions/{intake}"))).await.good();
    assert_eq!(read["startedBy"], by_returns);
    let one = project.on_main(&format!("data-sources/{returns}"));
    let read = app.get(&one).await;
    assert_eq!(read.clone().good()["usedBy"], json!([{ "id": intake, "name": "Intake" }]));
    let renamed = app.json("PATCH", &one, Some(&read.etag()), json!({ "name": "sent-back" })).await.good();
    assert_eq!(renamed["usedBy"], json!([{ "id": intake, "name": "Intake" }]));
    assert_eq!(sources().await, pairs(&[("orders", &["archive"]), ("sent-back", &["Intake"])]));
    // a process that is no longer there uses nothing
    app.delete(&project.on_main(&format!("process-definitions/{intake}")), Some("*")).await.good();
    assert_eq!(sources().await, pairs(&[("orders", &["archive"]), ("sent-back", &[])]));
}

#[tokio::test]
async fn each_branch_tells_of_its_own_work() {
    let app = App::new().await;
    let project = app.project("Branches").await;
    let (orders, process, _) = project.webhook("orders").await;
    app.post(&project.path("branches"), json!({ "name": "dev" })).await.good();
    project.save(&process, &on_webhook("00000000-0000-4000-8000-000000000000")).await.good();
    let used_on = |branch: &'static str| {
        let (app, path) = (&app, project.path(&format!("branches/{branch}/data-sources/{orders}")));
        async move { app.get(&path).await.good()["usedBy"].as_array().unwrap().len() }
    };
    assert_eq!((used_on("main").await, used_on("dev").await), (0, 1));
    // what was discarded is as it was committed
    let tag = app.get(&project.on_main("changes")).await.etag();
    app.json("POST", &project.on_main("discard"), Some(&tag), json!({})).await.good();
    assert_eq!(used_on("main").await, 1);
}

/// Versions that were stored before selections were kept are read when somebody asks.
#[tokio::test]
async fn what_nobody_has_read_yet_is_read_once() {
    let app = App::new().await;
    let project = app.project("Unread").await;
    let orders = project.data_source("orders").await;
    for n in 0..120 {
        project.process(&format!("process-{n:03}"), &on_webhook(&orders)).await;
    }
    app.change("DELETE FROM version_link").await;
    app.change(
        "INSERT INTO version_unread (resource_version_id, project_id) \
         SELECT id, project_id FROM resource_version WHERE bpmn IS NOT NULL",
    )
    .await;
    let path = project.on_main(&format!("data-sources/{orders}"));
    let (one, other) = futures::join!(app.get(&path), app.get(&path));
    for answer in [one, other] {
        assert_eq!(answer.good()["usedBy"].as_array().unwrap().len(), 120);
    }
    assert_eq!((app.count("version_unread").await, app.count("version_link").await), (0, 120));
    // what nothing holds any more is forgotten
    app.delete(&format!("projects/{}", project.id), Some("*")).await.good();
    assert_eq!(app.count("version_link").await, 0);
}

/// 200 processes: no file is read for a list.
#[tokio::test]
async fn two_hundred_processes_cost_one_query() {
    let app = App::new().await;
    let project = app.project("Many").await;
    let mut sources = Vec::new();
    for n in 0..40 {
        sources.push(project.data_source(&format!("source-{n:02}")).await);
    }
    for n in 0..200 {
        project.process(&format!("process-{n:03}"), &on_webhook(&sources[n % 40])).await;
    }
    let path = project.on_main("data-sources");
    let mut took = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        let page = app.get(&path).await.good();
        took.push(begun.elapsed());
        let used: usize =
            page["items"].as_array().unwrap().iter().map(|one| one["usedBy"].as_array().unwrap().len()).sum();
        assert_eq!((page["items"].as_array().unwrap().len(), used), (40, 200));
    }
    took.sort();
    println!("40 data sources with 200 processes: median {:?}, slowest {:?}", took[10], took[19]);
    assert!(took[10] < Duration::from_millis(50), "{:?}", took[10]);
}
