//! Texts that people and programs send by mistake or on purpose, in every text field of every operation of the
//! document: bodies, paths and queries.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use crate::app::{Answer, App, text};
use crate::document::operations;

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// What is sent, each by its name.
const TEXTS: &[(&str, &str)] = &[
    ("plain", "plain-text"),
    ("empty", ""),
    ("blank", " \t "),
    ("null character", "a\u{0}b"),
    ("escape", "a\u{1b}[31mb"),
    ("line break", "a\r\nb"),
    ("right to left", "a\u{202e}b\u{2066}c\u{200f}"),
    ("emoji", "\u{1f600}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}"),
    ("no character", "a\u{fffe}b\u{ffff}"),
    ("long", ""),
];

/// Fields that take any text, and why; control characters are refused in all others.
const ANY_TEXT: &[(&str, &str)] = &[
    ("checkBranch bpmn", "a draft is checked, not kept: the answer names what is wrong"),
    ("retryFailedTriggers causeCode", "a filter that no row holds means nothing"),
    ("dismissFailedTriggers causeCode", "a filter that no row holds means nothing"),
    ("retryIncidents causeCode", "a filter that no row holds means nothing"),
];

/// Operations that are not called here, and why.
const LEFT_OUT: &[(&str, &str)] =
    &[("sendTestEvent", "asks the public URL: tests of its own send such payloads")];

/// How many names were made up.
static MADE: AtomicUsize = AtomicUsize::new(0);

struct World {
    app: App,
    project: String,
    organization: String,
    workspace: String,
    data_source: String,
    process: String,
    trigger: String,
    user: String,
}

impl World {
    async fn new() -> World {
        let app = App::new().await;
        let project = app.project("Texts").await;
        let (data_source, process, trigger) = project.webhook("orders").await;
        // something to commit
        project.data_source("returns").await;
        let project = project.id.clone();
        let shown = app.get(&format!("projects/{project}")).await.good();
        let user = app.user("ada@example.com").await.to_string();
        let (organization, workspace) = (text(&shown, "organizationId"), text(&shown, "workspaceId"));
        World { project, organization, workspace, data_source, process, trigger, user, app }
    }

    /// The path with what is there, and this text in place of one parameter.
    fn path(&self, pattern: &str, replaced: Option<(&str, &str)>) -> String {
        let part = |part: &str| match (part, replaced) {
            (part, Some((name, text))) if part == name => {
                utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
            }
            ("{projectId}", _) => self.project.clone(),
            ("{organizationId}", _) => self.organization.clone(),
            ("{workspaceId}", _) => self.workspace.clone(),
            ("{branch}", _) => "main".to_owned(),
            ("{triggerId}", _) => self.trigger.clone(),
            ("{userId}", _) => self.user.clone(),
            ("{resourceDefinitionId}", _) if pattern.contains("process-definitions") => self.process.clone(),
            ("{resourceDefinitionId}", _) => self.data_source.clone(),
            (part, _) if part.starts_with('{') => UNKNOWN.to_owned(),
            (part, _) => part.to_owned(),
        };
        pattern.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// Beside the check of the audit: `*` overwrites what is the same already, and that leaves no entry.
    async fn send(&self, method: &str, path: &str, (kind, body): (&str, Vec<u8>)) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.app.token))
            .header("if-match", "*")
            .header("content-type", kind);
        let request = request.body(Body::from(body)).unwrap();
        let (parts, body) = self.app.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

/// The schemas of the document.
struct Schemas(Value);

