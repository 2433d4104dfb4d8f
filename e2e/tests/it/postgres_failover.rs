//! A failover to a standby that lagged: transactions that Forebay was told are committed are gone. The events are in the
//! log, so what was forgotten starts again, once; and the control.

use std::time::Duration;

use e2e::api::{Api, Project};
use e2e::ledger::Counter;
use e2e::load::{Load, Summary};
use e2e::metrics;
use e2e::postgres::{Database, Server as Postgres};
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::Server;
use e2e::verify::{Check, Verdict};

use crate::support::{heavy, home, skip};

struct Outcome {
    summary: Summary,
    verdict: Verdict,
    /// How often the runner saw it.
    rollbacks: Option<f64>,
    /// The server's last words.
    words: String,
}

/// Sends all the time; the database loses what it committed in the middle of it, and `then_idle` once more when nothing
/// is sent any more. `None` where there is no server of our own.
fn lose_the_tail(name: &str, failpoints: &str, then_idle: bool) -> Option<Outcome> {
    let parts = Database::new(name).unwrap().zip(Postgres::of_run());
    let Some((database, postgres)) = parts else {
        skip(name, "FOREBAY_TEST_POSTGRES or FOREBAY_TEST_POSTGRES_DIR is not set");
        return None;
    };
    let (home, options) = home();
    let options = options.envs(&[database.store()]).failpoints(failpoints);
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let project = Project::make(&api, "Failover").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 16,
        seed: seed(name),
        first: 0,
        events: 1_000_000,
        rate: 1_000,
        ledger: home.path().join("ledger"),
    };
    let mut counter = Counter::new(&load.ledger);
    let mut sending = Sending::start(&load).unwrap();
    sending.reach(&mut counter, 2_000).unwrap();
    postgres.copy().unwrap();
    sending.reach(&mut counter, 2_000).unwrap();
    postgres.fail_over().unwrap();
    sending.reach(&mut counter, 2_000).unwrap();
    if then_idle {
        postgres.copy().unwrap();
        sending.reach(&mut counter, 2_000).unwrap();
    }
    let summary = sending.stop().unwrap();
    if then_idle {
        api.wait_drained(Duration::from_secs(60)).unwrap();
        // nothing comes any more that would show that something is missing
        postgres.fail_over().unwrap();
    }
    let check = Check::of(&load, &project, &webhook);
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    let rollbacks = metrics::sum(&api.metrics().unwrap(), "forebay_store_rollbacks_total");
    eprintln!("{name}: {summary:?} {verdict:?} rollbacks: {rollbacks:?}");
    let words = server.log_tail();
    server.stop().unwrap();
    Some(Outcome { summary, verdict, rollbacks, words })
}

#[test]
fn a_failover_that_loses_transactions_loses_and_doubles_nothing() {
    let _alone = heavy();
    let Some(outcome) = lose_the_tail("failover", "", true) else { return };
    let Outcome { summary, verdict, rollbacks, words } = outcome;
    assert!(verdict.is_good(), "{verdict:?}\n{words}");
    assert_eq!(summary.accepted, summary.sent, "the gateway needs no database: {summary:?}");
    assert!(rollbacks.is_some_and(|count| count >= 2.0), "{rollbacks:?}\n{words}");
}

#[test]
fn a_runner_that_trusts_the_store_loses_what_a_failover_lost() {
    let _alone = heavy();
    let Some(outcome) = lose_the_tail("failover_control", "runner::control_trusts_the_store=return", false)
    else {
        return;
    };
    assert!(outcome.verdict.lost > 0, "{:?}", outcome.verdict);
}
