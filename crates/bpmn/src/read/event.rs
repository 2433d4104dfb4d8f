//! Start and end events, and the definitions that events carry (clause 10.5).

use std::collections::HashMap;

use roxmltree::Node;

use super::node;
use crate::FOREBAY_NAMESPACE;
use crate::model::{
    EndEvent, Kind, Other, ProcessTrigger, Reference, ReferenceFault, SharedEventDefinition, StartEvent,
    Unresolved,
};

/// The ending of the names of all event definitions.
const DEFINITION: &str = "EventDefinition";
/// The child of an event that names a shared definition.
pub(super) const DEFINITION_REF: &str = "eventDefinitionRef";

/// The event definitions at the top of the file.
#[derive(Default)]
pub(super) struct Shared<'a> {
    definitions: Vec<SharedEventDefinition>,
    by_id: HashMap<&'a str, usize>,
}

impl<'a> Shared<'a> {
    /// Collects them from the children of `definitions`.
    pub(super) fn collect(root: Node<'a, '_>) -> Self {
        let mut shared = Self::default();
        for (tag, child) in node::children(root) {
            if !tag.ends_with(DEFINITION) {
                continue;
            }
            if let Some(id) = node::id(child) {
                shared.by_id.entry(id).or_insert(shared.definitions.len());
            }
            shared.definitions.push(SharedEventDefinition {
                id: node::id(child).map(str::to_owned),
                tag: tag.to_owned(),
                used_by: Vec::new(),
            });
        }
        shared
    }

    /// The definitions, with who uses them.
    pub(super) fn finish(self) -> Vec<SharedEventDefinition> {
        self.definitions
    }

    fn refer(&mut self, qname: &str, event: &str) -> Option<&str> {
        // The type is a QName; tools write the bare id, some with the prefix of their namespace.
        let local = qname.rsplit_once(':').map_or(qname, |(_, local)| local);
        let at = *self.by_id.get(qname).or_else(|| self.by_id.get(local))?;
        let definition = self.definitions.get_mut(at)?;
        definition.used_by.push(event.to_owned());
        Some(&definition.tag)
    }
}

/// What is gathered while the events of one process are read.
pub(super) struct Events<'s, 'a> {
    /// The position of the process in the file.
    pub(super) process: usize,
    pub(super) shared: &'s mut Shared<'a>,
    pub(super) unresolved: &'s mut Vec<Unresolved>,
}

impl Events<'_, '_> {
    /// Local names of an event's definitions, its own and shared ones, in document order. One that
    /// cannot be found stays as `eventDefinitionRef`, so that the event does not pass for a none event.
    pub(super) fn definitions(&mut self, event: Node<'_, '_>) -> Vec<String> {
        let mut found = Vec::new();
        for (tag, child) in node::children(event) {
            if tag.ends_with(DEFINITION) {
                found.push(tag.to_owned());
            } else if tag == DEFINITION_REF {
                found.extend(self.follow(event, child));
            }
        }
        found
    }

    fn follow(&mut self, event: Node<'_, '_>, reference: Node<'_, '_>) -> Option<String> {
        let id = node::id(event).unwrap_or_default();
        let value = node::text(reference);
        let value = value.trim();
        if let Some(tag) = self.shared.refer(value, id) {
            return Some(tag.to_owned());
        }
        // one tool writes a definition into the event and a reference to it beside
        let is_own = |(tag, child): (&str, _)| tag.ends_with(DEFINITION) && node::id(child) == Some(value);
        if node::children(event).any(is_own) {
            return None;
        }
        self.unresolved.push(Unresolved {
            process: self.process,
            element: id.to_owned(),
            reference: Reference::EventDefinition,
            fault: if value.is_empty() { ReferenceFault::Missing } else { ReferenceFault::Nowhere },
            value: (!value.is_empty()).then(|| value.to_owned()),
        });
        Some(DEFINITION_REF.to_owned())
    }
}

/// A start event: none and message run.
pub(super) fn start(event: Node<'_, '_>, definitions: Vec<String>) -> Kind {
    match definitions.as_slice() {
        [] => Kind::StartEvent(StartEvent::None),
        [one] if one == "messageEventDefinition" => {
            Kind::StartEvent(StartEvent::Message(process_trigger(event)))
        }
        _ => other("startEvent", definitions),
    }
}

/// An end event: none and terminate run.
pub(super) fn end(definitions: Vec<String>) -> Kind {
    match definitions.as_slice() {
        [] => Kind::EndEvent(EndEvent::None),
        [one] if one == "terminateEventDefinition" => Kind::EndEvent(EndEvent::Terminate),
        _ => other("endEvent", definitions),
    }
}

fn other(tag: &str, event_definitions: Vec<String>) -> Kind {
    Kind::Other(Other { tag: tag.to_owned(), event_definitions, ..Other::default() })
}

/// The triggers of our namespace on an element.
pub(super) fn triggers<'a, 'i>(element: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node::child(element, "extensionElements")
        .into_iter()
        .flat_map(|extensions| extensions.children())
        .filter(|child| child.has_tag_name((FOREBAY_NAMESPACE, "processTrigger")))
}

fn process_trigger(event: Node<'_, '_>) -> Option<ProcessTrigger> {
    let trigger = triggers(event).next()?;
    Some(ProcessTrigger {
        trigger_type: node::reference(trigger, "triggerType").unwrap_or_default().to_owned(),
        data_source: node::reference(trigger, "dataSource").map(str::to_owned),
    })
}
