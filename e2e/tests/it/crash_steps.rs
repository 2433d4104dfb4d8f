//! Bar 4: crash, error and delay at every step of the walk, on embedded parts and on Kafka with PostgreSQL.

use std::io;
use std::path::Path;

use e2e::crash_steps::{self, Outcome, Walk};
use e2e::random::seed;
use e2e::{failpoints, store_file};

use crate::support::{heavy, parts};

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    judge(crash_steps::embedded(home.path(), seed("crash at every step"), 1), home.path());
    for file in ["store.sqlite", "events.sqlite"] {
        assert_eq!(store_file::integrity(&home.path().join("data"), file).unwrap(), "ok");
    }
}

/// The steps of the runner and of the driver, with partitions in one transaction and positions that are proven.
#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing_on_kafka() {
    let _alone = heavy();
    let Some((database, mut parts)) = parts("crash_steps") else { return };
    // a killed member would keep its partitions until its session ends
    parts.push(("FOREBAY_EVENT_LOG__KAFKA__INSTANCE".to_owned(), "steps".to_owned()));
    let home = tempfile::tempdir().unwrap();
    let forget = || database.run("DELETE FROM log_position").map(drop);
    let is_of_these = |step: &String| {
        let elsewhere =
            ["after_commit", "before_commit"].iter().any(|name| *step == format!("eventlog::{name}"));
        !step.starts_with("gateway")
            && !["operation", "command", "poison"].iter().any(|other| step.contains(other))
            && !elsewhere
    };
    let steps = failpoints::steps().unwrap().into_iter().filter(is_of_these).collect();
    let seed = seed("crash at every step on Kafka");
    let walk = Walk { home: home.path(), parts: &parts, steps, forget: &forget, seed, rounds: 1 };
    judge(crash_steps::run(walk), home.path());
}

fn judge(outcome: io::Result<Outcome>, home: &Path) {
    let outcome = outcome.unwrap_or_else(|error| {
        let log = std::fs::read_to_string(home.join("data.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        panic!("{error}\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    });
    eprintln!("crash at every step: {}", serde_json::to_string(&outcome).unwrap());
    assert!(outcome.steps.len() >= 6, "fail points are missing: {:?}", outcome.steps);
    let verdict = &outcome.verdict;
    assert!(verdict.is_good() && verdict.accepted > 5 * outcome.cases, "{verdict:?}");
}
