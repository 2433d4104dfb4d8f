//! Whole BPMN files, from XML to the end of the instance: what the reader makes of a file is what the
//! engine runs.

use bpmn::Process;
use engine::{Command, Instance, StartAt, Status, Step, StepError};

use crate::build::{assert_completed, incident, path, run, run_with, step, variables};
use crate::story::assert_story;

/// The process of a file with this inside, read.
fn read(inside: &str) -> Process {
    let xml = format!(
        "\u{feff}<?xml version=\"1.0\"?>\n\
         <d:definitions xmlns:d=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:fb=\"http://forebay.dev/schema/bpmn/1.0\">\
         <d:process id=\"p\" isExecutable=\"true\">{inside}</d:process></d:definitions>"
    );
    let definitions = bpmn::read(xml.as_bytes()).unwrap();
    bpmn::executable(&definitions).unwrap().clone()
}

/// `from>to`, a flow with an id of its own, with a condition or without.
fn flow(id: &str, from: &str, to: &str) -> String {
    format!("<d:sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
}

fn when(id: &str, from: &str, to: &str, condition: &str) -> String {
    format!(
        "<d:sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\">\
         <d:conditionExpression> {condition} </d:conditionExpression></d:sequenceFlow>"
    )
}

fn script(id: &str, source: &str) -> String {
    format!(
        "<d:scriptTask id=\"{id}\" scriptFormat=\"javascript\"><d:script><![CDATA[{source}]]></d:script></d:scriptTask>"
    )
}

fn by_webhook(process: &Process, data_source: &str) -> Result<Step, StepError> {
    let at = StartAt::Message { data_source: data_source.into() };
    step(process, &Instance::new(), Command::Start { at, variables: variables(r#"{"webhookData":1}"#) })
}

fn orders() -> Process {
    let hook = "<d:startEvent id=\"hook\"><d:extensionElements>\
        <fb:processTrigger triggerType=\"incomingWebhook\" dataSource=\" orders \"/></d:extensionElements>\
        <d:messageEventDefinition/></d:startEvent>";
    // Flows stand before what they connect, and the default before the one with a condition.
    let parts = [
        flow("f1", "hook", "size"),
        flow("f0", "hand", "size"),
        flow("fd", "size", "small"),
        when("f2", "size", "large", "webhookData=2"),
        flow("f3", "small", "done"),
        flow("f4", "large", "stop"),
        hook.to_owned(),
        "<d:startEvent id=\"hand\"/>".to_owned(),
        "<d:exclusiveGateway id=\"size\" default=\"fd\"/>".to_owned(),
        script("small", r#"{"took":"small"}"#),
        script("large", r#"{"took":"large"}"#),
        "<d:endEvent id=\"done\"/>".to_owned(),
        "<d:endEvent id=\"stop\"><d:terminateEventDefinition/></d:endEvent>".to_owned(),
    ];
    read(&parts.concat())
}

#[test]
fn an_order_file_runs_by_webhook_and_by_hand() {
    let process = orders();
    let hooked = by_webhook(&process, "orders").unwrap();
    assert_eq!(path(&hooked), ["hook", "size", "small", "done"]);
    assert_completed(&hooked);
    let by_hand = run_with(&process, r#"{"webhookData":2}"#);
    assert_eq!(path(&by_hand), ["hand", "size", "large", "stop"]);
    assert_eq!(by_hand.instance.status(), Status::Terminated);
    assert_eq!(by_hand.instance.variables().get("took"), Some(r#""large""#));
    assert_eq!(by_webhook(&process, "Orders").unwrap_err(), StepError::NoStartEvent, "ids are exact here");
    assert_eq!(by_webhook(&process, "").unwrap_err(), StepError::NoStartEvent);
}

#[test]
fn a_trigger_of_another_type_or_without_a_data_source_starts_nothing() {
    for trigger in
        ["triggerType=\"internalMessage\" dataSource=\"orders\"", "triggerType=\"incomingWebhook\""]
    {
        let process = read(&format!(
            "<d:startEvent id=\"s\"><d:extensionElements><fb:processTrigger {trigger}/></d:extensionElements>\
             <d:messageEventDefinition/></d:startEvent>"
        ));
        assert_eq!(by_webhook(&process, "orders").unwrap_err(), StepError::NoStartEvent, "{trigger}");
        let by_hand = Command::Start { at: StartAt::None, variables: variables("{}") };
        assert_eq!(step(&process, &Instance::new(), by_hand).unwrap_err(), StepError::NoStartEvent);
    }
}

/// Subprocesses three deep; `inner` stands in the innermost.
fn deep(inner: &str) -> Process {
    let mut inside = format!("<d:startEvent id=\"s3\"/>{inner}");
    for level in ["c", "b", "a"] {
        let start = format!("s{}", ["a", "b", "c"].iter().position(|name| *name == level).unwrap());
        inside = [
            format!("<d:startEvent id=\"{start}\"/>"),
            format!("<d:subProcess id=\"{level}\">{inside}</d:subProcess>"),
            format!("<d:endEvent id=\"e{level}\"/>"),
            flow(&format!("to-{level}"), &start, level),
            flow(&format!("from-{level}"), level, &format!("e{level}")),
        ]
        .concat();
    }
    read(&inside)
}

#[test]
fn a_file_three_deep_runs_from_the_outside_in_and_out_again() {
    let process = deep(&[flow("f", "s3", "e3"), "<d:endEvent id=\"e3\"/>".to_owned()].concat());
    let done = run(&process);
    assert_completed(&done);
    assert_eq!(path(&done), ["s0", "a", "s1", "b", "s2", "c", "s3", "e3", "ec", "eb", "ea"]);
}

#[test]
fn a_terminate_end_of_a_file_three_deep_ends_one_scope() {
    let process = deep(
        &[
            "<d:parallelGateway id=\"fork\"/>".to_owned(),
            script("stuck", "throw"),
            "<d:endEvent id=\"kill\"><d:terminateEventDefinition/></d:endEvent>".to_owned(),
            flow("f1", "s3", "fork"),
            flow("f2", "fork", "stuck"),
            flow("f3", "fork", "kill"),
        ]
        .concat(),
    );
    let done = run(&process);
    assert_completed(&done);
    assert_eq!(
        path(&done),
        ["s0", "a", "s1", "b", "s2", "c", "s3", "fork", "stuck", "kill", "ec", "eb", "ea"]
    );
}

#[test]
fn elements_that_do_not_run_are_named_as_the_standard_names_them() {
    let cases = [
        ("<d:userTask id=\"x\"/>", "A userTask does not run yet."),
        ("<d:inclusiveGateway id=\"x\"/>", "An inclusiveGateway does not run yet."),
        ("<d:transaction id=\"x\"/>", "A transaction does not run yet."),
        (
            "<d:scriptTask id=\"x\"><d:multiInstanceLoopCharacteristics/><d:script>1</d:script></d:scriptTask>",
            "A scriptTask with this marker does not run yet.",
        ),
        (
            "<d:subProcess id=\"x\"><d:standardLoopCharacteristics/></d:subProcess>",
            "A subProcess with this marker does not run yet.",
        ),
        ("<d:endEvent id=\"x\"><d:errorEventDefinition/></d:endEvent>", "An endEvent does not run yet."),
    ];
    for (element, message) in cases {
        let process = read(&format!("<d:startEvent id=\"s\"/>{element}{}", flow("f", "s", "x")));
        let found = incident(&run(&process));
        assert_eq!(found.message, format!("{message} Take it out of the process."), "{element}");
        assert_eq!((found.code.as_str(), found.element.as_str()), ("not-runnable", "x"));
    }
}

#[test]
fn a_boundary_or_event_subprocess_in_a_scope_without_start_does_not_begin() {
    let process = read(
        &[
            "<d:startEvent id=\"s\"/>",
            "<d:subProcess id=\"sub\">",
            "<d:scriptTask id=\"t\"><d:script>count t</d:script></d:scriptTask>",
            "<d:boundaryEvent id=\"late\" attachedToRef=\"t\"><d:timerEventDefinition/></d:boundaryEvent>",
            "<d:subProcess id=\"on\" triggeredByEvent=\"true\"/>",
            "<d:scriptTask id=\"undo\" isForCompensation=\"true\"><d:script>throw</d:script></d:scriptTask>",
            "</d:subProcess>",
            &flow("f", "s", "sub"),
        ]
        .concat(),
    );
    let done = run(&process);
    assert_completed(&done);
    assert_eq!(path(&done), ["s", "sub", "t"]);
}

#[test]
fn a_file_of_another_language_stops_where_it_is_used() {
    let element = "<d:scriptTask id=\"x\" scriptFormat=\"groovy\"><d:script>1</d:script></d:scriptTask>";
    let process = read(&format!("<d:startEvent id=\"s\"/>{element}{}", flow("f", "s", "x")));
    let found = incident(&run(&process));
    assert_eq!(found.message, "The script is in \"groovy\". Write it in JavaScript.");
    assert!(!found.leaving);
    let condition = "<d:sequenceFlow id=\"g\" sourceRef=\"s\" targetRef=\"e\"><d:conditionExpression \
        language=\"feel\">a &gt; 1</d:conditionExpression></d:sequenceFlow>";
    let process = read(&format!("<d:startEvent id=\"s\"/><d:endEvent id=\"e\"/>{condition}"));
    let found = incident(&run(&process));
    assert_eq!(found.message, "The condition is in \"feel\". Write it in JavaScript.");
    assert_eq!((found.expression.as_deref(), found.flow.as_deref()), (Some("a > 1"), Some("g")));
    assert!(found.leaving, "the start event has done its work");
}

#[test]
fn without_a_language_it_is_javascript_and_case_does_not_matter() {
    for format in ["", " scriptFormat=\"\"", " scriptFormat=\"JavaScript\""] {
        let element = format!("<d:scriptTask id=\"x\"{format}><d:script>count x</d:script></d:scriptTask>");
        let process = read(&format!("<d:startEvent id=\"s\"/>{element}{}", flow("f", "s", "x")));
        assert_eq!(run(&process).instance.variables().to_json(), r#"{"x":1}"#, "{format:?}");
    }
}

#[test]
fn a_script_task_without_a_script_only_passes() {
    let process = read(&format!("<d:startEvent id=\"s\"/><d:scriptTask id=\"x\"/>{}", flow("f", "s", "x")));
    assert_story(
        &run(&process),
        "
        start s {}
        1 s
        1 left by f
        2 x via f
        2 left
        completed
        ",
    );
}
