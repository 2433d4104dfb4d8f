//! References that lead nowhere, ids that stand twice, triggers that trigger nothing.

use std::collections::HashMap;

use super::words::one_line;
use super::{Report, Subject, is_judged};
use crate::model::{Definitions, Process, Reference, ReferenceFault, Unresolved};

/// References and triggers of the processes that are judged.
pub(super) fn check(definitions: &Definitions, report: &mut Report) {
    let mut names = HashMap::new();
    for unresolved in &definitions.unresolved {
        let Some(process) = judged_process(definitions, unresolved.process) else {
            continue;
        };
        let names: &mut HashMap<&str, Option<&str>> =
            names.entry(unresolved.process).or_insert_with(|| subjects(process).collect());
        let id = unresolved.element.as_str();
        let name = names.get(id).copied().flatten();
        report.error(code(unresolved), (id, name), message(unresolved));
    }
    for stray in &definitions.stray_triggers {
        let process = judged_process(definitions, stray.process);
        if let Some(element) = process.and_then(|process| process.elements.get(stray.element.at())) {
            let message = format!(
                "{} has a webhook trigger that never fires: only a message start event takes one, and only \
                 one. Make it a message start event, or remove the trigger.",
                element.label()
            );
            report.warning("stray-trigger", element, message);
        }
    }
}

fn judged_process(definitions: &Definitions, position: usize) -> Option<&Process> {
    definitions.processes.get(position).filter(|process| is_judged(definitions, process))
}

/// Ids that are not unique in the file.
pub(super) fn duplicates(definitions: &Definitions, report: &mut Report) {
    if definitions.duplicate_ids.is_empty() {
        return;
    }
    let mut names = HashMap::new();
    for (id, name) in definitions.processes.iter().flat_map(subjects) {
        names.entry(id).or_insert(name);
    }
    for id in &definitions.duplicate_ids {
        let message =
            format!("The id {} stands on more than one element. Give each an id of its own.", one_line(id));
        let name = names.get(id.as_str()).copied().flatten();
        report.error("duplicate-id", (id.as_str(), name), message);
    }
}

fn subjects(process: &Process) -> impl Iterator<Item = (&str, Option<&str>)> {
    let own = (process.id.as_str(), process.name.as_deref());
    let elements = process.elements.iter().map(|e| (e.id.as_str(), e.name.as_deref()));
    let flows = process.flows.iter().map(|f| (f.id.as_str(), f.name.as_deref()));
    std::iter::once(own).chain(elements).chain(flows)
}

fn code(unresolved: &Unresolved) -> &'static str {
    match unresolved.reference {
        Reference::Source | Reference::Target => "dangling-flow",
        Reference::Default => "dangling-default",
        Reference::AttachedTo => "dangling-boundary-event",
        Reference::EventDefinition => "dangling-event-definition",
    }
}

fn message(unresolved: &Unresolved) -> String {
    let (what, attribute, remedy) = match unresolved.reference {
        Reference::Source => ("sequence flow", "sourceRef", "Connect it, or remove it."),
        Reference::Target => ("sequence flow", "targetRef", "Connect it, or remove it."),
        Reference::Default => {
            ("exclusive gateway", "default", "Choose one of the gateway's outgoing flows as its default.")
        }
        Reference::AttachedTo => {
            ("boundary event", "attachedToRef", "Attach it to an activity, or remove it.")
        }
        Reference::EventDefinition => {
            ("event", "eventDefinitionRef", "Put the event definition into the event.")
        }
    };
    let id = one_line(&unresolved.element);
    let value = one_line(unresolved.value.as_deref().unwrap_or_default());
    let fault = match unresolved.fault {
        ReferenceFault::Missing => format!("has no {attribute}"),
        ReferenceFault::Nowhere => format!("names {value} in its {attribute}, which is not there"),
        ReferenceFault::OtherProcess => {
            format!("names {value} in its {attribute}, which is in another process")
        }
        ReferenceFault::WrongKind => {
            format!("names {value} in its {attribute}, which cannot stand there")
        }
    };
    format!("The {what} {id} {fault}. {remedy}")
}
