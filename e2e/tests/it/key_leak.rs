//! Bar 7: the API key goes nowhere: no log, metric, record, variable, error body, file.

use std::fs;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE};
use e2e::api::{Api, Sent};
use e2e::processes;
use e2e::server::{Server, TOKEN};
use e2e::wire::Connection;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::{JSON, LONG, accepted, heavy, home, post, project};

#[test]
fn the_key_is_nowhere_but_in_its_encrypted_row() {
    let _alone = heavy();
    let (home, options) = home();
    let panicking = e2e::failpoints::steps().unwrap();
    let panicking = panicking.iter().find(|name| name.starts_with("gateway::")).cloned().unwrap_or_default();
    let options = options.config("[log]\nlevel = \"trace\"\n");
    let server =
        Server::start(&options.clone().failpoints(&format!("{panicking}=6*off->1*panic(by design)->off")))
            .unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Canary");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let first = webhook.key().to_owned();
    assert_eq!(first.len(), 43);
    let mut said = storm(&server, webhook.path(), &first);
    project.act(&webhook.trigger, "reset-api-key").unwrap();
    let target = project.target(&webhook.trigger).unwrap();
    let second = target.split("flowxApiKey=").nth(1).unwrap().to_owned();
    said.extend(storm(&server, webhook.path(), &second));
    let last = accepted(server.authority(), &target, b"{}");
    api.wait_past(&project.id, &last, LONG).unwrap();
    said.push(api.plain("/metrics").unwrap().text());
    for list in ["process-instances", "failed-triggers", "events", "triggers", "branches/main/data-sources"] {
        said.push(api.call("GET", &project.path(list), &Sent::Nothing).unwrap().text());
    }
    for instance in api.instances(&project.id).unwrap() {
        said.push(api.variable(&project.id, &instance.id, "webhookData", "").unwrap().text());
    }
    for failed in api.failed_triggers(&project.id).unwrap() {
        let path = project.path(&format!("failed-triggers/{}", failed.id));
        said.push(api.call("GET", &path, &Sent::Nothing).unwrap().text());
    }
    let log = server.log();
    assert!(log.contains("\"DEBUG\""), "the log is not as detailed as it can be");
    server.stop().unwrap();
    let mut hits = Vec::new();
    for (name, secret) in [("first key", &first), ("second key", &second), ("token", &TOKEN.to_owned())] {
        for (form, needle) in forms(secret) {
            for (at, text) in said.iter().enumerate() {
                if text.contains(&needle) {
                    hits.push(format!("{name} as {form} in answer {at}: {text}"));
                }
            }
            for file in files(home.path()) {
                if find(&fs::read(&file).unwrap(), needle.as_bytes()) {
                    hits.push(format!("{name} as {form} in {}", file.display()));
                }
            }
        }
    }
    assert!(hits.is_empty(), "{hits:#?}");
}

/// Requests of every kind that carry the key, except in a body; what was answered.
fn storm(server: &Server, path: &str, key: &str) -> Vec<String> {
    let authority = server.authority();
    let target = format!("{path}?flowxApiKey={key}");
    let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut said = Vec::new();
    let mut keep = |answer: e2e::wire::Answer| said.push(format!("{:?}\n{}", answer.headers, answer.text()));
    let own = format!("{JSON}x-api-key: {key}\r\n");
    keep(post(authority, path, &own, b"{}"));
    keep(post(authority, &target, JSON, b"not json"));
    keep(post(authority, &target, JSON, &[b'['; 200]));
    keep(post(authority, &target, JSON, &vec![b' '; 1024 * 1024 + 1]));
    keep(post(authority, &format!("{target}&flowxApiKey={key}"), JSON, b"{}"));
    keep(post(authority, &format!("{target}x"), JSON, b"{}"));
    keep(post(authority, &format!("{path}?flowxApiKey={encoded}"), JSON, b"{}"));
    keep(post(authority, &format!("{path}?FlowXApiKey={key}"), JSON, b"{}"));
    keep(post(authority, &format!("{path}/more?flowxApiKey={key}"), JSON, b"{}"));
    keep(post(authority, &format!("/elsewhere?flowxApiKey={key}"), JSON, b"{}"));
    keep(post(authority, &format!("/api/v1/projects?flowxApiKey={key}"), JSON, b"{}"));
    keep(post(authority, &target, &format!("{JSON}content-encoding: gzip\r\n"), b"{}"));
    let copies = format!(
        "{JSON}referer: http://a{target}\r\nx-forwarded-uri: {target}\r\nx-note: key={key};\r\nauthorization: Bearer {key}\r\ncookie: k={key}\r\n"
    );
    keep(post(authority, &target, &copies, b"{\"copies\":true}"));
    for raw in [
        format!("GET {target} HTTP/1.1\r\nhost: a\r\n\r\n"),
        format!("POST {target} HTTP/9.9\r\nhost: a\r\n\r\n"),
        format!("POST {target} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"),
        format!("POST {target}&x={} HTTP/1.1\r\nhost: a\r\n\r\n", "y".repeat(70_000)),
    ] {
        let mut connection = Connection::open(authority, LONG).unwrap();
        let _ = connection.send(raw.as_bytes());
        let _ = connection.finish_sending();
        said.push(String::from_utf8_lossy(&connection.rest().unwrap_or_default()).into_owned());
    }
    for n in 0..8 {
        // one of these meets a panic inside the gateway: whatever it says, it says it without the key
        let mut connection = Connection::open(authority, LONG).unwrap();
        let body = format!("{{\"n\":{n}}}");
        connection.send(&Connection::request("POST", &target, JSON, body.as_bytes())).unwrap();
        said.extend(
            connection.answer().ok().map(|answer| format!("{:?}\n{}", answer.headers, answer.text())),
        );
    }
    said
}

/// How a leaked secret could look.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let encoded = |engine: &dyn Fn() -> String| engine();
    vec![
        ("its first 12 characters", secret[..12].to_owned()),
        ("its last 12 characters", secret[secret.len() - 12..].to_owned()),
        ("percent-encoded", utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string()),
        ("all percent-encoded", secret.bytes().take(12).map(|byte| format!("%{byte:02X}")).collect()),
        ("base64", encoded(&|| BASE64_STANDARD_NO_PAD.encode(&secret[..12]))),
        ("base64, shifted by one", encoded(&|| BASE64_STANDARD.encode(&secret[1..13]))),
        ("base64, shifted by two", encoded(&|| BASE64_URL_SAFE.encode(&secret[2..14]))),
        ("hex", secret.bytes().take(12).map(|byte| format!("{byte:02x}")).collect()),
    ]
}

/// Every file below a folder: data, log and configuration.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn find(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
