//! The contract of the event record (docs/event-record.md), with another language's CloudEvents SDK and Kafka client at
//! the other end: it reads what the gateway wrote, byte for byte, and what it writes starts processes.

mod foreign;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::api::{Api, Project, Webhook};
use e2e::kafka::Topics;
use e2e::postgres::Database;
use e2e::processes;
use e2e::server::Server;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{JSON, heavy, home, own_file, post, skip};

/// What another language saw of a record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    key: Value,
    /// The record's own time, where it is the producer's.
    create_time: Option<i64>,
    headers: Vec<(String, String)>,
    value: String,
    /// What the SDK made of the headers.
    attributes: BTreeMap<String, Value>,
    time_ms: i64,
    data: String,
    is_json: bool,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn value(&self) -> Vec<u8> {
        STANDARD.decode(&self.value).unwrap()
    }
}

/// A server on topics of its own; on PostgreSQL where there is one.
struct Parts {
    topics: Topics,
    server: Server,
    api: Api,
    _database: Option<Database>,
    _home: TempDir,
}

impl Parts {
    fn start(name: &str) -> Option<Self> {
        let Some(topics) = Topics::new(name) else {
            skip(name, "FOREBAY_TEST_KAFKA is not set");
            return None;
        };
        if !own_file(".venv/lib").is_dir() {
            skip(name, "the CloudEvents SDK is missing: bash .ci/python");
            return None;
        }
        let database = Database::new(&name.replace('-', "_")).unwrap();
        let (home, options) = home();
        let options =
            options.envs(&topics.log()).envs(&database.iter().map(Database::store).collect::<Vec<_>>());
        let server = Server::start(&options).unwrap();
        let api = Api::of(&server);
        Some(Self { topics, server, api, _database: database, _home: home })
    }

    fn python(&self, arguments: &[&str], input: &str) -> String {
        run(Command::new(own_file(".venv/bin/python")).args(arguments), input)
            .unwrap_or_else(|e| panic!("{e}"))
    }

    fn read(&self, topic: &str, count: usize) -> Vec<Seen> {
        let script = own_file("interop/records.py");
        let topic = self.topics.topic(topic);
        let said = self.python(
            &[script.to_str().unwrap(), "read", self.topics.bootstrap(), &topic, &count.to_string()],
            "",
        );
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Writes records to partition 0, in this order.
    fn write(&self, topic: &str, records: &[Value]) {
        let script = own_file("interop/records.py");
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let topic = self.topics.topic(topic);
        self.python(&[script.to_str().unwrap(), "write", self.topics.bootstrap(), &topic], &lines);
    }
}

/// Runs a command to its end with this standard input; its standard output, or all that it said where it failed.
fn run(command: &mut Command, input: &str) -> Result<String, String> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // one that ends early says why
    let _ = writing.join();
    let (said, complained) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(format!("{command:?}: {said}\n{complained}")) }
}

/// Judges the AsyncAPI document, and messages by it; what it says of the document.
fn judge(messages: &[(&str, &Seen)]) -> Result<Value, String> {
    let messages = messages.iter().map(|(message, seen)| {
        let headers: BTreeMap<&String, &String> =
            seen.headers.iter().map(|(name, value)| (name, value)).collect();
        json!({ "message": message, "headers": headers })
    });
    let messages = Value::Array(messages.collect()).to_string();
    judged("../docs/event-record.asyncapi.yaml", &messages)
}

fn judged(document: &str, messages: &str) -> Result<Value, String> {
    let said =
        run(Command::new("node").args(["asyncapi.mjs", document]).current_dir(own_file(".")), messages)?;
    Ok(serde_json::from_str(&said).unwrap())
}

fn has_parser(test: &str) -> bool {
    let there = own_file("node_modules/@asyncapi/parser").is_dir();
    if !there {
        skip(test, "node_modules is missing: npm ci --prefix e2e");
    }
    there
}

fn document() -> String {
    std::fs::read_to_string(own_file("../docs/event-record.md")).unwrap()
}

