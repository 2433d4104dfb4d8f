//! What elements are called in plain words.

use crate::model::{Characteristic, Element, Kind, Other, StartEvent};

/// The longest name that a message repeats, in characters.
const MAX_NAME: usize = 80;

/// A name as drawn, on one line and of bounded length.
pub(super) fn one_line(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// What an element is: "script task", "timer boundary event", …
pub(super) fn kind(element: &Element) -> String {
    match &element.kind {
        Kind::StartEvent(StartEvent::None) => "start event".to_owned(),
        Kind::StartEvent(StartEvent::Message(_)) => "message start event".to_owned(),
        Kind::EndEvent(_) => "end event".to_owned(),
        Kind::ExclusiveGateway { .. } => "exclusive gateway".to_owned(),
        Kind::ParallelGateway => "parallel gateway".to_owned(),
        Kind::ScriptTask(_) => "script task".to_owned(),
        Kind::SubProcess(_) => "subprocess".to_owned(),
        Kind::Other(other) => not_running(other),
    }
}

/// The same for an element that does not run.
pub(super) fn not_running(other: &Other) -> String {
    let Some(base) = tag(&other.tag) else {
        return format!("<{}> element", one_line(&other.tag));
    };
    if other.tag.ends_with("Event") {
        return event(base, &other.event_definitions);
    }
    match other.characteristic {
        None => base.to_owned(),
        Some(Characteristic::StandardLoop) => format!("{base} with a loop marker"),
        Some(Characteristic::SequentialMultiInstance) => {
            format!("{base} with a sequential multi-instance marker")
        }
        Some(Characteristic::ParallelMultiInstance) => {
            format!("{base} with a parallel multi-instance marker")
        }
        Some(Characteristic::ForCompensation) => format!("{base} for compensation"),
        Some(Characteristic::TriggeredByEvent) => "event subprocess".to_owned(),
    }
}

fn event(base: &str, definitions: &[String]) -> String {
    let triggers: Vec<String> = definitions.iter().map(|name| trigger(name)).collect();
    match triggers.as_slice() {
        [] if base == "boundary event" => "boundary event without a trigger".to_owned(),
        [] => base.to_owned(),
        [one] => format!("{one} {base}"),
        several => format!("{base} with several triggers ({})", several.join(", ")),
    }
}

fn trigger(definition: &str) -> String {
    let name = definition.strip_suffix("EventDefinition").unwrap_or(definition);
    match name {
        "compensate" => "compensation".to_owned(),
        "eventDefinitionRef" => "undefined".to_owned(),
        other => one_line(other),
    }
}

/// The elements of the standard (clause 10 and 11); `None` for what it does not know.
fn tag(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "startEvent" => "start event",
        "endEvent" => "end event",
        "boundaryEvent" => "boundary event",
        "intermediateCatchEvent" => "intermediate catch event",
        "intermediateThrowEvent" => "intermediate throw event",
        "implicitThrowEvent" => "implicit throw event",
        "task" => "task without a type",
        "userTask" => "user task",
        "serviceTask" => "service task",
        "scriptTask" => "script task",
        "sendTask" => "send task",
        "receiveTask" => "receive task",
        "manualTask" => "manual task",
        "businessRuleTask" => "business rule task",
        "callActivity" => "call activity",
        "subProcess" => "subprocess",
        "transaction" => "transaction",
        "adHocSubProcess" => "ad-hoc subprocess",
        "exclusiveGateway" => "exclusive gateway",
        "parallelGateway" => "parallel gateway",
        "inclusiveGateway" => "inclusive gateway",
        "eventBasedGateway" => "event-based gateway",
        "complexGateway" => "complex gateway",
        "choreographyTask" => "choreography task",
        "subChoreography" => "sub-choreography",
        "callChoreography" => "call choreography",
        _ => return None,
    })
}

/// The indefinite article for a word of ours.
pub(super) fn a(words: &str) -> String {
    let article = match words.chars().next() {
        Some('a' | 'e' | 'i' | 'o') => "an",
        Some('u') if !words.starts_with("user") => "an",
        _ => "a",
    };
    format!("{article} {words}")
}
