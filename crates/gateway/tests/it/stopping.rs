//! Stopping without cutting off a request.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use gateway::Settings;

use crate::client::Client;
use crate::world::{World, request};

#[test]
fn what_was_begun_is_finished_and_idle_connections_are_closed() {
    let mut world = World::start();
    let mut idle = Client::connect(world.at);
    idle.send(&world.post("", b"1"));
    assert_eq!(idle.answer().unwrap().status, 200);
    let mut fresh = Client::connect(world.at);
    let mut half_head = Client::connect(world.at);
    let bytes = world.post("", b"{}");
    half_head.send(&bytes[..50]);
    let mut half_body = Client::connect(world.at);
    half_body.send(&request(&world.target(), "Content-Length: 2\r\n", b"{"));
    crate::world::eventually("the half body is there", || world.gateway.in_flight().1 == 1);
    std::thread::sleep(Duration::from_millis(50));

    world.begin_stop();
    assert!(idle.answer().is_none());
    assert!(fresh.answer().is_none());
    assert!(!world.gateway.readiness().ready);
    half_head.send(&bytes[50..]);
    let answer = half_head.answers().remove(0);
    assert_eq!((answer.status, answer.closes()), (200, true));
    half_body.send(b"}");
    let answer = half_body.answers().remove(0);
    assert_eq!((answer.status, answer.closes()), (200, true));
    let started = Instant::now();
    assert_eq!(world.stopped().aborted, 0);
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(world.events(3).len(), 3);
    assert!(TcpStream::connect(world.at).is_err());
}

#[test]
fn no_request_of_a_steady_load_is_cut_off() {
    for _ in 0..5 {
        let mut world = World::start();
        let bytes = world.post("", b"{}");
        let at = world.at;
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let bytes = bytes.clone();
                std::thread::spawn(move || {
                    let mut client = Client::connect(at);
                    for answered in 1.. {
                        client.send(&bytes);
                        let answer = client.answer().expect("a request was left without an answer");
                        assert_eq!(answer.status, 200);
                        if answer.closes() {
                            assert!(client.answer().is_none());
                            return answered;
                        }
                    }
                    0
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(100));
        world.begin_stop();
        assert_eq!(world.stopped().aborted, 0);
        let answered: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert!(answered > 16);
        assert_eq!(world.count(eventlog::Topic::WebhookEvents), answered);
    }
}

#[test]
fn connections_that_wait_to_be_accepted_are_served() {
    let mut world = World::start();
    let bytes = world.post("", b"{}");
    // Connected and sent before the stop, accepted or not.
    let mut clients: Vec<Client> = (0..200)
        .map(|_| {
            let mut client = Client::connect(world.at);
            client.send(&bytes);
            client
        })
        .collect();
    world.begin_stop();
    for client in &mut clients {
        assert_eq!(client.answer().unwrap().status, 200);
    }
    assert_eq!(world.stopped().aborted, 0);
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 200);
}

#[test]
fn who_does_not_finish_is_cut_off_in_the_end() {
    let settings = Settings { drain_timeout: Duration::from_millis(300), ..Settings::default() };
    let mut world = World::with(settings, |_| {});
    let mut client = Client::connect(world.at);
    client.send(&request(&world.target(), "Content-Length: 2\r\n", b"{"));
    crate::world::eventually("the half body is there", || world.gateway.in_flight().1 == 1);
    let started = Instant::now();
    world.begin_stop();
    assert_eq!(world.stopped().aborted, 1);
    assert!(started.elapsed() < Duration::from_secs(8));
    world.assert_at_rest();
}

#[test]
fn late_requests_on_an_open_connection_are_answered_503() {
    let settings = Settings { drain_grace: Duration::ZERO, ..Settings::default() };
    let mut world = World::with(settings, |_| {});
    let mut client = Client::connect(world.at);
    let bytes = world.post("", b"{}");
    client.send(&bytes[..50]);
    std::thread::sleep(Duration::from_millis(50));
    world.begin_stop();
    std::thread::sleep(Duration::from_millis(50));
    client.send(&bytes[50..]);
    let answer = client.answers().remove(0);
    assert_eq!((answer.status, answer.closes()), (503, true));
    assert_eq!(answer.json()["code"], "unavailable");
    assert_eq!(world.stopped().aborted, 0);
}
