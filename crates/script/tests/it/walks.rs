//! Whole processes from XML: read, run by the engine, scripted in JavaScript.

use std::time::Instant;

use bpmn::model::Process;
use engine::{Code, Command, Context, Instance, Limits, Patch, StartAt, Status, Step, Variables};
use script::Engine;

fn process(body: &str) -> Process {
    let xml = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:forebay="http://forebay.dev/schema/bpmn/1.0" id="d" targetNamespace="t">
        <process id="orders" isExecutable="true">{body}</process></definitions>"#
    );
    let definitions = bpmn::read(xml.as_bytes()).unwrap();
    bpmn::executable(&definitions).unwrap().clone()
}

const ORDERS: &str = r#"
  <startEvent id="hook"><extensionElements>
    <forebay:processTrigger triggerType="incomingWebhook" dataSource="orders"/></extensionElements>
    <messageEventDefinition id="m"/></startEvent>
  <sequenceFlow id="f1" sourceRef="hook" targetRef="big"/>
  <exclusiveGateway id="big" default="small"/>
  <sequenceFlow id="large" sourceRef="big" targetRef="approve">
    <conditionExpression>webhookData.payload.amount &gt; 100</conditionExpression></sequenceFlow>
  <sequenceFlow id="small" sourceRef="big" targetRef="end"/>
  <scriptTask id="approve" scriptFormat="javascript"><script>
    output.order = { id: webhookData.payload.id, approved: true, via: webhookData.headers["x-SHOP"] };
  </script></scriptTask>
  <sequenceFlow id="f2" sourceRef="approve" targetRef="end"/>
  <endEvent id="end"/>"#;

fn hook(payload: &str) -> Command {
    let mut variables = Variables::new();
    let data = format!(
        r#"{{"dateTime":"2023-11-14T22:13:20.123Z","payload":{payload},"headers":{{"X-Shop":"acme","Content-Type":"application/json"}}}}"#
    );
    variables.set("webhookData", data).unwrap();
    Command::Start { at: StartAt::Message { data_source: "orders".into() }, variables }
}

fn step(engine: &mut Engine, process: &Process, instance: &Instance, command: Command) -> Step {
    let limits = Limits::default();
    let mut scripts = engine.process(7);
    let mut context = Context { scripts: &mut scripts, now: 1_700_000_000_123, seed: 1, limits: &limits };
    engine::step(process, instance, command, &mut context).unwrap()
}

fn start(payload: &str) -> Step {
    step(&mut Engine::new(script::Limits::default()), &process(ORDERS), &Instance::new(), hook(payload))
}

