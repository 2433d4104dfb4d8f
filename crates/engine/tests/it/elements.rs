//! What each element does with its tokens, told event by event: order, visit numbers, ids, outcomes.

use engine::{Command, Instance, StartAt};

use crate::build::{Build, run, run_with, step, variables};
use crate::story::assert_story;

#[test]
fn none_start_and_none_end() {
    let process = Build::new().start("S").end("E").flow("S>E").done();
    assert_story(
        &run_with(&process, r#"{"a":1.10}"#),
        r#"
        start S {"a":1.10}
        1 S
        1 left by S>E
        2 E via S>E
        2 left
        completed
        "#,
    );
}

#[test]
fn message_start() {
    let process = Build::new().start("Hand").webhook_start("Hook", "orders").end("E").flow("Hook>E").done();
    let at = StartAt::Message { data_source: "orders".into() };
    let start = Command::Start { at, variables: variables(r#"{"webhookData":{"payload":[]}}"#) };
    assert_story(
        &step(&process, &Instance::new(), start).unwrap(),
        r#"
        start Hook {"webhookData":{"payload":[]}}
        1 Hook
        1 left by Hook>E
        2 E via Hook>E
        2 left
        completed
        "#,
    );
}

#[test]
fn terminate_end_ends_the_youngest_first_and_itself_last() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .script("Inner", "need x")
        .close()
        .script("Wrong", "throw")
        .parallel("Join")
        .terminate("T")
        .flow("S>Sub")
        .flow("S>Wrong")
        .flow("S>Join")
        .flow("S>T")
        .flow("Wrong>Join")
        .done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>Sub, S>Wrong, S>Join, S>T
        2 Sub via S>Sub
        3 Wrong via S>Wrong
        4 Join via S>Join
        5 T via S>T
        2 waits Scope
        6 Inner in 2
        3 at Wrong incident 1 script-failed
        4 waits Join
        6 terminated
        4 terminated
        3 terminated
        2 terminated
        5 left
        terminated
        ",
    );
}

#[test]
fn exclusive_gateway() {
    let process = Build::new()
        .start("S")
        .exclusive("G")
        .script("A", r#"{"took":"A"}"#)
        .script("B", r#"{"took":"B"}"#)
        .exclusive("Merge")
        .end("E")
        .flow("S>G")
        .when("G>A", "x=1")
        .flow("G>B")
        .default("G>B")
        .flow("A>Merge")
        .flow("B>Merge")
        .flow("Merge>E")
        .done();
    for (x, way) in [("1", "A"), ("2", "B")] {
        let expected = "
            start S {\"x\":X}
            1 S
            1 left by S>G
            2 G via S>G
            2 left by G>WAY
            3 WAY via G>WAY
            3 wrote {\"took\":\"WAY\"}
            3 left by WAY>Merge
            4 Merge via WAY>Merge
            4 left by Merge>E
            5 E via Merge>E
            5 left
            completed";
        let step = run_with(&process, &format!("{{\"x\":{x}}}"));
        assert_story(&step, &expected.replace("WAY", way).replace('X', x));
    }
}

#[test]
fn parallel_fork_and_join() {
    let process = Build::new()
        .start("S")
        .parallel("Fork")
        .script("A", "count a")
        .script("B", "")
        .parallel("Join")
        .end("E")
        .flow("S>Fork")
        .flow("Fork>A")
        .flow("Fork>B")
        .flow("A>Join")
        .flow("B>Join")
        .flow("Join>E")
        .done();
    assert_story(
        &run(&process),
        r#"
        start S {}
        1 S
        1 left by S>Fork
        2 Fork via S>Fork
        2 left by Fork>A, Fork>B
        3 A via Fork>A
        4 B via Fork>B
        3 wrote {"a":1}
        3 left by A>Join
        5 Join via A>Join
        4 left by B>Join
        6 Join via B>Join
        5 waits Join
        5 joined
        6 left by Join>E
        7 E via Join>E
        7 left
        completed
        "#,
    );
}

#[test]
fn a_join_takes_the_oldest_token_of_each_flow_and_leaves_the_second_of_one() {
    let process = Build::new()
        .start("S")
        .exclusive("M")
        .parallel("J")
        .script("After", "need x")
        .flow("S>M")
        .flow("S>M")
        .flow("S>J")
        .flow("M>J")
        .flow("J>After")
        .done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>M, S>M#2, S>J
        2 M via S>M
        3 M via S>M#2
        4 J via S>J
        2 left by M>J
        5 J via M>J
        3 left by M>J
        6 J via M>J
        4 waits Join
        4 joined
        5 left by J>After
        7 After via J>After
        6 waits Join
        7 at After incident 1 script-failed
        ",
    );
}

#[test]
fn of_two_tokens_that_wait_on_one_flow_a_join_takes_the_older() {
    let process = Build::new()
        .start("S")
        .exclusive("M")
        .script("L", "")
        .script("L2", "")
        .parallel("J")
        .script("After", "need x")
        .flow("S>M")
        .flow("S>M")
        .flow("S>L")
        .flow("L>L2")
        .flow("L2>J")
        .flow("M>J")
        .flow("J>After")
        .done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>M, S>M#2, S>L
        2 M via S>M
        3 M via S>M#2
        4 L via S>L
        2 left by M>J
        5 J via M>J
        3 left by M>J
        6 J via M>J
        4 left by L>L2
        7 L2 via L>L2
        5 waits Join
        6 waits Join
        7 left by L2>J
        8 J via L2>J
        5 joined
        8 left by J>After
        9 After via J>After
        9 at After incident 1 script-failed
        ",
    );
}

#[test]
fn a_stuck_join_stands_at_its_oldest_token_also_in_a_subprocess() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("Z")
        .script("A", "")
        .script("Never", "")
        .parallel("J")
        .flow("Z>J")
        .flow("Z>A")
        .flow("A>J")
        .flow("Never>J")
        .close()
        .flow("S>Sub")
        .done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>Sub
        2 Sub via S>Sub
        2 waits Scope
        3 Z in 2
        3 left by Z>J, Z>A
        4 J via Z>J in 2
        5 A via Z>A in 2
        4 waits Join
        5 left by A>J
        6 J via A>J in 2
        6 waits Join
        4 at J incident 1 join-stuck
        ",
    );
}

#[test]
fn a_join_may_fork_at_once_and_a_gateway_of_one_way_passes() {
    let process = Build::new()
        .start("S")
        .parallel("One")
        .parallel("Both")
        .end("E1")
        .end("E2")
        .flow("S>One")
        .flow("S>Both")
        .flow("One>Both")
        .flow("Both>E1")
        .flow("Both>E2")
        .done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>One, S>Both
        2 One via S>One
        3 Both via S>Both
        2 left by One>Both
        4 Both via One>Both
        3 waits Join
        3 joined
        4 left by Both>E1, Both>E2
        5 E1 via Both>E1
        6 E2 via Both>E2
        5 left
        6 left
        completed
        ",
    );
}

