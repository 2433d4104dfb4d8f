//! Bar 8: clients that go away before the body, in the middle of it, after it, and before the answer.

use std::time::Duration;

use e2e::api::Api;
use e2e::body;
use e2e::proc_stat;
use e2e::processes;
use e2e::random::{Random, seed};
use e2e::server::{Options, Server};
use e2e::wire::Connection;

use crate::support::{JSON, LONG, accepted, heavy, home, parts, project};

const CLIENTS: u64 = 2_000;

#[test]
fn half_a_body_is_never_an_event_and_a_whole_one_is_one() {
    let _alone = heavy();
    let (_home, options) = home();
    clients_go(&options, 4);
}

#[test]
fn half_a_body_is_never_an_event_and_a_whole_one_is_one_on_kafka() {
    let _alone = heavy();
    let Some((_database, parts)) = parts("client_gone") else { return };
    let (_home, options) = home();
    // as many more as the pool of connections to the database may grow
    clients_go(&options.envs(&parts), 24);
}

/// `spare`: files that may be open in the end and were not in the beginning.
fn clients_go(options: &Options, spare: usize) {
    let server = Server::start(options).unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Gone");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    accepted(server.authority(), &webhook.target, b"{}");
    let files = proc_stat::open_files(server.pid());
    let seed = seed("client gone");
    let mut random = Random::new(seed);
    let (mut whole, mut partial) = (Vec::new(), 0);
    for client in 0..CLIENTS {
        let body = body::of(seed, client);
        let request = Connection::request("POST", &webhook.target, JSON, &body);
        let head = request.len() - body.len();
        let sent = match client % 4 {
            0 => random.below(head as u64 + 1) as usize,
            1 => head + random.below(body.len() as u64) as usize,
            _ => request.len(),
        };
        let mut connection = Connection::open(server.authority(), LONG).unwrap();
        let _ = connection.send(&request[..sent]);
        if sent == request.len() {
            whole.push(client);
        } else {
            partial += 1;
        }
        match client % 4 {
            2 => std::thread::sleep(Duration::from_micros(random.below(400))),
            // says that it has no more to send, and goes without reading
            3 => drop(connection.finish_sending()),
            _ => {}
        }
    }
    // whoever was accepted is there before the next one
    accepted(server.authority(), &webhook.target, b"{}");
    api.wait_drained(LONG).unwrap();
    let mut seen = Vec::new();
    api.each_instance(&project.id, &mut |instance| {
        let payload = api.payload(&project.id, &instance.id)?;
        if payload != b"{}" {
            let seq = body::seq_of(&payload).expect("a body of ours");
            assert_eq!(payload, body::of(seed, seq), "byte for byte");
            seen.push(seq);
        }
        Ok(())
    })
    .unwrap();
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "an event twice");
    assert!(seen.iter().all(|seq| whole.contains(seq)), "a part of a body became an event");
    eprintln!("client gone: {partial} partial, {} whole, {count} of them accepted", whole.len());
    // a client that closes may take its own unread request with it; most bodies had arrived
    assert!(count as u64 > CLIENTS / 4, "only {count} accepted");
    e2e::api::wait(LONG, "sockets stay open", || Ok(proc_stat::open_files(server.pid()) <= files + spare))
        .unwrap();
    assert_eq!(api.failed_triggers(&project.id).unwrap().iter().filter(|f| f.stage != "gateway").count(), 0);
}