#[test]
fn a_webhook_runs_to_its_end_and_keeps_every_byte() {
    let payload =
        "\n {\"amount\": 120.10, \"id\":12345678901234567890123, \"a\":1, \"a\":1e999,\"s\":\"\\ud800\"}\t";
    let done = start(payload);
    assert_eq!(done.instance.status(), Status::Completed);
    let variables = done.instance.variables();
    assert_eq!(variables.pointer("webhookData", "/payload"), Some(payload));
    assert_eq!(
        variables.get("order"),
        Some(r#"{"id":12345678901234567890123,"approved":true,"via":"acme"}"#)
    );
    let small = start(r#"{"amount":100}"#);
    assert_eq!(small.instance.status(), Status::Completed);
    assert_eq!(small.instance.variables().get("order"), None);
}

#[test]
fn a_payload_that_the_condition_cannot_read_is_an_incident_that_a_change_heals() {
    let mut engine = Engine::new(script::Limits::default());
    let process = process(ORDERS);
    let stuck = step(&mut engine, &process, &Instance::new(), hook("null"));
    let incident = stuck.instance.incidents().next().unwrap().clone();
    assert_eq!((incident.code, incident.element.as_str()), (Code::ConditionFailed, "big"));
    assert_eq!(incident.expression.as_deref(), Some("webhookData.payload.amount > 100"));
    assert!(incident.message.contains("cannot read property 'amount' of null"), "{}", incident.message);
    let patch = Patch::parse(r#"{"webhookData":{"payload":{"amount":500}}}"#, 100).unwrap();
    let changed = step(&mut engine, &process, &stuck.instance, Command::ChangeVariables { patch });
    let retry = Command::RetryIncident { incident: incident.number };
    let done = step(&mut engine, &process, &changed.instance, retry);
    assert_eq!(done.instance.status(), Status::Completed);
    assert_eq!(done.instance.variables().get("order"), Some(r#"{"approved":true,"via":"acme"}"#));
}

#[test]
fn a_loop_of_scripts_ends_with_the_budget_of_the_step() {
    let limits = script::Limits { step_ticks: 50, ..script::Limits::default() };
    let looped = process(
        r#"<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>
        <scriptTask id="t"><script>for (let i = 0; i &lt; 1e5; i++) {} output.n = (input.n ?? 0) + 1</script></scriptTask>
        <sequenceFlow id="b" sourceRef="t" targetRef="t"/>"#,
    );
    let command = Command::Start { at: StartAt::None, variables: Variables::new() };
    let done = step(&mut Engine::new(limits), &looped, &Instance::new(), command);
    let incident = done.instance.incidents().next().unwrap();
    assert_eq!(incident.code, Code::ScriptFailed);
    assert!(incident.message.contains("all scripts of the step"), "{}", incident.message);
    let rounds: u32 = done.instance.variables().get("n").unwrap().parse().unwrap();
    assert!((1..=5).contains(&rounds), "{rounds}");
}

#[test]
fn a_step_is_the_same_whatever_ran_before_it() {
    let random = process(
        r#"<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>
        <scriptTask id="t"><script>output = { r: Math.random(), t: Date.now(), z: new Date(0).getHours() }</script></scriptTask>"#,
    );
    let begin = || Command::Start { at: StartAt::None, variables: Variables::new() };
    let mut used = Engine::new(script::Limits::default());
    let first = step(&mut used, &random, &Instance::new(), begin());
    let second = step(&mut used, &random, &Instance::new(), begin());
    let fresh = step(&mut Engine::new(script::Limits::default()), &random, &Instance::new(), begin());
    assert_eq!(first.events, second.events);
    assert_eq!(first.events, fresh.events);
}

#[test]
fn contexts_are_bounded_and_the_least_used_goes() {
    let mut engine = Engine::new(script::Limits { contexts: 2, ..script::Limits::default() });
    let orders = process(ORDERS);
    let limits = Limits::default();
    for version in [1, 2, 1, 3, 1, 2] {
        let mut scripts = engine.process(version);
        let mut context = Context { scripts: &mut scripts, now: 0, seed: 0, limits: &limits };
        let done = engine::step(&orders, &Instance::new(), hook(r#"{"amount":1}"#), &mut context).unwrap();
        assert_eq!(done.instance.status(), Status::Completed);
    }
    assert_eq!(engine.contexts_made(), 4, "1, 2, 3, and 2 again");
}

/// `cargo test --release -p script -- --ignored --nocapture speed`: one core, a payload of 1 KB, condition + script + end.
#[test]
#[ignore = "a figure, not a check"]
fn speed() {
    let items: Vec<String> = (0..16)
        .map(|i| format!(r#"{{"sku":"item-{i:04}","count":{i},"price":{i}.50,"note":"n"}}"#))
        .collect();
    let payload = format!(
        r#"{{"amount":120.5,"id":"o-1","customer":{{"name":"A","mail":"a@b.c"}},"items":[{}]}}"#,
        items.join(",")
    );
    let (mut engine, process) = (Engine::new(script::Limits::default()), process(ORDERS));
    let rounds = 30_000;
    for name in ["warm-up", "measured"] {
        let begun = Instant::now();
        for _ in 0..rounds {
            let done = step(&mut engine, &process, &Instance::new(), hook(&payload));
            assert_eq!(done.instance.status(), Status::Completed);
            let _ = (
                engine::trail(&done.events),
                done.instance.state_json(),
                done.instance.variables().to_json(),
            );
        }
        let rate = f64::from(rounds) / begun.elapsed().as_secs_f64();
        println!("{name}: {rate:.0} instances/s, payload of {} bytes", payload.len());
    }
}

/// How far a script can overshoot its wall clock by built-in operations that count nothing.
#[test]
#[ignore = "a figure, not a check"]
fn overshoot() {
    for source in [
        "const n = 3n ** 600000n; `${n}`.length",
        "const n = 3n ** 300000n; for (let i = 0; i < 20; i++) n * n",
    ] {
        let mut scripts = Engine::new(script::Limits::default());
        let mut scripts = scripts.process(1);
        engine::Scripts::begin(&mut scripts, engine::StepEnv { now: 0, seed: 0 });
        let program = engine::Program { place: engine::Place::Script(bpmn::model::ElementIx(0)), source };
        let begun = Instant::now();
        let result = engine::Scripts::run(&mut scripts, program, &Variables::new());
        println!("{:?} {source}: {result:?}", begun.elapsed());
    }
}
