//! Random processes: they end or stand at an incident, replay to the same state, and do what the
//! blocks that they were built from say. A planted fault must be found.

use bpmn::model::{Kind, Process};
use engine::{Command, Event, Instance, Limits, Outcome, StartAt, Status, Step, Variables};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{TestError, TestRunner};

use crate::blocks::{Block, Expected, blocks, built, expected, is_terminating};
use crate::build::{step, step_within, variables};
use crate::graph::graph;

fn start() -> Command {
    Command::Start { at: StartAt::None, variables: Variables::new() }
}

/// Nothing that runs today waits for the world: after a step an instance has ended or has an incident.
fn assert_settled(step: &Step) -> Result<(), TestCaseError> {
    let instance = &step.instance;
    let ended = instance.status().is_ended();
    prop_assert!(ended || instance.status() == Status::Incident, "{:?}", instance);
    prop_assert_eq!(ended, instance.tokens().len() == 0);
    let entered = step.events.iter().filter(|event| matches!(event, Event::Entered { .. })).count();
    let left = step.events.iter().filter(|event| matches!(event, Event::Left { .. })).count();
    prop_assert_eq!(entered, left + instance.tokens().len());
    Ok(())
}

/// Every task ran as often as the blocks say, and the instance ended as they say.
fn agrees(block: &Block, process: &Process) -> Result<(), TestCaseError> {
    let done = step(process, &Instance::new(), start()).unwrap();
    assert_settled(&done)?;
    let wanted = expected(block, false);
    let status = if wanted.fails { Status::Incident } else { Status::Completed };
    prop_assert_eq!(done.instance.status(), status, "{:?}", block);
    assert_counts(&wanted, &done.instance)
}

fn assert_counts(wanted: &Expected, instance: &Instance) -> Result<(), TestCaseError> {
    for (task, count) in &wanted.counts {
        let found = instance.variables().get(task).map_or(0, |text| text.parse().unwrap());
        prop_assert_eq!(found, *count, "{} of {:?}", task, instance);
    }
    Ok(())
}

