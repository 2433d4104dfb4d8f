//! SIGTERM under load: no accepted request is cut, and the end comes within ten seconds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use e2e::api::Api;
use e2e::load::{self, Load};
use e2e::processes;
use e2e::random::seed;
use e2e::sending;
use e2e::server::Server;
use e2e::verify::Check;

use crate::support::{LONG, heavy, home, project};

/// Whoever is told that it is ready may stop it at once, however late the machine is with the rest of the start.
#[test]
fn a_stop_in_the_first_moment_is_a_clean_one() {
    let (_home, options) = home();
    let server = Server::start(&options.failpoints("up::serving=sleep(500)")).unwrap();
    server.terminate().unwrap();
    let (status, _) = server.wait(LONG).unwrap();
    assert!(status.success(), "{status}");
}

#[test]
fn sigterm_under_load_cuts_no_accepted_request() {
    let _alone = heavy();
    let (home, options) = home();
    let server = Server::start(&options).unwrap();
    let project = project(&Api::of(&server), "Stop");
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 64,
        seed: seed("stop"),
        first: 0,
        events: 1_000_000,
        rate: 0,
        ledger: home.path().join("ledger"),
    };
    let stop = AtomicBool::new(false);
    let (summary, status, took) = std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(&load, &stop).unwrap());
        std::thread::sleep(Duration::from_secs(2));
        server.terminate().unwrap();
        let (status, took) = server.wait(Duration::from_secs(20)).unwrap();
        stop.store(true, Ordering::Relaxed);
        (sending.join().unwrap(), status, took)
    });
    eprintln!("stop: ended in {took:?} with {status}: {summary:?}");
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(summary.accepted > 1_000, "{summary:?}");
    assert!(summary.other.keys().all(|status| *status == 503), "{summary:?}");
    let server = Server::start(&options).unwrap();
    let check = Check {
        project: project.id,
        definitions: webhook.definitions,
        ledger: load.ledger,
        seed: load.seed,
        one_in: 100,
    };
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    eprintln!("stop: {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}");
    assert_eq!(verdict.unknown, 0, "accepted and then cut: {verdict:?}");
    // An idle connection may be closed in the moment in which its client begins the next request (RFC 9112 §9.5): at
    // most one on each, and never one that was accepted.
    assert!(verdict.unanswered <= 16, "{verdict:?}");
    server.stop().unwrap();
}
