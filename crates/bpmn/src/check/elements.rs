//! Elements that do not run, and those that cannot be named.

use super::words::{a, kind, not_running};
use super::{Report, Subject};
use crate::model::{Element, Kind, Other, Process};

pub(super) fn check(process: &Process, report: &mut Report) {
    if process.id.is_empty() {
        let message = "The process has no id. Give it one that nothing else in the file has.";
        report.error("missing-id", process, message.to_owned());
    }
    for element in &process.elements {
        if let Kind::Other(other) = &element.kind {
            unsupported(element, other, report);
        }
        if element.id.is_empty() {
            let message = format!("{} has no id. Give it one that no other element has.", subject(element));
            report.error("missing-id", element, message);
        }
        if matches!(element.kind, Kind::StartEvent(_)) && !element.incoming.is_empty() {
            let message = format!(
                "A sequence flow leads into the start event {}. Lead it to the element behind.",
                element.label()
            );
            report.error("flow-into-start", element, message);
        }
        if matches!(element.kind, Kind::EndEvent(_)) && !element.outgoing.is_empty() {
            let message = format!(
                "A sequence flow leaves the end event {}. Remove it, or put another element in \
                 the event's place.",
                element.label()
            );
            report.error("flow-out-of-end", element, message);
        }
    }
}

fn unsupported(element: &Element, other: &Other, report: &mut Report) {
    let what = not_running(other);
    if what.starts_with('<') {
        let message = format!(
            "{} is no element of BPMN 2.0 (<{}>). Remove it.",
            element.label(),
            super::words::one_line(&other.tag)
        );
        report.error("unknown-element", element, message);
        return;
    }
    let message = format!("{} is {}, which does not run yet. {}", element.label(), a(&what), advice(other));
    report.error("unsupported-element", element, message);
}

/// What to do about an element that does not run.
fn advice(other: &Other) -> &'static str {
    match (other.tag.as_str(), other.characteristic) {
        ("scriptTask", _) | ("subProcess", None) => "Remove the marker.",
        ("startEvent", _) => "Use a message start event or a plain start event.",
        ("endEvent", _) => "Use a plain end event or a terminate end event.",
        ("boundaryEvent", _) => "Remove it and what only it leads to.",
        ("task" | "manualTask", _) => "Make it a script task, or remove it.",
        ("inclusiveGateway" | "complexGateway" | "eventBasedGateway", _) => {
            "Use exclusive and parallel gateways."
        }
        ("transaction" | "adHocSubProcess" | "subProcess", _) => "Use a plain subprocess.",
        _ => "Remove it, or use elements that run: script tasks, gateways, subprocesses.",
    }
}

fn subject(element: &Element) -> String {
    let what = match &element.name {
        Some(_) => format!("{} {}", kind(element), element.label()),
        None => kind(element),
    };
    format!("The {what}")
}
