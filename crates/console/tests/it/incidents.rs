//! Open incidents, their retry, and changing what they failed on.

use serde_json::json;
use uuid::Uuid;

use crate::app::{App, column, text};
use crate::instances::{failing, started};

#[tokio::test]
async fn incidents_are_listed_and_retried_once() {
    let app = App::new().await;
    let project = app.project("Incidents").await;
    let (data_source, straight, _) = project.webhook("orders").await;
    let process = project.process("failing", &failing(&data_source)).await;
    project.commit("Failing").await.good();
    assert_eq!(app.get(&project.path("incidents")).await.good(), json!({ "items": [], "nextCursor": null }));
    let mut instances = Vec::new();
    for event in ["e-1", "e-2", "e-3"] {
        instances.push(started(&app, &project, (&data_source, &process), event).await);
        started(&app, &project, (&data_source, &straight), event).await;
    }
    let list = |query: &str| {
        let (client, path) = (&app, project.path(&format!("incidents?{query}")));
        async move { client.get(&path).await.good() }
    };
    instances.reverse();
    assert_eq!(column(&list("").await, "instanceId"), instances, "the newest first");
    assert_eq!(
        column(&list(&format!("processDefinitionId={process}&causeCode=script-failed")).await, "id").len(),
        3
    );
    assert_eq!(column(&list(&format!("processDefinitionId={straight}")).await, "id").len(), 0);
    assert_eq!(column(&list("causeCode=no-flow").await, "id").len(), 0);
    assert_eq!(column(&list("to=2020-01-01T00:00:00Z").await, "id").len(), 0);
    assert_eq!(column(&list("from=2020-01-01T00:00:00Z&limit=2").await, "id").len(), 2);
    let of_one =
        app.get(&project.path(&format!("process-instances/{}/incidents", instances[0]))).await.good();
    let one = &of_one["items"][0];
    assert_eq!((one["number"].as_i64(), one["elementId"].as_str()), (Some(1), Some("Sums")));
    // as it was drawn in the version that runs, whatever it is called by now
    assert_eq!((&one["elementName"], &one["elementType"]), (&json!("Sum & total"), &json!("scriptTask")));
    let everywhere = list("").await;
    assert_eq!(column(&everywhere, "elementName"), ["Sum & total"; 3]);
    assert_eq!((one["processName"].as_str(), one["canRetry"].as_bool()), (Some("failing"), Some(true)));

    let retry = project.path(&format!("incidents/{}/retry", text(one, "id")));
    let queued = app.act(&retry).await;
    assert_eq!(queued.status.as_u16(), 202);
    let command = project.path(&format!("commands/{}", text(&queued.good(), "commandId")));
    assert_eq!(app.get(&command).await.good()["kind"], "retry-incident");
    assert_eq!(app.act(&retry).await.refused(409), "already-running");
    let operation = app
        .post(&project.path("incidents/retry"), json!({ "filter": { "causeCode": "script-failed" } }))
        .await;
    assert_eq!(operation.status.as_u16(), 202);
    assert_eq!(operation.good()["total"], 3);
    let audit = app.audit(&project.id).await;
    assert_eq!(audit[audit.len() - 2..], ["incident.retry", "operation.create"]);

    let foreign = app.project("Foreign").await;
    let path = format!("incidents/{}/retry", text(one, "id"));
    let (other, unknown) = (
        app.act(&foreign.path(&path)).await,
        app.act(&foreign.path(&format!("incidents/{}/retry", Uuid::now_v7()))).await,
    );
    assert_eq!((other.status.as_u16(), &other.bytes), (404, &unknown.bytes));
    app.get(&foreign.path(&format!("process-instances/{}/incidents", instances[0]))).await.refused(404);
}

