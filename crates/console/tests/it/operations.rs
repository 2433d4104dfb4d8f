//! Operations over many rows: what is queued, shown, refused and ended.

use serde_json::{Value, json};
use store::failed_trigger::FailedTrigger;
use uuid::Uuid;

use crate::app::{App, Project, column, text};

fn failed(
    project: &Project<'_>,
    data_source: &str,
    (stage, cause): (&str, &str),
    at: usize,
) -> FailedTrigger {
    FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: project.id.clone(),
        data_source_id: data_source.to_owned(),
        process_definition_id: None,
        instance_id: None,
        commit_id: None,
        event_id: format!("e-{stage}-{cause}-{at}"),
        event_key: format!("e-{at}"),
        event_time: 1_790_000_000_000,
        stage: stage.to_owned(),
        cause_code: cause.to_owned(),
        cause: "It did not work.".to_owned(),
        element_id: None,
        record_headers: "[]".to_owned(),
        payload: b"{}".to_vec(),
        status: "open".to_owned(),
        attempt: 1,
        created_at: 1_790_000_000_000,
        updated_at: 1_790_000_000_000,
    }
}

/// Three refused ones, five of one cause, two of another; their ids in that order.
async fn fill(app: &App, project: &Project<'_>, data_source: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for (stage, cause, count) in
        [("gateway", "not-json", 3), ("match", "not-linked", 5), ("start", "no-flow", 2)]
    {
        rows.extend((0..count).map(|at| failed(project, data_source, (stage, cause), at)));
    }
    let ids = rows.iter().map(|row| row.id.clone()).collect();
    let write = app
        .console
        .db
        .write(move |tx| Box::pin(async move { store::failed_trigger::insert(tx, &rows).await.map(drop) }));
    let _: () = write.await.unwrap();
    ids
}

#[tokio::test]
async fn failed_triggers_are_counted_by_their_cause() {
    let app = App::new().await;
    let project = app.project("Groups").await;
    let (data_source, _, _) = project.webhook("orders").await;
    let empty = app.get(&project.path("failed-triggers/groups")).await.good();
    assert_eq!(empty, json!({ "items": [], "nextCursor": null }));
    let ids = fill(&app, &project, &data_source).await;
    let groups = app.get(&project.path("failed-triggers/groups")).await.good();
    let shown = |groups: &Value| -> Vec<(String, String, i64)> {
        let items = groups["items"].as_array().unwrap().iter();
        items.map(|g| (text(g, "stage"), text(g, "causeCode"), g["open"].as_i64().unwrap())).collect()
    };
    let all = [("start", "no-flow", 2), ("match", "not-linked", 5), ("gateway", "not-json", 3)];
    let all = all.map(|(stage, cause, open)| (stage.to_owned(), cause.to_owned(), open));
    assert_eq!(shown(&groups), all, "the newest first");
    assert_eq!(groups["items"][0]["example"]["id"], ids[9]);
    assert_eq!(groups["items"][0]["dataSourceName"], "orders");
    assert!(text(&groups["items"][0], "oldestAt") <= text(&groups["items"][0], "newestAt"));

    // one leaves, one is being retried
    app.delete(&project.path(&format!("failed-triggers/{}", ids[3])), None).await.good();
    app.act(&project.path(&format!("failed-triggers/{}/retry", ids[4]))).await.good();
    let groups = app.get(&project.path("failed-triggers/groups?stage=match")).await.good();
    assert_eq!(
        (groups["items"][0]["open"].as_i64(), groups["items"][0]["retrying"].as_i64()),
        (Some(3), Some(1))
    );
    assert_eq!(shown(&app.get(&project.path("failed-triggers/groups?causeCode=none")).await.good()), []);
    assert_eq!(
        shown(&app.get(&project.path("failed-triggers/groups?to=2020-01-01T00:00:00Z")).await.good()),
        []
    );
    let first = app.get(&project.path("failed-triggers/groups?limit=2")).await.good();
    assert_eq!(
        shown(&first),
        all[..2].iter().cloned().map(|g| if g.0 == "match" { (g.0, g.1, 3) } else { g }).collect::<Vec<_>>()
    );
    let cursor = text(&first, "nextCursor");
    let rest =
        app.get(&project.path(&format!("failed-triggers/groups?limit=2&cursor={cursor}"))).await.good();
    assert_eq!((shown(&rest), &rest["nextCursor"]), (all[2..].to_vec(), &Value::Null));
    assert_eq!(shown(&app.get(&project.path("failed-triggers/groups?eventId=e")).await.good()), []);
    let foreign = app.project("Foreign").await;
    assert_eq!(app.get(&foreign.path("failed-triggers/groups")).await.good()["items"], json!([]));
}

