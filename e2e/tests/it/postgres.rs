//! The store in PostgreSQL: `kill -9` of Forebay and of the database under load, the control, and two processes on
//! one database.

use std::fs;

use e2e::api::{Api, Project};
use e2e::ledger::Counter;
use e2e::load::Load;
use e2e::postgres::{Database, STORE, Server as Postgres};
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::{Options, Server, TOKEN, forebay};
use e2e::torture::Plan;
use e2e::verify::Check;

use crate::support::{heavy, home, skip};

fn database(name: &str) -> Option<Database> {
    let made = Database::new(name).unwrap();
    if made.is_none() {
        skip(name, "FOREBAY_TEST_POSTGRES is not set");
    }
    made
}

#[test]
fn nothing_is_lost_or_doubled_when_forebay_is_killed_on_postgresql() {
    let _alone = heavy();
    let Some(database) = database("forebay_killed") else { return };
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &[database.store()],
        events: 20_000,
        kills: 4,
        connections: 64,
        seed: seed("kill on PostgreSQL"),
        one_in: 50,
        failpoints: "",
        between: &|_| Ok(()),
    };
    let outcome = plan.run().unwrap();
    eprintln!("kill on PostgreSQL: {}", serde_json::to_string(&outcome).unwrap());
    let verdict = &outcome.verdict;
    assert!(verdict.is_good(), "{verdict:?}");
    assert!(verdict.accepted > 18_000, "{verdict:?}");
    assert_eq!(verdict.instances, 2 * (verdict.accepted + verdict.unknown));
    assert!(!home.path().join("data/store.sqlite").exists(), "the store was a file");
}

#[test]
fn without_the_unique_index_of_postgresql_the_checker_finds_duplicates() {
    let _alone = heavy();
    let Some(database) = database("forebay_no_index") else { return };
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &[database.store()],
        events: 3_000,
        kills: 1,
        connections: 16,
        seed: seed("control: no unique index on PostgreSQL"),
        one_in: 0,
        failpoints: "",
        between: &|_| {
            database.run("DROP INDEX started_event_once")?;
            database.run("DELETE FROM log_position")?;
            Ok(())
        },
    };
    let verdict = plan.run().unwrap().verdict;
    eprintln!("control: no unique index on PostgreSQL: {verdict:?}");
    assert!(verdict.duplicate > 0, "{verdict:?}");
}

/// The gateway goes on accepting while the database is dead, and what it accepted starts once it is back.
#[test]
fn the_database_is_killed_and_nothing_is_lost_or_doubled() {
    let _alone = heavy();
    let Some(database) = database("database_killed") else { return };
    let Some(postgres) = Postgres::of_run() else {
        return skip("database_killed", "FOREBAY_TEST_POSTGRES_DIR is not set");
    };
    let (home, options) = home();
    let options = options.envs(&[database.store()]);
    let server = Server::start(&options).unwrap();
    let project = Project::make(&Api::of(&server), "Database").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 32,
        seed: seed("database killed"),
        first: 0,
        events: 1_000_000,
        rate: 2_000,
        ledger: home.path().join("ledger"),
    };
    let mut counter = Counter::new(&load.ledger);
    let mut sending = Sending::start(&load).unwrap();
    for _ in 0..3 {
        sending.reach(&mut counter, 2_000).unwrap();
        postgres.kill().unwrap();
        sending.reach(&mut counter, 1_000).unwrap();
        postgres.start_again().unwrap();
    }
    let summary = sending.stop().unwrap();
    let check = Check::of(&load, &project, &webhook);
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    eprintln!("database killed: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert_eq!(
        summary.accepted, summary.sent,
        "the gateway refused while the database was away: {summary:?}"
    );
    assert!(summary.accepted >= 9_000, "{summary:?}");
    server.stop().unwrap();
}

/// Another folder has another event log: its process is refused as long as the first one lives.
#[test]
fn a_second_process_with_a_log_of_its_own_is_refused() {
    let _alone = heavy();
    let Some(database) = database("second_process") else { return };
    let (home, options) = home();
    let options = options.envs(&[database.store()]);
    let server = Server::start(&options).unwrap();
    let other = Options::new(&home.path().join("other")).envs(&[database.store()]);
    let mut child = other.spawn().unwrap();
    let status = child.wait().unwrap();
    let said = fs::read_to_string(&other.log).unwrap();
    assert_eq!(status.code(), Some(74), "{said}");
    assert!(said.contains("another Forebay with an embedded event log works on this database"), "{said}");
    // the command line works beside it
    let output = std::process::Command::new(forebay().unwrap())
        .args(["token", "--data"])
        .arg(&options.data)
        .envs([database.store()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_ne!(String::from_utf8_lossy(&output.stdout).trim(), TOKEN);
    server.stop().unwrap();
}

/// A password never reaches the log, not even where the server cannot be reached.
#[test]
fn the_password_of_the_store_is_told_nobody() {
    let (_home, options) = home();
    for url in ["postgres://forebay:hunter22@127.0.0.1:9/none", "postgres//forebay:hunter22@127.0.0.1"] {
        let options = options.clone().env(STORE, url);
        let status = options.spawn().unwrap().wait().unwrap();
        let said = fs::read_to_string(&options.log).unwrap();
        assert!(!status.success() && !said.contains("hunter22"), "{said}");
        assert!(said.contains("store"), "{said}");
    }
}
