//! A database that is there and does not serve: it takes no writes, or it answers nothing. The gateway goes on, and what
//! it accepted starts afterwards.

use std::process::{Command, Stdio};
use std::time::Duration;

use e2e::api::{Api, Project, wait};
use e2e::ledger::Counter;
use e2e::load::Load;
use e2e::postgres::Database;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::Server;
use e2e::verify::Check;

use crate::support::{heavy, home, skip};

#[test]
fn a_database_that_takes_no_writes_or_hangs_holds_up_no_webhook() {
    let _alone = heavy();
    let name = "database_away";
    let Some(database) = Database::new(name).unwrap() else {
        return skip(name, "FOREBAY_TEST_POSTGRES is not set");
    };
    let (home, options) = home();
    let options = options.envs(&[database.store()]);
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let project = Project::make(&api, name).unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 16,
        seed: seed(name),
        first: 0,
        events: 1_000_000,
        rate: 800,
        ledger: home.path().join("ledger"),
    };
    let mut counter = Counter::new(&load.ledger);
    let mut sending = Sending::start(&load).unwrap();
    sending.reach(&mut counter, 1_000).unwrap();
    database.set_read_only(true).unwrap();
    sending.reach(&mut counter, 3_000).unwrap();
    database.set_read_only(false).unwrap();
    caught_up(&api);
    // every start waits for this lock: the statements hang, the connections stay
    let mut lock = Command::new("psql")
        .args(["-X", "-q", "-c", "BEGIN; LOCK TABLE started_event; SELECT pg_sleep(300)", &database.url()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let held = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = \
                'started_event'::regclass";
    wait(Duration::from_secs(30), "the lock is not taken", || Ok(database.run(held)? == "1")).unwrap();
    sending.reach(&mut counter, 3_000).unwrap();
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()").unwrap();
    lock.wait().unwrap();
    caught_up(&api);
    let summary = sending.stop().unwrap();
    let check = Check::of(&load, &project, &webhook);
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    eprintln!("database away: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert_eq!(summary.accepted, summary.sent, "the gateway needs no database: {summary:?}");
    server.stop().unwrap();
}

/// Waits until the runner is at most a second behind.
fn caught_up(api: &Api) {
    wait(Duration::from_secs(100), "the runner does not go on", || Ok(api.lag()? < 800.0)).unwrap();
}
