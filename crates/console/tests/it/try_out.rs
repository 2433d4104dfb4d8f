//! Trying drafts: the way and the values are those of a real run, and nobody can be held up by it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::{App, Project, column, text};
use crate::instances::{PAYLOAD, started};

/// Start → script → gateway → one of two ends.
fn drawn(data_source: &str, script: &str) -> String {
    let script = script.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        r#"<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:f="http://forebay.dev/schema/bpmn/1.0" targetNamespace="t" id="D">
  <b:process id="P" isExecutable="true">
    <b:startEvent id="Start" name="Came">
      <b:extensionElements><f:processTrigger triggerType="incomingWebhook" dataSource="{data_source}"/></b:extensionElements>
      <b:messageEventDefinition id="M"/>
    </b:startEvent>
    <b:sequenceFlow id="F1" sourceRef="Start" targetRef="Work"/>
    <b:scriptTask id="Work" name="Work" scriptFormat="javascript"><b:script>{script}</b:script></b:scriptTask>
    <b:sequenceFlow id="F2" sourceRef="Work" targetRef="Which"/>
    <b:exclusiveGateway id="Which" default="F4"/>
    <b:sequenceFlow id="F3" sourceRef="Which" targetRef="Large"><b:conditionExpression>webhookData.payload.amount > 100</b:conditionExpression></b:sequenceFlow>
    <b:sequenceFlow id="F4" sourceRef="Which" targetRef="Small"/>
    <b:endEvent id="Large"/>
    <b:endEvent id="Small"/>
  </b:process>
</b:definitions>"#
    )
}

async fn drafted(project: &Project<'_>, script: &str) -> (String, String) {
    let data_source = project.data_source("orders").await;
    let process = project.process("Intake", &drawn(&data_source, script)).await;
    (data_source, process)
}

fn path(project: &Project<'_>, process: &str) -> String {
    project.on_main(&format!("process-definitions/{process}/try"))
}

fn ids(trial: &Value) -> Vec<&str> {
    trial["path"].as_array().unwrap().iter().map(|visit| visit["elementId"].as_str().unwrap()).collect()
}

