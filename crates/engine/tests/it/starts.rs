//! Starting: which start event, what a straight path leaves behind.

use engine::{Command, Event, Instance, Outcome, StartAt, Status, StepError, trail};

use crate::build::{Build, assert_completed, path, run, run_with, step, variables};

fn straight() -> bpmn::model::Process {
    Build::new()
        .webhook_start("Hook", "orders")
        .webhook_start("Other", "refunds")
        .start("Hand")
        .script("Task", r#"{"done":true}"#)
        .end("End")
        .flow("Hook>Task")
        .flow("Other>End")
        .flow("Hand>End")
        .flow("Task>End")
        .done()
}

fn by(data_source: &str) -> Command {
    let at = StartAt::Message { data_source: data_source.into() };
    Command::Start { at, variables: variables(r#"{"webhookData":{"payload":1.10}}"#) }
}

#[test]
fn the_start_event_of_the_data_source_starts_and_no_other() {
    let process = straight();
    let orders = step(&process, &Instance::new(), by("orders")).unwrap();
    assert_eq!(path(&orders), ["Hook", "Task", "End"]);
    assert_completed(&orders);
    assert_eq!(orders.instance.variables().to_json(), r#"{"webhookData":{"payload":1.10},"done":true}"#);
    assert_eq!(orders.visits, 3);
    let refunds = step(&process, &Instance::new(), by("refunds")).unwrap();
    assert_eq!(path(&refunds), ["Other", "End"]);
    assert_eq!(path(&run(&process)), ["Hand", "End"]);
}

#[test]
fn the_first_of_two_start_events_on_one_data_source_starts() {
    let process = Build::new().webhook_start("A", "x").webhook_start("B", "x").done();
    assert_eq!(path(&step(&process, &Instance::new(), by("x")).unwrap()), ["A"]);
    let capitals = Build::new().webhook_start("A", "X").done();
    assert_eq!(
        path(&step(&capitals, &Instance::new(), by("x")).unwrap()),
        ["A"],
        "a UUID in capitals is the same one"
    );
}

#[test]
fn a_data_source_that_nothing_listens_to_starts_nothing() {
    let refused = step(&straight(), &Instance::new(), by("unknown"));
    assert_eq!(refused.unwrap_err(), StepError::NoStartEvent);
    let nothing = Build::new().done();
    assert_eq!(step(&nothing, &Instance::new(), by("x")).unwrap_err(), StepError::NoStartEvent);
}

#[test]
fn a_start_event_inside_a_subprocess_starts_no_process() {
    let process = Build::new().open("Sub").webhook_start("Inner", "x").close().done();
    assert_eq!(step(&process, &Instance::new(), by("x")).unwrap_err(), StepError::NoStartEvent);
}

#[test]
fn every_command_on_a_new_or_ended_instance_is_refused() {
    let process = straight();
    let others = || [Command::RetryIncident { incident: 1 }, Command::Cancel];
    for command in others() {
        assert_eq!(step(&process, &Instance::new(), command).unwrap_err(), StepError::NotStarted);
    }
    let ended = run(&process).instance;
    for command in others().into_iter().chain([by("orders")]) {
        assert_eq!(step(&process, &ended, command).unwrap_err(), StepError::Ended);
    }
}

#[test]
fn a_node_without_a_way_on_ends_its_token() {
    let process = Build::new().start("S").script("T", "").flow("S>T").done();
    assert_completed(&run(&process));
}

#[test]
fn time_and_seed_of_the_step_reach_its_scripts() {
    let process = Build::new().start("S").script("T", "seed").flow("S>T").done();
    assert_eq!(run(&process).instance.variables().to_json(), r#"{"seed":7,"now":1700000000000}"#);
}

#[test]
fn the_events_name_elements_and_flows() {
    let process = Build::new().start("S").script("T", r#"{"a":[1]}"#).flow("S>T").done();
    let step = run_with(&process, r#"{"b":2}"#);
    let text = serde_json::to_string(&step.events).unwrap();
    let expected = concat!(
        r#"[{"started":{"start":"S","variables":{"b":2}}},"#,
        r#"{"entered":{"visit":1,"element":"S"}},{"left":{"visit":1,"outcome":"completed","flows":["S>T"]}},"#,
        r#"{"entered":{"visit":2,"element":"T","flow":"S>T"}},{"executed":{"visit":2,"wrote":{"a":[1]}}},"#,
        r#"{"left":{"visit":2,"outcome":"completed"}},"completed"]"#,
    );
    assert_eq!(text, expected);
    let drawn =
        expected.replace(r#""variables":{"b":2}"#, r#""wrote":["b"]"#).replace(r#"{"a":[1]}"#, r#"["a"]"#);
    assert_eq!(trail(&step.events), drawn);
}

#[test]
fn several_flows_out_of_a_node_fork_and_several_into_it_pass_each_token() {
    let process = Build::new()
        .start("S")
        .script("A", "count a")
        .script("B", "")
        .script("Twice", "count twice")
        .flow("S>A")
        .flow("S>B")
        .flow("A>Twice")
        .flow("B>Twice")
        .done();
    let step = run(&process);
    assert_completed(&step);
    assert_eq!(step.instance.variables().get("twice"), Some("2"));
    assert_eq!(step.instance.visits(), 5);
}

#[test]
fn a_terminate_end_ends_all_other_tokens() {
    let process = Build::new()
        .start("S")
        .script("Long", "")
        .script("Never", r#"{"never":1}"#)
        .terminate("T")
        .flow("S>T")
        .flow("S>Long")
        .flow("Long>Never")
        .done();
    let step = run(&process);
    assert_eq!(step.instance.status(), Status::Terminated);
    assert!(step.instance.status().is_ended());
    let terminated = |event: &&Event| matches!(event, Event::Left { outcome: Outcome::Terminated, .. });
    assert_eq!(step.events.iter().filter(terminated).count(), 1);
    assert_eq!(step.instance.variables().get("never"), None);
}
