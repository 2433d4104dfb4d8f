//! The table of answers.

use uuid::Uuid;
use webhook::{Address, ApiKey, TriggerState};

use crate::client::{Answer, exchange};
use crate::world::{World, request};

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let id = Uuid::parse_str(answer.header("x-request-id").unwrap()).unwrap();
    assert_eq!(id.get_version_num(), 7);
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["code"], code);
    assert_eq!(problem["type"], "about:blank");
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
}

#[test]
fn an_unknown_trigger_is_not_found_whatever_the_key() {
    let world = World::start();
    let own = world.entry.address;
    let unknown = Address { data_source: Uuid::new_v4(), ..own };
    let elsewhere = Address { organization: Uuid::new_v4(), ..own };
    let key = world.key.reveal();
    for path in [
        format!("{}?flowxApiKey={key}", unknown.path()),
        unknown.path(),
        format!("{}?flowxApiKey={key}", elsewhere.path()),
        format!("{}/?flowxApiKey={key}", own.path()),
        format!("{}/x?flowxApiKey={key}", own.path()),
        format!("/webhooks/incoming/{}?flowxApiKey={key}", own.data_source),
        format!("/webhooks?flowxApiKey={key}"),
        format!("/webhooks/?flowxApiKey={key}"),
        format!("{}?flowxApiKey={key}", own.path().replace("incoming", "%69ncoming")),
    ] {
        let answer = exchange(world.at, &request(&path, "Content-Length: 2\r\n", b"{}"));
        assert_problem(&answer, 404, "unknown-trigger");
    }
}

#[test]
fn an_address_has_one_spelling_but_for_its_case() {
    let world = World::start();
    let path = world.entry.address.path();
    let upper = path.replace("/webhooks/incoming", "").to_uppercase();
    let target = format!("/webhooks/incoming{upper}?flowxApiKey={}", world.key.reveal());
    assert_eq!(exchange(world.at, &request(&target, "Content-Length: 2\r\n", b"{}")).status, 200);
    let absolute = format!("http://elsewhere.example{}", world.target());
    assert_eq!(exchange(world.at, &request(&absolute, "Content-Length: 2\r\n", b"{}")).status, 200);
}

#[test]
fn other_methods_are_not_allowed_whatever_the_key() {
    let world = World::start();
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW", "post"] {
        for target in [world.target(), world.entry.address.path()] {
            let bytes = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            let mut client = crate::client::Client::connect(world.at);
            client.send(bytes.as_bytes());
            client.end_of_sending();
            // The answer to HEAD has the length of a body and no body.
            let text = String::from_utf8(read_to_end(&mut client)).unwrap();
            assert!(text.starts_with("HTTP/1.1 405 "), "{method}: {text}");
            assert!(text.contains("\r\nallow: POST\r\n"), "{method}: {text}");
            let body = text.split_once("\r\n\r\n").unwrap().1;
            assert_eq!(body.is_empty(), method == "HEAD", "{method}: {text}");
        }
    }
}

fn read_to_end(client: &mut crate::client::Client) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let more = client.raw();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

#[test]
fn a_key_that_is_missing_wrong_or_given_twice_is_unauthorized_whatever_the_state() {
    for state in [TriggerState::Active, TriggerState::Deactivated] {
        let world = World::with(Default::default(), |entry| entry.state = state);
        let path = world.entry.address.path();
        let key = world.key.reveal();
        let wrong = ApiKey::from_bytes([1; 32]);
        let mut answers = Vec::new();
        for (query, headers) in [
            (String::new(), String::new()),
            ("?flowxApiKey=".to_owned(), String::new()),
            (format!("?flowxApiKey={}", wrong.reveal()), String::new()),
            (format!("?flowxApiKey={key}x"), String::new()),
            (format!("?flowxApiKey=%20{key}"), String::new()),
            (format!("?flowxapikey={key}"), String::new()),
            (format!("?flowxApiKey={}", key.to_lowercase()), String::new()),
            (format!("?flowxApiKey={key}&flowxApiKey={key}"), String::new()),
            (format!("?flowxApiKey={key}&a=1&flowxApiKey="), String::new()),
            (format!("?flowxApiKey={key}&flowx%41piKey={key}"), String::new()),
            (format!("?flowxApiKey={key}"), format!("X-Api-Key: {key}\r\n")),
            (String::new(), format!("X-Api-Key: {key}\r\nX-Api-Key: {key}\r\n")),
            (String::new(), format!("X-Api-Key: {}\r\n", wrong.reveal())),
            (String::new(), format!("X-Api-Key: {key}, {key}\r\n")),
            (String::new(), format!("Authorization: Bearer {key}\r\n")),
        ] {
            let bytes = request(&format!("{path}{query}"), &format!("Content-Length: 2\r\n{headers}"), b"{}");
            let answer = exchange(world.at, &bytes);
            assert_problem(&answer, 401, "unauthorized");
            answers.push(answer.body);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "every 401 has the same body");
        // one number a trigger, never a row a request: a stranger must not be able to fill a table
        let counts = world.gateway.take_counts();
        assert_eq!(counts.len(), 1);
        assert_eq!(
            (counts[0].wrong_key, counts[0].refused_while_deactivated, counts[0].refused_unrecorded),
            (15, 0, 0)
        );
        assert!(counts[0].keys_used.is_empty(), "a stranger's request is no use of the key");
    }
}

