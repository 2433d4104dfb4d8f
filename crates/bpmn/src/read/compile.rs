//! From the XML tree to the model: elements first, then what refers to them.

use roxmltree::Node;

use super::event::{self, Events, Shared};
use super::{node, wire};
use crate::model::{
    Characteristic, Definitions, Element, ElementIx, Kind, Other, Process, ROOT, Scope, ScopeIx, Script,
    StartEvent, StrayTrigger,
};

/// Children of processes and subprocesses that are no flow nodes (BPMN 2.0.2 clauses 8.3, 8.4,
/// 10.4 and 10.8): pools and lanes, data, artifacts and what describes the activity itself.
const NO_FLOW_NODE: [&str; 30] = [
    "artifact",
    "association",
    "auditing",
    "categoryValueRef",
    "completionCondition",
    "correlationSubscription",
    "dataInputAssociation",
    "dataObject",
    "dataObjectReference",
    "dataOutputAssociation",
    "dataStoreReference",
    "documentation",
    "extensionElements",
    "group",
    "humanPerformer",
    "incoming",
    "ioBinding",
    "ioSpecification",
    "laneSet",
    "monitoring",
    "multiInstanceLoopCharacteristics",
    "outgoing",
    "performer",
    "potentialOwner",
    "property",
    "resourceRole",
    "standardLoopCharacteristics",
    "supportedInterfaceRef",
    "supports",
    "textAnnotation",
];

/// A process whose references are not followed yet.
pub(super) struct Draft<'a, 'i> {
    pub(super) process: Process,
    /// The id of each element, empty where it has none, borrowed from the file.
    pub(super) element_ids: Vec<&'a str>,
    /// Each sequence flow, with the scope that it stands in.
    pub(super) flows: Vec<(Node<'a, 'i>, ScopeIx)>,
    /// Exclusive gateways with a `default`.
    pub(super) defaults: Vec<(ElementIx, &'a str)>,
    /// Boundary events with their `attachedToRef`.
    pub(super) attached: Vec<(ElementIx, Option<&'a str>)>,
}

/// The model of a whole file, from its root element.
pub(super) fn definitions(root: Node<'_, '_>) -> Definitions {
    let mut shared = Shared::collect(root);
    let mut unresolved = Vec::new();
    let mut stray_triggers = Vec::new();
    let mut drafts = Vec::new();
    for (tag, xml) in node::children(root) {
        if tag == "process" {
            let process = drafts.len();
            let events = Events { process, shared: &mut shared, unresolved: &mut unresolved };
            drafts.push(draft(xml, events, &mut stray_triggers));
        }
    }
    let wired = wire::wire(root, drafts, &mut unresolved);
    Definitions {
        processes: wired.processes,
        shared_event_definitions: shared.finish(),
        unresolved,
        stray_triggers,
        duplicate_ids: wired.duplicate_ids,
    }
}

fn draft<'a, 'i>(
    process: Node<'a, 'i>,
    events: Events<'_, 'a>,
    stray_triggers: &mut Vec<StrayTrigger>,
) -> Draft<'a, 'i> {
    let mut compiler = Compiler {
        events,
        stray_triggers,
        draft: Draft {
            process: Process {
                id: node::id(process).unwrap_or_default().to_owned(),
                name: node::name(process),
                is_executable: node::flag(process, "isExecutable"),
                elements: Vec::new(),
                flows: Vec::new(),
                scopes: vec![Scope { element: None, parent: None, starts: Vec::new(), elements: Vec::new() }],
            },
            element_ids: Vec::new(),
            flows: Vec::new(),
            defaults: Vec::new(),
            attached: Vec::new(),
        },
    };
    compiler.scope(process, ROOT);
    compiler.draft
}

struct Compiler<'s, 'a, 'i> {
    events: Events<'s, 'a>,
    stray_triggers: &'s mut Vec<StrayTrigger>,
    draft: Draft<'a, 'i>,
}

impl<'a, 'i> Compiler<'_, 'a, 'i> {
    /// Reads what stands directly in a process or subprocess. Recurs once for each nested
    /// subprocess, so at most `MAX_DEPTH` times.
    fn scope(&mut self, container: Node<'a, 'i>, scope: ScopeIx) {
        for (tag, child) in node::children(container) {
            if tag == "sequenceFlow" {
                self.draft.flows.push((child, scope));
            } else if !NO_FLOW_NODE.contains(&tag) {
                self.element(tag, child, scope);
            }
        }
    }