#[test]
fn a_join_as_the_last_node_ends_both_tokens() {
    let process = Build::new().start("S").parallel("J").flow("S>J").flow("S>J").done();
    assert_story(
        &run(&process),
        "
        start S {}
        1 S
        1 left by S>J, S>J#2
        2 J via S>J
        3 J via S>J#2
        2 waits Join
        2 joined
        3 left
        completed
        ",
    );
}

#[test]
fn a_fork_and_join_inside_a_loop_begins_anew_in_every_round() {
    let process = Build::new()
        .start("S")
        .exclusive("Again")
        .parallel("Fork")
        .script("A", "count a")
        .parallel("Join")
        .exclusive("More")
        .end("E")
        .flow("S>Again")
        .flow("Again>Fork")
        .flow("Fork>A")
        .flow("Fork>Join")
        .flow("A>Join")
        .flow("Join>More")
        .when("More>Again", "a<2")
        .default_flow("More>E")
        .done();
    assert_story(
        &run(&process),
        r#"
        start S {}
        1 S
        1 left by S>Again
        2 Again via S>Again
        2 left by Again>Fork
        3 Fork via Again>Fork
        3 left by Fork>A, Fork>Join
        4 A via Fork>A
        5 Join via Fork>Join
        4 wrote {"a":1}
        4 left by A>Join
        6 Join via A>Join
        5 waits Join
        5 joined
        6 left by Join>More
        7 More via Join>More
        7 left by More>Again
        8 Again via More>Again
        8 left by Again>Fork
        9 Fork via Again>Fork
        9 left by Fork>A, Fork>Join
        10 A via Fork>A
        11 Join via Fork>Join
        10 wrote {"a":2}
        10 left by A>Join
        12 Join via A>Join
        11 waits Join
        11 joined
        12 left by Join>More
        13 More via Join>More
        13 left by More>E
        14 E via More>E
        14 left
        completed
        "#,
    );
}

