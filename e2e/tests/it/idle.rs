//! 10,000 idle connections, and good traffic beside them.

use std::time::{Duration, Instant};

use e2e::api::Api;
use e2e::proc_stat;
use e2e::processes;
use e2e::server::Server;
use e2e::wire::Connection;

use crate::support::{JSON, LONG, heavy, home, project, skip};

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
