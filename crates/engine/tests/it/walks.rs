//! The engine beside the reference: any process, any commands, the same state after each. Planted
//! faults of the reference must be told apart, each by a small process.

use bpmn::model::Process;
use engine::{Command, Instance, Limits, Patch, StartAt, Status, StepError, TokenState, Variables, Wait};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use crate::build::step_within;
use crate::graph::{graph, nested};
use crate::reference::{Fault, Phase, Reference, State};

/// What an operator does.
#[derive(Clone, Copy, Debug)]
enum Ask {
    /// Retries the open incident at this place of the list.
    Retry(usize),
    /// Retries a number that was never given.
    RetryNothing,
    Change(&'static str, &'static str),
    Cancel,
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let one = prop_oneof![
        12 => (0usize..4).prop_map(Ask::Retry),
        1 => Just(Ask::RetryNothing),
        3 => Just(Ask::Change("x", "1")),
        1 => Just(Ask::Change("n", "0")),
        1 => Just(Ask::Cancel),
    ];
    prop::collection::vec(one, 0..10)
}

/// The engine does what the reference does, step by step, through stored texts between the steps.
fn agrees(process: &Process, asks: &[Ask], visits: u32, fault: Fault) -> Result<(), TestCaseError> {
    let limits = Limits { visits, ..Limits::default() };
    let start = Command::Start { at: StartAt::None, variables: Variables::new() };
    let begun = step_within(process, &Instance::new(), start, &limits);
    let Some(mut reference) = Reference::start(process, visits, fault) else {
        prop_assert_eq!(begun.unwrap_err(), StepError::NoStartEvent);
        return Ok(());
    };
    let begun = begun.unwrap();
    same(process, &reference, &begun.instance)?;
    prop_assert_eq!(crate::build::path(&begun), ids(process, &reference.path));
    let mut instance = begun.instance;
    for ask in asks {
        let number = match ask {
            Ask::Retry(at) => instance.incidents().nth(*at).map_or(1_000_000, |incident| incident.number),
            _ => 2_000_000,
        };
        let stored = Instance::restore(&instance.state_json(), &instance.variables().to_json()).unwrap();
        let been = reference.path.len();
        let answer = step_within(process, &stored, command(*ask, number), &limits);
        if !reference.is_running() {
            prop_assert_eq!(answer.unwrap_err(), StepError::Ended);
            continue;
        }
        if matches!(ask, Ask::Retry(_) | Ask::RetryNothing) && !reference.retry(number) {
            prop_assert_eq!(answer.unwrap_err(), StepError::NoIncident(number));
            continue;
        }
        match ask {
            Ask::Change(name, text) => reference.set(name, text),
            Ask::Cancel => reference.cancel(),
            Ask::Retry(_) | Ask::RetryNothing => {}
        }
        let step = answer.unwrap();
        prop_assert_eq!(crate::build::path(&step), ids(process, &reference.path[been..]));
        same(process, &reference, &step.instance)?;
        instance = step.instance;
    }
    Ok(())
}

fn command(ask: Ask, number: u64) -> Command {
    match ask {
        Ask::Retry(_) | Ask::RetryNothing => Command::RetryIncident { incident: number },
        Ask::Cancel => Command::Cancel,
        Ask::Change(name, text) => {
            Command::ChangeVariables { patch: Patch::parse(&format!("{{\"{name}\":{text}}}"), 9).unwrap() }
        }
    }
}

fn ids<'p>(process: &'p Process, elements: &[usize]) -> Vec<&'p str> {
    elements.iter().map(|&at| process.elements[at].id.as_str()).collect()
}

/// The same tokens with the same numbers, incidents, variables and status.
fn same(process: &Process, reference: &Reference<'_>, instance: &Instance) -> Result<(), TestCaseError> {
    let expected: Vec<_> = reference
        .tokens
        .iter()
        .map(|token| {
            let flow = token.flow.map(|flow| process.flows[flow].id.clone());
            let state = match token.state {
                State::Join => TokenState::Waiting(Wait::Join),
                State::Inside => TokenState::Waiting(Wait::Scope),
                State::Held => TokenState::Waiting(Wait::Budget),
                State::Stuck(number, leaving) => TokenState::Incident { number, leaving },
                State::Ready => TokenState::Entered,
                State::Worked => TokenState::Executed,
            };
            (token.visit, process.elements[token.element].id.clone(), token.scope, flow, state)
        })
        .collect();
    let found: Vec<_> = instance
        .tokens()
        .map(|(visit, token)| (visit, token.element.clone(), token.scope, token.flow.clone(), token.state))
        .collect();
    prop_assert_eq!(found, expected);
    let incidents: Vec<_> =
        instance.incidents().map(|found| (found.number, found.visit, found.code.as_str())).collect();
    prop_assert_eq!(&incidents, &reference.incidents);
    let variables: Vec<(&str, &str)> = {
        let mut all: Vec<_> = instance.variables().iter().map(|(name, text)| (&**name, &**text)).collect();
        all.sort_unstable();
        all
    };
    let wanted: Vec<(&str, &str)> =
        reference.variables.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    prop_assert_eq!(variables, wanted);
    prop_assert_eq!(instance.visits(), reference.visits);
    let status = match reference.phase {
        Phase::Completed => Status::Completed,
        Phase::Terminated => Status::Terminated,
        Phase::Cancelled => Status::Cancelled,
        // nothing that runs today waits for the world: who has not ended has an incident
        Phase::Running => Status::Incident,
    };
    prop_assert_eq!(instance.status(), status);
    Ok(())
}

/// Mostly plenty of visits, often so few that steps run out of them.
fn visits() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(120u32), 1 => 1u32..20]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn nested_processes_walk_as_the_reference(process in nested(), asks in asks(), visits in visits()) {
        agrees(&process, &asks, visits, Fault::None)?;
    }

    #[test]
    fn any_graph_walks_as_the_reference(process in graph(), asks in asks(), visits in visits()) {
        agrees(&process, &asks, visits, Fault::None)?;
    }
}

/// What chance hardly draws: the token that has the incident of the budget ends with its scope.
#[test]
fn held_tokens_of_an_ended_scope_are_told_apart() {
    let (process, visits) = crate::limits::held_beside_a_terminated_scope();
    let asks = [Ask::Change("x", "1"), Ask::Retry(0), Ask::Retry(0)];
    agrees(&process, &asks, visits, Fault::None).unwrap();
    assert!(agrees(&process, &asks, visits, Fault::HeldForEver).is_err());
}

/// The smallest process found that tells a planted fault, as its number of flows.
fn told_apart(fault: Fault) -> usize {
    let config = ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let found = runner
        .run(&(nested(), asks(), visits()), |(process, asks, visits)| agrees(&process, &asks, visits, fault));
    match found {
        Err(TestError::Fail(_, (process, ..))) => process.flows.len(),
        other => panic!("{fault:?} was not told apart: {other:?}"),
    }
}

#[test]
fn planted_faults_are_told_apart_by_small_processes() {
    for fault in [
        Fault::JoinPassesOne,
        Fault::JoinTakesAll,
        Fault::TerminateEndsProcess,
        Fault::DefaultFirst,
        Fault::RetryWorksAgain,
        Fault::ScopeEndsWithFirst,
        Fault::AllFlowsOfChoice,
    ] {
        let flows = told_apart(fault);
        assert!(flows <= 14, "{fault:?} took {flows} flows: it is not made small");
    }
}
