//! The API key must be nowhere but in the request.

use std::io::Write;
use std::sync::{Arc, Mutex};

use eventlog::Topic;
use gateway::Settings;
use tracing_subscriber::fmt::MakeWriter;
use webhook::IdempotencyKey;

use crate::client::{Client, exchange};
use crate::world::{World, request};

/// Everything that was logged, at the finest level.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logged {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The shapes in which a key might turn up.
fn shapes(key: &str) -> Vec<String> {
    use base64::Engine as _;
    let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    vec![
        key.to_owned(),
        key[..12].to_owned(),
        encoded[..36].to_owned(),
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(&key[..42]),
    ]
}

fn assert_clean(what: &str, bytes: &[u8], key: &str) {
    let text = String::from_utf8_lossy(bytes);
    for shape in shapes(key) {
        assert!(!text.contains(&shape), "{what} has the key as {shape}: {text}");
    }
}

#[test]
fn the_key_is_in_no_answer_log_line_or_record() {
    let logged = Logged::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(logged.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let world = World::with(Settings::default(), |entry| {
        // The worst that could be configured: nothing hidden, and the key's own header as the idempotency key.
        entry.redacted = Vec::new();
        entry.idempotency = Some(IdempotencyKey::parse("header:X-Api-Key").unwrap());
    });
    let key = world.key.reveal().to_owned();
    let path = world.entry.address.path();
    let carrying = format!(
        "Referer: https://a.example{path}?flowxApiKey={key}\r\nCookie: a={key}\r\nX-{key}: 1\r\n\
         X-Forwarded-Uri: {path}?flowxApiKey={key}&b\r\nForwarded: for={key}\r\n"
    );
    let json = format!("Content-Type: application/json; key={key}\r\n");
    let in_header = format!("X-Api-Key: {key}\r\n{carrying}Content-Length: 2\r\n");
    for (bytes, status) in [
        (world.post(&carrying, b"{}"), 200),
        (world.post(&format!("{carrying}{json}"), b"{}"), 200),
        (world.post(&format!("{carrying}Content-Type: {key}/{key}\r\n"), b"{}"), 200),
        (request(&path, &in_header, b"{}"), 200),
        (world.post(&format!("{carrying}{json}"), b"{oops"), 400),
        (world.post(&format!("{carrying}Content-Encoding: gzip\r\n"), b"{}"), 415),
        (request(&world.target(), &format!("{carrying}Content-Length: 2000000\r\n"), b""), 413),
        (request(&format!("{path}?flowxApiKey={key}&flowxApiKey={key}"), "Content-Length: 0\r\n", b""), 401),
        (request(&format!("{path}/x?flowxApiKey={key}"), "Content-Length: 0\r\n", b""), 404),
        (request(&format!("{path}?flowxApiKey={key}#{key}"), "", b""), 400),
        (request(&world.target(), &format!("Bad Header: {key}\r\n"), b""), 400),
        (request(&format!("/panic?flowxApiKey={key}"), "", b""), 500),
        (request(&format!("{path}?flowxApiKey={key}{}", "x".repeat(9000)), "", b""), 414),
    ] {
        let mut client = Client::connect(world.at);
        client.send(&bytes);
        client.end_of_sending();
        let mut all = Vec::new();
        loop {
            let more = client.raw();
            if more.is_empty() {
                break;
            }
            all.extend(more);
        }
        let text = String::from_utf8_lossy(&all).into_owned();
        // The name of a header is kept, in lower case or Train-Case: only its exact spelling would be the key.
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {text}");
        assert_clean("an answer", &all, &key);
    }
    assert_eq!(exchange(world.at, format!("GET {}", world.target()).as_bytes()).status, 400);
    for (topic, at_least) in [(Topic::WebhookEvents, 4), (Topic::WebhookFailures, 3)] {
        for record in world.records(topic, at_least) {
            assert_clean("a record", format!("{:?}", record.id).as_bytes(), &key);
            for (name, value) in &record.headers {
                assert_clean(name, value, &key);
            }
        }
    }
    assert!(world.events(4).iter().all(|event| event.idempotency_key.is_none()));
    assert!(world.events(4).iter().all(|event| event.headers_json.contains("\"Referer\":\"[redacted]\"")));
    // What was judged by a content type with the key in it is judged the same by whoever reads the record.
    assert!(world.events(4).iter().all(|event| event.webhook_data().is_ok()));
    assert_clean("a debug text", format!("{:?} {:?}", world.key, world.entry).as_bytes(), &key);
    let logged = logged.0.lock().unwrap().clone();
    assert!(!logged.is_empty());
    assert_clean("the log", &logged, &key);
}
