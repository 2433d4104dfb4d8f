//! Embedded subprocesses: scopes with tokens of their own.

use engine::{Code, Status};

use crate::build::{Build, assert_completed, incident, path, run};

#[test]
fn the_inside_runs_and_then_the_way_on() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .script("T", r#"{"inner":1}"#)
        .flow("I>T")
        .close()
        .script("After", r#"{"outer":1}"#)
        .flow("S>Sub")
        .flow("Sub>After")
        .done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(path(&step), ["S", "Sub", "I", "T", "After"]);
    assert_eq!(step.instance.variables().to_json(), r#"{"inner":1,"outer":1}"#);
}

#[test]
fn it_ends_with_its_last_token_not_its_first() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .script("Short", "")
        .script("Long1", "")
        .script("Long2", "count long")
        .flow("I>Short")
        .flow("I>Long1")
        .flow("Long1>Long2")
        .close()
        .script("After", "count after")
        .flow("S>Sub")
        .flow("Sub>After")
        .done();
    let step = run(&process);
    assert_eq!(path(&step), ["S", "Sub", "I", "Short", "Long1", "Long2", "After"]);
    assert_eq!(step.instance.variables().get("after"), Some("1"));
}

#[test]
fn a_terminate_end_inside_ends_only_its_own_scope() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .terminate("T")
        .open("Deep")
        .start("D")
        .script("Never", r#"{"never":1}"#)
        .flow("D>Never")
        .close()
        .flow("I>Deep")
        .flow("I>T")
        .close()
        .script("After", r#"{"after":1}"#)
        .script("Beside", r#"{"beside":1}"#)
        .flow("S>Sub")
        .flow("Sub>After")
        .flow("S>Beside")
        .done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(step.instance.variables().to_json(), r#"{"beside":1,"after":1}"#);
}

#[test]
fn two_visits_of_one_subprocess_are_two_scopes() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .parallel("Fork")
        .parallel("Join")
        .script("T", "count t")
        .flow("I>Fork")
        .flow("Fork>Join")
        .flow("Fork>Join")
        .flow("Join>T")
        .close()
        .flow("S>Sub")
        .flow("S>Sub")
        .done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(step.instance.variables().get("t"), Some("2"));
}

#[test]
fn an_empty_one_is_done_at_once() {
    let process = Build::new().start("S").open("Sub").close().end("E").flow("S>Sub").flow("Sub>E").done();
    assert_eq!(path(&run(&process)), ["S", "Sub", "E"]);
}

#[test]
fn without_a_start_event_every_node_without_an_incoming_flow_begins() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("A", "count n")
        .script("B", "count n")
        .script("C", "count n")
        .flow("A>C")
        .close()
        .flow("S>Sub")
        .done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(step.instance.variables().get("n"), Some("3"));
}

#[test]
fn one_in_which_nothing_can_begin_is_an_incident() {
    let process =
        Build::new().start("S").open("Sub").script("A", "").flow("A>A").close().flow("S>Sub").done();
    assert_eq!(incident(&run(&process)).code, Code::NoStart);
    let hook = Build::new().start("S").open("Sub").webhook_start("W", "x").close().flow("S>Sub").done();
    assert_eq!(incident(&run(&hook)).code, Code::NoStart);
}

#[test]
fn an_incident_inside_holds_the_subprocess_open() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .script("T", "throw")
        .flow("I>T")
        .close()
        .end("E")
        .flow("S>Sub")
        .flow("Sub>E")
        .done();
    let step = run(&process);
    assert_eq!(step.instance.status(), Status::Incident);
    assert_eq!(path(&step), ["S", "Sub", "I", "T"]);
    assert_eq!(step.instance.tokens().len(), 2);
}

#[test]
fn nesting_of_a_thousand_levels_does_not_use_the_stack() {
    let mut build = Build::new().start("S");
    for level in 0..1_000 {
        build = build.open(&format!("Sub{level}"));
    }
    for _ in 0..1_000 {
        build = build.close();
    }
    let step = run(&build.flow("S>Sub0").done());
    assert_completed(&step);
    assert_eq!(step.visits, 1_001);
}