impl Schemas {
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.resolved(self.0.pointer(name.trim_start_matches('#')).unwrap());
        }
        let one_of = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        let real = one_of.and_then(|all| all.iter().find(|one| one["type"] != "null"));
        real.map_or(schema, |one| self.resolved(one))
    }

    fn is(&self, schema: &Value, kind: &str) -> bool {
        let named = &schema["type"];
        named == kind || named.as_array().is_some_and(|all| all.iter().any(|one| one == kind))
    }

    /// Something that is as the schema says, as far as a name and a type tell.
    fn example(&self, name: &str, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        if self.is(schema, "object") {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let own = |field: &str| (field.to_owned(), self.example(field, &schema["properties"][field]));
            return Value::Object(required.map(own).collect());
        }
        if self.is(schema, "array") {
            return json!([self.example(name, &schema["items"])]);
        }
        if self.is(schema, "string") {
            return match (name, schema["format"].as_str()) {
                (_, Some("uuid")) => json!(UNKNOWN),
                // no two are alike
                ("name", _) => json!(format!("name-{}", MADE.fetch_add(1, Ordering::Relaxed))),
                ("roles", _) => json!("viewer"),
                ("scopes", _) => json!("project:read"),
                ("email", _) => json!("ada@example.com"),
                ("password" | "newPassword" | "currentPassword", _) => json!("a password of fifteen"),
                _ => json!("something"),
            };
        }
        if self.is(schema, "boolean") { json!(false) } else { json!(1) }
    }

    /// Where texts stand: names of fields, and `*` for the elements of a list.
    fn texts(&self, schema: &Value, at: &[String], found: &mut Vec<Vec<String>>) {
        let schema = self.resolved(schema);
        let below = |step: &str| [at, &[step.to_owned()]].concat();
        if at.len() > 4 {
            return;
        }
        if self.is(schema, "string") {
            found.push(at.to_vec());
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            self.texts(field, &below(name), found);
        }
        if self.is(schema, "array") {
            self.texts(&schema["items"], &below("*"), found);
        }
    }

    /// An example with this text at this place.
    fn with(&self, schema: &Value, place: &[String], sent: &str) -> Value {
        let schema = self.resolved(schema);
        match place.split_first() {
            None => json!(sent),
            Some((step, rest)) if step == "*" => json!([self.with(&schema["items"], rest, sent)]),
            Some((step, rest)) => {
                let mut fields = match self.example("", schema) {
                    Value::Object(fields) => fields,
                    _ => Map::new(),
                };
                fields.insert(step.clone(), self.with(&schema["properties"][step], rest, sent));
                Value::Object(fields)
            }
        }
    }
}

/// What is wrong with an answer to a text; the empty text if nothing is.
fn fault(
    described: &Value,
    (id, field, name): (&str, &str, &str),
    sent: &str,
    answer: &Answer,
) -> Option<String> {
    let status = answer.status.as_u16();
    let tell = |what: &str| Some(format!("{id} {field} with {name}: {status}, {what}"));
    if answer.status.is_server_error() {
        return tell("a fault of ours");
    }
    if described["responses"].get(status.to_string()).is_none() {
        return tell("which the document does not name");
    }
    if !answer.status.is_success() {
        let problem = serde_json::from_slice::<Value>(&answer.bytes).unwrap_or_default();
        return if problem["code"].is_string() { None } else { tell("without a code") };
    }
    let any = ANY_TEXT.iter().any(|(known, _)| *known == format!("{id} {field}"));
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{202e}' | '\u{2066}')
    };
    if !any && sent.contains(hidden) {
        return tell("though it has characters that nobody sees");
    }
    let body = serde_json::from_slice::<Value>(&answer.bytes).unwrap_or_default();
    match body[field].as_str() {
        Some(shown) if shown != sent && shown != sent.trim() => tell("and it came back as something else"),
        _ => None,
    }
}

#[tokio::test]
async fn every_text_field_of_a_body_takes_or_refuses_any_text() {
    let world = World::new().await;
    let schemas = Schemas(console::document());
    let (mut faults, mut fields, mut passed) = (Vec::new(), 0, BTreeSet::new());
    for (method, path, described) in operations(&schemas.0) {
        let id = described["operationId"].as_str().unwrap();
        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() || LEFT_OUT.iter().any(|(known, _)| *known == id) {
            continue;
        }
        let mut places = Vec::new();
        schemas.texts(schema, &[], &mut places);
        for place in places {
            fields += 1;
            let field = place.iter().rev().find(|step| *step != "*").cloned().unwrap_or_default();
            for (name, sent) in TEXTS {
                let marked = schemas.with(schema, &place, if *name == "long" { "LONG" } else { sent });
                let mut body = marked.to_string();
                if *name == "long" {
                    body = body.replacen("LONG", &"x".repeat(10 << 20), 1);
                }
                let kind = ("application/json", body.into_bytes());
                let answer = world.send(&method, &world.path(&path, None), kind).await;
                if *name == "long" && !matches!(answer.status.as_u16(), 404 | 413) {
                    faults.push(format!("{id} {field}: 10 MiB were answered {}", answer.status));
                }
                if answer.status.is_success() {
                    passed.insert(format!("{id} {field}"));
                }
                faults.extend(fault(&described, (id, &field, name), sent, &answer));
            }
        }
    }
    println!("{fields} text fields, {} of which took one of the texts: {passed:?}", passed.len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // the control: the texts get as far as the fields are read
    assert!(fields > 40 && passed.len() > 15, "{fields}, {}", passed.len());
}

#[tokio::test]
async fn every_text_of_a_path_or_a_query_is_found_refused_or_nothing() {
    let world = World::new().await;
    let document = console::document();
    let (mut faults, mut asked) = (Vec::new(), 0);
    for (method, path, described) in operations(&document) {
        let id = described["operationId"].as_str().unwrap();
        // without an end
        if id == "openStream" || method != "GET" {
            continue;
        }
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            for (kind, sent) in TEXTS.iter().filter(|(kind, sent)| *kind != "long" && !sent.is_empty()) {
                let at = match parameter["in"].as_str().unwrap() {
                    "path" => world.path(&path, Some((&format!("{{{name}}}"), sent))),
                    "query" => {
                        let sent = utf8_percent_encode(sent, NON_ALPHANUMERIC);
                        format!("{}?{name}={sent}", world.path(&path, None))
                    }
                    _ => continue,
                };
                let answer = world.send(&method, &at, ("application/json", Vec::new())).await;
                asked += 1;
                faults.extend(fault(&described, (id, name, kind), "", &answer));
            }
        }
    }
    println!("{asked} requests");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(asked > 500, "only {asked} requests");
}

