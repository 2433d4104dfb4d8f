//! The controls: with a promise broken on purpose the checker must find it, else it proves nothing.

use e2e::failpoints;
use e2e::random::seed;
use e2e::store_file;
use e2e::torture::Plan;

use crate::support::heavy;

#[test]
fn without_the_unique_index_the_checker_finds_duplicates() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &[],
        events: 3_000,
        kills: 1,
        connections: 16,
        seed: seed("control: no unique index"),
        one_in: 0,
        failpoints: "",
        between: &|data| {
            store_file::drop_started_event_once(data)?;
            store_file::wipe_positions(data)
        },
    };
    let verdict = plan.run().unwrap().verdict;
    eprintln!("control: no unique index: {verdict:?}");
    assert!(verdict.duplicate > 0, "{verdict:?}");
}

#[test]
fn with_the_index_the_same_rewind_is_harmless() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let plan = Plan {
        home: home.path(),
        parts: &[],
        events: 3_000,
        kills: 2,
        connections: 16,
        seed: seed("rewind"),
        one_in: 10,
        failpoints: "",
        between: &store_file::wipe_positions,
    };
    let verdict = plan.run().unwrap().verdict;
    eprintln!("rewind: {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}");
}

#[test]
fn with_the_acknowledgement_before_the_append_the_checker_finds_losses() {
    let _alone = heavy();
    let mut controls = failpoints::controls().unwrap();
    controls.retain(|control| control.contains("ack_before_append"));
    assert!(!controls.is_empty(), "no control fail point in the sources");
    for control in controls {
        // whether a kill falls into the gap is chance: a few turns, and one loss is enough
        let mut lost = 0;
        for turn in 0..5 {
            if lost > 0 {
                break;
            }
            let home = tempfile::tempdir().unwrap();
            let plan = Plan {
                home: home.path(),
                parts: &[],
                events: 6_000,
                kills: 3,
                connections: 64,
                seed: seed(&format!("control: {control}, {turn}")),
                one_in: 0,
                // a slow commit makes the gap between the early answer and the log wide enough to be hit each time
                failpoints: &format!("{control}=return;eventlog::before_commit=sleep(100)"),
                between: &|_| Ok(()),
            };
            let verdict = plan.run().unwrap().verdict;
            eprintln!("control: {control}: {verdict:?}");
            lost = verdict.lost;
        }
        assert!(lost > 0, "{control}: nothing was lost in any turn");
    }
}
