//! Every command in every state: what it does, or the exact refusal, and that a refusal changes nothing.

use engine::{Command, Instance, Limits, Patch, StartAt, Status, StepError, TokenState, Wait};

use crate::build::{Build, run, step, step_within, variables};
use crate::story::story;

/// An instance in each state that can be stored, with its process.
fn states() -> Vec<(&'static str, bpmn::model::Process, Instance)> {
    let straight = Build::new().start("S").end("E").flow("S>E").done();
    let terminating = Build::new().start("S").terminate("T").flow("S>T").done();
    let failing = Build::new().start("S").script("T", "need x").end("E").flow("S>T").flow("T>E").done();
    let leaving =
        Build::new().start("S").script("T", "count t").end("E").flow("S>T").when("T>E", "x=1").done();
    let inside = Build::new()
        .start("S")
        .open("Sub")
        .start("I")
        .script("T", "need x")
        .flow("I>T")
        .close()
        .end("E")
        .flow("S>Sub")
        .flow("Sub>E")
        .done();
    let joining = Build::new()
        .start("S")
        .script("T", "need x")
        .parallel("J")
        .end("E")
        .flow("S>T")
        .flow("S>J")
        .flow("T>J")
        .flow("J>E")
        .done();
    let stuck = Build::new()
        .start("S")
        .exclusive("G")
        .parallel("J")
        .flow("S>G")
        .when("G>J", "true")
        .flow("G>J")
        .done();
    let bomb = Build::new().start("S").script("A", "").script("B", "").end("E");
    let bomb = bomb.flow("S>A").flow("S>B").flow("A>E").flow("B>E").done();
    let spent = step_within(&bomb, &Instance::new(), start(), &Limits { visits: 1, ..Limits::default() });
    let stopped = run(&failing).instance;
    let cancelled = step(&failing, &stopped, Command::Cancel).unwrap().instance;
    vec![
        ("new", straight.clone(), Instance::new()),
        ("completed", straight.clone(), run(&straight).instance),
        ("terminated", terminating.clone(), run(&terminating).instance),
        ("cancelled", failing.clone(), cancelled),
        ("at an incident", failing, stopped),
        ("at an incident of the way on", leaving.clone(), run(&leaving).instance),
        ("inside a subprocess", inside.clone(), run(&inside).instance),
        ("at a join", joining.clone(), run(&joining).instance),
        ("at a join for ever", stuck.clone(), run(&stuck).instance),
        ("out of visits", bomb, spent.unwrap().instance),
    ]
}

fn start() -> Command {
    Command::Start { at: StartAt::None, variables: variables("{}") }
}

fn change(json: &str) -> Command {
    Command::ChangeVariables { patch: Patch::parse(json, 9).unwrap() }
}

/// The story of the answer in one line, or the refusal.
fn answer(process: &bpmn::model::Process, instance: &Instance, command: Command) -> String {
    match step(process, instance, command) {
        Ok(step) => story(&step).join("; "),
        Err(refused) => format!("refused: {refused}"),
    }
}

fn table(command: impl Fn() -> Command) -> Vec<(&'static str, String)> {
    let answers = states().into_iter().map(|(name, process, instance)| {
        let before = instance.clone();
        let told = answer(&process, &instance, command());
        assert_eq!(instance, before, "a step changes no instance but its own");
        (name, told)
    });
    answers.collect()
}

