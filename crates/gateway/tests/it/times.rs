//! Slow senders and silent connections, with limits short enough to wait for.

use std::io::Write;
use std::time::{Duration, Instant};

use gateway::Settings;

use crate::client::Client;
use crate::world::{World, chunked, eventually, request};

fn short() -> Settings {
    Settings {
        head_timeout: Duration::from_millis(300),
        body_timeout: Duration::from_millis(900),
        body_grace: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(400),
        linger_timeout: Duration::from_millis(300),
        write_timeout: Duration::from_millis(300),
        ..Settings::default()
    }
}

#[test]
fn a_connection_that_says_nothing_is_closed_without_a_word() {
    let world = World::with(short(), |_| {});
    let started = Instant::now();
    let mut client = Client::connect(world.at);
    assert!(client.answers().is_empty());
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_head_that_dribbles_in_is_answered_408() {
    let world = World::with(short(), |_| {});
    for from in [0, 30, 200] {
        let mut client = Client::connect(world.at);
        let bytes = world.post("X-Slow: yes\r\n", b"{}");
        client.send(&bytes[..from]);
        let started = Instant::now();
        // The time is that of the whole head: every byte being prompt does not help.
        let mut sent = from;
        while sent < bytes.len() && started.elapsed() < Duration::from_millis(600) {
            client.send(&bytes[sent..=sent]);
            sent += 1;
            std::thread::sleep(Duration::from_millis(20));
        }
        let answers = client.answers();
        assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [408]);
        assert!(answers[0].closes());
        assert_eq!(answers[0].json()["code"], "timeout");
    }
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
}

#[test]
fn a_second_head_has_its_time_from_its_first_byte() {
    let world = World::with(short(), |_| {});
    let mut client = Client::connect(world.at);
    client.send(&world.post("", b"1"));
    assert_eq!(client.answer().unwrap().status, 200);
    std::thread::sleep(Duration::from_millis(200));
    client.send(b"POST /");
    let started = Instant::now();
    assert_eq!(client.answers()[0].status, 408);
    assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
}

#[test]
fn a_body_that_stops_or_dribbles_is_answered_408() {
    let world = World::with(short(), |_| {});
    // Nothing of the body.
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Content-Length: 2\r\n", b""));
    let answer = client.answers().remove(0);
    assert_eq!((answer.status, answer.closes()), (408, true));
    // Slower than the least rate.
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Transfer-Encoding: chunked\r\n", b""));
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(600) && client.stream.write_all(b"1\r\n1\r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.answers()[0].status, 408);
    world.assert_at_rest();
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
    // Both had the right key.
    let failures = world.failures(2);
    assert!(failures.iter().all(|failure| failure.status == 408 && failure.truncated));
    assert!(failures.iter().any(|failure| failure.event.body.starts_with(b"111")));
}

#[test]
fn a_body_that_is_fast_enough_may_be_slow() {
    let world = World::with(short(), |_| {});
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Transfer-Encoding: chunked\r\n", b""));
    let piece = chunked(&[b'1'; 400], 400);
    for _ in 0..6 {
        client.send(&piece[..piece.len() - 5]);
        std::thread::sleep(Duration::from_millis(70));
    }
    client.send(b"0\r\n\r\n");
    assert_eq!(client.answer().unwrap().status, 200);
}

#[test]
fn a_body_has_a_longest_time_however_fast_it_is() {
    let world = World::with(short(), |_| {});
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Transfer-Encoding: chunked\r\n", b""));
    let piece = chunked(&[b'1'; 400], 400);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3)
        && client.stream.write_all(&piece[..piece.len() - 5]).is_ok()
    {
        std::thread::sleep(Duration::from_millis(30));
        if started.elapsed() > Duration::from_millis(1100) {
            break;
        }
    }
    assert_eq!(client.answers()[0].status, 408);
}

#[test]
fn an_idle_connection_is_kept_for_a_while() {
    let world = World::with(short(), |_| {});
    let mut client = Client::connect(world.at);
    for _ in 0..4 {
        client.send(&world.post("", b"1"));
        assert_eq!(client.answer().unwrap().status, 200);
        std::thread::sleep(Duration::from_millis(200));
    }
    let started = Instant::now();
    assert!(client.answer().is_none());
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_thousand_slow_connections_hold_up_nobody_and_are_gone_in_time() {
    let world = World::with(short(), |_| {});
    let mut slow = Vec::new();
    for number in 0..1000 {
        let mut client = Client::connect(world.at);
        match number % 4 {
            0 => {}
            1 => client.send(b"POST /webhooks"),
            2 => client.send(&request(&world.target(), "Content-Length: 100\r\n", b"1")),
            _ => client.send(&world.post_with_wrong_key("Content-Length: 100\r\n", b"1")),
        }
        slow.push(client);
    }
    let mut good = Client::connect(world.at);
    for _ in 0..20 {
        good.send(&world.post("", b"1"));
        assert_eq!(good.answer().unwrap().status, 200);
    }
    for (number, client) in slow.iter_mut().enumerate() {
        let statuses: Vec<u16> = client.answers().iter().map(|answer| answer.status).collect();
        let expected: &[u16] = match number % 4 {
            0 => &[],
            1 | 2 => &[408],
            _ => &[401],
        };
        assert_eq!(statuses, expected, "{number}");
    }
    world.assert_at_rest();
}

#[test]
fn a_client_that_never_reads_is_let_go() {
    let mut world = World::with(short(), |_| {});
    let mut client = Client::connect(world.at);
    client.stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    // The answers fill both systems' buffers; then the gateway stops reading, and our writing fails.
    let many = world.post_with_wrong_key("Content-Length: 0\r\n", b"").repeat(100);
    let started = Instant::now();
    while client.stream.write_all(&many).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(20), "the gateway reads on and on");
    }
    world.begin_stop();
    // Nothing of it is left that a stopping gateway would have to wait for.
    assert_eq!(world.stopped().aborted, 0);
    eventually("stopped", || true);
}
