//! Every problem is named, with its element; a process that runs has none.

use bpmn::Severity;

use crate::file::{
    OTHER_WEBHOOK, WEBHOOK, chain, codes, conditional, file, flow, node, problems, process, script,
    webhook_start,
};

/// Start and end around `middle`, which is to connect `start` and `end` itself.
fn around(middle: &str) -> String {
    process(&format!("{}{middle}{}", webhook_start("start", WEBHOOK), node("endEvent", "end")))
}

#[track_caller]
fn expect(xml: &str, expected: &[&str]) {
    assert_eq!(codes(xml), expected, "{xml}");
    for problem in problems(xml) {
        assert!(problem.message.ends_with('.') || problem.line.is_some(), "{problem:?}");
        assert!(
            problem.message.starts_with(|c: char| c.is_uppercase()
                || c == '"'
                || !c.is_alphabetic()
                || problem.element_id.as_deref().is_some_and(|id| problem.message.starts_with(id))),
            "{problem:?}"
        );
    }
}

#[test]
fn a_process_of_all_that_runs_has_no_problem() {
    let inside = [
        webhook_start("order", WEBHOOK),
        webhook_start("return", OTHER_WEBHOOK),
        node("startEvent", "by-hand"),
        node("exclusiveGateway", "join"),
        flow("order", "join") + &flow("return", "join") + &flow("by-hand", "join"),
        "<bpmn:exclusiveGateway id=\"split\" default=\"split-small\"/>".to_owned(),
        flow("join", "split") + &flow("split", "small"),
        conditional("split", "fork", "input.webhookData.payload.amount > 100"),
        script("small", "output.size = 'small'"),
        node("parallelGateway", "fork") + &node("parallelGateway", "meet"),
        script("left", "output.l = 1") + &script("right", "output.r = 1"),
        chain(&["fork", "left", "meet"]) + &chain(&["fork", "right", "meet", "inner", "done"]),
        "<bpmn:subProcess id=\"inner\"><bpmn:startEvent id=\"in\"/>".to_owned(),
        script("work", "output.w = 1") + &node("endEvent", "out") + &chain(&["in", "work", "out"]),
        "</bpmn:subProcess>".to_owned(),
        node("endEvent", "done"),
        flow("small", "stop"),
        "<bpmn:endEvent id=\"stop\"><bpmn:terminateEventDefinition/></bpmn:endEvent>".to_owned(),
        "<bpmn:laneSet id=\"lanes\"><bpmn:lane id=\"lane\"><bpmn:flowNodeRef>order</bpmn:flowNodeRef>\
         </bpmn:lane></bpmn:laneSet><bpmn:dataObject id=\"data\"/><bpmn:dataObjectReference \
         id=\"ref\" dataObjectRef=\"data\"/><bpmn:textAnnotation id=\"note\"/><bpmn:association \
         id=\"link\" sourceRef=\"note\" targetRef=\"order\"/>"
            .to_owned(),
    ]
    .concat();
    expect(&process(&inside), &[]);
}

#[test]
fn which_process_runs() {
    let start_to_end = |mark: &str, n: u32| {
        format!(
            "<bpmn:process id=\"p{n}\" {mark}>{}{}{}</bpmn:process>",
            webhook_start(&format!("s{n}"), WEBHOOK),
            node("endEvent", &format!("e{n}")),
            flow(&format!("s{n}"), &format!("e{n}"))
        )
    };
    expect(&file(""), &["no-process -"]);
    expect(&file("<bpmn:collaboration id=\"c\"/>"), &["no-process -"]);
    expect(&file(&start_to_end("", 1)), &[]);
    expect(&file(&start_to_end("isExecutable=\"false\"", 1)), &[]);
    let two = start_to_end("", 1) + &start_to_end("", 2);
    expect(&file(&two), &["no-executable-process -"]);
    let marked = start_to_end("", 1) + &start_to_end("isExecutable=\"1\"", 2);
    expect(&file(&marked), &[]);
    let both = start_to_end("isExecutable=\"true\"", 1) + &start_to_end("isExecutable=\"true\"", 2);
    expect(&file(&both), &["several-executable-processes -"]);
    // the other side of a collaboration is drawn, not run
    let pool = "<bpmn:process id=\"customer\"><bpmn:userTask id=\"order\"/></bpmn:process>";
    expect(&file(&(start_to_end("isExecutable=\"true\"", 1) + pool)), &[]);
}

