//! Instances, their variables and paths, and events.

use bpmn::{executable, read};
use engine::{Command, Context, Limits, StartAt, Variables, step};
use serde_json::json;
use store::instance::{HistoryRow, InstanceRow};
use store::started_event::StartedEvent;
use uuid::Uuid;

use crate::app::{App, Project, column, on_webhook, text};

/// The posted body of every started instance: white space, a repeated key, a number that no double holds.
pub(crate) const PAYLOAD: &str = "{ \"amount\" : 1.10,\n\"b\":12345678901234567890123, \"a\":1,\"a\":2 }";

/// Starts a process with the real engine and stores it as a runner does; the instance's id.
pub(crate) async fn started(
    app: &App,
    project: &Project<'_>,
    (data_source, process): (&str, &str),
    event: &str,
) -> String {
    let xml = app.get(&project.on_main(&format!("process-definitions/{process}/bpmn"))).await;
    let version = xml.etag().trim_matches('"').to_owned();
    let definitions = read(&xml.bytes).unwrap();
    let mut scripts = script::Engine::new(script::Limits::default());
    let limits = Limits::default();
    let mut context = Context { scripts: &mut scripts.process(1), now: 1_000, seed: 1, limits: &limits };
    let mut variables = Variables::new();
    let data =
        format!("{{\"dateTime\":\"2026-03-23T15:30:00.000Z\",\"payload\":{PAYLOAD},\"headers\":{{}}}}");
    variables.set("webhookData", data).unwrap();
    let start = Command::Start { at: StartAt::Message { data_source: data_source.to_owned() }, variables };
    let done =
        step(executable(&definitions).unwrap(), &engine::Instance::new(), start, &mut context).unwrap();
    let incident = done.instance.incidents().len() > 0;
    let id = Uuid::now_v7().to_string();
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let row = InstanceRow {
        id: id.clone(),
        project_id: project.id.clone(),
        process_definition_id: process.to_owned(),
        resource_version_id: version,
        commit_id: Uuid::now_v7().to_string(),
        data_source_id: Some(data_source.to_owned()),
        event_id: Some(event.to_owned()),
        event_key: Some(event.to_owned()),
        status: if incident { "incident" } else { "completed" }.to_owned(),
        variables: done.instance.variables().to_json(),
        state: done.instance.state_json(),
        version: 1,
        attempt: 1,
        replaced_by: None,
        created_at: now,
        updated_at: now,
        ended_at: (!incident).then_some(now),
        incidents: done
            .instance
            .incidents()
            .map(|incident| store::incident::Incident {
                number: incident.number.try_into().unwrap(),
                code: incident.code.as_str().to_owned(),
                message: incident.message.clone(),
                element_id: Some(incident.element.clone()),
            })
            .collect(),
    };
    let history = HistoryRow {
        instance_id: id.clone(),
        step: 1,
        at: now,
        events: serde_json::to_string(&done.events).unwrap(),
    };
    let start = StartedEvent {
        project_id: project.id.clone(),
        data_source_id: data_source.to_owned(),
        event_key: event.to_owned(),
        process_definition_id: process.to_owned(),
        instance_id: id.clone(),
        event_id: event.to_owned(),
        event_time: now,
        commit_id: row.commit_id.clone(),
        attempt: 1,
        created_at: now,
    };
    app.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::started_event::claim(tx, &[start]).await?;
                store::instance::insert(tx, &[row]).await?;
                store::instance::insert_history(tx, &[history]).await
            })
        })
        .await
        .unwrap();
    id
}

/// A condition that throws: the instance has an incident.
pub(crate) fn failing(data_source: &str) -> String {
    on_webhook(data_source).replace(
        r#"<b:sequenceFlow id="F" sourceRef="Start" targetRef="End"/>"#,
        r#"<b:sequenceFlow id="F" sourceRef="Start" targetRef="Sums"/>
           <b:scriptTask id="Sums" name="Sum &amp; total" scriptFormat="javascript"><b:script>output.x = nowhere.y;</b:script></b:scriptTask>
           <b:sequenceFlow id="G" sourceRef="Sums" targetRef="End"/>"#,
    )
}

