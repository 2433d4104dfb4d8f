//! Which event may follow which: every event on a token in every state, by [`Instance::apply`] alone.

use engine::{Code, Event, Incident, Instance, Outcome, Patch, Status, TokenState, Wait};

use crate::build::variables;

fn started() -> Instance {
    applied(&Instance::new(), &[Event::Started { start: "S".into(), variables: variables("{}") }])
}

fn applied(instance: &Instance, events: &[Event]) -> Instance {
    let mut instance = instance.clone();
    events.iter().for_each(|event| instance.apply(event).unwrap());
    instance
}

fn entered(visit: u64, scope: u64) -> Event {
    Event::Entered { visit, element: format!("e{visit}"), scope, flow: Some(format!("f{visit}")) }
}

fn raised(number: u64, visit: u64, code: Code, leaving: bool) -> Event {
    let element = format!("e{visit}");
    let message = "m".into();
    let (flow, expression, line, column) = (None, None, None, None);
    Event::IncidentRaised(Incident {
        number,
        visit,
        element,
        code,
        message,
        flow,
        expression,
        line,
        column,
        leaving,
    })
}

fn waiting(visit: u64, wait: Wait) -> Event {
    Event::Waiting { visit, wait }
}

fn worked(visit: u64) -> Event {
    Event::Executed { visit, wrote: None }
}

fn left(visit: u64, outcome: Outcome) -> Event {
    Event::Left { visit, outcome, flows: vec![] }
}

/// A token in every state, visit 1 of an instance that has one token.
fn tokens() -> Vec<(&'static str, Instance)> {
    let began = applied(&started(), &[entered(1, 0)]);
    let states: [(&str, Vec<Event>); 7] = [
        ("entered", vec![]),
        ("join", vec![waiting(1, Wait::Join)]),
        ("scope", vec![waiting(1, Wait::Scope)]),
        ("budget", vec![waiting(1, Wait::Budget)]),
        ("executed", vec![worked(1)]),
        ("incident", vec![raised(1, 1, Code::ScriptFailed, false)]),
        ("leaving", vec![worked(1), raised(1, 1, Code::NoFlow, true)]),
    ];
    states.into_iter().map(|(name, events)| (name, applied(&began, &events))).collect()
}

/// The states of the token from which `event` is legal, with the state after it.
fn legal(event: impl Fn(&Instance) -> Event) -> Vec<(&'static str, String)> {
    let mut all = vec![];
    for (name, before) in tokens() {
        let mut after = before.clone();
        match after.apply(&event(&before)) {
            Ok(()) => {
                let state = after.token(1).map(|token| format!("{:?}", token.state));
                all.push((name, state.unwrap_or_else(|| "gone".into())));
            }
            Err(illegal) => {
                assert_eq!(after, before, "{name}: what cannot follow changes nothing");
                assert!(illegal.to_string().starts_with("event cannot follow: "), "{illegal}");
            }
        }
    }
    all
}

