//! Faults at the steps of one request. The fail points are the process's, so each test runs in a process of its own.

use eventlog::Topic;
use fail::FailScenario;

use crate::client::exchange;
use crate::world::World;

#[test]
#[ignore = "run by each_in_a_process_of_its_own"]
fn a_fault_at_each_step_is_answered_500_and_the_next_request_200() {
    let scenario = FailScenario::setup();
    let world = World::start();
    let mut events = 0;
    let mut failures = 0;
    for (point, action, appended, recorded) in [
        // Before the key counts as right nothing is recorded.
        ("gateway::after_key", "1*panic", 0, 0),
        ("gateway::before_append", "1*panic", 0, 1),
        ("gateway::before_append", "1*return", 0, 1),
        ("gateway::after_append", "1*panic", 1, 1),
        ("gateway::after_append", "1*return", 1, 1),
    ] {
        fail::cfg(point, action).unwrap();
        let answer = exchange(world.at, &world.post("", b"{}"));
        fail::remove(point);
        assert_eq!(answer.status, 500, "{point} {action}");
        assert_eq!(answer.json()["code"], "internal");
        events += appended;
        failures += recorded;
        assert_eq!(exchange(world.at, &world.post("", b"{}")).status, 200);
        events += 1;
        assert_eq!(world.events(events).len(), events, "{point} {action}");
        let recorded = world.failures(failures);
        assert_eq!(recorded.len(), failures, "{point} {action}");
        assert!(recorded.iter().all(|failure| failure.status == 500 && failure.cause == "internal"));
        world.assert_at_rest();
    }
    scenario.teardown();
}

#[test]
#[ignore = "run by each_in_a_process_of_its_own"]
fn the_control_acknowledges_what_is_not_in_the_log_yet() {
    let scenario = FailScenario::setup();
    let world = World::start();
    fail::cfg("eventlog::before_commit", "pause").unwrap();
    fail::cfg("gateway::control_ack_before_append", "return").unwrap();
    let answer = exchange(world.at, &world.post("", b"{}"));
    assert_eq!(answer.status, 200);
    assert_eq!(world.count(Topic::WebhookEvents), 0);
    fail::remove("gateway::control_ack_before_append");
    fail::remove("eventlog::before_commit");
    assert_eq!(world.events(1).len(), 1);
    scenario.teardown();
}

#[test]
fn each_in_a_process_of_its_own() {
    for test in [
        "a_fault_at_each_step_is_answered_500_and_the_next_request_200",
        "the_control_acknowledges_what_is_not_in_the_log_yet",
    ] {
        let name = format!("faults::{test}");
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--ignored", "--nocapture"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{name}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
