//! What a process does wrong is an incident: the token stays, the cause is named, nothing panics.

use bpmn::model::Kind;
use engine::{Code, Command, Limits, StartAt, Status};

use crate::build::{Build, assert_completed, incident, path, run, step, step_within, variables};

#[test]
fn an_element_that_does_not_run_is_named() {
    let process = Build::new().start("S").other("U", "userTask").flow("S>U").done();
    let found = incident(&run(&process));
    assert_eq!((found.code, found.element.as_str()), (Code::NotRunnable, "U"));
    assert!(found.message.contains("userTask"));
}

#[test]
fn a_flow_to_nowhere_or_into_another_scope_is_named() {
    let process = Build::new().start("S").script("T", "count t").flow("S>T").flow("T>nowhere").done();
    let found = incident(&run(&process));
    assert_eq!((found.code, found.flow.as_deref()), (Code::DanglingFlow, Some("T>nowhere")));
    let crossing = Build::new().start("S").open("Sub").script("I", "").close().flow("S>I").done();
    assert_eq!(incident(&run(&crossing)).code, Code::DanglingFlow);
    for build in [Build::new().start("S").exclusive("G"), Build::new().start("S").parallel("G")] {
        let found = incident(&run(&build.flow("S>G").flow("G>nowhere").done()));
        assert_eq!((found.code, found.element.as_str()), (Code::DanglingFlow, "G"));
    }
}

#[test]
fn indices_that_the_model_does_not_have_are_incidents() {
    let mut process = Build::new().start("S").script("T", "").flow("S>T").done();
    process.elements[1].outgoing.push(bpmn::model::FlowIx(77));
    assert_eq!(incident(&run(&process)).code, Code::DanglingFlow);
    process.elements[1].kind = Kind::SubProcess(bpmn::model::ScopeIx(9));
    assert_eq!(incident(&run(&process)).code, Code::NoStart);
    process.flows[0].target = Some(bpmn::model::ElementIx(42));
    assert_eq!(incident(&run(&process)).code, Code::DanglingFlow);
}

#[test]
fn a_script_that_throws_or_writes_no_object_changes_no_variable() {
    for source in ["throw", "[1]", "7", "{", r#"{"a":{"b":01}}"#, r#"{"\ud800":1}"#] {
        let process = Build::new().start("S").script("T", source).flow("S>T").done();
        let step = run(&process);
        assert_eq!(incident(&step).code, Code::ScriptFailed, "{source}");
        assert!(step.instance.variables().is_empty(), "{source}");
    }
}

#[test]
fn a_script_in_another_language_is_an_incident() {
    let mut process = Build::new().start("S").script("T", "").flow("S>T").done();
    process.elements[1].kind =
        Kind::ScriptTask(bpmn::model::Script { format: Some("groovy".into()), source: "x".into() });
    assert_eq!(incident(&run(&process)).code, Code::Language);
}

#[test]
fn output_nested_too_deep_is_an_incident() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let process = Build::new().start("S").script("T", &deep).flow("S>T").done();
    assert_eq!(incident(&run(&process)).code, Code::ScriptFailed);
}

#[test]
fn variables_over_the_limit_are_an_incident_and_stay_as_they_were() {
    let limits = Limits { variables_bytes: 10, ..Limits::default() };
    let run = |source: &str| {
        let process = Build::new().start("S").script("T", source).flow("S>T").done();
        let start = Command::Start { at: StartAt::None, variables: variables(r#"{"a":"1234"}"#) };
        step_within(&process, &engine::Instance::new(), start, &limits).unwrap()
    };
    let over = run(r#"{"a":"12345678"}"#);
    assert_eq!(incident(&over).code, Code::VariablesTooLarge);
    assert_eq!(over.instance.variables().get("a"), Some(r#""1234""#));
    assert_completed(&run(r#"{"a":"1234567"}"#));
}

#[test]
fn what_scripts_write_in_one_step_is_limited() {
    let limits = Limits { written_bytes: 100, ..Limits::default() };
    let process = Build::new().start("S").script("T", r#"{"a":"0123456789"}"#).flow("S>T").flow("T>T").done();
    let start = Command::Start { at: StartAt::None, variables: variables("{}") };
    let step = step_within(&process, &engine::Instance::new(), start, &limits).unwrap();
    assert_eq!(incident(&step).code, Code::VariablesTooLarge);
    assert_eq!(step.visits, 2 + 100 / 18);
}

#[test]
fn a_loop_without_a_wait_stops_at_the_budget_and_runs_on_when_retried() {
    let process = Build::new().start("S").script("T", "count t").flow("S>T").flow("T>T").done();
    let first = run(&process);
    assert_eq!(first.visits, 10_000);
    assert_eq!(incident(&first).code, Code::VisitBudget);
    assert_eq!(first.instance.variables().get("t"), Some("9999"));
    let second = step(&process, &first.instance, Command::RetryIncident { incident: 1 }).unwrap();
    assert_eq!(second.instance.variables().get("t"), Some("19999"));
    assert_eq!(incident(&second).number, 2);
}

#[test]
fn a_fork_bomb_stops_with_one_incident_and_its_tokens_wait() {
    let limits = Limits { visits: 500, ..Limits::default() };
    let process = Build::new().start("S").script("T", "").flow("S>T").flow("T>T").flow("T>T").done();
    let start = Command::Start { at: StartAt::None, variables: variables("{}") };
    let first = step_within(&process, &engine::Instance::new(), start, &limits).unwrap();
    assert_eq!((first.visits, first.instance.visits()), (251, 502), "begun visits count as well as run ones");
    assert_eq!(incident(&first).code, Code::VisitBudget);
    assert_eq!(first.instance.tokens().len(), 251);
    let retry = Command::RetryIncident { incident: 1 };
    let second = step_within(&process, &first.instance, retry, &limits).unwrap();
    assert_eq!(second.visits, 251);
    assert_eq!(second.instance.tokens().len(), 502);
    let gone = step(&process, &second.instance, Command::Cancel).unwrap();
    assert_eq!(gone.instance.status(), Status::Cancelled);
}

#[test]
fn long_and_broken_texts_are_clipped_to_one_line() {
    let long = format!("x=\n{}", "é".repeat(2_000));
    let process = Build::new().start("S").exclusive("G").end("E").flow("S>G").when("G>E", "maybe").done();
    let mut process = process;
    process.flows[1].condition =
        Some(bpmn::model::Condition { language: Some("a\nb".repeat(1_000)), source: long });
    let found = incident(&run(&process));
    assert!(found.message.chars().count() <= 500 && !found.message.contains('\n'));
    let expression = found.expression.unwrap();
    assert!(expression.chars().count() <= 500 && !expression.contains('\n') && expression.ends_with('…'));
}

#[test]
fn a_boundary_event_inside_a_subprocess_without_start_does_not_begin() {
    let mut process = Build::new()
        .start("S")
        .open("Sub")
        .script("A", "")
        .other("B", "boundaryEvent")
        .close()
        .flow("S>Sub")
        .done();
    let a = process.elements.iter().position(|element| element.id == "A").unwrap() as u32;
    for element in &mut process.elements {
        if let Kind::Other(other) = &mut element.kind {
            other.attached_to = Some(bpmn::model::ElementIx(a));
        }
    }
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(path(&step), ["S", "Sub", "A"]);
}