fn sends(payload: &str) -> Value {
    json!({ "request": { "payload": { "text": payload } } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_and_the_values_are_shown_and_nothing_is_stored() {
    let app = App::new().await;
    let project = app.project("Try").await;
    let (_, process) =
        drafted(&project, "output.total = webhookData.payload.amount * 2; output.who = 'é'").await;
    let audit = app.audit(&project.id).await;
    let payload = "{ \"amount\": 1.50e2, \"id\": 12345678901234567890123 }";
    let mut body = sends(payload);
    body["request"]["headers"] =
        json!([{ "name": "x-github-event", "value": "push" }, { "name": "cookie", "value": "secret" }]);
    let trial = app.post(&path(&project, &process), body).await.good();
    assert_eq!(ids(&trial), ["Start", "Work", "Which", "Large"]);
    assert_eq!(trial["flows"], json!(["F1", "F2", "F3"]));
    assert_eq!((&trial["status"], &trial["incidents"]), (&json!("completed"), &json!([])));
    let work = &trial["path"][1];
    assert_eq!(
        (&work["elementName"], &work["flows"], &work["outcome"]),
        (&json!("Work"), &json!(["F2"]), &json!("completed"))
    );
    assert_eq!(
        work["variables"],
        json!([{ "name": "total", "json": "300", "size": 3 }, { "name": "who", "json": "\"é\"", "size": 4 }])
    );
    let data = trial["startVariables"][0]["json"].as_str().unwrap();
    assert!(data.contains(&format!("\"payload\":{payload},")), "{data}");
    assert!(
        data.contains("\"X-Github-Event\":\"push\"")
            && data.contains("\"Content-Type\":\"application/json\"")
    );
    assert!(data.contains("\"Cookie\":\"[redacted]\"") && !data.contains("secret"));
    assert_eq!(trial["variables"].as_array().unwrap().len(), 3);
    for table in
        ["process_instance", "instance_history", "started_event", "failed_trigger", "hourly_count", "command"]
    {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.audit(&project.id).await, audit);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsaved_draft_and_an_earlier_event_can_be_tried() {
    let app = App::new().await;
    let project = app.project("Try").await;
    let (data_source, process) = drafted(&project, "output.a = 1").await;
    project.commit("First").await.good();
    started(&app, &project, (&data_source, &process), "event-1").await;
    let unsaved = drawn(&data_source, "output.b = 2");
    let trial =
        app.post(&path(&project, &process), json!({ "bpmn": unsaved, "eventId": "event-1" })).await.good();
    assert_eq!(ids(&trial), ["Start", "Work", "Which", "Small"]);
    assert_eq!(trial["path"][1]["variables"], json!([{ "name": "b", "json": "2", "size": 1 }]));
    assert!(trial["startVariables"][0]["json"].as_str().unwrap().contains(PAYLOAD));
    let refused = app.post(&path(&project, &process), json!({ "eventId": "event-2" })).await;
    assert_eq!(refused.refused(422), "invalid-fields");
    let both = json!({ "eventId": "event-1", "request": {} });
    assert_eq!(app.post(&path(&project, &process), both).await.refused(422), "invalid-fields");
    // an event of another project is unknown
    let other = app.project("Other").await;
    let (_, foreign) = drafted(&other, "output.a = 1").await;
    let refused = app.post(&path(&other, &foreign), json!({ "eventId": "event-1" })).await;
    assert_eq!(refused.refused(422), "invalid-fields");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_is_an_incident_and_what_cannot_be_tried_is_refused() {
    let app = App::new().await;
    let project = app.project("Try").await;
    let (data_source, process) = drafted(&project, "output.a = webhookData.payload.customer.name").await;
    let at = path(&project, &process);
    let trial = app.post(&at, sends("{}")).await.good();
    assert_eq!((&trial["status"], ids(&trial)), (&json!("incident"), vec!["Start", "Work"]));
    let incident = &trial["incidents"][0];
    assert_eq!(
        (&incident["elementId"], &incident["code"], &incident["line"]),
        (&json!("Work"), &json!("script-failed"), &json!(1))
    );
    assert_eq!(trial["path"][1]["incidents"], json!([1]));
    for (body, field) in [
        (json!({ "bpmn": "<a/>" }), "bpmn"),
        (json!({ "bpmn": "" }), "bpmn"),
        (sends("{"), "request/payload"),
        (sends(&format!("{}{}", "[".repeat(101), "]".repeat(101))), "request/payload"),
        (json!({ "dataSourceId": "00000000-0000-4000-8000-000000000000" }), "dataSourceId"),
        (json!({ "request": { "headers": [{ "name": "Host", "value": "x" }] } }), "request/headers/0/name"),
        (json!({ "request": { "headers": [{ "name": "a b", "value": "x" }] } }), "request/headers/0/name"),
        (json!({ "request": { "headers": [{ "name": "a", "value": "x\ny" }] } }), "request/headers/0/value"),
        (json!({ "request": { "payload": { "text": "!", "encoding": "base64" } } }), "request/payload/text"),
        (json!({ "request": { "contentType": "a\u{1F600}" } }), "request/contentType"),
        (json!({ "other": 1 }), "other"),
    ] {
        let answer = app.post(&at, body.clone()).await;
        assert_eq!(answer.status.as_u16(), 422, "{body}");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{body}");
    }
    // an empty body with a JSON content type is what the webhook would refuse too; without one it is null
    assert_eq!(app.post(&at, json!({ "request": {} })).await.status.as_u16(), 422);
    let typeless = json!({ "dataSourceId": data_source, "request": { "contentType": "" } });
    for body in [json!({}), typeless] {
        let trial = app.post(&at, body).await.good();
        assert!(trial["startVariables"][0]["json"].as_str().unwrap().contains("\"payload\":null"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_scripts_end_and_hold_up_nobody() {
    let app = App::new().await;
    let project = app.project("Try").await;
    let (_, process) = drafted(&project, "for (;;) {}").await;
    let begun = Instant::now();
    let at = path(&project, &process);
    let trials = futures::future::join_all((0..8).map(|_| app.post(&at, sends("1"))));
    let (answers, list) =
        tokio::join!(trials, async { app.get(&project.on_main("process-definitions")).await.good() });
    assert_eq!(column(&list, "name").len(), 1);
    let mut statuses = Vec::new();
    for answer in answers {
        statuses.push(answer.status.as_u16());
        if answer.status.as_u16() == 200 {
            assert_eq!(text(&answer.json()["incidents"][0], "code"), "script-failed");
        } else {
            assert_eq!(answer.refused(429), "too-many-trials");
        }
    }
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    for script in [
        "let a = []; for (;;) a.push(new Array(1000).fill('x'))",
        "output.big = 'x'.repeat(60000000)",
        "function f() { return f() + 1 } f()",
        "/(a+)+$/.test('a'.repeat(40) + 'b')",
    ] {
        let data_source = text(
            &project.app.get(&project.on_main("data-sources")).await.good()["items"][0],
            "resourceDefinitionId",
        );
        let body = json!({ "bpmn": drawn(&data_source, script), "request": { "payload": { "text": "1" } } });
        let trial = app.post(&path(&project, &process), body).await.good();
        assert_eq!(trial["status"], "incident", "{script}");
    }
}
