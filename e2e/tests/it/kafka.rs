//! The event log on Kafka, the store in PostgreSQL: `kill -9` of Forebay and of the broker under load, and the control.

use std::time::Duration;

use e2e::api::{Api, Project, wait};
use e2e::kafka::Brokers;
use e2e::ledger::Counter;
use e2e::load::Load;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::{Server, is_ready};
use e2e::torture::Plan;
use e2e::verify::Check;

use crate::support::{heavy, home, parts, skip};

#[test]
fn nothing_is_lost_or_doubled_when_forebay_is_killed_on_kafka() {
    let _alone = heavy();
    let Some((_database, parts)) = parts("kafka_killed") else { return };
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &parts,
        events: 20_000,
        kills: 3,
        connections: 64,
        seed: seed("kill on Kafka"),
        one_in: 50,
        failpoints: "",
        between: &|_| Ok(()),
    };
    let outcome = plan.run().unwrap();
    eprintln!("kill on Kafka: {}", serde_json::to_string(&outcome).unwrap());
    let verdict = &outcome.verdict;
    assert!(verdict.is_good(), "{verdict:?}");
    assert!(verdict.accepted > 18_000, "{verdict:?}");
    assert_eq!(verdict.instances, 2 * (verdict.accepted + verdict.unknown));
    for file in ["store.sqlite", "events.sqlite"] {
        assert!(!home.path().join("data").join(file).exists(), "{file} is there");
    }
}

#[test]
fn without_the_unique_index_the_checker_finds_duplicates_on_kafka() {
    let _alone = heavy();
    let Some((database, parts)) = parts("kafka_no_index") else { return };
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &parts,
        events: 3_000,
        kills: 1,
        connections: 16,
        seed: seed("control: no unique index, Kafka"),
        one_in: 0,
        failpoints: "",
        between: &|_| {
            database.run("DROP INDEX IF EXISTS started_event_once")?;
            database.run("DELETE FROM log_position")?;
            Ok(())
        },
    };
    let verdict = plan.run().unwrap().verdict;
    eprintln!("control: no unique index, Kafka: {verdict:?}");
    assert!(verdict.duplicate > 0, "{verdict:?}");
}

/// What the broker had acknowledged starts once it is back; what it had not was answered 503, or nothing was known.
#[test]
fn the_broker_is_killed_and_nothing_is_lost_or_doubled() {
    let _alone = heavy();
    let Some((_database, parts)) = parts("broker_killed") else { return };
    let Some(broker) = Brokers::of_run() else {
        return skip("broker_killed", "FOREBAY_TEST_KAFKA_DIR is not set");
    };
    let (home, options) = home();
    let options = options.envs(&parts);
    let server = Server::start(&options).unwrap();
    let project = Project::make(&Api::of(&server), "Broker").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 32,
        seed: seed("broker killed"),
        first: 0,
        events: 1_000_000,
        rate: 2_000,
        ledger: home.path().join("ledger"),
    };
    let mut counter = Counter::new(&load.ledger);
    let mut sending = Sending::start(&load).unwrap();
    for _ in 0..2 {
        sending.reach(&mut counter, 4_000).unwrap();
        broker.kill(0).unwrap();
        sending.reach(&mut counter, 500).unwrap();
        broker.start_again().unwrap();
        ready(&server);
    }
    sending.reach(&mut counter, 4_000).unwrap();
    let summary = sending.stop().unwrap();
    let check = Check::of(&load, &project, &webhook);
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    eprintln!("broker killed: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert!(summary.accepted >= 4_000, "{summary:?}");
    assert!(summary.sent > summary.accepted, "the broker was never missed: {summary:?}");
    server.stop().unwrap();
}

/// Waits until webhooks are taken again.
fn ready(server: &Server) {
    wait(Duration::from_secs(60), "the broker is back, and webhooks are not taken", || {
        Ok(is_ready(server.authority()))
    })
    .unwrap();
}