/// An operator retries at random, gives the missing variable somewhere in between, and in the end
/// retries all that needed it: the order does not matter.
fn ends_as_if_nothing_had_been_missing(block: &Block, retries: &[Index]) -> Result<(), TestCaseError> {
    let process = built(block);
    let mut instance = step(&process, &Instance::new(), start()).unwrap().instance;
    let retry = |instance: &Instance, number: u64| {
        step(&process, instance, Command::RetryIncident { incident: number }).unwrap().instance
    };
    let (before, after) = retries.split_at(retries.len() / 2);
    for (at, index) in before.iter().chain(after).enumerate() {
        if instance.status().is_ended() {
            break;
        }
        if at == before.len() {
            let patch = engine::Patch::parse(r#"{"x":null}"#, 9).unwrap();
            instance = step(&process, &instance, Command::ChangeVariables { patch }).unwrap().instance;
        }
        let numbers: Vec<u64> = instance.incidents().map(|incident| incident.number).collect();
        instance = retry(&instance, *index.get(&numbers));
    }
    let needy = |instance: &Instance| {
        let first = instance.incidents().find(|incident| incident.element.starts_with("need"));
        first.map(|incident| incident.number)
    };
    while let Some(number) = needy(&instance) {
        instance = retry(&instance, number);
    }
    let wanted = expected(block, true);
    let status = if wanted.fails { Status::Incident } else { Status::Completed };
    prop_assert_eq!(instance.status(), status, "{:?}", block);
    assert_counts(&wanted, &instance)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn structured_processes_do_what_their_blocks_say(block in blocks(false)) {
        agrees(&block, &built(&block))?;
    }

    #[test]
    fn processes_with_terminate_ends_settle(block in blocks(true)) {
        let process = built(&block);
        let done = step(&process, &Instance::new(), start()).unwrap();
        assert_settled(&done)?;
        if !is_terminating(&block) && !expected(&block, false).fails {
            prop_assert_eq!(done.instance.status(), Status::Completed);
        }
    }

    #[test]
    fn retries_in_any_order_end_alike(block in blocks(false), retries in prop::collection::vec(any::<Index>(), 2..8)) {
        ends_as_if_nothing_had_been_missing(&block, &retries)?;
    }

    #[test]
    fn any_graph_settles_whatever_is_asked_of_it(process in graph(), asked in prop::collection::vec(0u8..8, 0..6)) {
        let limits = Limits { visits: 200, ..Limits::default() };
        let first = step_within(&process, &Instance::new(), start(), &limits);
        let Ok(first) = first else { return Ok(()) };
        assert_settled(&first)?;
        let mut instance = first.instance;
        for ask in asked {
            let number = instance.incidents().nth(ask as usize).map_or(99, |incident| incident.number);
            let command = match ask {
                0 => Command::Cancel,
                1 => Command::ChangeVariables { patch: engine::Patch::parse(r#"{"x":1}"#, 9).unwrap() },
                _ => Command::RetryIncident { incident: number },
            };
            if let Ok(next) = step_within(&process, &instance, command, &limits) {
                prop_assert!(next.visits <= limits.visits);
                instance = next.instance;
                let status = instance.status();
                prop_assert!(status.is_ended() || status == Status::Incident);
            }
        }
    }

    #[test]
    fn a_step_is_deterministic(process in graph()) {
        let limits = Limits { visits: 100, ..Limits::default() };
        let one = step_within(&process, &Instance::new(), start(), &limits);
        let two = step_within(&process, &Instance::new(), start(), &limits);
        match (one, two) {
            (Ok(one), Ok(two)) => {
                prop_assert_eq!(one.events, two.events);
                prop_assert_eq!(one.instance, two.instance);
            }
            (one, two) => prop_assert_eq!(one.unwrap_err(), two.unwrap_err()),
        }
    }

    /// Control of the replay property: a history with one event missing does not give the same state.
    #[test]
    fn a_history_with_a_hole_does_not_replay(block in blocks(true), hole in any::<prop::sample::Index>()) {
        let done = step(&built(&block), &Instance::new(), start()).unwrap();
        let missing = hole.index(done.events.len());
        let mut replayed = Instance::new();
        let kept = done.events.iter().enumerate().filter(|(at, _)| *at != missing);
        let all_legal = kept.map(|(_, event)| event).try_for_each(|event| replayed.apply(event)).is_ok();
        let without_trace = match &done.events[missing] {
            Event::Executed { wrote: None, .. } => true,
            // The counter of a loop: what is written again later.
            Event::Executed { visit, wrote: Some(lost) } => done.events.iter().any(|event| {
                matches!(event, Event::Executed { visit: other, wrote: Some(patch) }
                    if other != visit && patch.names() == lost.names())
            }),
            // What it waited for no longer matters when a terminate end has ended it.
            Event::Waiting { visit, .. } => done.events.iter().any(|event| {
                matches!(event, Event::Left { visit: gone, outcome: Outcome::Terminated, .. } if gone == visit)
            }),
            _ => false,
        };
        prop_assert!(without_trace || !all_legal || replayed != done.instance, "{:?}", done.events[missing]);
    }
}

/// Control of the first property: with joins that pass every token, the property must fail.
#[test]
fn a_join_that_does_not_wait_is_found() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let found = runner.run(&blocks(false), |block| {
        let mut process = built(&block);
        for element in &mut process.elements {
            if element.id.starts_with("join") {
                element.kind = Kind::ExclusiveGateway { default: None };
            }
        }
        agrees(&block, &process)
    });
    assert!(matches!(found, Err(TestError::Fail(..))), "the planted fault was not found: {found:?}");
}

/// And with joins that count tokens instead of edges: two of one edge let it pass.
#[test]
fn a_join_that_counts_tokens_is_told_apart() {
    let process = crate::build::Build::new()
        .start("S")
        .parallel("J")
        .script("A", "")
        .script("B", "throw")
        .script("After", "count after")
        .flow("S>A")
        .flow("S>A")
        .flow("S>B")
        .flow("A>J")
        .flow("B>J")
        .flow("J>After")
        .done();
    let done =
        step(&process, &Instance::new(), Command::Start { at: StartAt::None, variables: variables("{}") })
            .unwrap();
    assert_eq!(done.instance.variables().get("after"), None);
    let joined = |event: &&Event| matches!(event, Event::Left { outcome: Outcome::Joined, .. });
    assert_eq!(done.events.iter().filter(joined).count(), 0);
}
