//! Retry, cancel and change of variables.

use engine::{Command, Event, Instance, Limits, Outcome, Patch, StartAt, Status, StepError};

use crate::build::{Build, assert_completed, incident, path, run, run_with, step, step_within, variables};

fn patch(json: &str) -> Command {
    Command::ChangeVariables { patch: Patch::parse(json, 100).unwrap() }
}

fn needs_x() -> bpmn::model::Process {
    Build::new()
        .start("S")
        .script("T", "count t")
        .exclusive("G")
        .end("E")
        .flow("S>T")
        .flow("T>G")
        .when("G>E", "x=1")
        .done()
}

#[test]
fn change_then_retry_goes_on_from_the_incident() {
    let process = needs_x();
    let stuck = run(&process);
    let number = incident(&stuck).number;
    let again = step(&process, &stuck.instance, Command::RetryIncident { incident: number }).unwrap();
    assert_eq!(incident(&again).number, number + 1, "each attempt is an incident of its own");
    let changed = step(&process, &again.instance, patch(r#"{"x":1,"y":{"z":[]}}"#)).unwrap();
    assert_eq!(changed.visits, 0, "a change alone runs nothing");
    assert_eq!(changed.instance.status(), Status::Incident);
    let done = step(&process, &changed.instance, Command::RetryIncident { incident: number + 1 }).unwrap();
    assert_completed(&done);
    assert_eq!(path(&done), ["E"]);
    assert_eq!(done.instance.variables().to_json(), r#"{"t":1,"x":1,"y":{"z":[]}}"#);
}

#[test]
fn a_retry_of_a_way_on_does_not_work_again() {
    let process =
        Build::new().start("S").script("T", "count t").end("E").flow("S>T").when("T>E", "x=1").done();
    let stuck = run(&process);
    let number = incident(&stuck).number;
    let changed = step(&process, &stuck.instance, patch(r#"{"x":1}"#)).unwrap();
    let done = step(&process, &changed.instance, Command::RetryIncident { incident: number }).unwrap();
    assert_completed(&done);
    assert_eq!(done.instance.variables().get("t"), Some("1"));
}

#[test]
fn a_retry_of_the_way_on_of_a_subprocess_does_not_run_its_inside_again() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .script("T", "count t")
        .flow("I>T")
        .close()
        .end("E")
        .flow("S>Sub")
        .when("Sub>E", "x=1")
        .done();
    let stuck = run(&process);
    assert!(incident(&stuck).leaving);
    let changed = step(&process, &stuck.instance, patch(r#"{"x":1}"#)).unwrap();
    let done = step(&process, &changed.instance, Command::RetryIncident { incident: 1 }).unwrap();
    assert_completed(&done);
    assert_eq!(done.instance.variables().get("t"), Some("1"));
}

#[test]
fn an_incident_that_is_not_open_cannot_be_retried() {
    let process = needs_x();
    let stuck = run(&process).instance;
    let refused = step(&process, &stuck, Command::RetryIncident { incident: 9 });
    assert_eq!(refused.unwrap_err(), StepError::NoIncident(9));
}

#[test]
fn cancel_ends_every_token_innermost_first() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("T", "throw")
        .close()
        .script("U", "throw")
        .flow("S>Sub")
        .flow("S>U")
        .done();
    let stuck = run(&process).instance;
    assert_eq!(stuck.incidents().len(), 2);
    let cancelled = step(&process, &stuck, Command::Cancel).unwrap();
    assert_eq!(cancelled.instance.status(), Status::Cancelled);
    assert_eq!(cancelled.instance.incidents().len(), 0);
    let left: Vec<u64> = cancelled
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Left { visit, outcome: Outcome::Cancelled, .. } => Some(*visit),
            _ => None,
        })
        .collect();
    assert_eq!(left, [4, 3, 2]);
}

#[test]
fn a_second_start_is_refused() {
    let process = needs_x();
    let stuck = run(&process).instance;
    let start = Command::Start { at: StartAt::None, variables: variables("{}") };
    assert_eq!(step(&process, &stuck, start).unwrap_err(), StepError::AlreadyStarted);
}

#[test]
fn variables_over_the_limit_are_refused_at_start_and_at_change() {
    let limits = Limits { variables_bytes: 20, ..Limits::default() };
    let process = needs_x();
    let start = |json| Command::Start { at: StartAt::None, variables: variables(json) };
    let big = step_within(&process, &Instance::new(), start(r#"{"big":"0123456789abcdef"}"#), &limits);
    assert_eq!(big.unwrap_err(), StepError::VariablesTooLarge { bytes: 21, limit: 20 });
    let small =
        step_within(&process, &Instance::new(), start(r#"{"big":"0123456789abc"}"#), &limits).unwrap();
    let change = step_within(&process, &small.instance, patch(r#"{"more":12}"#), &limits);
    assert!(matches!(change.unwrap_err(), StepError::VariablesTooLarge { .. }));
    let shrink = step_within(&process, &small.instance, patch(r#"{"big":1}"#), &limits).unwrap();
    assert_eq!(shrink.instance.variables().get("big"), Some("1"));
}

#[test]
fn a_state_of_another_process_is_refused() {
    let stuck = run(&needs_x()).instance;
    let other = Build::new().start("S").done();
    let refused = step(&other, &stuck, Command::RetryIncident { incident: 1 });
    assert_eq!(refused.unwrap_err(), StepError::UnknownElement("G".into()));
}

#[test]
fn an_event_that_cannot_follow_changes_nothing() {
    let process = needs_x();
    let stuck = run_with(&process, r#"{"a":1}"#).instance;
    let illegal = [
        Event::Started { start: "S".into(), variables: variables("{}") },
        Event::Entered { visit: 1, element: "T".into(), scope: 0, flow: None },
        Event::Entered { visit: 4, element: "T".into(), scope: 3, flow: None },
        Event::Left { visit: 99, outcome: Outcome::Completed, flows: vec![] },
        Event::Left { visit: 3, outcome: Outcome::Completed, flows: vec![] },
        Event::Left { visit: 3, outcome: Outcome::Joined, flows: vec![] },
        Event::Executed { visit: 3, wrote: None },
        Event::IncidentResolved { incident: 4 },
        Event::Completed,
        Event::Cancelled,
    ];
    for event in illegal {
        let mut instance = stuck.clone();
        assert!(instance.apply(&event).is_err(), "{event:?}");
        assert_eq!(instance, stuck, "{event:?}");
    }
    let mut new = Instance::new();
    assert!(new.apply(&Event::Completed).is_err());
}
