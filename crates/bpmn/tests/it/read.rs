//! What a file says is what the model says.

use bpmn::model::{
    Characteristic, Condition, EndEvent, Kind, ProcessTrigger, ROOT, Reference, ReferenceFault, ScopeIx,
    Script, StartEvent,
};
use bpmn::{Link, ReadError, links};

use crate::file::{
    OTHER_WEBHOOK, WEBHOOK, chain, conditional, element, file, flow, node, only, process, read, script,
    webhook_start,
};

fn small() -> String {
    process(&format!(
        "{}{}{}{}",
        webhook_start("start", WEBHOOK),
        script("work", "output.größe = 1 < 2"),
        node("endEvent", "end"),
        chain(&["start", "work", "end"])
    ))
}

#[test]
fn elements_flows_and_scopes() {
    let xml = process(
        &[
            webhook_start("start", WEBHOOK),
            "<bpmn:exclusiveGateway id=\"g\" name=\"Big?\" default=\"g-end\"/>".to_owned(),
            chain(&["start", "g", "end"]),
            conditional("g", "sub", "\n  a > 1\n"),
            "<bpmn:subProcess id=\"sub\"><bpmn:startEvent id=\"in\"/>".to_owned(),
            chain(&["in", "out"]),
            "<bpmn:endEvent id=\"out\"><bpmn:terminateEventDefinition/></bpmn:endEvent></bpmn:subProcess>"
                .to_owned(),
            node("endEvent", "end") + &flow("sub", "end"),
        ]
        .concat(),
    );
    let definitions = read(&xml);
    let process = only(&definitions);
    assert_eq!((process.id.as_str(), process.name.as_deref()), ("orders", Some("Orders")));
    let ids: Vec<&str> = process.elements.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["start", "g", "sub", "in", "out", "end"]);
    let flows: Vec<&str> = process.flows.iter().map(|f| f.id.as_str()).collect();
    assert_eq!(flows, ["start-g", "g-end", "g-sub", "in-out", "sub-end"]);
    assert_eq!(process.scopes.len(), 2);
    let inner = &process.scopes[1];
    assert_eq!((inner.parent, inner.element.unwrap().at()), (Some(ROOT), 2));
    assert_eq!(inner.starts.iter().map(|ix| ix.at()).collect::<Vec<_>>(), [3]);
    assert_eq!(inner.elements.iter().map(|ix| ix.at()).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(process.scopes[0].elements.iter().map(|ix| ix.at()).collect::<Vec<_>>(), [0, 1, 2, 5]);
    assert_eq!(element(process, "sub").kind, Kind::SubProcess(ScopeIx(1)));
    assert_eq!(element(process, "out").kind, Kind::EndEvent(EndEvent::Terminate));
    assert_eq!(element(process, "end").kind, Kind::EndEvent(EndEvent::None));
    let gateway = element(process, "g");
    assert_eq!(gateway.name.as_deref(), Some("Big?"));
    assert_eq!(gateway.outgoing.iter().map(|ix| ix.at()).collect::<Vec<_>>(), [1, 2]);
    assert!(matches!(gateway.kind, Kind::ExclusiveGateway { default: Some(ix) } if ix.at() == 1));
    let condition = Condition { language: None, source: "a > 1".to_owned() };
    assert_eq!(process.flows[2].condition, Some(condition));
    assert_eq!(process.flows[3].scope, ScopeIx(1));
}

