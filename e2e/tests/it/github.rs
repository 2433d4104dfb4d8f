//! Real input: all payloads of GitHub that `@octokit/webhooks-examples` has, as GitHub sends them.

use std::collections::HashMap;

use e2e::processes;
use e2e::wire::Connection;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::support::{LONG, own_file, project, shared, skip};

#[derive(Deserialize)]
struct Event {
    name: String,
    #[serde(borrow)]
    examples: Vec<&'static RawValue>,
}

#[test]
fn every_payload_of_github_comes_back_byte_for_byte() {
    let file = own_file("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        let why = "node_modules is missing: npm ci --prefix e2e";
        return skip("every_payload_of_github_comes_back_byte_for_byte", why);
    };
    let events: Vec<Event> = serde_json::from_str(text.leak()).unwrap();
    let shared = shared();
    let project = project(&shared.api, "GitHub");
    let webhook = project.webhook("github", &[&processes::straight]).unwrap();
    let mut connection = Connection::open(shared.server.authority(), LONG).unwrap();
    let mut sent = HashMap::new();
    let mut last = String::new();
    for event in &events {
        for example in &event.examples {
            let headers = format!(
                "content-type: application/json\r\nuser-agent: GitHub-Hookshot/044aadd\r\nx-github-event: {}\r\n\
                 x-github-delivery: {}\r\nx-hub-signature-256: sha256={}\r\n",
                event.name,
                uuid::Uuid::new_v4(),
                "0".repeat(64)
            );
            let body = example.get().as_bytes();
            connection.send(&Connection::request("POST", &webhook.target, &headers, body)).unwrap();
            let answer = connection.answer().unwrap();
            assert_eq!(answer.status, 200, "{}: {}", event.name, answer.text());
            last = answer.event_id().unwrap();
            sent.insert(last.clone(), (event.name.clone(), body));
        }
    }
    assert_eq!(sent.len(), 329);
    shared.api.wait_past(&project.id, &last, LONG).unwrap();
    let instances = shared.api.instances(&project.id).unwrap();
    assert_eq!(instances.len(), 329);
    for instance in instances {
        assert_eq!(instance.status, "completed");
        let (name, body) = sent.remove(&instance.event_id.unwrap()).expect("each event once");
        assert!(shared.api.payload(&project.id, &instance.id).unwrap() == body, "{name} was changed");
        let header = "/headers/X-Github-Event";
        let shown = shared.api.variable(&project.id, &instance.id, "webhookData", header).unwrap().text();
        assert_eq!(shown, format!("\"{name}\""));
    }
    assert!(sent.is_empty());
}