#[track_caller]
fn assert_table(command: impl Fn() -> Command, expected: &[(&str, &str)]) {
    let found = table(command);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, told)| (*name, told.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn start_in_every_state() {
    let again = "refused: the instance has been started before";
    let ended = "refused: the instance has ended";
    assert_table(
        start,
        &[
            ("new", "start S {}; 1 S; 1 left by S>E; 2 E via S>E; 2 left; completed"),
            ("completed", ended),
            ("terminated", ended),
            ("cancelled", ended),
            ("at an incident", again),
            ("at an incident of the way on", again),
            ("inside a subprocess", again),
            ("at a join", again),
            ("at a join for ever", again),
            ("out of visits", again),
        ],
    );
}

#[test]
fn cancel_in_every_state() {
    let ended = "refused: the instance has ended";
    assert_table(
        || Command::Cancel,
        &[
            ("new", "refused: the instance has not been started"),
            ("completed", ended),
            ("terminated", ended),
            ("cancelled", ended),
            ("at an incident", "2 cancelled; cancelled"),
            ("at an incident of the way on", "2 cancelled; cancelled"),
            ("inside a subprocess", "4 cancelled; 2 cancelled; cancelled"),
            ("at a join", "3 cancelled; 2 cancelled; cancelled"),
            ("at a join for ever", "3 cancelled; cancelled"),
            ("out of visits", "3 cancelled; 2 cancelled; cancelled"),
        ],
    );
}

#[test]
fn retry_in_every_state() {
    let ended = "refused: the instance has ended";
    assert_table(
        || Command::RetryIncident { incident: 1 },
        &[
            ("new", "refused: the instance has not been started"),
            ("completed", ended),
            ("terminated", ended),
            ("cancelled", ended),
            ("at an incident", "retry 1; 2 at T incident 2 script-failed"),
            ("at an incident of the way on", "retry 1; 2 at T incident 2 no-flow (leaving)"),
            ("inside a subprocess", "retry 1; 4 at T incident 2 script-failed"),
            ("at a join", "retry 1; 2 at T incident 2 script-failed"),
            ("at a join for ever", "retry 1; 3 waits Join; 3 at J incident 2 join-stuck"),
            (
                "out of visits",
                "retry 1; 2 left by A>E; 4 E via A>E; 3 left by B>E; 5 E via B>E; 4 left; 5 left; completed",
            ),
        ],
    );
}

#[test]
fn retry_of_a_number_that_is_not_open_in_every_state() {
    for number in [0, 2, u64::MAX] {
        for (name, process, instance) in states() {
            let refused = step(&process, &instance, Command::RetryIncident { incident: number }).unwrap_err();
            let expected = match instance.status() {
                Status::New => StepError::NotStarted,
                Status::Incident | Status::Active => StepError::NoIncident(number),
                Status::Completed | Status::Terminated | Status::Cancelled => StepError::Ended,
            };
            assert_eq!(refused, expected, "{name}");
        }
    }
    let text = StepError::NoIncident(7).to_string();
    assert_eq!(text, "the instance has no open incident 7");
}

#[test]
fn change_of_variables_in_every_state() {
    let changed = r#"change {"x":1}"#;
    let ended = "refused: the instance has ended";
    assert_table(
        || change(r#"{"x":1}"#),
        &[
            ("new", "refused: the instance has not been started"),
            ("completed", ended),
            ("terminated", ended),
            ("cancelled", ended),
            ("at an incident", changed),
            ("at an incident of the way on", changed),
            ("inside a subprocess", changed),
            ("at a join", changed),
            ("at a join for ever", changed),
            ("out of visits", changed),
        ],
    );
}

#[test]
fn change_then_retry_in_every_state_that_runs() {
    let ends = [
        ("at an incident", "retry 1; 2 left by T>E; 3 E via T>E; 3 left; completed"),
        ("at an incident of the way on", "retry 1; 2 left by T>E; 3 E via T>E; 3 left; completed"),
        ("inside a subprocess", "retry 1; 4 left; 2 left by Sub>E; 5 E via Sub>E; 5 left; completed"),
        (
            "at a join",
            "retry 1; 2 left by T>J; 4 J via T>J; 3 joined; 4 left by J>E; 5 E via J>E; 5 left; completed",
        ),
        ("at a join for ever", "retry 1; 3 waits Join; 3 at J incident 2 join-stuck"),
    ];
    for (name, expected) in ends {
        let (_, process, instance) = states().into_iter().find(|state| state.0 == name).unwrap();
        let changed = step(&process, &instance, change(r#"{"x":1}"#)).unwrap().instance;
        assert_eq!(answer(&process, &changed, Command::RetryIncident { incident: 1 }), expected, "{name}");
    }
}

#[test]
fn an_incident_that_was_retried_is_gone() {
    for (name, process, instance) in states().into_iter().filter(|state| state.2.status() == Status::Incident)
    {
        let again = step(&process, &instance, Command::RetryIncident { incident: 1 }).unwrap().instance;
        assert!(again.incident(1).is_none(), "{name}");
        let refused = step(&process, &again, Command::RetryIncident { incident: 1 }).unwrap_err();
        let ended = again.status().is_ended();
        assert_eq!(refused, if ended { StepError::Ended } else { StepError::NoIncident(1) }, "{name}");
    }
}

#[test]
fn every_state_stands_as_the_lists_say() {
    let stands: Vec<(&str, Status, &str, Vec<TokenState>)> = states()
        .into_iter()
        .map(|(name, _, instance)| {
            let tokens = instance.tokens().map(|(_, token)| token.state).collect();
            (name, instance.status(), instance.status().as_str(), tokens)
        })
        .collect();
    let (join, scope, budget) = [Wait::Join, Wait::Scope, Wait::Budget].map(TokenState::Waiting).into();
    let at = |leaving| TokenState::Incident { number: 1, leaving };
    assert_eq!(
        stands,
        [
            ("new", Status::New, "incident", vec![]),
            ("completed", Status::Completed, "completed", vec![]),
            ("terminated", Status::Terminated, "terminated", vec![]),
            ("cancelled", Status::Cancelled, "cancelled", vec![]),
            ("at an incident", Status::Incident, "incident", vec![at(false)]),
            ("at an incident of the way on", Status::Incident, "incident", vec![at(true)]),
            ("inside a subprocess", Status::Incident, "incident", vec![scope, at(false)]),
            ("at a join", Status::Incident, "incident", vec![at(false), join]),
            ("at a join for ever", Status::Incident, "incident", vec![at(false)]),
            ("out of visits", Status::Incident, "incident", vec![at(false), budget]),
        ]
    );
    assert_eq!(Status::Active.as_str(), "active");
    assert!(!Status::New.is_ended() && !Status::Active.is_ended() && !Status::Incident.is_ended());
}

#[test]
fn a_start_that_is_refused_says_why() {
    let process = Build::new().webhook_start("Hook", "orders").done();
    let refused = step(&process, &Instance::new(), start()).unwrap_err();
    assert_eq!(refused.to_string(), "the process has no start event for this");
    let small = Limits { variables_bytes: 1, ..Limits::default() };
    let big = Command::Start { at: StartAt::None, variables: variables(r#"{"a":1}"#) };
    let too_large = step_within(&process, &Instance::new(), big, &small).unwrap_err();
    assert_eq!(too_large, StepError::VariablesTooLarge { bytes: 2, limit: 1 });
}

#[test]
fn a_state_of_another_version_is_refused_by_every_retry_and_can_be_cancelled() {
    let other = Build::new().start("S").done();
    for (name, _, instance) in states().into_iter().filter(|state| state.2.status() == Status::Incident) {
        let refused = step(&other, &instance, Command::RetryIncident { incident: 1 }).unwrap_err();
        assert!(matches!(refused, StepError::UnknownElement(_)), "{name}: {refused:?}");
        let cancelled = step(&other, &instance, Command::Cancel).unwrap();
        assert_eq!(cancelled.instance.status(), Status::Cancelled, "{name}");
    }
    let text = StepError::UnknownElement("G".into()).to_string();
    assert_eq!(text, "the state names element \"G\", which the process does not have");
}
