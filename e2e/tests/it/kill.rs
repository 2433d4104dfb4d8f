//! Bar 1: `kill -9` of the whole process under load.

use e2e::random::seed;
use e2e::torture::Plan;

use crate::support::heavy;

#[test]
fn nothing_is_lost_or_doubled_when_the_process_is_killed() {
    let _alone = heavy();
    let mut home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &[],
        events: 50_000,
        kills: 5,
        connections: 64,
        seed: seed("kill"),
        one_in: 50,
        failpoints: "",
        between: &|_| Ok(()),
    };
    let outcome = plan.run().unwrap();
    eprintln!("kill: {}", serde_json::to_string(&outcome).unwrap());
    let verdict = &outcome.verdict;
    if !verdict.is_good() {
        home.disable_cleanup(true);
    }
    assert!(verdict.is_good(), "{verdict:?}");
    assert_eq!(outcome.kills.0, 5);
    assert_eq!(verdict.sent, outcome.summary.sent);
    assert!(verdict.accepted > 45_000, "{verdict:?}");
    assert!(verdict.bytes_compared > 1_000, "{verdict:?}");
    assert_eq!(verdict.instances, 2 * (verdict.accepted + verdict.unknown));
}