#[test]
fn a_script_task_writes_or_only_passes() {
    let process = Build::new()
        .start("S")
        .script("W", r#" {"o":{"k":1.10}} "#)
        .script("N", "")
        .script("Empty", "{}")
        .flow("S>W")
        .flow("W>N")
        .flow("N>Empty")
        .done();
    let step = run_with(&process, r#"{"o":{"big":12345678901234567890123}}"#);
    assert_story(
        &step,
        r#"
        start S {"o":{"big":12345678901234567890123}}
        1 S
        1 left by S>W
        2 W via S>W
        2 wrote {"o":{"k":1.10}}
        2 left by W>N
        3 N via W>N
        3 left by N>Empty
        4 Empty via N>Empty
        4 wrote {}
        4 left
        completed
        "#,
    );
    let kept = r#"{"o":{"big":12345678901234567890123,"k":1.10}}"#;
    assert_eq!(step.instance.variables().to_json(), kept);
}

/// Three subprocesses, one in the other, a task beside each; `inner` stands in the innermost.
fn three_deep(inner: impl Fn(Build) -> Build) -> bpmn::model::Process {
    let build = Build::new().start("S").open("A").start("SA").open("B").start("SB").open("C").start("SC");
    inner(build)
        .close()
        .script("AfterC", "")
        .flow("SB>C")
        .flow("C>AfterC")
        .close()
        .flow("SA>B")
        .close()
        .end("E")
        .flow("S>A")
        .flow("A>E")
        .done()
}

const DOWN: &str = "
    start S {}
    1 S
    1 left by S>A
    2 A via S>A
    2 waits Scope
    3 SA in 2
    3 left by SA>B
    4 B via SA>B in 2
    4 waits Scope
    5 SB in 4
    5 left by SB>C
    6 C via SB>C in 4
    6 waits Scope
    7 SC in 6";

#[test]
fn subprocesses_end_from_the_inside_out() {
    let process = three_deep(|build| build);
    let up = "
        7 left
        6 left by C>AfterC
        8 AfterC via C>AfterC in 4
        8 left
        4 left
        2 left by A>E
        9 E via A>E
        9 left
        completed";
    assert_story(&run(&process), &format!("{DOWN}{up}"));
}

#[test]
fn a_terminate_end_three_deep_ends_only_the_innermost() {
    let process =
        three_deep(|build| build.script("Stuck", "throw").terminate("T").flow("SC>Stuck").flow("SC>T"));
    let up = "
        7 left by SC>Stuck, SC>T
        8 Stuck via SC>Stuck in 6
        9 T via SC>T in 6
        8 at Stuck incident 1 script-failed
        8 terminated
        9 left
        6 left by C>AfterC
        10 AfterC via C>AfterC in 4
        10 left
        4 left
        2 left by A>E
        11 E via A>E
        11 left
        completed";
    assert_story(&run(&process), &format!("{DOWN}{up}"));
}

#[test]
fn a_terminate_end_outside_ends_three_levels_innermost_first() {
    let process = Build::new()
        .start("S")
        .open("A")
        .open("B")
        .open("C")
        .script("Stuck", "throw")
        .close()
        .close()
        .close()
        .script("Beside", "need x")
        .terminate("T")
        .flow("S>A")
        .flow("S>Beside")
        .flow("Beside>T")
        .done();
    let stuck = run(&process);
    assert_story(
        &stuck,
        "
        start S {}
        1 S
        1 left by S>A, S>Beside
        2 A via S>A
        3 Beside via S>Beside
        2 waits Scope
        4 B in 2
        3 at Beside incident 1 script-failed
        4 waits Scope
        5 C in 4
        5 waits Scope
        6 Stuck in 5
        6 at Stuck incident 2 script-failed
        ",
    );
    let patch = engine::Patch::parse(r#"{"x":true}"#, 9).unwrap();
    let changed = step(&process, &stuck.instance, Command::ChangeVariables { patch }).unwrap();
    assert_story(&changed, r#"change {"x":true}"#);
    let done = step(&process, &changed.instance, Command::RetryIncident { incident: 1 }).unwrap();
    assert_story(
        &done,
        "
        retry 1
        3 left by Beside>T
        7 T via Beside>T
        6 terminated
        5 terminated
        4 terminated
        2 terminated
        7 left
        terminated
        ",
    );
}

#[test]
fn what_a_subprocess_writes_is_the_variable_of_the_process() {
    let process = Build::new()
        .start("S")
        .script("Before", r#"{"v":{"a":1}}"#)
        .open("Sub")
        .script("Inside", r#"{"v":{"b":2}}"#)
        .close()
        .exclusive("G")
        .end("Seen")
        .end("Unseen")
        .flow("S>Before")
        .flow("Before>Sub")
        .flow("Sub>G")
        .when("G>Seen", r#"v={"a":1,"b":2}"#)
        .default_flow("G>Unseen")
        .done();
    let step = run(&process);
    assert_eq!(crate::build::path(&step), ["S", "Before", "Sub", "Inside", "G", "Seen"]);
}

#[test]
fn a_fork_that_nobody_joins_runs_every_branch_to_its_end() {
    let process = Build::new()
        .start("S")
        .parallel("F")
        .script("A", "count n")
        .end("EA")
        .script("B", "count n")
        .script("B2", "count n")
        .flow("S>F")
        .flow("F>A")
        .flow("F>B")
        .flow("F>EA")
        .flow("A>EA")
        .flow("B>B2")
        .done();
    let step = run(&process);
    assert_eq!(crate::build::path(&step), ["S", "F", "A", "B", "EA", "EA", "B2"]);
    assert_eq!(step.instance.variables().to_json(), r#"{"n":3}"#);
    crate::build::assert_completed(&step);
}
