//! Bar 4: a crash, an error and a delay at every step of the walk, each followed by a restart, every other one with
//! the position in the log forgotten; then the count.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::api::Api;
use e2e::failpoints;
use e2e::load::{self, Load};
use e2e::processes;
use e2e::random::{Random, seed};
use e2e::sending;
use e2e::server::{Options, Server};
use e2e::store_file;
use e2e::verify::Check;

use crate::support::{heavy, home, project};

/// What a fail point does; `{n}` is how many passes go well before.
const ACTIONS: [&str; 4] = [
    // the step panics, once
    "{n}*off->1*panic(by design)->off",
    // the step fails, three times
    "{n}*off->3*return->off",
    // the step is slow
    "{n}*off->2*sleep(150)->off",
    // the process is killed in the middle of the step
    "{n}*off->1*sleep(60000)->off",
];

/// Events for each case.
const EVENTS: u64 = 40;

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    let _alone = heavy();
    let steps = failpoints::steps().unwrap();
    assert!(steps.len() >= 6, "fail points are missing: {steps:?}");
    let (home, plain) = home();
    let seed = seed("crash at every step");
    let mut random = Random::new(seed);
    let server = Server::start(&plain).unwrap();
    let project = project(&Api::of(&server), "Steps");
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    server.stop().unwrap();
    let mut load = Load {
        address_file: plain.address_file(),
        target: webhook.target.clone(),
        connections: 4,
        seed,
        first: 0,
        events: EVENTS,
        rate: 0,
        ledger: home.path().join("ledger"),
    };
    let check = Check {
        project: project.id.clone(),
        definitions: webhook.definitions,
        ledger: load.ledger.clone(),
        seed,
        one_in: 7,
    };
    let mut cases = 0;
    for step in &steps {
        for action in ACTIONS {
            let action = action.replace("{n}", &(1 + random.below(12)).to_string());
            one_case(&plain.clone().failpoints(&format!("{step}={action}")), &load);
            load.first += EVENTS;
            cases += 1;
            if cases % 2 == 0 {
                store_file::wipe_positions(&plain.data).unwrap();
            }
        }
        // after each step's cases all that was ever accepted must be there, once
        let server = Server::start(&plain).unwrap();
        let verdict = sending::verify(&plain.address_file(), &check).unwrap();
        assert!(verdict.is_good(), "{step}: {verdict:?}\n{}", server.log());
        server.kill();
    }
    let server = Server::start(&plain).unwrap();
    let verdict = sending::verify(&plain.address_file(), &check).unwrap();
    eprintln!("crash at every step: {} steps, {cases} cases: {verdict:?}", steps.len());
    assert!(verdict.accepted > EVENTS * cases / 2, "{verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}");
    server.stop().unwrap();
    assert_eq!(store_file::integrity(&plain.data, "store.sqlite").unwrap(), "ok");
    assert_eq!(store_file::integrity(&plain.data, "events.sqlite").unwrap(), "ok");
}

/// One server with one fail point: load on it until all is sent, it has ended or time is up; then SIGKILL.
fn one_case(options: &Options, load: &Load) {
    let Ok(mut server) = Server::start(options) else {
        // the step is part of the start: that is a crash like any other
        return;
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(load, &stop).unwrap());
        let begun = Instant::now();
        while !sending.is_finished()
            && server.ended().is_none()
            && begun.elapsed() < Duration::from_millis(1200)
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        // let the runner come to the step too
        std::thread::sleep(Duration::from_millis(60));
        stop.store(true, Ordering::Relaxed);
        server.kill();
    });
}
