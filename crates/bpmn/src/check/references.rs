//! References that lead nowhere.

use super::Report;
use crate::model::{Definitions, Process, Reference, ReferenceFault, Unresolved};

pub(super) fn check(definitions: &Definitions, process: &Process, report: &mut Report) {
    for unresolved in &definitions.unresolved {
        if unresolved.process == process.id {
            let code = match unresolved.reference {
                Reference::Source | Reference::Target => "dangling-flow",
                Reference::Default => "dangling-default",
                Reference::AttachedTo => "dangling-boundary-event",
                Reference::EventDefinition => "dangling-event-definition",
            };
            let name = name(process, &unresolved.element);
            report.error(code, (unresolved.element.as_str(), name), message(unresolved));
        }
    }
}

fn name<'p>(process: &'p Process, id: &str) -> Option<&'p str> {
    let elements = process.elements.iter().map(|e| (&e.id, &e.name));
    let flows = process.flows.iter().map(|f| (&f.id, &f.name));
    elements.chain(flows).find(|(found, _)| *found == id).and_then(|(_, name)| name.as_deref())
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
    let id = &unresolved.element;
    let value = unresolved.value.as_deref().unwrap_or_default();
    let value = super::words::one_line(value);
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
