//! Bar 4: crash, error and delay at every step of the walk.

use e2e::crash_steps;
use e2e::random::seed;
use e2e::store_file;

use crate::support::heavy;

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let outcome = crash_steps::run(home.path(), seed("crash at every step"), 1).unwrap_or_else(|error| {
        let log = std::fs::read_to_string(home.path().join("data.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        panic!("{error}\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    });
    eprintln!("crash at every step: {}", serde_json::to_string(&outcome).unwrap());
    assert!(outcome.steps.len() >= 6, "fail points are missing: {:?}", outcome.steps);
    assert!(
        outcome.verdict.is_good() && outcome.verdict.accepted > 5 * outcome.cases,
        "{:?}",
        outcome.verdict
    );
    for file in ["store.sqlite", "events.sqlite"] {
        assert_eq!(store_file::integrity(&home.path().join("data"), file).unwrap(), "ok");
    }
}