#[test]
fn the_asyncapi_document_is_valid_and_the_text_names_the_same_headers() {
    if !has_parser("the_asyncapi_document_is_valid_and_the_text_names_the_same_headers") {
        return;
    }
    let said = judge(&[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(said["channels"]["events"], "forebay.webhook-events");
    assert_eq!(said["channels"]["failures"], "forebay.webhook-failures");
    let text = document();
    for message in ["received", "refused"] {
        let headers = said["messages"][message]["headers"].as_array().unwrap();
        assert!(headers.len() >= 14, "{said}");
        for header in headers {
            let header = header.as_str().unwrap();
            assert!(text.contains(&format!("| `{header}` |")), "the text has no row for {header}");
        }
    }
    let example = text.split("```").nth(1).unwrap();
    let headers: BTreeMap<&str, &str> = example
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, value)| (name, value.trim()))
        .collect();
    assert_eq!(headers.len(), 14, "{headers:?}");
    let example = json!([{ "message": "received", "headers": headers }]).to_string();
    judged("../docs/event-record.asyncapi.yaml", &example).unwrap_or_else(|faults| panic!("{faults}"));
    // the judge does judge: a document with a fault, and messages that break it
    let yaml = std::fs::read_to_string(own_file("../docs/event-record.asyncapi.yaml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.yaml");
    for (right, wrong) in [("action: send", "action: shout"), ("const: \"1.0\"", "const: \"2.0\"")] {
        std::fs::write(&broken, yaml.replacen(right, wrong, 1)).unwrap();
        assert!(judged(broken.to_str().unwrap(), "[]").is_err(), "{wrong} is not found");
    }
    let odd = r#"[{"message":"received","headers":{"ce_specversion":"1.0","x-odd":""}}]"#;
    let faults = judged("../docs/event-record.asyncapi.yaml", odd).unwrap_err();
    assert!(faults.contains("ce_id") && faults.contains("x-odd"), "{faults}");
}

/// One request, and the content type that its record must have.
struct Case {
    headers: &'static str,
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let case = |headers, content_type, body: &[u8]| Case { headers, content_type, body: body.to_vec() };
    let json = |body: &[u8]| case(JSON, Some("application/json"), body);
    let mut largest = vec![b'"'];
    largest.resize(1_048_575, b'x');
    largest.push(b'"');
    let cloud = "content-type: application/cloudevents+json\r\n";
    let latin = "content-type: text/plain; charset=iso-8859-1\r\nx-odd: caf\u{e9}\r\nx-odd: again\r\n";
    vec![
        json(br#"{"a":1.10,"b":12345678901234567890123,"a":2}"#),
        json(b"1e999"),
        json("{\"text\":\"é😀\u{2028}\\u0000\\ud800\", \"é\" : [ ] }\n".as_bytes()),
        json(b" \r\n\t[1 , 2]\n"),
        json(&largest),
        case(cloud, Some("application/cloudevents+json"), br#"{"specversion":"1.0","id":"theirs"}"#),
        case(latin, Some("text/plain; charset=iso-8859-1"), b"caf\xe9 \x00\xff"),
        case("", None, b"{\"no\":\"type\"}"),
        case("", None, b""),
    ]
}

#[test]
fn another_language_reads_accepted_requests_byte_for_byte() {
    if !has_parser("another_language_reads_accepted_requests_byte_for_byte") {
        return;
    }
    let _alone = heavy();
    let Some(parts) = Parts::start("record-read") else { return };
    let project = Project::make(&parts.api, "Read").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let cases = cases();
    let mut posted = BTreeMap::new();
    for case in &cases {
        let answer = post(parts.server.authority(), &webhook.target, case.headers, &case.body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        posted.insert(answer.event_id().unwrap(), case);
    }
    let seen = parts.read("webhook-events", cases.len());
    for record in &seen {
        let id = record.attributes["id"].as_str().unwrap();
        let case = posted.remove(id).unwrap_or_else(|| panic!("{id} was not posted, or came twice"));
        let name = String::from_utf8_lossy(&case.body[..case.body.len().min(40)]).into_owned();
        assert!(record.value() == case.body && record.value == record.data, "{name} was changed");
        assert_eq!(record.header("content-type"), case.content_type, "{name}");
        is_event(record, &webhook);
        let is_json =
            case.content_type.is_none_or(|kind| kind.contains("json")) && case.body.starts_with(b"{");
        assert!(record.is_json || !is_json, "{name}: the SDK reads no JSON");
        let shown: Value = serde_json::from_str(record.header("forebay_headers").unwrap()).unwrap();
        assert_eq!(shown["Host"], "forebay.test");
        if case.headers.contains("x-odd") {
            assert_eq!(shown["X-Odd"], "caf\u{e9}, again");
        }
    }
    assert!(posted.is_empty());
    let messages: Vec<(&str, &Seen)> = seen.iter().map(|seen| ("received", seen)).collect();
    judge(&messages).unwrap_or_else(|faults| panic!("{faults}"));
}

/// What every record of an accepted request has, in this order.
fn is_event(record: &Seen, webhook: &Webhook) {
    let names: Vec<&str> = record.headers.iter().map(|(name, _)| name.as_str()).collect();
    let mut expected = vec!["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"];
    expected.extend(["content-type", "ce_traceparent", "forebay_headers", "forebay_organization"]);
    expected.extend(["forebay_workspace", "forebay_project", "forebay_data_source"]);
    expected.extend(["forebay_idempotency_key", "forebay_commit"]);
    expected.retain(|name| {
        names.contains(name) || !["content-type", "ce_traceparent", "forebay_idempotency_key"].contains(name)
    });
    assert_eq!(names, expected);
    assert_eq!(record.key, Value::Null);
    assert_eq!(record.create_time, Some(record.time_ms));
    assert_eq!(record.attributes["specversion"], "1.0");
    assert_eq!(record.attributes["type"], "dev.forebay.webhook.received");
    assert_eq!(record.attributes["source"], webhook.path());
    assert_eq!(record.header("forebay_data_source"), Some(webhook.data_source.as_str()));
    assert!(
        record.headers.iter().all(|(_, value)| !value.contains(webhook.key())),
        "the API key is in a record"
    );
    let id = uuid::Uuid::parse_str(record.attributes["id"].as_str().unwrap()).unwrap();
    assert_eq!(id.get_version_num(), 7);
    let time = record.header("ce_time").unwrap();
    assert!(time.len() == 24 && time.ends_with('Z') && time.as_bytes()[19] == b'.', "{time}");
}

#[test]
fn another_language_reads_keys_traces_and_refusals() {
    if !has_parser("another_language_reads_keys_traces_and_refusals") {
        return;
    }
    let _alone = heavy();
    let Some(parts) = Parts::start("record-more") else { return };
    let project = Project::make(&parts.api, "More").unwrap();
    let settings = json!({ "name": "hook", "idempotencyKey": "header:X-Delivery" });
    let made = parts.api.post(&project.path("branches/main/data-sources"), settings).unwrap();
    let data_source = made["resourceDefinitionId"].as_str().unwrap().to_owned();
    project.process("walk", &processes::straight(&data_source)).unwrap();
    project.commit("First").unwrap().good().unwrap();
    let trigger = project.trigger_of(&data_source).unwrap();
    project.act(&trigger, "activate").unwrap();
    let target = project.target(&trigger).unwrap();
    let webhook = Webhook { data_source, trigger, definitions: vec![], target };
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let headers =
        format!("{JSON}x-delivery: d-17\r\ntraceparent: {trace}\r\nx-api-key: {}\r\n", webhook.key());
    // the key once, in its header
    let answer = post(parts.server.authority(), webhook.path(), &headers, b"{}");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let large = vec![b'x'; 100_000];
    for (body, status) in [(&b"{\"a\":1,}"[..], 400), (&large[..], 400)] {
        assert_eq!(
            post(parts.server.authority(), &webhook.target, &headers.replace("x-api-key", "x-other"), body)
                .status,
            status
        );
    }
    let seen = parts.read("webhook-events", 1).remove(0);
    is_event(&seen, &webhook);
    assert_eq!(seen.header("forebay_idempotency_key"), Some("d-17"));
    assert_eq!(seen.attributes["traceparent"], trace);
    let shown: Value = serde_json::from_str(seen.header("forebay_headers").unwrap()).unwrap();
    assert_eq!(shown["X-Api-Key"], "[redacted]");
    let refused = parts.read("webhook-failures", 2);
    for record in &refused {
        assert_eq!(record.attributes["type"], "dev.forebay.webhook.refused");
        assert_eq!(
            (record.header("forebay_status"), record.header("forebay_cause")),
            (Some("400"), Some("not-json"))
        );
        assert_eq!(record.key, Value::Null);
        let is_whole = record.value() == b"{\"a\":1,}";
        assert!(is_whole || record.value() == large[..65_536]);
        assert_eq!(record.header("forebay_truncated"), (!is_whole).then_some("true"));
    }
    let messages: Vec<(&str, &Seen)> = refused.iter().map(|seen| ("refused", seen)).collect();
    judge(&messages).and_then(|_| judge(&[("received", &seen)])).unwrap_or_else(|faults| panic!("{faults}"));
}