/// The values that a pattern of alternatives allows.
fn alternatives(pattern: &str) -> Vec<&str> {
    let inner = pattern.strip_prefix("^(").and_then(|rest| rest.split(')').next()).unwrap_or_default();
    let all: Vec<&str> = inner.split('|').collect();
    let words = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if all.len() > 1 && all.iter().all(words) { all } else { Vec::new() }
}

#[tokio::test]
async fn a_filter_with_fixed_values_names_them() {
    let world = World::new().await;
    let document = console::document();
    let mut asked = BTreeSet::new();
    for (method, path, described) in operations(&document) {
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            let allowed = alternatives(schema["pattern"].as_str().unwrap_or_default());
            let typed = !matches!(schema["type"].as_str(), Some("string")) || schema["format"] == "uuid";
            if parameter["in"] != "query" || (allowed.is_empty() && !typed) {
                continue;
            }
            let id = described["operationId"].as_str().unwrap();
            for wrong in ["no-such-value", "%00", "%E2%80%AE", "OPEN"] {
                let at = format!("{}?{name}={wrong}", world.path(&path, None));
                let answer = world.send(&method, &at, ("application/gzip", Vec::new())).await;
                assert_eq!(answer.status, 422, "{id} {name}: {}", String::from_utf8_lossy(&answer.bytes));
                let error = answer.json()["errors"][0].clone();
                assert_eq!(error["field"], name, "{id}: {error}");
                let message = error["message"].as_str().unwrap();
                assert!(allowed.iter().all(|value| message.contains(value)), "{id}: {error}");
            }
            asked.insert(format!("{id} {name}"));
        }
    }
    println!("{} filters", asked.len());
    assert!(asked.len() > 40, "{asked:?}");
    for known in ["listEvents outcome", "countInstances status", "openStream kinds", "exportAudit format"] {
        assert!(asked.contains(known), "{known}");
    }
}

#[test]
fn a_fault_is_noticed() {
    let described = json!({ "responses": { "200": {}, "422": {} } });
    let answer = |status: u16, body: Value| Answer {
        status: axum::http::StatusCode::from_u16(status).unwrap(),
        headers: axum::http::HeaderMap::new(),
        bytes: body.to_string().into_bytes(),
    };
    let judge =
        |sent: &str, answer: Answer| fault(&described, ("changeThing", "name", "a text"), sent, &answer);
    assert_eq!(judge("a b", answer(200, json!({ "name": "a b" }))), None);
    assert_eq!(judge("a\u{0}b", answer(422, json!({ "code": "invalid-fields" }))), None);
    for (sent, status, body) in [
        ("a", 500, json!({ "code": "internal" })),
        ("a", 418, json!({ "code": "teapot" })),
        ("a", 422, json!({})),
        ("a\u{0}b", 200, json!({})),
        ("a\u{202e}b", 200, json!({})),
        ("abc", 200, json!({ "name": "ab" })),
    ] {
        assert!(judge(sent, answer(status, body)).is_some(), "{sent:?} {status}");
    }
}
