//! Records that no gateway wrote: a right one starts processes, a bad one becomes a failed trigger, and neither holds
//! up those behind it.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::api::{FailedTrigger, Project, Webhook, wait};
use e2e::metrics;
use e2e::processes;
use serde_json::{Value, json};

use super::{Parts, document, run};
use crate::support::{LONG, heavy, instances_of, own_file};

/// A record that another producer writes: CloudEvents attributes for the SDK, and headers of ours.
#[derive(Clone)]
struct Foreign {
    attributes: Value,
    without: Vec<&'static str>,
    headers: Vec<(Value, Value)>,
    value: Value,
}

impl Foreign {
    /// One that starts the processes of this webhook.
    fn new(webhook: &Webhook, id: &str) -> Self {
        let ids: Vec<&str> = webhook.path().trim_start_matches("/webhooks/incoming/").split('/').collect();
        let names = ["forebay_organization", "forebay_workspace", "forebay_project", "forebay_data_source"];
        Self {
            attributes: json!({
                "specversion": "1.0",
                "id": id,
                "source": webhook.path(),
                "type": "dev.forebay.webhook.received",
                "time": now(),
                "datacontenttype": "application/json",
            }),
            without: Vec::new(),
            headers: names.map(Value::from).into_iter().zip(ids.into_iter().map(Value::from)).collect(),
            value: json!("{}"),
        }
    }

    fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes[name] = value.into();
        self
    }

    /// Without a header, whoever makes it.
    fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.without.push(name);
        self
    }

    /// With one header more.
    fn and(mut self, name: impl Into<Value>, value: impl Into<Value>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With another value of a header.
    fn with(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.without(name).and(name, value)
    }

    fn value(mut self, value: impl Into<Value>) -> Self {
        self.value = value.into();
        self
    }

    fn line(&self) -> Value {
        json!({
            "attributes": self.attributes,
            "without": self.without,
            "headers": self.headers,
            "value": self.value,
        })
    }
}

/// Now, in RFC 3339 with an offset, as the SDK takes it.
fn now() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%S.%3N+00:00"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn bytes(bytes: &[u8]) -> Value {
    json!({ "base64": STANDARD.encode(bytes) })
}

fn webhook_data(parts: &Parts, project: &Project, event: &str) -> String {
    let instance = instances_of(&parts.api, &project.id, event, 1).remove(0);
    assert_eq!(instance.status, "completed");
    parts.api.variable(&project.id, &instance.id, "webhookData", "").unwrap().text()
}

