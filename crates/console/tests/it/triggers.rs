//! Triggers: state, URL, key, limit.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use store::count::Counter;
use store::trigger::RegistryRow;
use webhook::{Address, KeyDigest};

use crate::app::{App, text};
use crate::instances::started;

async fn registry(app: &App) -> Vec<RegistryRow> {
    app.console.db.read(|tx| Box::pin(async move { store::trigger::registry_rows(tx).await })).await.unwrap()
}

fn key(url: &Value) -> String {
    let (_, key) = url["url"].as_str().unwrap().split_once("?flowxApiKey=").unwrap();
    assert_eq!(url["apiKey"], key);
    key.to_owned()
}

#[tokio::test]
async fn the_url_leads_to_the_trigger_and_its_key_is_in_the_registry() {
    let app = App::new().await;
    let project = app.project("Url").await;
    let (data_source, _, trigger) = project.webhook("orders").await;
    let path = project.path(&format!("triggers/{trigger}"));
    let before = app.hooks.changed.load(Ordering::SeqCst);
    let answer = app.act(&format!("{path}/reveal-url")).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let url = answer.good();
    let address = text(&url, "urlWithoutKey");
    let address = Address::parse(address.strip_prefix("https://hooks.example.com").unwrap()).unwrap();
    assert_eq!(
        (address.project.to_string(), address.data_source.to_string()),
        (project.id.clone(), data_source)
    );
    assert_eq!(key(&url).len(), 43);
    let rows = registry(&app).await;
    assert_eq!(rows[0].keys[0].sha256, KeyDigest::of(&key(&url)).0);
    assert_eq!((rows[0].state.as_str(), rows[0].linked), ("Active", true));
    assert!(!format!("{rows:?}").contains(&key(&url)));
    assert_eq!(app.hooks.changed.load(Ordering::SeqCst), before, "revealing changes nothing");

    // deactivated, it is shown all the same
    let off = app.act(&format!("{path}/deactivate")).await.good();
    assert_eq!(off["state"], "Deactivated");
    assert_eq!(app.act(&format!("{path}/reveal-url")).await.good(), url);
    assert_eq!(registry(&app).await[0].state, "Deactivated");
    assert_eq!(app.hooks.changed.load(Ordering::SeqCst), before + 1, "the gateways were not told");
    let reveals = app.audit(&project.id).await.into_iter().filter(|a| a == "trigger.reveal-url").count();
    assert_eq!(reveals, 2);
}

