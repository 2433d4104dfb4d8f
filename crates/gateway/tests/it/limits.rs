//! The gateway's own limits and a trigger's rate limit.

use std::time::{Duration, Instant};

use gateway::Settings;

use crate::client::{Client, exchange};
use crate::world::{World, eventually, request};

#[test]
fn a_trigger_s_rate_limit_is_answered_429() {
    let world = World::with(Settings::default(), |entry| entry.rate_limit = Some(5));
    let started = Instant::now();
    let answers: Vec<_> = (0..30).map(|_| exchange(world.at, &world.post("", b"1"))).collect();
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    let most = 5 + (started.elapsed().as_millis() as usize * 5).div_ceil(1000);
    assert!((5..=most).contains(&accepted), "{accepted} of at most {most}");
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.json()["code"], "rate-limited");
    assert_eq!(refused.header("retry-after"), Some("1"));
    // A stranger cannot use up the trigger's limit.
    let world = World::with(Settings::default(), |entry| entry.rate_limit = Some(1));
    for _ in 0..10 {
        assert_eq!(exchange(world.at, &world.post_with_wrong_key("Content-Length: 0\r\n", b"")).status, 401);
    }
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 200);
    // A new registry with the same limit does not fill it up again.
    world.gateway.registry().replace(vec![world.entry.clone()], crate::world::now_ms());
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 429);
}

#[test]
fn requests_beyond_those_that_may_wait_are_answered_503_at_once() {
    let settings = Settings { waiting_requests: 3, ..Settings::default() };
    let world = World::with(settings, |_| {});
    let mut waiting: Vec<Client> = (0..3)
        .map(|_| {
            let mut client = Client::connect(world.at);
            client.send(&request(&world.target(), "Content-Length: 2\r\n", b"{"));
            client
        })
        .collect();
    eventually("three wait", || world.gateway.in_flight().0 == 3);
    let answer = exchange(world.at, &world.post("", b"1"));
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["code"], "unavailable");
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&seconds));
    for client in &mut waiting {
        client.send(b"}");
        assert_eq!(client.answer().unwrap().status, 200);
    }
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 200);
    world.assert_at_rest();
    // A refusal for a limit of ours is no failed trigger.
    assert!(world.failures(0).is_empty());
}

#[test]
fn body_bytes_beyond_those_that_may_be_in_flight_are_answered_503() {
    let settings = Settings { waiting_body_bytes: 100_000, ..Settings::default() };
    let world = World::with(settings, |_| {});
    let mut first = Client::connect(world.at);
    let mut body = vec![b' '; 90_000];
    body.push(b'1');
    first.send(&request(&world.target(), "Content-Length: 90001\r\n", &body[..90_000]));
    eventually("the first body is there", || world.gateway.in_flight().1 == 90_000);
    let answer = exchange(world.at, &world.post("", &body));
    assert_eq!((answer.status, answer.closes()), (503, true));
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 200);
    first.send(b"1");
    assert_eq!(first.answer().unwrap().status, 200);
    world.assert_at_rest();
}

#[test]
fn retry_after_is_spread() {
    let settings = Settings { waiting_requests: 0, ..Settings::default() };
    let world = World::with(settings, |_| {});
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let answer = exchange(world.at, &world.post("", b"1"));
        seen.insert(answer.header("retry-after").unwrap().parse::<u32>().unwrap());
    }
    assert_eq!(seen, (1..=10).collect());
}

#[test]
fn connections_beyond_the_limit_are_told_503_and_no_reset() {
    for settings in [
        Settings { connections: 5, ..Settings::default() },
        Settings { connections_per_address: 5, ..Settings::default() },
    ] {
        let world = World::with(settings, |_| {});
        let mut held: Vec<Client> = (0..5).map(|_| Client::connect(world.at)).collect();
        for client in &mut held {
            client.send(&world.post("", b"1"));
            assert_eq!(client.answer().unwrap().status, 200);
        }
        for _ in 0..20 {
            let answer = exchange(world.at, &world.post("", b"1"));
            assert_eq!((answer.status, answer.closes()), (503, true));
            assert_eq!(answer.json()["code"], "unavailable");
            assert!(answer.header("x-request-id").is_some());
        }
        // The others are served on, and a place that is left can be taken.
        held.pop();
        let deadline = Instant::now() + Duration::from_secs(20);
        while exchange(world.at, &world.post("", b"1")).status != 200 {
            assert!(Instant::now() < deadline, "the place was not given back");
        }
        for client in &mut held {
            client.send(&world.post("", b"1"));
            assert_eq!(client.answer().unwrap().status, 200);
        }
    }
}