#[tokio::test]
async fn an_instance_shows_its_state_and_path() {
    let app = App::new().await;
    let project = app.project("State").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let id = started(&app, &project, (&data_source, &process), "e-1").await;
    let detail = app.get(&project.path(&format!("process-instances/{id}"))).await.good();
    assert_eq!((detail["status"].as_str(), detail["eventId"].as_str()), (Some("completed"), Some("e-1")));
    assert_eq!(detail["processName"], "orders-process");
    assert_eq!(detail["variables"][0]["name"], "webhookData");
    let path: Vec<&str> =
        detail["trail"].as_array().unwrap().iter().map(|v| v["elementId"].as_str().unwrap()).collect();
    assert_eq!(path, ["Start", "End"]);
    assert_eq!(detail["trail"][0]["flows"], json!(["F"]));
    assert_eq!(detail["trail"][1]["outcome"], "completed");
    assert_eq!(
        (&detail["incidents"], &detail["tokens"], &detail["trailTruncated"]),
        (&json!([]), &json!([]), &json!(false))
    );
    let end = app.act(&project.path(&format!("process-instances/{id}/cancel"))).await;
    assert_eq!(end.refused(409), "already-ended");
}

#[tokio::test]
async fn a_variable_comes_back_byte_for_byte() {
    let app = App::new().await;
    let project = app.project("Bytes").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let id = started(&app, &project, (&data_source, &process), "e-1").await;
    let client = &app;
    let variable = |rest: &str| {
        let path = project.path(&format!("process-instances/{id}/variables/{rest}"));
        async move { client.get(&path).await }
    };
    let payload = variable("webhookData?pointer=/payload").await;
    assert_eq!(payload.headers["content-type"], "application/json");
    assert_eq!(payload.bytes, PAYLOAD.as_bytes());
    assert_eq!(variable("webhookData?pointer=/payload/amount").await.bytes, b"1.10");
    let whole = variable("webhookData").await.bytes;
    assert!(String::from_utf8(whole).unwrap().contains(PAYLOAD));
    variable("webhookData?pointer=/payload/none").await.refused(404);
    variable("none").await.refused(404);
    variable("no%0Ane").await.refused(404);
    variable("webhookData?pointer=payload").await.refused(422);
    variable("webhookData?colour=1").await.refused(422);
}