#[tokio::test]
async fn a_reset_replaces_the_key() {
    let app = App::new().await;
    let project = app.project("Reset").await;
    let (_, _, trigger) = project.webhook("orders").await;
    let path = project.path(&format!("triggers/{trigger}"));
    let old = key(&app.act(&format!("{path}/reveal-url")).await.good());
    let new = key(&app.act(&format!("{path}/reset-api-key")).await.good());
    assert_ne!(old, new);
    let rows = registry(&app).await;
    assert_eq!(rows[0].keys.len(), 1, "the old key is still there");
    assert_eq!(rows[0].keys[0].sha256, KeyDigest::of(&new).0);
    assert_eq!(key(&app.act(&format!("{path}/reveal-url")).await.good()), new);
    assert!(app.audit(&project.id).await.contains(&"trigger.reset-api-key".to_owned()));
    app.hooks.refuse.store(true, Ordering::SeqCst);
    let unconfirmed = app.act(&format!("{path}/reset-api-key")).await;
    assert!(unconfirmed.headers.contains_key("retry-after"));
    assert_eq!(unconfirmed.refused(503), "not-confirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_event_is_the_webhooks_and_not_its_keys() {
    let app = App::new().await;
    let project = app.project("Last").await;
    let (data_source, process, trigger) = project.webhook("orders").await;
    let (elsewhere, other_process, other) = project.webhook("others").await;
    let path = project.path(&format!("triggers/{trigger}"));
    assert!(app.get(&path).await.good()["lastEventAt"].is_null());
    started(&app, &project, (&data_source, &process), "e1").await;
    let last = text(&app.get(&path).await.good(), "lastEventAt");
    started(&app, &project, (&elsewhere, &other_process), "e2").await;
    app.act(&format!("{path}/reset-api-key")).await.good();
    let off = app.act(&format!("{path}/deactivate")).await.good();
    assert_eq!(text(&off, "lastEventAt"), last);
    let list = app.get(&project.path("triggers")).await.good();
    let of =
        |id: &str| list["items"].as_array().unwrap().iter().find(|item| item["id"] == *id).unwrap().clone();
    assert_eq!(text(&of(&trigger), "lastEventAt"), last);
    assert!(text(&of(&other), "lastEventAt") >= last);
}

#[tokio::test]
async fn of_two_resets_at_once_one_key_is_valid() {
    let app = App::new().await;
    let project = app.project("Resets").await;
    let (_, _, trigger) = project.webhook("orders").await;
    let path = project.path(&format!("triggers/{trigger}"));
    for _ in 0..5 {
        let reset = format!("{path}/reset-api-key");
        let (one, two) = tokio::join!(app.act(&reset), app.act(&reset));
        let keys = [key(&one.good()), key(&two.good())];
        assert_ne!(keys[0], keys[1]);
        let rows = registry(&app).await;
        assert_eq!(rows[0].keys.len(), 1);
        let valid: Vec<&String> =
            keys.iter().filter(|k| KeyDigest::of(k).0 == rows[0].keys[0].sha256).collect();
        assert_eq!(valid.len(), 1, "the valid key is one of the two that were answered");
        assert_eq!(&key(&app.act(&format!("{path}/reveal-url")).await.good()), valid[0]);
    }
}

#[tokio::test]
async fn the_rate_limit_is_set_with_its_tag() {
    let app = App::new().await;
    let project = app.project("Rate").await;
    let (_, _, trigger) = project.webhook("orders").await;
    let path = project.path(&format!("triggers/{trigger}"));
    let tag = app.get(&path).await.etag();
    app.json("PATCH", &path, None, json!({ "rateLimit": 5 })).await.refused(428);
    for bad in [json!(0), json!(-1), json!(1_000_001), json!(1.5), json!("5")] {
        app.json("PATCH", &path, Some(&tag), json!({ "rateLimit": bad })).await.refused(422);
    }
    let set = app.json("PATCH", &path, Some(&tag), json!({ "rateLimit": 5 })).await;
    assert_eq!(set.json()["rateLimit"], 5);
    assert_eq!(registry(&app).await[0].rate_limit, Some(5));
    app.json("PATCH", &path, Some(&tag), json!({ "rateLimit": 6 })).await.refused(412);
    let same = app.json("PATCH", &path, Some(&set.etag()), json!({})).await;
    assert_eq!((same.json()["rateLimit"].as_i64(), same.etag()), (Some(5), set.etag()));
    app.json("PATCH", &path, Some("*"), json!({ "rateLimit": null })).await.good();
    assert_eq!(registry(&app).await[0].rate_limit, None);
}

#[tokio::test]
async fn the_registry_takes_settings_from_the_running_commit() {
    let app = App::new().await;
    let project = app.project("Settings").await;
    let (data_source, ..) = project.webhook("orders").await;
    assert_eq!(registry(&app).await[0].redacted_headers, None);
    let path = project.on_main(&format!("data-sources/{data_source}"));
    let change = json!({ "redactedHeaders": ["X-Own"], "idempotencyKey": "header:X-Id" });
    app.json("PATCH", &path, Some("*"), change).await.good();
    assert_eq!(registry(&app).await[0].redacted_headers, None, "work in progress does not run");
    project.commit("Settings").await.good();
    let row = registry(&app).await.remove(0);
    assert_eq!(row.redacted_headers, Some(vec!["X-Own".to_owned()]));
    assert_eq!(row.idempotency_key.as_deref(), Some("header:X-Id"));
}

#[tokio::test]
async fn hourly_counts_are_shown() {
    let app = App::new().await;
    let project = app.project("Counts").await;
    let (data_source, ..) = project.webhook("orders").await;
    let now = webhook::timestamp::parse(&text(&project.trigger_of(&data_source).await, "createdAt")).unwrap();
    let hour = now / 3_600_000 * 3_600_000;
    let row = |hour, counter, value| store::count::Addition {
        project_id: project.id.clone(),
        data_source_id: data_source.clone(),
        hour,
        counter,
        value,
    };
    let old = hour - 30 * 3_600_000;
    let rows = vec![
        row(old, Counter::Accepted, 99),
        row(hour, Counter::Accepted, 12),
        row(hour, Counter::Failed, 3),
    ];
    let added: store::Result<()> =
        app.console.db.write(move |tx| Box::pin(async move { store::count::add(tx, &rows).await })).await;
    added.unwrap();
    let trigger = project.trigger_of(&data_source).await;
    let hours = trigger["hours"].as_array().unwrap();
    assert_eq!(hours.len(), 24);
    let sums = |name: &str| hours.iter().map(|hour| hour[name].as_i64().unwrap()).sum::<i64>();
    // what happened 30 hours ago is not among them
    assert_eq!((sums("accepted"), sums("failed"), sums("wrongKey")), (12, 3, 0));
    let id = text(&trigger, "id");
    for path in ["hourly-counts".to_owned(), format!("triggers/{id}/hourly-counts")] {
        let day = app.get(&project.path(&path)).await.good();
        assert_eq!(day["hours"], trigger["hours"], "{path}");
        assert_eq!(day["total"]["accepted"], 12);
        let show = webhook::timestamp::rfc3339;
        let (from, to) = (show(old + 5), show(hour + 7));
        let span = app.get(&project.path(&format!("{path}?from={from}&to={to}"))).await.good();
        assert_eq!((span["hours"].as_array().unwrap().len(), &span["total"]["accepted"]), (31, &json!(111)));
        assert_eq!(
            (&span["hours"][0]["hour"], &span["hours"][0]["accepted"]),
            (&json!(show(old)), &json!(99))
        );
        for wrong in [
            format!("from={to}&to={from}"),
            format!("from={}", show(hour - 31 * 24 * 3_600_000)),
            "from=yesterday".to_owned(),
        ] {
            assert_eq!(
                app.get(&project.path(&format!("{path}?{wrong}"))).await.refused(422),
                "invalid-fields"
            );
        }
        let month = format!("{path}?from={}&to={}", show(hour - (31 * 24 - 1) * 3_600_000), show(hour));
        assert_eq!(app.get(&project.path(&month)).await.good()["hours"].as_array().unwrap().len(), 744);
    }
    let other = app.project("Other").await;
    let none = app.get(&other.path("hourly-counts")).await.good();
    assert_eq!(none["total"]["accepted"], 0);
    assert_eq!(app.get(&other.path(&format!("triggers/{id}/hourly-counts"))).await.refused(404), "not-found");
}

#[tokio::test]
async fn many_triggers_are_paged() {
    let app = App::new().await;
    let project = app.project("Many").await;
    for number in 0..5 {
        let data_source = project.data_source(&format!("hook-{number}")).await;
        project.process(&format!("process-{number}"), &crate::app::on_webhook(&data_source)).await;
    }
    project.commit("All").await.good();
    let (mut names, mut path) = (Vec::new(), project.path("triggers?limit=2"));
    loop {
        let page = app.get(&path).await.good();
        names.extend(crate::app::column(&page, "name"));
        let Some(next) = page["nextCursor"].as_str() else { break };
        path = project.path(&format!("triggers?limit=2&cursor={next}"));
    }
    names.sort();
    assert_eq!(names, ["hook-0", "hook-1", "hook-2", "hook-3", "hook-4"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_event_to_nowhere_says_so_and_never_shows_the_key() {
    let app = App::new().await;
    let project = app.project("Test").await;
    let (_, _, trigger) = project.webhook("orders").await;
    let path = project.path(&format!("triggers/{trigger}/test-event"));
    let sent = app.post(&path, json!({ "payload": { "text": "{}" } })).await;
    let shown = String::from_utf8(sent.bytes.clone()).unwrap();
    let answer = sent.good();
    assert_eq!(
        (&answer["reached"], &answer["status"], &answer["eventId"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    assert!(answer["message"].as_str().unwrap().contains("public_url"), "{answer}");
    let url = app.act(&project.path(&format!("triggers/{trigger}/reveal-url"))).await.good();
    assert_eq!(answer["url"], url["urlWithoutKey"]);
    assert!(!shown.contains(url["apiKey"].as_str().unwrap()));
    assert!(app.audit(&project.id).await.contains(&"trigger.test-event".to_owned()));
    let refused = app.post(&path, json!({ "headers": [{ "name": "X-Api-Key", "value": "x" }] })).await;
    assert_eq!(refused.json()["errors"][0]["code"], "reserved");
    let foreign = project.path("triggers/00000000-0000-4000-8000-000000000000/test-event");
    assert_eq!(app.post(&foreign, json!({})).await.refused(404), "not-found");
}