#[test]
fn triggers_and_links() {
    let xml = process(
        &[
            webhook_start("a", WEBHOOK),
            webhook_start("b", OTHER_WEBHOOK),
            "<bpmn:startEvent id=\"c\"><bpmn:messageEventDefinition/></bpmn:startEvent>".to_owned(),
            "<bpmn:subProcess id=\"sub\">".to_owned() + &webhook_start("d", WEBHOOK) + "</bpmn:subProcess>",
        ]
        .concat(),
    );
    let definitions = read(&xml);
    let process = only(&definitions);
    let link = |element: &str, data_source: &str| Link {
        element_id: element.to_owned(),
        data_source: data_source.to_owned(),
    };
    assert_eq!(links(process), [link("a", WEBHOOK), link("b", OTHER_WEBHOOK)]);
    assert_eq!(element(process, "c").kind, Kind::StartEvent(StartEvent::Message(None)));
    let trigger =
        ProcessTrigger { trigger_type: "incomingWebhook".to_owned(), data_source: Some(WEBHOOK.to_owned()) };
    assert_eq!(element(process, "a").kind, Kind::StartEvent(StartEvent::Message(Some(trigger))));
}

#[test]
fn a_shared_event_definition_counts_as_the_events_own() {
    let xml = file(
        "<bpmn:process id=\"p\"><bpmn:startEvent id=\"s\"><bpmn:eventDefinitionRef>m</bpmn:eventDefinitionRef>\
         </bpmn:startEvent><bpmn:endEvent id=\"e\"><bpmn:eventDefinitionRef> tns:t </bpmn:eventDefinitionRef>\
         </bpmn:endEvent></bpmn:process><bpmn:messageEventDefinition id=\"m\"/>\
         <bpmn:terminateEventDefinition id=\"t\"/>",
    );
    let definitions = read(&xml);
    let process = only(&definitions);
    assert_eq!(element(process, "s").kind, Kind::StartEvent(StartEvent::Message(None)));
    assert_eq!(element(process, "e").kind, Kind::EndEvent(EndEvent::Terminate));
    assert_eq!(definitions.shared_event_definitions[1].used_by, ["e"]);
    assert!(definitions.unresolved.is_empty());
}

#[test]
fn the_namespace_counts_and_never_the_prefix() {
    let expected = read(&small());
    let renamed = small().replace("xmlns:bpmn=", "xmlns:semantic=").replace("bpmn:", "semantic:");
    assert_eq!(read(&renamed), expected);
    let default = small().replace("xmlns:bpmn=", "xmlns=").replace("bpmn:", "");
    assert_eq!(read(&default), expected);
    // right prefix, wrong namespace
    let wrong = small().replace("BPMN/20100524", "BPMN/20990101");
    let error = bpmn::read(wrong.as_bytes()).unwrap_err();
    assert!(matches!(&error, ReadError::WrongRoot { name, .. } if name == "definitions"), "{error}");
    // an attribute of a vendor is not ours
    let vendor = small().replace("id=\"work\"", "xmlns:v=\"urn:v\" v:name=\"No\" v:id=\"no\" id=\"work\"");
    assert_eq!(read(&vendor), expected);
}

#[test]
fn encodings() {
    let expected = read(&small());
    let marked = ["\u{FEFF}", &small()].concat();
    assert_eq!(read(&marked), expected);
    let utf16 = small().replace("UTF-8", "UTF-16");
    let little: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(bpmn::read(&little).unwrap(), expected);
    assert_eq!(bpmn::read(&big).unwrap(), expected);
    assert_eq!(bpmn::read(&[&[0xFF, 0xFE][..], &little].concat()).unwrap(), expected);
    assert_eq!(bpmn::read(&[&[0xFE, 0xFF][..], &big].concat()).unwrap(), expected);
    let odd = bpmn::read(&little[..little.len() - 1]).unwrap_err();
    assert!(odd.to_string().contains("odd number"), "{odd}");
    let latin: Vec<u8> =
        small().replace("UTF-8", "ISO-8859-1").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(bpmn::read(&latin).unwrap(), expected);
    let mut windows = small().replace("UTF-8", "windows-1252").replace("größe", "@").into_bytes();
    let at = windows.iter().position(|byte| *byte == b'@').unwrap();
    windows[at] = 0x80;
    let definitions = bpmn::read(&windows).unwrap();
    let script = Script { format: Some("javascript".to_owned()), source: "output.€ = 1 < 2".to_owned() };
    assert_eq!(element(only(&definitions), "work").kind, Kind::ScriptTask(script));
    windows[at] = 0x81;
    assert!(matches!(bpmn::read(&windows), Err(ReadError::Encoding { .. })));
    let lying = small().replace("größe", "x").into_bytes();
    let lying = [&lying[..lying.len() - 3], b"\xFF>\n"].concat();
    assert!(bpmn::read(&lying).unwrap_err().to_string().contains("not valid UTF-8 in line"));
    let unknown = small().replace("UTF-8", "EBCDIC-CP-US");
    let error = bpmn::read(unknown.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the file is in the encoding \"EBCDIC-CP-US\", which is not read. Save the file as UTF-8"
    );
}