#[test]
fn another_language_starts_processes() {
    let _alone = heavy();
    let Some(parts) = Parts::start("record-start") else { return };
    let project = Project::make(&parts.api, "Start").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let body = " {\"a\":1.10,\"b\":12345678901234567890123,\"a\":2,\"é\":1e999}\n";
    let first = Foreign::new(&webhook, "order-1")
        .attribute("time", "2026-11-24T06:34:08.123456+01:00")
        .attribute("subject", "an attribute that we do not know")
        .and("forebay_headers", r#"{"X-From":"python"}"#)
        .and("x-odd", bytes(&[0xff, 0x00]))
        .and("x-odd", Value::Null)
        .and("forebay_record_header", bytes(&[0xff, 0xff, 0xff, 0xff, 1]))
        .value(body);
    // the same event again, and two with one key
    let keyed = |id| Foreign::new(&webhook, id).and("forebay_idempotency_key", "delivery-7");
    let text =
        Foreign::new(&webhook, "text ä/?").attribute("datacontenttype", "text/plain").value("{no json");
    let late = Foreign::new(&webhook, "late").attribute("time", "9999-12-30T22:00:00+00:00");
    let named = Foreign::new(&webhook, "named").and(bytes(b"\xff"), "a name that is not UTF-8");
    let last = Foreign::new(&webhook, "last").without("content-type").value(Value::Null);
    let all = [first.clone(), first, keyed("key-1"), keyed("key-2"), text, late, named, last];
    parts.write("webhook-events", &all.iter().map(Foreign::line).collect::<Vec<_>>());
    let data = webhook_data(&parts, &project, "order-1");
    let expected = r#"{"dateTime":"2026-11-24T05:34:08.123Z","payload":"#.to_owned()
        + body
        + r#","headers":{"X-From":"python"}}"#;
    assert_eq!(data, expected);
    let empty = webhook_data(&parts, &project, "last");
    assert!(empty.ends_with(r#","payload":null,"headers":{}}"#), "{empty}");
    let instances = parts.api.instances(&project.id).unwrap();
    let mut events: Vec<&str> = instances.iter().filter_map(|i| i.event_id.as_deref()).collect();
    events.sort_unstable();
    assert_eq!(events, ["key-1", "last", "late", "named", "order-1", "text ä/?"]);
    let text = instances.iter().find(|i| i.event_id.as_deref() == Some("text ä/?")).unwrap();
    assert_eq!(parts.api.payload(&project.id, &text.id).unwrap(), br#""{no json""#);
    assert_eq!(parts.api.failed_triggers(&project.id).unwrap().len(), 0);
    // the example of the documents, as it stands there
    let example = own_file("../docs/examples/start_by_kafka.py");
    let topic = parts.topics.topic("webhook-events");
    let arguments = [example.to_str().unwrap(), parts.topics.bootstrap(), &topic, webhook.path()];
    let event = run(Command::new(own_file(".venv/bin/python")).args(arguments), "").unwrap();
    let data = webhook_data(&parts, &project, event.trim());
    assert!(data.contains(r#""payload":{"orderId": "ORD-12345", "amount": 299.99},"#), "{data}");
    assert!(data.ends_with(r#","headers":{"X-Sent-By": "start_by_kafka.py"}}"#), "{data}");
}

/// Bad records, each with the cause that it leads to: its code, and a part of its sentence.
fn bad(webhook: &Webhook) -> Vec<(&'static str, Foreign, &'static str, &'static str)> {
    let elsewhere = uuid::Uuid::new_v4().to_string();
    let other_path = webhook.path().replace(&webhook.data_source, &elsewhere);
    let deep = format!("{}{}", "[".repeat(101), "]".repeat(101));
    let own = |id: &'static str| (id, Foreign::new(webhook, id));
    let bad = |(id, good): (&'static str, Foreign), change: &dyn Fn(Foreign) -> Foreign, why| {
        (id, change(good), "invalid-record", why)
    };
    let no_json = |value: Value| move |good: Foreign| good.value(value.clone());
    vec![
        bad(own("old-spec"), &|r| r.with("ce_specversion", "0.3"), "ce_specversion must be 1.0"),
        bad(
            own("type"),
            &|r| r.attribute("type", "com.example.order"),
            "ce_type must be the type of the topic",
        ),
        bad(own("no-time"), &|r| r.without("ce_time"), "ce_time is missing"),
        bad(own("time"), &|r| r.with("ce_time", "yesterday"), "ce_time must be an RFC 3339 time"),
        bad(own("null-time"), &|r| r.with("ce_time", Value::Null), "ce_time must be an RFC 3339 time"),
        bad(own("no-source"), &|r| r.without("ce_source"), "ce_source is missing"),
        bad(own("source"), &|r| r.attribute("source", &other_path), "ce_source must be the path of the same"),
        bad(
            own("no-uuid"),
            &|r| r.with("forebay_data_source", "orders"),
            "forebay_data_source must be a hyph",
        ),
        bad(own("no-workspace"), &|r| r.without("forebay_workspace"), "forebay_workspace is missing"),
        bad(own("twice"), &|r| r.and("forebay_project", "x"), "forebay_project stands there twice"),
        bad(own("list"), &|r| r.and("forebay_headers", "[]"), "forebay_headers must be a JSON object whose"),
        bad(
            own("number"),
            &|r| r.and("forebay_headers", "{\"A\":1}"),
            "forebay_headers must be a JSON object",
        ),
        bad(
            own("key"),
            &|r| r.and("forebay_idempotency_key", ""),
            "forebay_idempotency_key must be 1 to 512",
        ),
        bad(own("commit"), &|r| r.and("forebay_commit", "main"), "forebay_commit must be a hyphenated UUID"),
        bad(own("latin"), &|r| r.with("content-type", bytes(b"\xe9")), "content-type must be UTF-8"),
        bad(
            own("time-start"),
            &|r| r.without("ce_time").and("forebay_record_time", "-9223372036854775808"),
            "ce_time",
        ),
        bad(
            own("time-end"),
            &|r| r.without("ce_time").and("forebay_record_time", "9223372036854775807"),
            "ce_time",
        ),
        bad(
            own("large"),
            &no_json("1".repeat(1_048_577).into()),
            "the body has 1048577 bytes, more than 1048576",
        ),
        bad(own("no-json"), &no_json("{\"a\":1,}".into()), "not valid JSON at byte 7"),
        bad(own("tombstone"), &no_json(Value::Null), "not valid JSON at byte 0"),
        bad(own("no-utf8"), &no_json(bytes(b"\"\xff\"")), "not valid JSON at byte 1: not UTF-8"),
        bad(own("deep"), &no_json(deep.into()), "JSON nested deeper than 100"),
        (
            "unknown-source",
            Foreign::new(webhook, "unknown-source")
                .attribute("source", &other_path)
                .with("forebay_data_source", elsewhere.as_str()),
            "not-linked",
            "no process of the running commit starts with this data source",
        ),
        (
            "old",
            Foreign::new(webhook, "old").attribute("time", "2020-02-02T02:02:02+00:00"),
            "too-old",
            "older than what is remembered",
        ),
    ]
}

#[test]
fn bad_records_become_failed_triggers_and_hold_nothing_up() {
    let _alone = heavy();
    let Some(parts) = Parts::start("record-bad") else { return };
    let project = Project::make(&parts.api, "Bad").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let bad = bad(&webhook);
    let last = |id: &str| {
        parts.write("webhook-events", &[Foreign::new(&webhook, id).line()]);
        instances_of(&parts.api, &project.id, id, 1);
    };
    parts.write("webhook-events", &bad.iter().map(|(_, record, ..)| record.line()).collect::<Vec<_>>());
    last("behind-the-bad");
    let failed = parts.api.failed_triggers(&project.id).unwrap();
    let text = document();
    for (id, _, code, why) in &bad {
        let rows: Vec<&FailedTrigger> = failed.iter().filter(|row| row.event_id == *id).collect();
        let [row] = rows[..] else { panic!("{id}: {rows:?}") };
        assert_eq!((row.stage.as_str(), row.cause_code.as_str()), ("match", *code), "{id}");
        assert!(row.cause.contains(why), "{id}: {}", row.cause);
        assert!(text.contains(&format!("`{code}`")), "the text does not say {code}");
    }
    assert_eq!(failed.len(), bad.len(), "{failed:?}");
    without_id(&parts, &project, &webhook);
    last("behind-those-without-id");
    of_no_project(&parts, &webhook);
    last("behind-those-of-no-project");
    let instances = parts.api.instances(&project.id).unwrap();
    assert_eq!(instances.len(), 3, "{instances:?}");
    // what was set aside once is not set aside again by a restart
    let before = parts.api.failed_triggers(&project.id).unwrap().len();
    let options = parts.server.kill();
    let server = e2e::server::Server::start(&options).unwrap();
    let api = e2e::api::Api::of(&server);
    api.wait_drained(LONG).unwrap();
    assert_eq!(api.failed_triggers(&project.id).unwrap().len(), before);
}

/// Records that have no id of their own are told apart by their places; each alone is the end of a batch once.
fn without_id(parts: &Parts, project: &Project, webhook: &Webhook) {
    let count = parts.api.failed_triggers(&project.id).unwrap().len();
    let good = || Foreign::new(webhook, "none");
    let nameless = [
        good().without("ce_id"),
        good().without("ce_id"),
        good().with("ce_id", bytes(b"a\x00b")),
        good().with("ce_id", "\u{1}"),
        good().with("ce_id", "x".repeat(201)),
        good().with("ce_id", bytes(b"\xff")),
        good().with("ce_id", Value::Null),
    ];
    for (at, record) in nameless.iter().enumerate() {
        parts.write("webhook-events", &[record.line()]);
        let there = || Ok(parts.api.failed_triggers(&project.id)?.len() > count + at);
        wait(LONG, "a failed trigger of a record without an id", there).unwrap();
    }
    let failed = parts.api.failed_triggers(&project.id).unwrap();
    let own: Vec<&FailedTrigger> = failed.iter().filter(|row| row.event_id.starts_with("no-id-0-")).collect();
    assert_eq!(own.len(), nameless.len(), "{failed:?}");
    assert!(
        own.iter().all(|row| row.cause_code == "invalid-record" && row.cause.contains("ce_id")),
        "{own:?}"
    );
}

/// Records that no project can show are counted and logged with their places.
fn of_no_project(parts: &Parts, webhook: &Webhook) {
    let bare = |value: &str| json!({ "headers": [], "value": value });
    let nobody = uuid::Uuid::new_v4().to_string();
    let project = webhook.path().split('/').nth(5).unwrap();
    let elsewhere = Foreign::new(webhook, "elsewhere")
        .attribute("source", &webhook.path().replace(project, &nobody))
        .with("forebay_project", nobody.as_str());
    // structured mode is no record of ours
    let event =
        json!({ "specversion": "1.0", "id": "1", "source": "/a", "type": "t", "data": {} }).to_string();
    let structured = json!({ "headers": [["content-type", "application/cloudevents+json"]], "value": event });
    parts.write("webhook-events", &[bare("{}"), bare(""), structured, elsewhere.line()]);
    let counted = || {
        let text = parts.api.metrics()?;
        Ok(metrics::sum(&text, "forebay_records_of_no_project_total") == Some(4.0))
    };
    wait(LONG, "the records of no project are not counted", counted).unwrap();
    let log = parts.server.log();
    assert_eq!(log.matches("belongs to no project").count(), 4, "{log}");
}
