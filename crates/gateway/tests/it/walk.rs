//! The walk of an accepted webhook, from the socket to the log.

use uuid::Uuid;
use webhook::IdempotencyKey;

use crate::client::{Client, exchange};
use crate::world::{World, now_ms, request};

#[test]
fn an_accepted_request_is_in_the_log_byte_for_byte() {
    let world = World::start();
    let body = b" {\"b\": 1.10, \"a\":[12345678901234567890123],\"a\":\"\\ud800\"}\n";
    let before = now_ms();
    let headers = "content-type: application/json\r\nX-GitHub-Event: push\r\nx-multi: one\r\nX-MULTI: two\r\n\
                   authorization: Bearer secret\r\nX-Latin: caf\u{e9}\r\n\
                   traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    let answer = exchange(world.at, &world.post(headers, body));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let id = answer.json()["eventId"].as_str().unwrap().to_owned();
    assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 7);
    assert_eq!(answer.body, format!("{{\"eventId\":\"{id}\"}}").as_bytes());
    assert_eq!(answer.header("x-request-id"), Some(id.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));

    let event = world.events(1).remove(0);
    assert_eq!(event.id, id);
    assert_eq!(event.body, body);
    assert_eq!(event.address, world.entry.address);
    assert_eq!(event.commit, world.entry.commit);
    assert!((before..=now_ms()).contains(&event.time));
    assert_eq!(event.content_type.as_deref(), Some("application/json"));
    assert_eq!(event.traceparent.as_deref(), Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    let headers: serde_json::Value = serde_json::from_str(&event.headers_json).unwrap();
    assert_eq!(headers["X-Github-Event"], "push");
    assert_eq!(headers["X-Multi"], "one, two");
    assert_eq!(headers["Authorization"], "[redacted]");
    assert_eq!(headers["X-Latin"], "café");
    assert_eq!(headers["Host"], "hooks.example");
    let data = event.webhook_data().unwrap();
    assert!(data.contains(std::str::from_utf8(body).unwrap()), "{data}");
    world.assert_at_rest();
}

#[test]
fn many_requests_on_one_connection_get_an_answer_each_in_their_order() {
    let world = World::start();
    let mut client = Client::connect(world.at);
    let mut all = Vec::new();
    for number in 0..50 {
        let body = format!("{{\"number\":{number}}}");
        if number % 3 == 0 {
            let chunks = crate::world::chunked(body.as_bytes(), 3);
            all.extend(request(&world.target(), "Transfer-Encoding: chunked\r\n", &chunks));
        } else {
            all.extend(world.post("", body.as_bytes()));
        }
    }
    client.send(&all);
    let ids: Vec<String> = (0..50)
        .map(|_| {
            let answer = client.answer().unwrap();
            assert_eq!(answer.status, 200);
            assert!(!answer.closes());
            answer.json()["eventId"].as_str().unwrap().to_owned()
        })
        .collect();
    let events = world.events(50);
    assert_eq!(events.len(), 50);
    for (number, (id, event)) in ids.iter().zip(&events).enumerate() {
        assert_eq!(&event.id, id);
        assert_eq!(event.body, format!("{{\"number\":{number}}}").as_bytes());
    }
}

#[test]
fn a_request_that_comes_byte_by_byte_is_one_request() {
    let world = World::start();
    let mut client = Client::connect(world.at);
    let chunks = crate::world::chunked(b"{\"a\":1}", 2);
    for byte in request(&world.target(), "Transfer-Encoding: chunked\r\n", &chunks) {
        client.send(&[byte]);
    }
    assert_eq!(client.answer().unwrap().status, 200);
    client.send(&world.post("", b"2"));
    assert_eq!(client.answer().unwrap().status, 200);
    let bodies: Vec<Vec<u8>> = world.events(2).into_iter().map(|event| event.body).collect();
    assert_eq!(bodies, [b"{\"a\":1}".to_vec(), b"2".to_vec()]);
}

#[test]
fn the_sender_s_own_id_becomes_the_event_s_key() {
    for (place, headers, body, expected) in [
        ("header:x-github-delivery", "X-GitHub-Delivery: abc-1\r\n", "{}", Some("abc-1")),
        ("header:X-GitHub-Delivery", "", "{}", None),
        ("pointer:/data/id", "", "{\"data\":{\"id\":1.10}}", Some("1.10")),
        ("pointer:/data/id", "", "{\"data\":{\"id\":\"\\u00e9\"}}", Some("é")),
        ("pointer:/data/id", "", "{\"data\":{\"id\":null}}", None),
        ("pointer:/data/id", "", "{\"data\":[]}", None),
    ] {
        let world = World::with(Default::default(), |entry| {
            entry.idempotency = Some(IdempotencyKey::parse(place).unwrap());
        });
        assert_eq!(exchange(world.at, &world.post(headers, body.as_bytes())).status, 200);
        let event = world.events(1).remove(0);
        assert_eq!(event.idempotency_key.as_deref(), expected, "{place} {headers} {body}");
        assert_eq!(event.event_key(), expected.unwrap_or(&event.id));
    }
}

#[test]
fn everything_else_goes_to_the_fallback() {
    let world = World::start();
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    for path in ["/", "/api/v1/me", "/webhookss", "/webhooks-of-mine/incoming/x"] {
        let answer = exchange(world.at, get(path).as_bytes());
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"fallback got 0 bytes"[..]), "{path}");
    }
    let answer = exchange(world.at, b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(answer.body, b"fallback got 5 bytes");
    let answer = exchange(world.at, get("/panic").as_bytes());
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json()["code"], "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("asked to panic"));
    // A panic ends one request, not the gateway.
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 200);
}