    fn element(&mut self, tag: &'a str, xml: Node<'a, 'i>, scope: ScopeIx) {
        let id = node::id(xml).unwrap_or_default();
        self.draft.element_ids.push(id);
        let process = &mut self.draft.process;
        let at = ElementIx(index(process.elements.len()));
        process.elements.push(Element {
            id: id.to_owned(),
            name: node::name(xml),
            scope,
            // replaced below; pushed first so that elements stand in document order
            kind: Kind::ParallelGateway,
            incoming: Vec::new(),
            outgoing: Vec::new(),
        });
        if let Some(scope) = process.scopes.get_mut(scope.at()) {
            scope.elements.push(at);
            if tag == "startEvent" {
                scope.starts.push(at);
            }
        }
        let kind = self.kind(tag, xml, at, scope);
        let used = matches!(kind, Kind::StartEvent(StartEvent::Message(_)));
        if event::triggers(xml).nth(usize::from(used)).is_some() {
            let process = self.events.process;
            self.stray_triggers.push(StrayTrigger { process, element: at });
        }
        if let Some(element) = self.draft.process.elements.get_mut(at.at()) {
            element.kind = kind;
        }
    }

    fn kind(&mut self, tag: &'a str, xml: Node<'a, 'i>, at: ElementIx, scope: ScopeIx) -> Kind {
        let characteristic = characteristic(xml);
        match tag {
            "startEvent" => event::start(xml, self.events.definitions(xml)),
            "endEvent" => event::end(self.events.definitions(xml)),
            "exclusiveGateway" => {
                if let Some(default) = node::reference(xml, "default") {
                    self.draft.defaults.push((at, default));
                }
                Kind::ExclusiveGateway { default: None }
            }
            "parallelGateway" => Kind::ParallelGateway,
            "scriptTask" if characteristic.is_none() => Kind::ScriptTask(Script {
                format: node::attribute(xml, "scriptFormat").map(str::to_owned),
                source: node::child(xml, "script").map(node::text).unwrap_or_default(),
            }),
            "subProcess" if characteristic.is_none() => Kind::SubProcess(self.inside(xml, at, scope)),
            _ => self.other(tag, xml, at, characteristic),
        }
    }

    fn other(
        &mut self,
        tag: &str,
        xml: Node<'a, 'i>,
        at: ElementIx,
        characteristic: Option<Characteristic>,
    ) -> Kind {
        let scope = self.draft.process.elements[at.at()].scope;
        let inside = matches!(tag, "subProcess" | "transaction" | "adHocSubProcess")
            .then(|| self.inside(xml, at, scope));
        if tag == "boundaryEvent" {
            let host = node::reference(xml, "attachedToRef");
            self.draft.attached.push((at, host));
        }
        Kind::Other(Other {
            tag: tag.to_owned(),
            event_definitions: if tag.ends_with("Event") { self.events.definitions(xml) } else { Vec::new() },
            scope: inside,
            attached_to: None,
            characteristic,
        })
    }

    fn inside(&mut self, xml: Node<'a, 'i>, at: ElementIx, parent: ScopeIx) -> ScopeIx {
        let scopes = &mut self.draft.process.scopes;
        let inside = ScopeIx(index(scopes.len()));
        scopes.push(Scope {
            element: Some(at),
            parent: Some(parent),
            starts: Vec::new(),
            elements: Vec::new(),
        });
        self.scope(xml, inside);
        inside
    }
}

fn characteristic(xml: Node<'_, '_>) -> Option<Characteristic> {
    if node::flag(xml, "triggeredByEvent") == Some(true) {
        return Some(Characteristic::TriggeredByEvent);
    }
    if node::flag(xml, "isForCompensation") == Some(true) {
        return Some(Characteristic::ForCompensation);
    }
    node::children(xml).find_map(|(tag, child)| match tag {
        "standardLoopCharacteristics" => Some(Characteristic::StandardLoop),
        "multiInstanceLoopCharacteristics" => Some(match node::flag(child, "isSequential") {
            Some(true) => Characteristic::SequentialMultiInstance,
            _ => Characteristic::ParallelMultiInstance,
        }),
        _ => None,
    })
}

/// A position as an index; a file of 4 MiB has far fewer nodes than `u32` counts.
pub(super) fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
