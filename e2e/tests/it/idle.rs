//! 10,000 idle connections and good traffic beside them, a burst of new ones, and what stays after a large event.

use std::time::{Duration, Instant};

use e2e::api::{Api, Draw};
use e2e::proc_stat;
use e2e::processes;
use e2e::server::Server;
use e2e::wire::Connection;
use rustix::process::Signal;

use crate::support::{JSON, LONG, accepted, heavy, home, instances_of, project, skip};

const IDLE: usize = 10_000;

#[test]
fn ten_thousand_idle_connections_do_not_disturb_the_others() {
    let _alone = heavy();
    let wanted = IDLE as u64 + 1_000;
    let got = rlimit::increase_nofile_limit(wanted).unwrap_or(0);
    if got < wanted {
        return skip(
            "ten_thousand_idle_connections_do_not_disturb_the_others",
            &format!("only {got} open files allowed"),
        );
    }
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let webhook = project(&Api::of(&server), "Idle").webhook("hook", &[&processes::straight]).unwrap();
    let request = Connection::request("POST", &webhook.target, JSON, b"{}");
    let begun = Instant::now();
    // each has been used once: a connection that never says anything is closed after five seconds
    let idle: Vec<Connection> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let one = |_| {
                        let mut connection = Connection::open(server.authority(), LONG).unwrap();
                        connection.send(&request).unwrap();
                        assert_eq!(connection.answer().unwrap().status, 200);
                        connection
                    };
                    (0..IDLE / 8).map(one).collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let opened = begun.elapsed();
    assert!(proc_stat::open_files(server.pid()) >= IDLE, "{} files", proc_stat::open_files(server.pid()));
    let mut good = Connection::open(server.authority(), LONG).unwrap();
    let mut times: Vec<Duration> = (0..500)
        .map(|_| {
            let begun = Instant::now();
            good.send(&request).unwrap();
            assert_eq!(good.answer().unwrap().status, 200);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let resident = proc_stat::resident(server.pid()) >> 20;
    eprintln!(
        "idle: {IDLE} opened in {opened:?}; beside them p50 {:?}, p99 {:?}; {resident} MiB resident",
        times[250], times[495]
    );
    assert!(times[495] < Duration::from_millis(500), "p99 {:?}", times[495]);
    assert_eq!(idle.len(), IDLE);
}

/// Senders that come all at once while the process is busy with something else are let in, not told to try later: their
/// systems would do so only after a second.
#[test]
fn a_burst_of_connections_waits_in_line() {
    const BURST: usize = 1_000;
    let _alone = heavy();
    let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap_or_default();
    if allowed.trim().parse::<usize>().unwrap_or(0) <= BURST {
        return skip("a_burst_of_connections_waits_in_line", "net.core.somaxconn is less than the burst");
    }
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let webhook = project(&Api::of(&server), "Burst").webhook("hook", &[&processes::straight]).unwrap();
    let request = Connection::request("POST", &webhook.target, JSON, b"{}");
    // it accepts nothing now
    server.signal(Signal::STOP).unwrap();
    let burst: Vec<_> = (0..BURST).map(|_| Connection::open(server.authority(), LONG)).collect();
    server.signal(Signal::CONT).unwrap();
    let waiting = burst.iter().filter(|opened| opened.is_ok()).count();
    assert_eq!(waiting, BURST);
    for mut connection in burst.into_iter().flatten() {
        connection.send(&request).unwrap();
        assert_eq!(connection.answer().unwrap().status, 200);
    }
}

/// What one large event has become in the script engines is not kept for as long as they live.
#[test]
fn a_large_event_leaves_the_memory_as_it_was() {
    const PROCESSES: usize = 24;
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let project = project(&Api::of(&server), "Large");
    let reading: Draw<'_> = &|source: &str| processes::condition(source, "webhookData.payload.amount > 100");
    let webhook = project.webhook("hook", &[reading; PROCESSES]).unwrap();
    let small = accepted(server.authority(), &webhook.target, br#"{"amount":250}"#);
    instances_of(&project.api, &project.id, &small, PROCESSES);
    let before = proc_stat::resident(server.pid()) >> 20;
    let list = r#"{"a":1},"#.repeat(130_000);
    let large = format!(r#"{{"amount":250,"l":[{list}0]}}"#);
    let large = accepted(server.authority(), &webhook.target, large.as_bytes());
    instances_of(&project.api, &project.id, &large, PROCESSES);
    let after = proc_stat::resident(server.pid()) >> 20;
    eprintln!("large: {before} MiB before, {after} MiB after an event of 1 MiB for {PROCESSES} processes");
    assert!(after < before + 250, "{before} MiB before, {after} MiB after");
}
