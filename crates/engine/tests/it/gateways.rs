//! Exclusive and parallel gateways.

use bpmn::model::{Condition, Kind};
use engine::{Code, Status};

use crate::build::{Build, assert_completed, incident, path, run, run_with, times};

fn choice() -> Build {
    Build::new().start("S").exclusive("G").end("A").end("B").end("C").flow("S>G")
}

#[test]
fn the_first_true_condition_in_document_order_wins() {
    let process = choice().when("G>A", "x=1").when("G>B", "true").when("G>C", "throw").done();
    assert_eq!(path(&run_with(&process, r#"{"x":1}"#)), ["S", "G", "A"]);
    assert_eq!(path(&run_with(&process, r#"{"x":2}"#)), ["S", "G", "B"]);
}

#[test]
fn the_default_is_taken_last_wherever_it_is_drawn_and_its_condition_is_not_asked() {
    let process = choice().when("G>A", "throw").when("G>B", "x=1").default("G>A").done();
    assert_eq!(path(&run_with(&process, r#"{"x":1}"#)), ["S", "G", "B"]);
    assert_eq!(path(&run(&process)), ["S", "G", "A"]);
}

#[test]
fn no_condition_and_no_default_is_an_incident() {
    let process = choice().when("G>A", "false").when("G>B", "x=1").done();
    let found = incident(&run(&process));
    assert_eq!((found.code, found.element.as_str()), (Code::NoFlow, "G"));
    assert_eq!(found.code.as_str(), "no-flow");
}

#[test]
fn a_condition_that_throws_or_is_no_boolean_is_an_incident_that_names_it() {
    for (condition, reason) in [("maybe", "is not a boolean: it is 42"), ("throw", "threw: Error: no")] {
        let process = choice().when("G>A", condition).when("G>B", "true").done();
        let found = incident(&run(&process));
        assert_eq!(found.code, Code::ConditionFailed);
        assert_eq!(found.flow.as_deref(), Some("G>A"));
        assert_eq!(found.expression.as_deref(), Some(condition));
        assert_eq!(found.message, reason);
        assert_eq!((found.line, found.column), (Some(1), Some(2)));
    }
}

#[test]
fn an_exclusive_gateway_passes_each_token_and_may_be_the_last_node() {
    let process = Build::new().start("S").exclusive("G").flow("S>G").flow("S>G").done();
    let step = run(&process);
    assert_eq!(times(&step, "G"), 2);
    assert_completed(&step);
}

#[test]
fn a_flow_without_a_condition_always_holds() {
    let process = choice().flow("G>A").when("G>B", "true").done();
    assert_eq!(path(&run(&process)), ["S", "G", "A"]);
}

#[test]
fn another_language_is_an_incident() {
    let mut process = choice().when("G>A", "true").done();
    process.flows[1].condition = Some(Condition { language: Some("groovy".into()), source: "true".into() });
    assert_eq!(incident(&run(&process)).code, Code::Language);
    process.flows[1].condition =
        Some(Condition { language: Some("JavaScript".into()), source: "true".into() });
    assert_completed(&run(&process));
}

#[test]
fn conditions_on_flows_out_of_a_task_take_every_one_that_holds() {
    let tasks = || Build::new().start("S").script("T", "count t").end("A").end("B").flow("S>T");
    let process = tasks().when("T>A", "x=1").when("T>B", "t=1").done();
    assert_eq!(path(&run(&process)), ["S", "T", "B"]);
    assert_eq!(path(&run_with(&process, r#"{"x":1}"#)), ["S", "T", "A", "B"]);
    let process = tasks().when("T>A", "x=1").done();
    let found = incident(&run(&process));
    assert_eq!(found.code, Code::NoFlow);
    assert!(found.leaving, "the script has run; a retry must not run it again");
}

fn fork_join() -> Build {
    Build::new()
        .start("S")
        .exclusive("Merge")
        .parallel("Fork")
        .script("A", "count a")
        .script("B", "count b")
        .parallel("Join")
        .script("After", "count after")
        .flow("S>Merge")
        .flow("Merge>Fork")
        .flow("Fork>A")
        .flow("Fork>B")
        .flow("A>Join")
        .flow("B>Join")
        .flow("Join>After")
}

#[test]
fn a_join_goes_on_once_when_every_flow_has_brought_a_token() {
    let step = run(&fork_join().done());
    assert_completed(&step);
    assert_eq!(step.instance.variables().to_json(), r#"{"a":1,"b":1,"after":1}"#);
    assert_eq!(times(&step, "Join"), 2);
}

#[test]
fn a_join_counts_one_token_for_each_edge_not_tokens() {
    // Three tokens come, two of them by one edge: the join passes once and waits for the missing one.
    let process = fork_join().script("C", "").flow("Fork>C").flow("C>A").done();
    let step = run(&process);
    assert_eq!(step.instance.variables().get("after"), Some("1"));
    let found = incident(&step);
    assert_eq!((found.code, found.element.as_str()), (Code::JoinStuck, "Join"));
    assert!(found.message.contains("\"B>Join\""), "{}", found.message);
}

#[test]
fn tokens_of_the_next_round_wait_for_their_own_partners() {
    let process = fork_join().flow("S>Merge").done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(step.instance.variables().get("after"), Some("2"));
}

#[test]
fn a_join_behind_an_exclusive_choice_says_that_it_is_stuck() {
    let process = Build::new()
        .start("S")
        .exclusive("G")
        .parallel("J")
        .flow("S>G")
        .when("G>J", "true")
        .when("G>J", "false")
        .done();
    let step = run(&process);
    assert_eq!(incident(&step).code, Code::JoinStuck);
    assert!(incident(&step).message.contains("\"G>J#2\""));
}

#[test]
fn a_waiting_join_is_no_incident_while_another_token_stands_elsewhere() {
    let mut process = fork_join().done();
    let b = process.elements.iter_mut().find(|element| element.id == "B").unwrap();
    b.kind = Kind::ScriptTask(bpmn::model::Script { format: None, source: "throw".into() });
    let step = run(&process);
    assert_eq!(incident(&step).code, Code::ScriptFailed);
    assert_eq!(step.instance.tokens().len(), 2);
    assert_eq!(step.instance.status(), Status::Incident);
}

#[test]
fn a_parallel_gateway_forks_without_asking_conditions() {
    let process = Build::new()
        .start("S")
        .parallel("G")
        .end("A")
        .end("B")
        .flow("S>G")
        .when("G>A", "throw")
        .when("G>B", "false")
        .done();
    assert_eq!(path(&run(&process)), ["S", "G", "A", "B"]);
}
