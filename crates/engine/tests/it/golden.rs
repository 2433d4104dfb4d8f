//! Histories and states are kept for years: what was written once must stay readable, and what is
//! written today must look the same. The files in `golden/` stay as they are: to change a shape is to add
//! files for the new one and to keep the old ones readable.

use bpmn::model::Process;
use engine::{Code, Command, Event, Instance, Limits, Patch, Status, Step, StepError, Variables};

use crate::build::{Build, run_with, step, step_within, variables};

/// Each line is the events of one step.
const HISTORY: &str = include_str!("golden/history.jsonl");
/// Each line is the state after that step.
const STATES: &str = include_str!("golden/states.jsonl");
/// The variables after that step.
const VARIABLES: &str = include_str!("golden/variables.jsonl");

fn process() -> Process {
    Build::new()
        .webhook_start("Hook", "orders")
        .script("Note", r#"{"note":{"n":1.10}}"#)
        .open("Sub")
        .start("In")
        .script("Needs", "need x")
        .flow("In>Needs")
        .close()
        .exclusive("Choice")
        .parallel("Join")
        .end("End")
        .flow("Hook>Note")
        .flow("Hook>Join")
        .flow("Note>Sub")
        .flow("Sub>Choice")
        .when("Choice>Join", "maybe")
        .default_flow("Choice>End")
        .flow("Join>End")
        .done()
}

/// Most kinds of event and states of a token, an incident with every field.
fn steps() -> Vec<Step> {
    let process = process();
    let at = engine::StartAt::Message { data_source: "orders".into() };
    let data = r#"{"webhookData":{"payload":{"a":1.10,"b":12345678901234567890123,"a":2},"s":"\ud800"}}"#;
    let start = Command::Start { at, variables: variables(data) };
    let mut all = vec![step(&process, &Instance::new(), start).unwrap()];
    let patch = Patch::parse(r#"{"x":{"deep":[null]},"note":{"by":"hand"}}"#, 9).unwrap();
    let retry = |incident| Command::RetryIncident { incident };
    for command in [Command::ChangeVariables { patch }, retry(1), retry(2), Command::Cancel] {
        let next = step(&process, &all[all.len() - 1].instance, command).unwrap();
        all.push(next);
    }
    all
}

#[test]
fn what_is_written_today_looks_as_it_did() {
    for (at, step) in steps().iter().enumerate() {
        let line = |file: &str| file.lines().nth(at).unwrap_or_default().to_owned();
        assert_eq!(serde_json::to_string(&step.events).unwrap(), line(HISTORY), "events of step {at}");
        assert_eq!(step.instance.state_json(), line(STATES), "state after step {at}");
        assert_eq!(step.instance.variables().to_json(), line(VARIABLES), "variables after step {at}");
    }
}

#[test]
fn what_was_written_then_replays_to_the_state_of_then() {
    let mut instance = Instance::new();
    let lines = HISTORY.lines().zip(STATES.lines()).zip(VARIABLES.lines());
    for ((history, state), variables) in lines {
        let events: Vec<Event> = serde_json::from_str(history).unwrap();
        events.iter().for_each(|event| instance.apply(event).unwrap());
        assert_eq!(Instance::restore(state, variables).unwrap(), instance);
    }
    assert_eq!(instance.status(), Status::Cancelled);
}

#[test]
fn an_instance_that_was_stored_then_goes_on_today() {
    let process = process();
    let stored: Vec<Instance> = STATES
        .lines()
        .zip(VARIABLES.lines())
        .map(|(state, variables)| Instance::restore(state, variables).unwrap())
        .collect();
    let retry = |instance: &Instance, incident| step(&process, instance, Command::RetryIncident { incident });
    assert_eq!(retry(&stored[0], 9).unwrap_err(), StepError::NoIncident(9));
    let next = retry(&stored[1], 1).unwrap();
    assert_eq!(next.instance, stored[2], "the step that was made then, made again");
    assert_eq!(retry(&stored[4], 1).unwrap_err(), StepError::Ended);
}

/// The shapes that the walk above does not write.
#[test]
fn the_rest_of_the_shapes() {
    let shapes: [(Event, &str); 6] = [
        (Event::Executed { visit: 3, wrote: None }, r#"{"executed":{"visit":3}}"#),
        (
            Event::Left { visit: 3, outcome: engine::Outcome::Joined, flows: vec![] },
            r#"{"left":{"visit":3,"outcome":"joined"}}"#,
        ),
        (Event::Terminated, r#""terminated""#),
        (Event::Completed, r#""completed""#),
        (
            Event::Waiting { visit: 3, wait: engine::Wait::Budget },
            r#"{"waiting":{"visit":3,"for":"budget"}}"#,
        ),
        (
            Event::Left { visit: 3, outcome: engine::Outcome::Terminated, flows: vec![] },
            r#"{"left":{"visit":3,"outcome":"terminated"}}"#,
        ),
    ];
    for (event, text) in shapes {
        assert_eq!(serde_json::to_string(&event).unwrap(), text);
        assert_eq!(serde_json::from_str::<Event>(text).unwrap(), event);
    }
    let held = r#"{"phase":"active","visits":2,"incident_numbers":1,"tokens":{"1":{"element":"A","state":{"waiting":"budget"}},"2":{"element":"B","flow":"f","state":{"incident":{"number":1,"leaving":true}}}},"incidents":{"1":{"number":1,"visit":2,"element":"B","code":"visit-budget","message":"m","leaving":true}}}"#;
    let instance = Instance::restore(held, "{}").unwrap();
    assert_eq!(instance.state_json(), held);
    for (phase, status) in [("completed", Status::Completed), ("terminated", Status::Terminated)] {
        let text = format!(r#"{{"phase":"{phase}","visits":2}}"#);
        let ended = Instance::restore(&text, "{}").unwrap();
        assert_eq!((ended.status(), ended.state_json()), (status, text));
    }
    assert_eq!(Instance::new().state_json(), r#"{"visits":0}"#);
}

/// A reader of today meets a member that a later version writes: it reads what it knows.
#[test]
fn members_that_are_not_known_yet_are_passed_over() {
    let entered: Event =
        serde_json::from_str(r#"{"entered":{"visit":1,"element":"S","lane":"L","at":{"x":[1]}}}"#).unwrap();
    assert_eq!(entered, Event::Entered { visit: 1, element: "S".into(), scope: 0, flow: None });
    let state = r#"{"phase":"active","visits":1,"timers":{"1":5},"tokens":{"1":{"element":"S","lane":"L","state":{"waiting":"join"}}}}"#;
    assert_eq!(Instance::restore(state, "{}").unwrap().tokens().len(), 1);
}

/// An event or a wait that is not known is an error: to pass over it would be another history.
#[test]
fn an_event_that_is_not_known_is_refused() {
    for text in [
        r#"{"timerFired":{"visit":1}}"#,
        r#""suspended""#,
        r#"{"waiting":{"visit":1,"for":"timer"}}"#,
        r#"{"left":{"visit":1,"outcome":"escalated"}}"#,
        r#"{"entered":{"element":"S"}}"#,
        r#"{"entered":{"visit":-1,"element":"S"}}"#,
        r#"{"executed":{"visit":1,"wrote":[1]}}"#,
        r#"{"variablesChanged":{"patch":"x"}}"#,
        r#"{"started":{"start":"S","variables":[]}}"#,
    ] {
        assert!(serde_json::from_str::<Event>(text).is_err(), "{text}");
    }
    for state in ["", "null", "[]", "{}", r#"{"visits":0,"phase":"paused"}"#, r#"{"visits":"0"}"#] {
        assert!(Instance::restore(state, "{}").is_err(), "{state}");
    }
}

#[test]
fn codes_are_the_texts_that_lists_filter_by() {
    let codes = [
        (Code::ConditionFailed, "condition-failed"),
        (Code::ScriptFailed, "script-failed"),
        (Code::NoFlow, "no-flow"),
        (Code::DanglingFlow, "dangling-flow"),
        (Code::NotRunnable, "not-runnable"),
        (Code::Language, "language"),
        (Code::NoStart, "no-start"),
        (Code::VisitBudget, "visit-budget"),
        (Code::VariablesTooLarge, "variables-too-large"),
        (Code::JoinStuck, "join-stuck"),
    ];
    for (code, text) in codes {
        assert_eq!(code.as_str(), text);
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Code>(&format!("\"{text}\"")).unwrap(), code);
    }
    let fault = |fault: engine::ScriptFault| fault.as_str();
    use engine::ScriptFault::{Engine, Memory, NotBoolean, Output, Syntax, Thrown, TimeBudget};
    assert_eq!(
        [Syntax, Thrown, NotBoolean, Output, TimeBudget, Memory, Engine].map(fault),
        [
            "does not parse",
            "threw",
            "is not a boolean",
            "wrote an output that cannot be kept",
            "ran too long",
            "needed too much memory",
            "could not be run",
        ]
    );
}

/// The same arguments give the same bytes, whatever the order of any map in memory.
#[test]
fn a_step_writes_the_same_bytes_again() {
    let mut build = Build::new().start("S");
    let mut patch = vec![];
    for at in 0..40 {
        let id = format!("T{}", at * 7 % 40);
        build = build.script(&id, &format!("count {id}")).parallel(&format!("J{id}"));
        build = build.flow(&format!("S>{id}")).flow(&format!("{id}>J{id}")).flow(&format!("J{id}>J{id}"));
        patch.push(format!("\"v{id}\":{{}}"));
    }
    let process = build.done();
    let data = format!("{{{}}}", patch.join(","));
    let written = || {
        let step = run_with(&process, &data);
        let events = serde_json::to_string(&step.events).unwrap();
        (events, step.instance.state_json(), step.instance.variables().to_json())
    };
    let first = written();
    assert!((0..5).all(|_| written() == first));
    let scopes = run_with(&process, "{}").instance.incidents().count();
    assert_eq!(scopes, 40, "every join is stuck, in the order of their ids");
    let _: Variables = serde_json::from_str(&first.2).unwrap();
}

#[test]
fn limits_of_today_do_not_keep_an_instance_of_then_from_ending() {
    let stored =
        Instance::restore(STATES.lines().next().unwrap(), VARIABLES.lines().next().unwrap()).unwrap();
    let limits = Limits { visits: 1, variables_bytes: 1, written_bytes: 1, depth: 1 };
    let cancelled = step_within(&process(), &stored, Command::Cancel, &limits).unwrap();
    assert_eq!(cancelled.instance.status(), Status::Cancelled);
}