/// The list with this filter, grouped by hand: stage, cause, how many are open, and the newest.
async fn grouped(project: &Project<'_>, query: &str) -> Vec<(String, String, i64, String)> {
    let page = project.app.get(&project.path(&format!("failed-triggers?limit=200&{query}"))).await.good();
    let mut groups: Vec<(String, String, i64, String)> = Vec::new();
    for item in page["items"].as_array().unwrap() {
        let (stage, cause) = (text(item, "stage"), text(item, "causeCode"));
        let open = i64::from(item["status"] == "open");
        match groups.iter_mut().find(|(s, c, ..)| (s, c) == (&stage, &cause)) {
            Some(group) => group.2 += open,
            None => groups.push((stage, cause, open, text(item, "id"))),
        }
    }
    groups
}

#[tokio::test]
async fn groups_have_the_filters_of_the_list() {
    let app = App::new().await;
    let project = app.project("Filters").await;
    let (data_source, process, _) = project.webhook("orders").await;
    fill(&app, &project, &data_source).await;
    // one event that three processes did not start with
    let mut rows = Vec::new();
    for (stage, cause, of) in [
        ("start", "no-flow", Uuid::new_v4()),
        ("start", "no-flow", Uuid::new_v4()),
        ("match", "too-old", Uuid::nil()),
    ] {
        let mut row = failed(&project, &data_source, (stage, cause), 100 + rows.len());
        row.event_id = "the-event".to_owned();
        row.process_definition_id = Some(of.to_string());
        rows.push(row);
    }
    let retried = rows[1].id.clone();
    let write = app
        .console
        .db
        .write(move |tx| Box::pin(async move { store::failed_trigger::insert(tx, &rows).await.map(drop) }));
    let _: () = write.await.unwrap();
    app.act(&project.path(&format!("failed-triggers/{retried}/retry"))).await.good();
    let mut seen = 0;
    for query in [
        "eventId=the-event".to_owned(),
        "eventId=the-event&stage=start".to_owned(),
        "eventId=the-event&stage=gateway,match".to_owned(),
        "eventId=the-event&causeCode=no-flow&status=open".to_owned(),
        "eventId=the-event&status=retrying,retried".to_owned(),
        format!("eventId=the-event&dataSourceId={data_source}"),
        format!("eventId=the-event&processDefinitionId={process}"),
        "eventId=the-event&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z".to_owned(),
        "eventId=another".to_owned(),
        "stage=match".to_owned(),
        "status=open".to_owned(),
    ] {
        let expected = grouped(&project, &query).await;
        let page = app.get(&project.path(&format!("failed-triggers/groups?{query}"))).await.good();
        let shown: Vec<_> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| {
                let open = g["open"].as_i64().unwrap();
                (text(g, "stage"), text(g, "causeCode"), open, text(&g["example"], "id"))
            })
            .collect();
        // the list does not tell processes apart here
        let mut together: Vec<(String, String, i64, String)> = Vec::new();
        for one in shown {
            match together.iter_mut().find(|(s, c, ..)| (s, c) == (&one.0, &one.1)) {
                Some(group) => group.2 += one.2,
                None => together.push(one),
            }
        }
        assert_eq!(together, expected, "{query}");
        seen += expected.len();
    }
    assert!(seen > 8, "{seen}");
    // page by page
    let (mut path, mut pages) = ("failed-triggers/groups?eventId=the-event&limit=1".to_owned(), Vec::new());
    loop {
        let page = app.get(&project.path(&path)).await.good();
        let group = &page["items"][0];
        pages.push((text(group, "causeCode"), group["open"].as_i64(), group["retrying"].as_i64()));
        let Value::String(next) = &page["nextCursor"] else { break };
        path = format!("failed-triggers/groups?eventId=the-event&limit=1&cursor={next}");
    }
    let of = |cause: &str, open, retrying| (cause.to_owned(), Some(open), Some(retrying));
    assert_eq!(pages, [of("too-old", 1, 0), of("no-flow", 0, 1), of("no-flow", 1, 0)]);
}