#[test]
fn the_key_may_stand_in_the_header_or_be_percent_encoded() {
    let world = World::start();
    let path = world.entry.address.path();
    let key = world.key.reveal();
    let encoded: String = key.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for (query, headers) in [
        (format!("?a=1&flowxApiKey={key}&b"), String::new()),
        (format!("?flowxApiKey={encoded}"), String::new()),
        (format!("?%66lowxApiKey={key}"), String::new()),
        (String::new(), format!("X-Api-Key: {key}\r\n")),
        ("?other=1".to_owned(), format!("x-api-key:{key}  \r\n")),
    ] {
        let bytes = request(&format!("{path}{query}"), &format!("Content-Length: 2\r\n{headers}"), b"{}");
        assert_eq!(exchange(world.at, &bytes).status, 200, "{query} {headers}");
    }
    let used = world.gateway.take_counts().remove(0).keys_used;
    assert_eq!(used.len(), 1);
    assert_eq!(used[0].0, world.key.digest());
    assert!(world.gateway.take_counts().is_empty());
}

#[test]
fn a_deactivated_trigger_looks_unknown_and_counts() {
    let world = World::with(Default::default(), |entry| entry.state = TriggerState::Deactivated);
    let unknown = Address { data_source: Uuid::new_v4(), ..world.entry.address };
    let unknown = exchange(world.at, &request(&unknown.path(), "Content-Length: 2\r\n", b"{}"));
    for _ in 0..12 {
        let answer = exchange(world.at, &world.post("", b"{}"));
        assert_problem(&answer, 404, "unknown-trigger");
        assert_eq!(answer.body, unknown.body);
    }
    let counts = world.gateway.take_counts();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0].trigger, world.entry.trigger);
    assert_eq!(counts[0].refused_while_deactivated, 12);
    assert!(world.failures(0).is_empty());
}

#[test]
fn a_trigger_that_no_process_is_linked_to_does_not_exist() {
    let world = World::with(Default::default(), |entry| entry.linked = false);
    assert_problem(&exchange(world.at, &world.post("", b"{}")), 404, "unknown-trigger");
    let wrong = world.post_with_wrong_key("Content-Length: 2\r\n", b"{}");
    assert_problem(&exchange(world.at, &wrong), 404, "unknown-trigger");
}

#[test]
fn a_registry_that_was_never_loaded_or_is_too_old_makes_503() {
    let world = World::start();
    let day = 24 * 60 * 60 * 1000;
    world.gateway.registry().replace(vec![world.entry.clone()], crate::world::now_ms() - day - 1000);
    assert!(!world.gateway.readiness().ready);
    let answer = exchange(world.at, &world.post("", b"{}"));
    assert_problem(&answer, 503, "unavailable");
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&seconds));
    world.gateway.registry().replace(vec![world.entry.clone()], crate::world::now_ms());
    assert!(world.gateway.readiness().ready);
    assert_eq!(exchange(world.at, &world.post("", b"{}")).status, 200);
    // Taken off the list, the address is unknown at once.
    world.gateway.registry().replace(Vec::new(), crate::world::now_ms());
    assert_problem(&exchange(world.at, &world.post("", b"{}")), 404, "unknown-trigger");
}

#[test]
fn the_registry_keeps_what_it_counted_of_the_triggers_that_stay() {
    let world = World::with(Default::default(), |entry| entry.state = TriggerState::Deactivated);
    exchange(world.at, &world.post("", b"{}"));
    let mut entry = world.entry.clone();
    entry.state = TriggerState::Active;
    let next = ApiKey::from_bytes([9; 32]);
    entry.keys.push((next.digest(), None));
    world.gateway.registry().replace(vec![entry.clone()], crate::world::now_ms());
    let counts = world.gateway.take_counts();
    assert_eq!(counts[0].refused_while_deactivated, 1);
    assert_eq!(counts[0].keys_used.len(), 1);
    // The second key is as good as the first; one that has run out is not.
    let with_next = request(
        &world.entry.address.path(),
        &format!("Content-Length: 2\r\nX-Api-Key: {}\r\n", next.reveal()),
        b"{}",
    );
    assert_eq!(exchange(world.at, &with_next).status, 200);
    entry.keys[1].1 = Some(crate::world::now_ms() - 1);
    world.gateway.registry().replace(vec![entry], crate::world::now_ms());
    assert_eq!(exchange(world.at, &with_next).status, 401);
    assert_eq!(exchange(world.at, &world.post("", b"{}")).status, 200);
}
