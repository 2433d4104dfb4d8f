//! Clients that hang up.

use std::collections::HashSet;
use std::time::Duration;

use gateway::Settings;

use crate::client::{Client, exchange};
use crate::world::{World, eventually, request};

/// Clients for each moment.
const CLIENTS: usize = 150;

/// How a client goes: by a reset, or properly.
fn hang_up(client: Client, number: usize) {
    if number.is_multiple_of(2) {
        // Unread input or not: with zero linger the system sends a reset.
        let _ = socket_reset(&client);
    }
    drop(client);
}

fn socket_reset(client: &Client) -> std::io::Result<()> {
    // The standard library cannot set SO_LINGER; tokio's socket can.
    let stream = client.stream.try_clone()?;
    stream.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _entered = runtime.enter();
    tokio::net::TcpStream::from_std(stream)?.set_zero_linger()
}

#[test]
fn half_a_body_is_never_appended_and_a_whole_one_once() {
    let world = World::with(Settings { idle_timeout: Duration::from_secs(5), ..Settings::default() }, |_| {});
    let mut whole = HashSet::new();
    for number in 0..CLIENTS {
        let body = format!("{{\"number\":{number}}}");
        let full = world.post("", body.as_bytes());
        let head = full.len() - body.len();
        // Before the body.
        let mut client = Client::connect(world.at);
        client.send(&full[..head]);
        hang_up(client, number);
        // In the middle of the body, of known and of unknown length.
        let mut client = Client::connect(world.at);
        client.send(&full[..head + 5]);
        hang_up(client, number);
        let mut client = Client::connect(world.at);
        client.send(&request(&world.target(), "Transfer-Encoding: chunked\r\n", b"1\r\n1\r\n"));
        hang_up(client, number);
        // After the body, whose answer nobody waits for: closed properly, so that all bytes arrive.
        let mut client = Client::connect(world.at);
        client.send(&full);
        drop(client);
        whole.insert(body.into_bytes());
    }
    let events = world.events(CLIENTS);
    world.assert_at_rest();
    // Nothing comes later either.
    assert_eq!(exchange(world.at, &world.post("", b"\"last\"")).status, 200);
    whole.insert(b"\"last\"".to_vec());
    let events: Vec<Vec<u8>> = if events.len() == CLIENTS + 1 { events } else { world.events(CLIENTS + 1) }
        .into_iter()
        .map(|event| event.body)
        .collect();
    assert_eq!(events.len(), CLIENTS + 1);
    assert_eq!(events.into_iter().collect::<HashSet<_>>(), whole);
}

#[test]
fn who_is_gone_before_the_answer_leaves_nothing_behind() {
    let world = World::start();
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut client = Client::connect(world.at);
        client.send(&world.post("", format!("{number}").as_bytes()));
        clients.push(client);
    }
    for (number, client) in clients.into_iter().enumerate() {
        hang_up(client, number);
    }
    // A reset may overtake a request that was not read yet; what was read is appended, and at most once.
    world.assert_at_rest();
    let events = world.events(0);
    let bodies: HashSet<Vec<u8>> = events.iter().map(|event| event.body.clone()).collect();
    assert_eq!(bodies.len(), events.len());
    eventually("the gateway serves on", || exchange(world.at, &world.post("", b"1")).status == 200);
}
