//! The limits, each at its edge: what still passes, what is one too many, and what may be done then.

use bpmn::model::{Element, ElementIx, Flow, FlowIx, Process};
use engine::{Code, Command, Instance, Limits, Patch, StartAt, Status, Step, StepError, TokenState, Wait};

use crate::build::{Build, assert_completed, incident, path, run, step_within, variables};
use crate::story::assert_story;

fn start(json: &str) -> Command {
    Command::Start { at: StartAt::None, variables: variables(json) }
}

fn begun(process: &Process, limits: &Limits) -> Step {
    step_within(process, &Instance::new(), start("{}"), limits).unwrap()
}

fn retry(process: &Process, step: &Step, incident: u64, limits: &Limits) -> Step {
    step_within(process, &step.instance, Command::RetryIncident { incident }, limits).unwrap()
}

fn change(process: &Process, step: &Step, json: &str, limits: &Limits) -> Result<Step, StepError> {
    let patch = Patch::parse(json, limits.depth).unwrap();
    step_within(process, &step.instance, Command::ChangeVariables { patch }, limits)
}

fn visits(visits: u32) -> Limits {
    Limits { visits, ..Limits::default() }
}

#[test]
fn the_settings_have_these_names_and_defaults() {
    let text = r#"{"visits":10000,"variables_bytes":8388608,"written_bytes":33554432,"depth":200}"#;
    assert_eq!(serde_json::to_string(&Limits::default()).unwrap(), text);
    assert_eq!(serde_json::from_str::<Limits>("{}").unwrap(), Limits::default());
    assert_eq!(serde_json::from_str::<Limits>(r#"{"visits":3}"#).unwrap(), visits(3));
    assert!(serde_json::from_str::<Limits>(r#"{"visit":3}"#).is_err(), "a misspelt setting is refused");
}

#[test]
fn as_many_visits_as_the_limit_pass_and_one_more_stops() {
    let process = Build::new().start("S").script("A", "").end("E").flow("S>A").flow("A>E").done();
    let exact = begun(&process, &visits(3));
    assert_completed(&exact);
    assert_eq!(exact.visits, 3);
    let over = begun(&process, &visits(2));
    assert_eq!(over.visits, 2);
    assert_eq!(
        incident(&over).message,
        "2 elements were visited without a wait and \"E\" would be the next: probably a loop that never ends. \
         Correct the process, or retry to run on."
    );
    let done = retry(&process, &over, 1, &visits(2));
    assert_story(&done, "retry 1\n 3 left\n completed");
    let none = begun(&process, &visits(0));
    assert_eq!((none.visits, path(&none)), (0, vec!["S"]));
    assert_eq!(incident(&none).code, Code::VisitBudget);
}

#[test]
fn each_step_has_visits_of_its_own() {
    let process = Build::new().start("S").script("T", "count t").flow("S>T").when("T>T", "t<9").done();
    let mut step = begun(&process, &visits(3));
    for (round, t) in [(1, "2"), (2, "5"), (3, "8")] {
        assert_eq!(incident(&step).number, round);
        assert_eq!(step.instance.variables().get("t"), Some(t));
        step = retry(&process, &step, round, &visits(3));
    }
    assert_eq!(incident(&step).code, Code::NoFlow);
    assert_eq!(step.instance.variables().get("t"), Some("9"));
}

/// D stands at an incident, A1 at that of the budget, L3 waits for the retry of the latter; D leads
/// to a terminate end of the scope of D and A1.
pub(crate) fn held_beside_a_terminated_scope() -> (Process, u32) {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("D", "need x")
        .script("A0", "")
        .script("A1", "")
        .terminate("T")
        .flow("D>T")
        .flow("A0>A1")
        .close()
        .script("L1", "")
        .script("L2", "")
        .script("L3", "count l")
        .flow("S>Sub")
        .flow("S>L1")
        .flow("L1>L2")
        .flow("L2>L3")
        .done();
    (process, 7)
}

#[test]
fn held_tokens_get_the_incident_of_one_that_ended_with_its_scope() {
    let (process, most) = held_beside_a_terminated_scope();
    let limits = visits(most);
    let held = begun(&process, &limits);
    let codes: Vec<Code> = held.instance.incidents().map(|incident| incident.code).collect();
    assert_eq!(codes, [Code::ScriptFailed, Code::VisitBudget]);
    let states: Vec<TokenState> = held.instance.tokens().map(|(_, token)| token.state).collect();
    assert_eq!(states[3], TokenState::Waiting(Wait::Budget));
    let changed = change(&process, &held, r#"{"x":1}"#, &limits).unwrap();
    let ended = retry(&process, &changed, 1, &limits);
    assert_story(
        &ended,
        "
        retry 1
        4 left by D>T
        9 T via D>T in 2
        7 terminated
        9 left
        2 left
        8 at L3 incident 3 visit-budget
        ",
    );
    assert_eq!(
        incident(&ended).message,
        "An earlier step ran out of element visits before this element. Retry to run on."
    );
    let done = retry(&process, &ended, 3, &limits);
    assert_story(&done, "retry 3\n 8 wrote {\"l\":1}\n 8 left\n completed");
}

#[test]
fn a_retry_of_another_incident_leaves_held_tokens_held() {
    let process = Build::new()
        .start("S")
        .script("Wrong", "need x")
        .script("A", "")
        .script("B", "")
        .flow("S>Wrong")
        .flow("S>A")
        .flow("A>B")
        .flow("A>B")
        .flow("A>B")
        .done();
    let limits = visits(4);
    let held = begun(&process, &limits);
    assert_eq!(held.instance.tokens().len(), 4);
    let changed = change(&process, &held, r#"{"x":1}"#, &limits).unwrap();
    let one = retry(&process, &changed, 1, &limits);
    assert_story(&one, "retry 1\n 2 left");
    let all = retry(&process, &one, 2, &limits);
    assert_story(&all, "retry 2\n 4 left\n 5 left\n 6 left\n completed");
}

/// A task with `flows` flows back to itself, ids of their own.
fn many_loops(flows: usize) -> Process {
    let mut process = Build::new().start("S").script("T", "").flow("S>T").done();
    fan(&mut process, (1, 1), flows);
    process
}

/// Adds `flows` flows between two elements, by their positions.
fn fan(process: &mut Process, (source, target): (usize, usize), flows: usize) {
    for number in 0..flows {
        let ix = FlowIx(process.flows.len() as u32);
        process.elements[source].outgoing.push(ix);
        process.elements[target].incoming.push(ix);
        process.flows.push(Flow {
            id: format!("fan{source}-{target}-{number}"),
            name: None,
            source: Some(ElementIx(source as u32)),
            target: Some(ElementIx(target as u32)),
            scope: bpmn::model::ROOT,
            condition: None,
        });
    }
}

#[test]
fn a_step_does_not_make_millions_of_tokens() {
    let limits = visits(1_000);
    let process = many_loops(2_000);
    let first = begun(&process, &limits);
    assert_eq!(first.visits, 2, "the second visit of T would begin 2,000 more");
    assert_eq!(first.instance.tokens().len(), 2_000);
    assert_eq!(incident(&first).code, Code::VisitBudget);
    assert!(incident(&first).message.starts_with("2001 elements were visited"));
    let second = retry(&process, &first, 1, &limits);
    assert_eq!(second.instance.tokens().len(), 3_999);
    let gone = step_within(&process, &second.instance, Command::Cancel, &limits).unwrap();
    assert_eq!((gone.instance.status(), gone.visits), (Status::Cancelled, 0));
}

#[test]
fn subprocesses_that_end_when_no_visits_are_left_do_not_fork() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("In", "count in")
        .close()
        .end("E")
        .flow("S>Sub")
        .flow("S>Sub")
        .flow("Sub>E")
        .flow("Sub>E")
        .done();
    let limits = visits(5);
    let held = begun(&process, &limits);
    assert_story(
        &held,
        r#"
        start S {}
        1 S
        1 left by S>Sub, S>Sub#2
        2 Sub via S>Sub
        3 Sub via S>Sub#2
        2 waits Scope
        4 In in 2
        3 waits Scope
        5 In in 3
        4 wrote {"in":1}
        4 left
        5 wrote {"in":2}
        5 left
        2 worked
        2 at Sub incident 1 visit-budget (leaving)
        3 worked
        3 at Sub incident 2 visit-budget (leaving)
        "#,
    );
    let one = retry(&process, &held, 1, &limits);
    assert_story(
        &one,
        "
        retry 1
        2 left by Sub>E, Sub>E#2
        6 E via Sub>E
        7 E via Sub>E#2
        6 left
        7 left
        ",
    );
    let done = retry(&process, &one, 2, &limits);
    assert_completed(&done);
    assert_eq!(done.instance.variables().get("in"), Some("2"), "the inside has not run again");
}

#[test]
fn one_that_does_not_fork_moves_on_without_visits() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("In", "")
        .close()
        .end("E")
        .flow("S>Sub")
        .flow("Sub>E")
        .done();
    let held = begun(&process, &visits(3));
    assert_eq!(path(&held), ["S", "Sub", "In", "E"]);
    assert_eq!((incident(&held).element.as_str(), incident(&held).leaving), ("E", false));
}

/// Thousands of tokens at one join: a look at every flow for every token would take minutes.
#[test]
fn a_fork_of_thousands_of_flows_joins_in_reasonable_time() {
    let mut process =
        Build::new().start("S").parallel("F").parallel("J").end("E").flow("S>F").flow("J>E").done();
    fan(&mut process, (1, 2), 4_000);
    let begin = std::time::Instant::now();
    let done = run(&process);
    assert_completed(&done);
    assert_eq!(done.visits, 4_003);
    assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
    process.elements[2].incoming.push(FlowIx(0));
    let stuck = run(&process);
    assert_eq!(incident(&stuck).code, Code::JoinStuck);
    assert!(incident(&stuck).message.contains("\"S>F\""), "{}", incident(&stuck).message);
}

#[test]
fn two_edges_of_one_id_are_still_two() {
    let mut process =
        Build::new().start("S").parallel("J").end("E").flow("S>J").flow("S>J").flow("J>E").done();
    process.flows[1].id = process.flows[0].id.clone();
    let found = incident(&run(&process));
    assert_eq!(found.code, Code::JoinStuck);
    assert!(
        found.message.starts_with("The join waits for a second flow of the same id,"),
        "{}",
        found.message
    );
}

#[test]
fn variables_may_be_exactly_as_large_as_the_limit() {
    let process = Build::new().start("S").script("T", "need x").flow("S>T").done();
    let limits = |variables_bytes| Limits { variables_bytes, ..Limits::default() };
    // name and text: 1 + 6
    let begin = |most| step_within(&process, &Instance::new(), start(r#"{"v":"1234"}"#), &limits(most));
    assert_eq!(begin(6).unwrap_err(), StepError::VariablesTooLarge { bytes: 7, limit: 6 });
    assert_eq!(begin(6).unwrap_err().to_string(), "the variables would take 7 bytes, more than 6");
    let stuck = begin(7).unwrap();
    assert_eq!(
        change(&process, &stuck, r#"{"x":1}"#, &limits(8)).unwrap_err(),
        StepError::VariablesTooLarge { bytes: 9, limit: 8 }
    );
    assert!(change(&process, &stuck, r#"{"x":1}"#, &limits(9)).is_ok());
    assert!(change(&process, &stuck, r#"{"v":1,"x":2}"#, &limits(7)).is_ok(), "only the result counts");
}

#[test]
fn what_a_script_leaves_may_be_exactly_as_large_as_the_limit() {
    let task = |source: &str| Build::new().start("S").script("T", source).flow("S>T").done();
    let run = |source: &str, most| {
        let limits = Limits { variables_bytes: most, ..Limits::default() };
        step_within(&task(source), &Instance::new(), start(r#"{"o":{"a":1}}"#), &limits).unwrap()
    };
    // merged: o + {"a":1,"b":22} is 1 + 14
    let over = incident(&run(r#"{"o":{"b":22}}"#, 14));
    assert_eq!(over.message, "The variables would take 15 bytes, more than 14.");
    assert_completed(&run(r#"{"o":{"b":22}}"#, 15));
    assert_completed(&run(r#"{"o":null}"#, 8));
}

#[test]
fn scripts_may_write_exactly_as_much_in_one_step_as_the_limit() {
    // {"a":1} is 7 bytes; three tasks write 21
    let tasks = Build::new().start("S").script("A", r#"{"a":1}"#).script("B", r#"{"a":1}"#);
    let process = tasks.script("C", r#"{"a":1}"#).flow("S>A").flow("A>B").flow("B>C").done();
    let limits = |written_bytes| Limits { written_bytes, ..Limits::default() };
    assert_completed(&begun(&process, &limits(21)));
    let over = begun(&process, &limits(20));
    assert_eq!(incident(&over).element, "C");
    assert_eq!(incident(&over).message, "Scripts of one step would write 21 bytes, more than 20.");
    let next = retry(&process, &over, 1, &limits(20));
    assert_completed(&next);
}

#[test]
fn output_may_be_nested_exactly_as_deep_as_the_limit() {
    let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let run = |levels, depth| {
        let process = Build::new().start("S").script("T", &nested(levels)).flow("S>T").done();
        begun(&process, &Limits { depth, ..Limits::default() })
    };
    assert_completed(&run(5, 5));
    let over = incident(&run(6, 5));
    assert_eq!(over.code, Code::ScriptFailed);
    assert_eq!(over.message, "The output cannot be kept: the text is nested too deep.");
    // A limit beyond what is ever read again does not count: `step_within` reads everything back.
    assert_completed(&run(1_000, usize::MAX));
    assert_eq!(incident(&run(1_001, usize::MAX)).code, Code::ScriptFailed);
}

#[test]
fn a_diagram_without_a_way_out_of_a_join_names_each_join_once() {
    let join = |id: &str| (id.to_owned(), format!("S>{id}"));
    let (mut build, mut never) = (Build::new().start("S").script("Never", ""), vec![]);
    for (id, ends) in ["J2", "J1"].map(join) {
        build = build.parallel(&id).flow(&ends).flow(&ends).flow(&format!("Never>{id}"));
        never.push(id);
    }
    let step = run(&build.done());
    let found: Vec<(&str, &str)> =
        step.instance.incidents().map(|found| (found.element.as_str(), found.message.as_str())).collect();
    let says = |id: &str| {
        format!(
            "The join waits for \"Never>{id}\", but no token can come there any more. \
             Cancel the instance and correct the process."
        )
    };
    assert_eq!(found, [("J1", says("J1").as_str()), ("J2", says("J2").as_str())]);
    assert_eq!(step.instance.tokens().len(), 4, "the second token of each still waits");
}

#[test]
fn an_element_of_the_model_that_is_not_there_is_an_incident() {
    let mut process = Build::new().start("S").exclusive("G").flow("S>G").done();
    process.elements[1] = Element { outgoing: vec![FlowIx(9)], ..process.elements[1].clone() };
    let found = incident(&run(&process));
    assert_eq!(
        (found.code, found.message.as_str()),
        (Code::DanglingFlow, "The diagram has no such sequence flow.")
    );
}