#[test]
fn elements_that_do_not_run_are_named_in_plain_words() {
    let cases = [
        ("<bpmn:userTask id=\"x\" name=\"Approve&#10; order\"/>", "\"Approve order\" is a user task, which"),
        ("<bpmn:task id=\"x\"/>", "x is a task without a type, which does not run yet. Make it a script"),
        ("<bpmn:serviceTask id=\"x\"/>", "x is a service task, which"),
        ("<bpmn:callActivity id=\"x\"/>", "x is a call activity, which"),
        ("<bpmn:inclusiveGateway id=\"x\"/>", "x is an inclusive gateway, which"),
        ("<bpmn:eventBasedGateway id=\"x\"/>", "x is an event-based gateway, which"),
        ("<bpmn:transaction id=\"x\"/>", "x is a transaction, which"),
        ("<bpmn:adHocSubProcess id=\"x\"/>", "x is an ad-hoc subprocess, which"),
        (
            "<bpmn:scriptTask id=\"x\"><bpmn:standardLoopCharacteristics/></bpmn:scriptTask>",
            "x is a script task with a loop marker, which does not run yet. Remove the marker.",
        ),
        (
            "<bpmn:subProcess id=\"x\"><bpmn:multiInstanceLoopCharacteristics/></bpmn:subProcess>",
            "x is a subprocess with a parallel multi-instance marker, which",
        ),
        (
            "<bpmn:scriptTask id=\"x\"><bpmn:multiInstanceLoopCharacteristics isSequential=\"true\"/>\
             </bpmn:scriptTask>",
            "x is a script task with a sequential multi-instance marker, which",
        ),
        (
            "<bpmn:intermediateCatchEvent id=\"x\"><bpmn:timerEventDefinition/>\
             </bpmn:intermediateCatchEvent>",
            "x is a timer intermediate catch event, which",
        ),
        (
            "<bpmn:intermediateThrowEvent id=\"x\"><bpmn:messageEventDefinition/>\
             <bpmn:signalEventDefinition/></bpmn:intermediateThrowEvent>",
            "x is an intermediate throw event with several triggers (message, signal), which",
        ),
    ];
    for (element, message) in cases {
        let xml = around(&format!("{element}{}", chain(&["start", "x", "end"])));
        expect(&xml, &["unsupported-element x"]);
        let found = &problems(&xml)[0].message;
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn elements_beside_the_flow_are_named_once() {
    let beside = [
        "<bpmn:boundaryEvent id=\"x\" attachedToRef=\"work\"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>",
        "<bpmn:subProcess id=\"x\" triggeredByEvent=\"true\"><bpmn:startEvent id=\"y\">\
         <bpmn:messageEventDefinition/></bpmn:startEvent></bpmn:subProcess>",
        "<bpmn:scriptTask id=\"x\" isForCompensation=\"true\"/>",
    ];
    for element in beside {
        let work = script("work", "1") + element + &chain(&["start", "work", "end"]);
        expect(&around(&work), &["unsupported-element x"]);
    }
    let foreign = "<vendor:thing xmlns:vendor=\"urn:v\" id=\"v\"/>".to_owned();
    expect(&around(&(foreign + &flow("start", "end"))), &[]);
    let unknown = "<bpmn:teleport id=\"x\"/>".to_owned() + &chain(&["start", "x", "end"]);
    expect(&around(&unknown), &["unknown-element x"]);
}

#[test]
fn events_with_triggers_that_do_not_run() {
    let timer = "<bpmn:startEvent id=\"s\"><bpmn:timerEventDefinition/></bpmn:startEvent>";
    let xml = process(&format!("{timer}{}{}", node("endEvent", "e"), flow("s", "e")));
    expect(&xml, &["unsupported-element s"]);
    let error = "<bpmn:endEvent id=\"x\"><bpmn:errorEventDefinition/></bpmn:endEvent>";
    let xml = process(&format!("{}{error}{}", webhook_start("s", WEBHOOK), flow("s", "x")));
    expect(&xml, &["unsupported-element x"]);
    // a reference that leads nowhere must not make a plain event of it
    let lost =
        "<bpmn:endEvent id=\"x\"><bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef></bpmn:endEvent>";
    let xml = process(&format!("{}{lost}{}", webhook_start("s", WEBHOOK), flow("s", "x")));
    expect(&xml, &["dangling-event-definition x", "unsupported-element x"]);
}

#[test]
fn how_a_process_starts() {
    let end = node("endEvent", "end");
    let work = script("work", "1") + &end + &flow("work", "end");
    expect(&process(&work), &["no-start-event orders"]);
    let empty = process("");
    expect(&empty, &["no-start-event orders"]);
    let plain = "<bpmn:startEvent id=\"a\"/><bpmn:startEvent id=\"b\"/>".to_owned();
    let xml = process(&(plain + &end + &flow("a", "end") + &flow("b", "end")));
    expect(&xml, &["several-none-starts b"]);

    let one = |start: &str| process(&format!("{start}{end}{}", flow("s", "end")));
    let message = |inside: &str| {
        format!(
            "<bpmn:startEvent id=\"s\"><bpmn:extensionElements>{inside}</bpmn:extensionElements>\
             <bpmn:messageEventDefinition id=\"m\"/></bpmn:startEvent>"
        )
    };
    expect(&one(&message("")), &["no-webhook-chosen s"]);
    expect(&one(&message("<forebay:processTrigger/>")), &["no-webhook-chosen s"]);
    let unchosen = "<forebay:processTrigger triggerType=\"incomingWebhook\" dataSource=\" \"/>";
    expect(&one(&message(unchosen)), &["no-webhook-chosen s"]);
    let internal = "<forebay:processTrigger triggerType=\"internalMessage\"/>";
    expect(&one(&message(internal)), &["unsupported-trigger s"]);
    expect(&one(&webhook_start("s", "00000000-0000-4000-8000-000000000000")), &["unknown-data-source s"]);
    let chosen =
        format!("<forebay:processTrigger triggerType=\"incomingWebhook\" dataSource=\"{WEBHOOK}\"/>");
    let stray = format!(
        "<bpmn:startEvent id=\"s\"><bpmn:extensionElements>{chosen}</bpmn:extensionElements></bpmn:startEvent>"
    );
    expect(&one(&stray), &["stray-trigger? s"]);
    expect(&one(&message(&format!("{chosen}{chosen}"))), &["stray-trigger? s"]);
    // the prefix says nothing, the namespace everything
    let foreign =
        chosen.replace("forebay:processTrigger", "forebay:processTrigger xmlns:forebay=\"urn:other\"");
    expect(&one(&message(&foreign)), &["no-webhook-chosen s"]);
}

#[test]
fn two_start_events_on_one_webhook() {
    let starts =
        webhook_start("a", WEBHOOK) + &webhook_start("b", OTHER_WEBHOOK) + &webhook_start("c", WEBHOOK);
    let flows = flow("a", "end") + &flow("b", "end") + &flow("c", "end");
    let xml = process(&(starts + &node("endEvent", "end") + &flows));
    expect(&xml, &["webhook-used-twice c"]);
    // a UUID in capitals is the same one
    expect(&xml.replacen(WEBHOOK, &WEBHOOK.to_uppercase(), 1), &["webhook-used-twice c"]);
    assert!(problems(&xml)[0].message.starts_with("c waits for the same webhook as a."));
}

#[test]
fn how_a_subprocess_starts() {
    let sub = |inside: &str| {
        let inner = format!("<bpmn:subProcess id=\"sub\">{inside}</bpmn:subProcess>");
        around(&(inner + &chain(&["start", "sub", "end"])))
    };
    expect(&sub(""), &["no-start-event sub"]);
    let end = node("endEvent", "e");
    expect(&sub(&(webhook_start("s", WEBHOOK) + &end + &flow("s", "e"))), &["subprocess-start s"]);
    let two = node("startEvent", "s") + &node("startEvent", "t") + &end + &flow("s", "e") + &flow("t", "e");
    expect(&sub(&two), &["several-none-starts t"]);
}

#[test]
fn flows_that_lead_nowhere_or_across_a_border() {
    let dangling = "<bpmn:sequenceFlow id=\"f\" sourceRef=\"start\" targetRef=\"gone\"/>";
    expect(&around(dangling), &["dangling-flow f", "unreachable end"]);
    let sourceless = flow("start", "end") + "<bpmn:sequenceFlow id=\"f\" targetRef=\"end\"/>";
    expect(&around(&sourceless), &["dangling-flow f"]);
    let to_data =
        "<bpmn:dataObject id=\"d\"/><bpmn:sequenceFlow id=\"f\" sourceRef=\"start\" targetRef=\"d\"/>";
    let found = problems(&around(&(to_data.to_owned() + &flow("start", "end"))));
    assert!(found[0].message.contains("names d in its targetRef, which cannot stand there"), "{found:?}");
    let inner = "<bpmn:subProcess id=\"sub\"><bpmn:startEvent id=\"s\"/><bpmn:endEvent id=\"e\"/>".to_owned();
    let inner = inner + &chain(&["s", "e"]) + "</bpmn:subProcess>" + &script("x", "1");
    let crossing = inner + &chain(&["start", "sub", "end"]) + &flow("x", "e") + &flow("start", "x");
    expect(&around(&crossing), &["flow-crosses-scope x-e"]);
    let pools = file(&format!(
        "<bpmn:process id=\"a\" isExecutable=\"true\">{}{}{}<bpmn:sequenceFlow id=\"f\" \
         sourceRef=\"s\" targetRef=\"t\"/></bpmn:process><bpmn:process id=\"b\"><bpmn:task id=\"t\"/></bpmn:process>",
        webhook_start("s", WEBHOOK),
        node("endEvent", "e"),
        flow("s", "e")
    ));
    expect(&pools, &["dangling-flow f"]);
    assert!(problems(&pools)[0].message.contains("in another process"));
}

#[test]
fn elements_never_reached_and_ways_without_end() {
    let island = script("island", "1") + &flow("start", "end") + &flow("island", "end");
    expect(&around(&island), &["unreachable island"]);
    let dead_end = script("a", "1") + &script("b", "1") + &chain(&["start", "a", "b"]);
    expect(&around(&dead_end), &["no-path-to-end b", "unreachable end"]);
    let circle =
        script("a", "1") + &script("b", "1") + &chain(&["start", "a", "b", "a"]) + &flow("start", "end");
    expect(&around(&circle), &["no-path-to-end a", "no-path-to-end b"]);
    let itself = script("a", "1") + &chain(&["start", "a", "a"]);
    expect(&around(&itself), &["no-path-to-end a", "no-path-to-end start", "unreachable end"]);
    let backwards = script("a", "1") + &chain(&["start", "a", "end", "a"]) + &flow("a", "start");
    expect(&around(&backwards), &["flow-into-start start", "flow-out-of-end end"]);
}

#[test]
fn conditions_and_defaults() {
    let gateway = |head: &str, flows: &str| {
        around(&format!(
            "<bpmn:{head}/>{}{}{flows}",
            script("a", "1"),
            chain(&["start", "g"]) + &flow("a", "end")
        ))
    };
    let both = conditional("g", "a", "x > 1") + &conditional("g", "end", "x < 1");
    expect(&gateway("exclusiveGateway id=\"g\"", &both), &["missing-default? g"]);
    let one = conditional("g", "a", "x > 1") + &flow("g", "end");
    expect(&gateway("exclusiveGateway id=\"g\"", &one), &["missing-condition g-end"]);
    expect(&gateway("exclusiveGateway id=\"g\" default=\"g-end\"", &one), &[]);
    expect(&gateway("exclusiveGateway id=\"g\" default=\"g-a\"", &both), &["condition-on-default? g-a"]);
    let lost = ["dangling-default g", "missing-condition g-end"];
    expect(&gateway("exclusiveGateway id=\"g\" default=\"gone\"", &one), &lost);
    expect(&gateway("exclusiveGateway id=\"g\" default=\"a-end\"", &one), &lost);
    expect(&gateway("parallelGateway id=\"g\"", &one), &["condition-on-parallel g-a"]);
    expect(&gateway("inclusiveGateway id=\"g\"", &one), &["unsupported-element g"]);
    let task = script("g", "1");
    let task = task.trim_start_matches("<bpmn:").trim_end_matches("/>");
    let xml = around(&format!(
        "<bpmn:{task}{}{}",
        script("a", "1"),
        chain(&["start", "g"]) + &flow("a", "end") + &one
    ));
    expect(&xml, &["condition-without-gateway g-a"]);
}

#[test]
fn javascript_and_other_languages() {
    let task = |attribute: &str, source: &str| {
        around(&format!(
            "<bpmn:scriptTask id=\"t\" {attribute}><bpmn:script>{source}</bpmn:script></bpmn:scriptTask>{}",
            chain(&["start", "t", "end"])
        ))
    };
    expect(&task("", "1"), &[]);
    expect(&task("scriptFormat=\"JavaScript\"", "1"), &[]);
    expect(&task("scriptFormat=\" \"", "1"), &[]);
    // the standard asks for a media type
    expect(&task("scriptFormat=\"text/javascript; charset=utf-8\"", "1"), &[]);
    expect(&task("scriptFormat=\"application/ecmascript\"", "1"), &[]);
    expect(&task("scriptFormat=\"text/x-groovy\"", "1"), &["unknown-script-format t"]);
    expect(&task("scriptFormat=\"groovy\"", "&lt;bad&gt;"), &["unknown-script-format t"]);
    expect(&task("", " \n "), &["empty-script? t"]);
    let broken = task("", "let a = 1\n  &lt;bad&gt;");
    expect(&broken, &["javascript-syntax t"]);
    let problem = &problems(&broken)[0];
    assert_eq!((problem.line, problem.column, problem.severity), (Some(2), Some(7), Severity::Error));

    let condition = |language: &str, source: &str| {
        around(&format!(
            "<bpmn:exclusiveGateway id=\"g\" default=\"d\"/>{}<bpmn:sequenceFlow id=\"d\" sourceRef=\"g\" \
             targetRef=\"end\"/><bpmn:sequenceFlow id=\"c\" sourceRef=\"g\" targetRef=\"end\">\
             <bpmn:conditionExpression {language}>{source}</bpmn:conditionExpression></bpmn:sequenceFlow>",
            flow("start", "g")
        ))
    };
    expect(&condition("", "a"), &[]);
    expect(&condition("language=\"javascript\"", "a"), &[]);
    expect(&condition("language=\"Application/JavaScript\"", "a"), &[]);
    expect(&condition("language=\"feel\"", "a"), &["unknown-expression-language c"]);
    expect(&condition("", "\n<!-- none -->\n"), &["empty-condition c"]);
    expect(&condition("", "&lt;bad&gt;"), &["javascript-syntax c"]);
}

#[test]
fn ids_missing_or_twice() {
    let twice = script("end", "1") + &flow("start", "end");
    let found = codes(&around(&twice));
    assert!(found.contains(&"duplicate-id end".to_owned()), "{found:?}");
    let nameless = "<bpmn:parallelGateway/><bpmn:sequenceFlow sourceRef=\"start\" targetRef=\"end\"/>";
    expect(&around(nameless), &["missing-id -", "missing-id -", "unreachable -"]);
    let process = file(
        "<bpmn:process><bpmn:startEvent id=\"s\"/><bpmn:endEvent id=\"e\"/>\
                        <bpmn:sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"e\"/></bpmn:process>",
    );
    expect(&process, &["missing-id -"]);
}

#[test]
fn a_boundary_event_needs_an_activity() {
    for host in ["", "attachedToRef=\"gone\"", "attachedToRef=\"start-end\""] {
        let event = format!("<bpmn:boundaryEvent id=\"b\" {host}/>") + &flow("start", "end");
        expect(&around(&event), &["dangling-boundary-event b", "unsupported-element b"]);
    }
}
