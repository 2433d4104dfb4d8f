//! Refused requests with the right key: recorded for the operator, up to a number.

use gateway::Settings;
use webhook::TriggerState;

use crate::client::exchange;
use crate::world::{World, request};

#[test]
fn each_kind_is_recorded_with_its_status_and_cause() {
    let world = World::with(Settings::default(), |entry| entry.rate_limit = Some(1000));
    let large = vec![b' '; 1_048_577];
    let mut expected = Vec::new();
    for (bytes, status, cause) in [
        (world.post("Content-Type: application/json\r\n", b"{oops"), 400, "not-json"),
        (world.post("", "[".repeat(101).as_bytes()), 400, "not-json"),
        (world.post("", ("[".repeat(101) + &"]".repeat(101)).as_bytes()), 400, "too-deep"),
        (request(&world.target(), "Content-Length: 9\r\n", b"{}"), 400, "malformed-request"),
        (world.post("Content-Encoding: gzip\r\n", b"zip"), 415, "unsupported-encoding"),
        (world.post("", &large), 413, "too-large"),
    ] {
        assert_eq!(exchange(world.at, &bytes).status, status, "{cause}");
        expected.push((status, cause));
    }
    let failures = world.failures(expected.len());
    let recorded: Vec<(u16, &str)> =
        failures.iter().map(|failure| (failure.status, failure.cause.as_str())).collect();
    assert_eq!(recorded, expected);
    assert_eq!(failures[0].event.body, b"{oops");
    assert!(!failures[0].truncated);
    assert_eq!(failures[0].event.address, world.entry.address);
    assert_eq!(failures[0].event.content_type.as_deref(), Some("application/json"));
    assert_eq!(failures[3].event.body, b"{}");
    assert!(failures[3].truncated);
    assert!(failures[4].event.body.is_empty(), "a body that is refused by its head is not read");
    assert!(failures[5].event.body.is_empty());
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
}

#[test]
fn of_a_large_body_the_beginning_is_kept() {
    let world = World::start();
    let mut body = vec![b'a'; 300_000];
    body[0] = b'"';
    exchange(world.at, &world.post("", &body));
    let failure = world.failures(1).remove(0);
    assert_eq!(failure.event.body, body[..65_536]);
    assert!(failure.truncated);
}

#[test]
fn beyond_so_many_in_a_minute_they_are_only_counted() {
    let settings = Settings { recorded_refusals_per_minute: 3, ..Settings::default() };
    let world = World::with(settings, |_| {});
    // A minute may begin in between; then there are twice as many records, and never more.
    for _ in 0..20 {
        exchange(world.at, &world.post("", b"oops"));
        exchange(world.at, &world.post("Content-Encoding: gzip\r\n", b"oops"));
    }
    let failures = world.failures(6);
    let not_json = failures.iter().filter(|failure| failure.cause == "not-json").count();
    assert!(not_json == 3 || not_json == 6, "{not_json}");
    let counts = world.gateway.take_counts();
    assert_eq!(counts[0].refused_unrecorded as usize, 40 - failures.len());
    assert!(world.gateway.take_counts().is_empty());
}

#[test]
fn a_stranger_s_and_a_deactivated_trigger_s_requests_are_never_recorded() {
    let world = World::start();
    for headers in ["Content-Length: 5\r\n", "Content-Encoding: gzip\r\nContent-Length: 5\r\n"] {
        exchange(world.at, &world.post_with_wrong_key(headers, b"{oops"));
    }
    let mut entry = world.entry.clone();
    entry.state = TriggerState::Deactivated;
    world.gateway.registry().replace(vec![entry], crate::world::now_ms());
    exchange(world.at, &world.post("", b"{oops"));
    // A recorded one afterwards shows that none came before it.
    world.gateway.registry().replace(vec![world.entry.clone()], crate::world::now_ms());
    exchange(world.at, &world.post("", b"last"));
    let failures = world.failures(1);
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].event.body, b"last");
}
