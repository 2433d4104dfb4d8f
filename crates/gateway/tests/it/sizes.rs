//! Sizes of bodies, however they are declared.

use std::io::Write;

use crate::client::{Client, exchange};
use crate::world::{World, chunked, request};

const MIB: usize = 1_048_576;

fn json_of(length: usize) -> Vec<u8> {
    let mut body = vec![b'a'; length];
    body[0] = b'"';
    body[length - 1] = b'"';
    body
}

#[test]
fn a_body_of_exactly_one_mebibyte_is_accepted() {
    let world = World::start();
    let body = json_of(MIB);
    assert_eq!(exchange(world.at, &world.post("", &body)).status, 200);
    for size in [MIB, 65_536, 1000] {
        let bytes = request(&world.target(), "Transfer-Encoding: chunked\r\n", &chunked(&body, size));
        assert_eq!(exchange(world.at, &bytes).status, 200, "chunks of {size}");
    }
    for event in world.events(4) {
        assert!(event.body == body);
    }
    world.assert_at_rest();
}

#[test]
fn one_byte_more_is_refused() {
    let world = World::start();
    let body = json_of(MIB + 1);
    // By its declared length, before a byte of it was sent.
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), &format!("Content-Length: {}\r\n", body.len()), b""));
    let answer = client.answer().unwrap();
    assert_eq!((answer.status, answer.closes()), (413, true));
    // The same while the body is coming.
    let answer = exchange(world.at, &world.post("", &body));
    assert_eq!((answer.status, answer.closes()), (413, true));
    for size in [MIB + 1, 65_536, 1000] {
        let bytes = request(&world.target(), "Transfer-Encoding: chunked\r\n", &chunked(&body, size));
        let answer = exchange(world.at, &bytes);
        assert_eq!((answer.status, answer.closes()), (413, true), "chunks of {size}");
    }
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
    world.assert_at_rest();
}

#[test]
fn an_endless_body_is_refused_and_the_sender_sees_it() {
    let world = World::start();
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Transfer-Encoding: chunked\r\n", b""));
    let mut sent = 0;
    let chunk = chunked(&vec![b'1'; 16_384], 16_384);
    let chunk = &chunk[..chunk.len() - 5];
    // Stops as soon as the other side has closed; but that is after the limit.
    while sent < 64 * MIB && client.stream.write_all(chunk).is_ok() {
        sent += 16_384;
        if sent > 2 * MIB {
            break;
        }
    }
    let answer = client.answer().unwrap();
    assert_eq!((answer.status, answer.closes()), (413, true));
}

#[test]
fn a_length_that_promises_too_much_is_a_body_that_broke_off() {
    let world = World::start();
    let bytes = request(&world.target(), "Content-Length: 10\r\n", b"{}");
    let answer = exchange(world.at, &bytes);
    assert_eq!((answer.status, answer.closes()), (400, true));
    assert_eq!(answer.json()["code"], "malformed-request");
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
}

#[test]
fn a_length_that_promises_too_little_ends_the_body() {
    let world = World::start();
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Content-Length: 2\r\n", b"{}garbage\r\n\r\n"));
    let statuses: Vec<u16> = client.answers().iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 400]);
    assert_eq!(world.events(1)[0].body, b"{}");
}

#[test]
fn a_client_that_asks_first_is_told_before_it_sends() {
    let world = World::start();
    let expect = "Expect: 100-continue\r\n";
    // The right key: go on, then 200.
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), &format!("{expect}Content-Length: 2\r\n"), b""));
    assert_eq!(client.raw(), b"HTTP/1.1 100 Continue\r\n\r\n");
    client.send(b"{}");
    assert_eq!(client.answer().unwrap().status, 200);
    // A wrong key, or too large a body: the final answer at once.
    let mut client = Client::connect(world.at);
    client.send(&world.post_with_wrong_key(&format!("{expect}Content-Length: 2\r\n"), b""));
    assert_eq!(client.answers()[0].status, 401);
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), &format!("{expect}Content-Length: 1048577\r\n"), b""));
    assert_eq!(client.answers()[0].status, 413);
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), &format!("{expect}Transfer-Encoding: chunked\r\n"), b""));
    assert_eq!(client.raw(), b"HTTP/1.1 100 Continue\r\n\r\n");
    client.send(b"2\r\n{}\r\n0\r\n\r\n");
    assert_eq!(client.answer().unwrap().status, 200);
}

#[test]
fn large_bodies_with_a_wrong_key_are_refused_before_they_are_read() {
    let world = World::start();
    let body = vec![b'x'; MIB];
    let before = resident_bytes();
    let mut clients = Vec::new();
    for number in 0..200 {
        let mut client = Client::connect(world.at);
        if number % 2 == 0 {
            client.send(&world.post_with_wrong_key(&format!("Content-Length: {MIB}\r\n"), b""));
        } else {
            client.send(&world.post_with_wrong_key("Transfer-Encoding: chunked\r\n", b""));
        }
        clients.push(client);
    }
    // Nothing of any body was sent yet.
    for client in &mut clients {
        let answer = client.answer().unwrap();
        assert_eq!((answer.status, answer.closes()), (401, true));
    }
    assert_eq!(world.gateway.in_flight(), (0, 0));
    // Who sends on regardless meets no reset.
    for (number, client) in clients.iter_mut().enumerate().take(20) {
        client.send(&if number % 2 == 0 { body.clone() } else { chunked(&body, 8192) });
        client.end_of_sending();
        assert!(client.answer().is_none());
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 20 * MIB, "{grown} bytes more");
}

#[test]
fn a_chunked_upload_with_a_wrong_key_sees_401_and_no_reset() {
    let world = World::start();
    let body = chunked(&vec![b'1'; MIB], 4096);
    for _ in 0..20 {
        let answer = exchange(world.at, &world.post_with_wrong_key("Transfer-Encoding: chunked\r\n", &body));
        assert_eq!((answer.status, answer.closes()), (401, true));
    }
}

fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("VmRSS: 0 kB");
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}