#[test]
fn scripts_keep_every_character() {
    let task = |inside: &str| {
        let xml = process(&format!(
            "<bpmn:scriptTask id=\"t\"><bpmn:script>{inside}</bpmn:script></bpmn:scriptTask>"
        ));
        match &element(only(&read(&xml)), "t").kind {
            Kind::ScriptTask(script) => script.source.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(task(" a &lt; b &amp;&amp; c "), " a < b && c ");
    assert_eq!(task("<![CDATA[a]]><!-- gone -->&#10;<![CDATA[ < b]]>"), "a\n < b");
    assert_eq!(task(""), "");
    let none = process("<bpmn:scriptTask id=\"t\" scriptFormat=\"x\"/>");
    let expected = Script { format: Some("x".to_owned()), source: String::new() };
    assert_eq!(element(only(&read(&none)), "t").kind, Kind::ScriptTask(expected));
}

#[test]
fn what_does_not_run_stays_in_the_model() {
    let xml = process(
        "<bpmn:callActivity id=\"call\"><bpmn:multiInstanceLoopCharacteristics/></bpmn:callActivity>\
         <bpmn:boundaryEvent id=\"late\" attachedToRef=\"call\"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>\
         <bpmn:adHocSubProcess id=\"adhoc\"><bpmn:userTask id=\"u\"/><bpmn:completionCondition/></bpmn:adHocSubProcess>",
    );
    let definitions = read(&xml);
    let process = only(&definitions);
    let other = |id: &str| match &element(process, id).kind {
        Kind::Other(other) => other.clone(),
        kind => panic!("{kind:?}"),
    };
    assert_eq!(other("call").characteristic, Some(Characteristic::ParallelMultiInstance));
    assert_eq!(other("late").attached_to.map(|ix| ix.at()), Some(0));
    assert_eq!(other("late").event_definitions, ["timerEventDefinition"]);
    assert_eq!(other("adhoc").scope, Some(ScopeIx(1)));
    assert_eq!(element(process, "u").scope, ScopeIx(1));
    assert_eq!(process.elements.len(), 4);
}

#[test]
fn lost_references_are_kept_with_their_reason() {
    let xml = process("<bpmn:sequenceFlow id=\"f\" sourceRef=\"x\"/><bpmn:dataObject id=\"x\"/>");
    let definitions = read(&xml);
    let found: Vec<_> = definitions.unresolved.iter().map(|u| (u.reference, u.fault)).collect();
    let expected =
        [(Reference::Source, ReferenceFault::WrongKind), (Reference::Target, ReferenceFault::Missing)];
    assert_eq!(found, expected);
}

#[test]
fn faults_have_a_place() {
    let open = bpmn::read(b"<a>\n  <b>\n</a>").unwrap_err();
    assert_eq!(open.position(), Some((3, 1)));
    assert_eq!(open.to_string(), "not well-formed XML: expected 'b' tag, not 'a' (line 3, column 1)");
    let root = bpmn::read("<?xml version=\"1.0\"?>\n<xpdl/>".as_bytes()).unwrap_err();
    assert_eq!(root.position(), Some((2, 1)));
    assert!(root.to_string().starts_with("not a BPMN 2.0 file: its root is <xpdl>"), "{root}");
}