#[track_caller]
fn assert_legal(event: impl Fn(&Instance) -> Event, expected: &[(&str, &str)]) {
    let found = legal(event);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, state)| (*name, state.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_token_waits_only_once_it_came() {
    assert_legal(|_| waiting(1, Wait::Join), &[("entered", "Waiting(Join)")]);
    assert_legal(|_| waiting(1, Wait::Scope), &[("entered", "Waiting(Scope)")]);
    assert_legal(|_| waiting(1, Wait::Budget), &[("entered", "Waiting(Budget)")]);
}

#[test]
fn a_token_has_worked_when_it_came_or_its_scope_ended() {
    assert_legal(|_| worked(1), &[("entered", "Executed"), ("scope", "Executed")]);
}

/// Numbered after the incidents that there are.
fn fails(instance: &Instance, leaving: bool) -> Event {
    raised(instance.incidents().len() as u64 + 1, 1, Code::ScriptFailed, leaving)
}

#[test]
fn a_token_fails_at_its_work_or_on_its_way_on() {
    let at_work = "Incident { number: 1, leaving: false }";
    assert_legal(
        |instance| fails(instance, false),
        &[("entered", at_work), ("join", at_work), ("budget", at_work)],
    );
    assert_legal(|instance| fails(instance, true), &[("executed", "Incident { number: 1, leaving: true }")]);
}

#[test]
fn a_retry_goes_back_to_where_the_token_failed() {
    assert_legal(
        |_| Event::IncidentResolved { incident: 1 },
        &[("incident", "Entered"), ("leaving", "Executed")],
    );
    assert_legal(|_| Event::IncidentResolved { incident: 2 }, &[]);
}

#[test]
fn a_token_leaves_by_itself_by_a_join_or_with_its_scope() {
    assert_legal(
        |_| left(1, Outcome::Completed),
        &[("entered", "gone"), ("scope", "gone"), ("executed", "gone")],
    );
    assert_legal(|_| left(1, Outcome::Joined), &[("join", "gone")]);
    let every = ["entered", "join", "scope", "budget", "executed", "incident", "leaving"];
    let every = every.map(|name| (name, "gone"));
    assert_legal(|_| left(1, Outcome::Terminated), &every);
    assert_legal(|_| left(1, Outcome::Cancelled), &every);
    assert_legal(|_| left(2, Outcome::Cancelled), &[]);
}

#[test]
fn a_token_that_leaves_takes_its_incident_along() {
    for (name, before) in tokens() {
        let after = applied(&before, &[left(1, Outcome::Cancelled)]);
        assert_eq!((after.incidents().len(), after.tokens().len()), (0, 0), "{name}");
        assert_eq!(after.status(), Status::Active, "{name}");
    }
}

#[test]
fn an_instance_ends_when_no_token_is_left() {
    for end in [Event::Completed, Event::Terminated, Event::Cancelled] {
        assert_legal(|_| end.clone(), &[]);
        let mut ended = applied(&started(), std::slice::from_ref(&end));
        assert!(ended.status().is_ended());
        let after_the_end = [
            Event::Started { start: "S".into(), variables: variables("{}") },
            entered(1, 0),
            Event::VariablesChanged { patch: Patch::parse("{}", 9).unwrap() },
            Event::Completed,
            Event::Terminated,
            Event::Cancelled,
        ];
        for event in after_the_end {
            let before = ended.clone();
            assert!(ended.apply(&event).is_err(), "{event:?} after {end:?}");
            assert_eq!(ended, before);
        }
    }
}

#[test]
fn nothing_happens_before_the_start() {
    for event in [
        entered(1, 0),
        Event::VariablesChanged { patch: Patch::parse("{}", 9).unwrap() },
        Event::Completed,
        Event::Terminated,
        Event::Cancelled,
        worked(1),
        raised(1, 1, Code::NoFlow, false),
    ] {
        let mut new = Instance::new();
        assert!(new.apply(&event).is_err(), "{event:?}");
        assert_eq!(new, Instance::new());
    }
}

#[test]
fn visits_and_incidents_are_numbered_one_by_one_and_never_again() {
    let mut instance = applied(&started(), &[entered(1, 0), left(1, Outcome::Completed)]);
    for wrong in [0, 1, 3] {
        assert!(instance.apply(&entered(wrong, 0)).is_err(), "{wrong}");
    }
    instance = applied(&instance, &[entered(2, 0), raised(1, 2, Code::NoFlow, false)]);
    instance = applied(&instance, &[Event::IncidentResolved { incident: 1 }]);
    for wrong in [0, 1, 3] {
        assert!(instance.apply(&raised(wrong, 2, Code::NoFlow, false)).is_err(), "{wrong}");
    }
    instance = applied(&instance, &[raised(2, 2, Code::NoFlow, false)]);
    assert_eq!((instance.visits(), instance.incidents().next().unwrap().number), (2, 2));
}

#[test]
fn a_scope_is_entered_while_it_is_open_and_left_when_it_is_empty() {
    for (name, mut instance) in tokens() {
        assert_eq!(instance.apply(&entered(2, 1)).is_ok(), name == "scope", "{name}");
    }
    let mut open = applied(&started(), &[entered(1, 0), waiting(1, Wait::Scope), entered(2, 1)]);
    for outcome in [Outcome::Completed, Outcome::Terminated, Outcome::Cancelled] {
        assert!(open.apply(&left(1, outcome)).is_err(), "{outcome:?} with a token inside");
    }
    assert!(open.apply(&entered(3, 7)).is_err(), "no such scope");
    open = applied(&open, &[left(2, Outcome::Terminated), left(1, Outcome::Completed), Event::Completed]);
    assert_eq!(open.status(), Status::Completed);
}

#[test]
fn the_retry_of_the_budget_wakes_every_held_token_and_another_retry_none() {
    let held = applied(
        &started(),
        &[
            entered(1, 0),
            entered(2, 0),
            entered(3, 0),
            entered(4, 0),
            raised(1, 1, Code::VisitBudget, false),
            waiting(2, Wait::Budget),
            waiting(3, Wait::Join),
            raised(2, 4, Code::ScriptFailed, false),
        ],
    );
    let states = |instance: &Instance| -> Vec<TokenState> {
        instance.tokens().map(|(_, token)| token.state).collect()
    };
    let join = TokenState::Waiting(Wait::Join);
    let other = applied(&held, &[Event::IncidentResolved { incident: 2 }]);
    assert_eq!(states(&other)[1], TokenState::Waiting(Wait::Budget));
    let woken = applied(&held, &[Event::IncidentResolved { incident: 1 }]);
    let at = TokenState::Incident { number: 2, leaving: false };
    assert_eq!(states(&woken), [TokenState::Entered, TokenState::Entered, join, at]);
}

#[test]
fn what_an_element_wrote_and_an_operator_changed_is_merged() {
    let patch = |text| Patch::parse(text, 9).unwrap();
    let instance = applied(
        &started(),
        &[
            entered(1, 0),
            Event::Executed { visit: 1, wrote: Some(patch(r#"{"a":{"b":1.10}}"#)) },
            Event::VariablesChanged { patch: patch(r#"{"a":{"c":2}}"#) },
        ],
    );
    assert_eq!(instance.variables().to_json(), r#"{"a":{"b":1.10,"c":2}}"#);
}