#[tokio::test]
async fn a_group_is_retried_as_an_operation_that_can_be_followed_and_ended() {
    let app = App::new().await;
    let project = app.project("Bulk").await;
    let (data_source, _, _) = project.webhook("orders").await;
    let ids = fill(&app, &project, &data_source).await;
    let path = project.path("failed-triggers/retry");
    let filter =
        json!({ "filter": { "stage": "match", "causeCode": "not-linked", "dataSourceId": data_source } });
    let answer = app.post(&path, filter.clone()).await;
    assert_eq!(answer.status.as_u16(), 202);
    let operation = answer.good();
    assert_eq!((operation["state"].as_str(), operation["total"].as_i64()), (Some("queued"), Some(5)));
    assert_eq!(operation["kind"], "retry-failed-triggers");
    assert_eq!(operation["filter"], filter["filter"]);
    assert!(operation["createdByName"].is_string() && operation["passedOver"].is_null());
    assert_eq!(app.hooks.queued.load(std::sync::atomic::Ordering::SeqCst), 1);
    let id = text(&operation, "id");
    let one = project.path(&format!("operations/{id}"));
    assert_eq!(app.get(&one).await.good(), operation);

    // all that can be retried; these two; none
    assert_eq!(app.post(&path, json!({ "filter": {} })).await.good()["total"], 7);
    let two = app.post(&path, json!({ "ids": [ids[9], ids[3], ids[3], ids[0], Uuid::nil()] })).await.good();
    assert_eq!(two["total"], 2, "a refused one and an unknown one are none");
    let dismiss = project.path("failed-triggers/dismiss");
    assert_eq!(app.post(&dismiss, json!({ "filter": { "stage": "gateway" } })).await.good()["total"], 3);
    let long_ago = json!({ "filter": { "to": "2020-01-01T00:00:00Z" } });
    assert_eq!(app.post(&dismiss, long_ago).await.good()["total"], 0);

    let list = |query: &str| {
        let (client, path) = (&app, project.path(&format!("operations?{query}")));
        async move { client.get(&path).await }
    };
    assert_eq!(column(&list("").await.good(), "id").len(), 5);
    assert_eq!(
        column(&list("kind=dismiss-failed-triggers&state=queued,running").await.good(), "id").len(),
        2
    );
    assert_eq!(column(&list("state=done,failed").await.good(), "id").len(), 0);
    list("state=ended").await.refused(422);
    list("kind=all").await.refused(422);

    let ended = app.act(&format!("{one}/cancel")).await.good();
    assert_eq!((ended["state"].as_str(), ended["finishedAt"].is_string()), (Some("cancelled"), true));
    assert_eq!(app.act(&format!("{one}/cancel")).await.refused(409), "already-ended");
    let foreign = app.project("Foreign").await;
    let unknown = app.get(&foreign.path(&format!("operations/{}", Uuid::now_v7()))).await;
    let other = app.get(&foreign.path(&format!("operations/{id}"))).await;
    assert_eq!((other.status, &other.bytes), (unknown.status, &unknown.bytes));
    app.act(&foreign.path(&format!("operations/{id}/cancel"))).await.refused(404);
    assert_eq!(
        app.post(&foreign.path("failed-triggers/retry"), json!({ "ids": [ids[3]] })).await.good()["total"],
        0
    );
    let audit = app.audit(&project.id).await;
    assert_eq!(audit.iter().filter(|action| *action == "operation.create").count(), 5);
    assert_eq!(audit.last().unwrap(), "operation.cancel");
}

#[tokio::test]
async fn a_selection_that_is_none_is_refused() {
    let app = App::new().await;
    let project = app.project("Selections").await;
    let id = Uuid::now_v7().to_string();
    let many: Vec<String> = (0..1_001).map(|_| Uuid::now_v7().to_string()).collect();
    for operation in ["failed-triggers/retry", "failed-triggers/dismiss", "incidents/retry"] {
        let path = project.path(operation);
        for bad in [
            json!({}),
            json!({ "ids": [] }),
            json!({ "ids": many }),
            json!({ "ids": [id], "filter": {} }),
            json!({ "ids": ["x"] }),
            json!({ "filter": { "colour": "red" } }),
            json!({ "filter": { "from": "yesterday" } }),
            json!({ "filter": { "causeCode": "a\u{0}b" } }),
            json!([id]),
        ] {
            app.post(&path, bad.clone()).await.refused(422);
        }
    }
    for filter in [json!({ "stage": "gateway" }), json!({ "status": "retried" })] {
        let refused = app.post(&project.path("failed-triggers/retry"), json!({ "filter": filter })).await;
        assert_eq!(refused.refused(409), "not-retryable");
    }
    assert_eq!(app.count("operation").await, 0);
}