#[tokio::test]
async fn variables_are_changed_as_they_are_written() {
    let app = App::new().await;
    let project = app.project("Variables").await;
    let (data_source, straight, _) = project.webhook("orders").await;
    let process = project.process("failing", &failing(&data_source)).await;
    project.commit("Failing").await.good();
    let id = started(&app, &project, (&data_source, &process), "e-1").await;
    let path = project.path(&format!("process-instances/{id}/change-variables"));
    let send = |body: &str| {
        let request = app.request("POST", &path).header("content-type", "application/json");
        app.send(request.body(body.to_owned().into()).unwrap())
    };
    let body = r#"{"patch": {"secretly": {"price": 1.10, "big": 12345678901234567890123, "d": 1, "d": 2}}}"#;
    let queued = send(body).await;
    assert_eq!(queued.status.as_u16(), 202);
    let command = text(&queued.good(), "commandId");
    let (scope, own) = (scope(&project.id), command.clone());
    let row = app
        .console
        .db
        .read::<_, store::StoreError, _>(move |tx| {
            Box::pin(async move { store::command::find(tx, scope, &own).await })
        })
        .await
        .unwrap();
    assert_eq!(
        row.arguments,
        r#"{"patch":{"secretly": {"price": 1.10, "big": 12345678901234567890123, "d": 1, "d": 2}}}"#
    );
    let shown = app.get(&project.path(&format!("commands/{command}"))).await.bytes;
    assert!(!String::from_utf8(shown).unwrap().contains("secretly"), "a reader of commands sees no value");
    assert_eq!(app.audit(&project.id).await.last().unwrap(), "instance.change-variables");
    let audit = app.audit_details(&project.id).await;
    assert_eq!(audit.last().unwrap(), r#"{"names":["secretly"]}"#);

    let deep = format!(r#"{{"patch":{{"a":{}1{}}}}}"#, "[".repeat(300), "]".repeat(300));
    for bad in [
        r#"{"patch":[]}"#,
        r#"{"patch":1}"#,
        r#"{"patch":{}}"#,
        "{}",
        r#"{"patch":{"a":1},"b":1}"#,
        &deep,
        "[]",
    ] {
        send(bad).await.refused(422);
    }
    send(r#"{"patch":{"a":01}}"#).await.refused(400);
    let big = format!(r#"{{"patch":{{"a":"{}"}}}}"#, "x".repeat(6 << 20));
    send(&big).await.refused(413);
    let ended = started(&app, &project, (&data_source, &straight), "e-2").await;
    let late = app
        .post(
            &project.path(&format!("process-instances/{ended}/change-variables")),
            json!({ "patch": { "a": 1 } }),
        )
        .await;
    assert_eq!(late.refused(409), "already-ended");
    let foreign = app.project("Foreign").await;
    app.post(
        &foreign.path(&format!("process-instances/{id}/change-variables")),
        json!({ "patch": { "a": 1 } }),
    )
    .await
    .refused(404);
}

fn scope(project: &str) -> store::Scope {
    store::Scope {
        organization: Uuid::nil(),
        workspace: Uuid::nil(),
        project: Uuid::parse_str(project).unwrap(),
    }
}

#[tokio::test]
async fn instances_are_counted_and_listed_by_every_filter() {
    let app = App::new().await;
    let project = app.project("Counts").await;
    let (data_source, straight, _) = project.webhook("orders").await;
    let process = project.process("failing", &failing(&data_source)).await;
    project.commit("Failing").await.good();
    for event in ["e-1", "e-2", "e-3"] {
        started(&app, &project, (&data_source, &process), event).await;
    }
    let done = started(&app, &project, (&data_source, &straight), "e-4").await;
    let get = |query: String| {
        let (client, path) = (&app, project.path(&query));
        async move { client.get(&path).await.good() }
    };
    let counts = get("process-instances/counts".to_owned()).await;
    let all =
        json!({ "active": 0, "incident": 3, "completed": 1, "terminated": 0, "cancelled": 0, "total": 4 });
    assert_eq!(counts, all);
    assert_eq!(get(format!("process-instances/counts?processDefinitionId={process}")).await["total"], 3);
    assert_eq!(get("process-instances/counts?status=completed,active".to_owned()).await["total"], 1);
    assert_eq!(get("process-instances/counts?to=2020-01-01T00:00:00Z".to_owned()).await["total"], 0);
    let one = get(format!("process-instances/{done}")).await;
    let (version, commit) = (text(&one, "versionId"), text(&one, "commitId"));
    for query in [
        format!("versionId={version}"),
        format!("commitId={commit}"),
        format!("commitId={commit}&status=completed,cancelled&dataSourceId={data_source}"),
        format!("eventId=e-4&versionId={version}&status=completed"),
    ] {
        assert_eq!(
            column(&get(format!("process-instances?{query}")).await, "id"),
            std::slice::from_ref(&done),
            "{query}"
        );
    }
    assert_eq!(column(&get("process-instances?causeCode=script-failed".to_owned()).await, "id").len(), 3);
    assert_eq!(column(&get("process-instances?causeCode=no-flow".to_owned()).await, "id").len(), 0);
    assert_eq!(column(&get("process-instances?eventId=e-4&status=incident".to_owned()).await, "id").len(), 0);
    let events = |query: &str| get(format!("events?{query}"));
    assert_eq!(column(&events("outcome=started").await, "id"), ["e-4", "e-3", "e-2", "e-1"]);
    assert_eq!(column(&events("outcome=refused").await, "id").len(), 0);
    assert_eq!(column(&events("outcome=duplicate&from=2020-01-01T00:00:00Z").await, "id").len(), 0);
    assert_eq!(events("limit=1").await["items"][0]["state"], "started");
    app.get(&project.path("events?outcome=maybe")).await.refused(422);
    // counts have the filters of the list
    for query in [
        "eventId=e-4".to_owned(),
        "eventId=e-1".to_owned(),
        "eventId=e-1&status=completed".to_owned(),
        "eventId=e-1&causeCode=script-failed".to_owned(),
        format!("eventId=e-4&versionId={version}&commitId={commit}&dataSourceId={data_source}"),
        format!("eventId=e-1&processDefinitionId={process}&status=incident,active"),
        "eventId=e-4&to=2020-01-01T00:00:00Z".to_owned(),
        "eventId=none".to_owned(),
        "causeCode=script-failed".to_owned(),
    ] {
        let listed = column(&get(format!("process-instances?{query}")).await, "status");
        let counts = get(format!("process-instances/counts?{query}")).await;
        assert_eq!(counts["total"], listed.len(), "{query}");
        for status in ["incident", "completed", "active"] {
            assert_eq!(counts[status], listed.iter().filter(|one| *one == status).count(), "{query}");
        }
    }
}