#[tokio::test]
async fn an_incident_is_shown_and_the_instance_cancelled_once() {
    let app = App::new().await;
    let project = app.project("Incident").await;
    let data_source = project.data_source("orders").await;
    let process = project.process("failing", &failing(&data_source)).await;
    project.commit("Connect").await.good();
    let id = started(&app, &project, (&data_source, &process), "e-1").await;
    let path = project.path(&format!("process-instances/{id}"));
    let detail = app.get(&path).await.good();
    assert_eq!(detail["status"], "incident");
    assert_eq!(detail["incidents"][0]["elementId"], "Sums");
    assert_eq!(detail["incidents"][0]["code"], "script-failed");
    assert_eq!(detail["tokens"][0]["elementId"], "Sums");
    assert!(detail["trail"][1]["leftAt"].is_null());
    assert_eq!(detail["trail"][1]["incidents"], json!([1]));

    let queued = app.act(&format!("{path}/cancel")).await;
    assert_eq!(queued.status.as_u16(), 202);
    let command =
        app.get(&project.path(&format!("commands/{}", text(&queued.good(), "commandId")))).await.good();
    assert_eq!(
        (command["kind"].as_str(), command["state"].as_str()),
        (Some("cancel-instance"), Some("queued"))
    );
    assert_eq!(command["targetId"], id);
    assert_eq!(app.hooks.queued.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(app.act(&format!("{path}/cancel")).await.refused(409), "already-running");
}

#[tokio::test]
async fn instances_are_listed_by_what_one_asks_for() {
    let app = App::new().await;
    let project = app.project("List").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let failing = project.process("failing", &failing(&data_source)).await;
    let mut made = Vec::new();
    for event in ["e-1", "e-2", "e-3"] {
        made.push(started(&app, &project, (&data_source, &process), event).await);
        made.push(started(&app, &project, (&data_source, &failing), event).await);
    }
    made.reverse();
    let client = &app;
    let list = |query: &str| {
        let path = project.path(&format!("process-instances?{query}"));
        async move { column(&client.get(&path).await.good(), "id") }
    };
    assert_eq!(list("").await, made, "the newest first");
    assert_eq!(list("status=incident").await.len(), 3);
    assert_eq!(list(&format!("processDefinitionId={process}&status=completed")).await.len(), 3);
    assert_eq!(list(&format!("processDefinitionId={process}&status=incident")).await.len(), 0);
    assert_eq!(list("eventId=e-2").await, made[2..4]);
    assert_eq!(list(&format!("dataSourceId={data_source}")).await.len(), 6);
    assert_eq!(list(&format!("dataSourceId={process}")).await.len(), 0);
    assert_eq!(list("from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z").await.len(), 6);
    assert_eq!(list("to=2020-01-01T00:00:00Z").await.len(), 0);
    assert_eq!(list("from=2100-01-01T00:00:00%2B02:00").await.len(), 0);
    let (mut seen, mut path) = (Vec::new(), project.path("process-instances?limit=4"));
    loop {
        let page = app.get(&path).await.good();
        seen.extend(column(&page, "id"));
        let Some(next) = page["nextCursor"].as_str() else { break };
        path = project.path(&format!("process-instances?limit=4&cursor={next}"));
    }
    assert_eq!(seen, made);
    for bad in ["status=ended", "from=yesterday", "eventId=%00", &format!("eventId={}", "x".repeat(600))] {
        app.get(&project.path(&format!("process-instances?{bad}"))).await.refused(422);
    }
    app.get(&project.path("process-instances?processDefinitionId=x")).await.refused(422);
}

#[tokio::test]
async fn an_event_says_what_became_of_it() {
    let app = App::new().await;
    let project = app.project("Events").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let id = started(&app, &project, (&data_source, &process), "e 1/ä").await;
    let event = app.get(&project.path("events/e%201%2F%C3%A4")).await.good();
    assert_eq!(
        (event["state"].as_str(), event["dataSourceId"].as_str()),
        (Some("started"), Some(&*data_source))
    );
    assert_eq!(event["instances"][0]["id"], id);
    app.get(&project.path("events/none")).await.refused(404);

    // in the log, the runner is not past it
    let scope = store::Scope {
        project: Uuid::parse_str(&project.id).unwrap(),
        ..app.console.db.read(scope_of(&project.id)).await.unwrap().unwrap()
    };
    let pending =
        console::PendingEvent { scope, data_source: Uuid::parse_str(&data_source).unwrap(), time: 5 };
    *app.hooks.pending.lock().unwrap() = Some(("e-9".to_owned(), pending));
    assert_eq!(app.get(&project.path("events/e-9")).await.good()["state"], "pending");
    let foreign = app.project("Foreign").await;
    app.get(&foreign.path("events/e-9")).await.refused(404);
    app.get(&foreign.path("events/e%201%2F%C3%A4")).await.refused(404);

    let duplicate = store::started_event::DuplicateEvent {
        project_id: project.id.clone(),
        event_id: "e-2".to_owned(),
        data_source_id: data_source.clone(),
        event_key: "e 1/ä".to_owned(),
        event_time: 7,
        created_at: 8,
    };
    let noted = app.console.db.write(move |tx| {
        Box::pin(async move { store::started_event::note_duplicates(tx, &[duplicate]).await })
    });
    noted.await.unwrap();
    let repeated = app.get(&project.path("events/e-2")).await.good();
    assert_eq!(
        (repeated["state"].as_str(), repeated["duplicateOf"].as_str()),
        (Some("duplicate"), Some("e 1/ä"))
    );
    let list = app.get(&project.path("events?limit=1")).await.good();
    assert_eq!(
        (list["items"][0]["id"].as_str(), list["items"][0]["duplicate"].as_bool()),
        (Some("e-2"), Some(true))
    );
    let next =
        app.get(&project.path(&format!("events?limit=1&cursor={}", text(&list, "nextCursor")))).await.good();
    assert_eq!(
        (next["items"][0]["id"].as_str(), next["items"][0]["started"].as_i64()),
        (Some("e 1/ä"), Some(1))
    );
    assert!(next["nextCursor"].is_null());
    let none = app.get(&project.path(&format!("events?dataSourceId={process}"))).await.good();
    assert_eq!(none["items"], json!([]));
}

type ScopeRead = futures::future::BoxFuture<'static, Result<Option<store::Scope>, store::StoreError>>;

/// The scope of a project.
fn scope_of(
    project: &str,
) -> impl for<'t> FnOnce(&'t mut store::Tx) -> futures::future::BoxFuture<'t, <ScopeRead as Future>::Output>
+ Send
+ 'static {
    let project = Uuid::parse_str(project).unwrap();
    move |tx| Box::pin(async move { store::project::scope_of(tx, project).await })
}
