//! Bodies with a content encoding: refused before anything of them is read.

use crate::client::{Client, exchange};
use crate::world::{World, request};

#[test]
fn every_encoding_but_identity_is_refused() {
    let world = World::start();
    for value in
        ["gzip", "deflate", "br", "zstd", "compress", "x-gzip", "GZIP", "gzip, gzip", "identity, gzip"]
    {
        let headers = format!("Content-Encoding: {value}\r\n");
        let answer = exchange(world.at, &world.post(&headers, b"\x1f\x8b\x08\x00"));
        assert_eq!(answer.status, 415, "{value}");
        assert_eq!(answer.json()["code"], "unsupported-encoding");
    }
    let twice = "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n";
    assert_eq!(exchange(world.at, &world.post(twice, b"{}")).status, 415);
    for value in ["identity", "IDENTITY", "", "identity, identity"] {
        let headers = format!("Content-Encoding: {value}\r\n");
        assert_eq!(exchange(world.at, &world.post(&headers, b"{}")).status, 200, "{value}");
    }
}

#[test]
fn a_bomb_is_refused_by_its_head() {
    let world = World::start();
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Content-Encoding: gzip\r\nContent-Length: 1000000\r\n", b""));
    // Nothing of the body was sent, and the answer is there.
    let answer = client.answer().unwrap();
    assert_eq!(answer.status, 415);
    assert!(answer.closes());
    assert_eq!(world.gateway.in_flight(), (0, 0));
}

#[test]
fn a_stranger_s_encoding_is_not_looked_at() {
    let world = World::start();
    let bytes = world.post_with_wrong_key("Content-Encoding: gzip\r\nContent-Length: 2\r\n", b"{}");
    assert_eq!(exchange(world.at, &bytes).status, 401);
}
