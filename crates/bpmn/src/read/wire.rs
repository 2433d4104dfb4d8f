//! Following references: flows to their elements, defaults to flows, boundary events to activities.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::compile::{Draft, index};
use super::node;
use crate::model::{
    Condition, ElementIx, Flow, FlowIx, Kind, Process, Reference, ReferenceFault, Unresolved,
};

/// The finished processes, and the ids that stand more than once on what runs.
pub(super) struct Wired {
    pub(super) processes: Vec<Process>,
    pub(super) duplicate_ids: Vec<String>,
}

/// Finishes all processes of a file.
pub(super) fn wire<'a>(
    root: Node<'a, '_>,
    drafts: Vec<Draft<'a, '_>>,
    unresolved: &mut Vec<Unresolved>,
) -> Wired {
    let duplicate_ids = duplicates(&drafts);
    let elsewhere = Elsewhere::collect(root, &drafts);
    let processes = drafts
        .into_iter()
        .enumerate()
        .map(|(position, draft)| {
            let mut wiring = Wiring {
                elements: by_id(&draft.process),
                elsewhere: &elsewhere,
                unresolved,
                position,
                process: draft.process,
            };
            wiring.flows(draft.flows);
            wiring.defaults(draft.defaults);
            wiring.boundary_events(draft.attached);
            wiring.process
        })
        .collect();
    Wired { processes, duplicate_ids }
}

fn by_id(process: &Process) -> HashMap<String, ElementIx> {
    let mut elements = HashMap::with_capacity(process.elements.len());
    for (at, element) in process.elements.iter().enumerate() {
        if !element.id.is_empty() {
            // of elements with one id the first counts; `check` names the duplicate
            elements.entry(element.id.clone()).or_insert(ElementIx(index(at)));
        }
    }
    elements
}

fn duplicates(drafts: &[Draft<'_, '_>]) -> Vec<String> {
    let (mut seen, mut named) = (HashSet::new(), HashSet::new());
    drafts
        .iter()
        .flat_map(|draft| {
            std::iter::once(draft.process.id.as_str())
                .chain(draft.process.elements.iter().map(|e| e.id.as_str()))
                .chain(draft.flows.iter().filter_map(|(flow, _)| node::id(*flow)))
        })
        .filter(|id| !id.is_empty() && !seen.insert(*id) && named.insert(*id))
        .map(str::to_owned)
        .collect()
}

/// The ids that a reference may hold although it must not.
struct Elsewhere<'a> {
    flow_nodes: HashSet<String>,
    all: HashSet<&'a str>,
}

impl<'a> Elsewhere<'a> {
    fn collect(root: Node<'a, '_>, drafts: &[Draft<'_, '_>]) -> Self {
        Self {
            flow_nodes: drafts
                .iter()
                .flat_map(|draft| draft.process.elements.iter().map(|e| e.id.clone()))
                .collect(),
            all: root
                .descendants()
                .filter(|node| node::bpmn_name(*node).is_some())
                .filter_map(node::id)
                .collect(),
        }
    }

    fn fault(&self, id: &str) -> ReferenceFault {
        if self.flow_nodes.contains(id) {
            ReferenceFault::OtherProcess
        } else if self.all.contains(id) {
            ReferenceFault::WrongKind
        } else {
            ReferenceFault::Nowhere
        }
    }
}

struct Wiring<'w, 'a> {
    position: usize,
    process: Process,
    elements: HashMap<String, ElementIx>,
    elsewhere: &'w Elsewhere<'a>,
    unresolved: &'w mut Vec<Unresolved>,
}

impl Wiring<'_, '_> {
    fn flows(&mut self, flows: Vec<(Node<'_, '_>, crate::model::ScopeIx)>) {
        for (xml, scope) in flows {
            let at = FlowIx(index(self.process.flows.len()));
            let id = node::id(xml).unwrap_or_default();
            let source = self.end(xml, "sourceRef", Reference::Source);
            let target = self.end(xml, "targetRef", Reference::Target);
            if let Some(element) = source.and_then(|ix| self.process.elements.get_mut(ix.at())) {
                element.outgoing.push(at);
            }
            if let Some(element) = target.and_then(|ix| self.process.elements.get_mut(ix.at())) {
                element.incoming.push(at);
            }
            self.process.flows.push(Flow {
                id: id.to_owned(),
                name: node::name(xml),
                source,
                target,
                scope,
                condition: node::child(xml, "conditionExpression").map(condition),
            });
        }
    }

    fn end(&mut self, flow: Node<'_, '_>, attribute: &str, at: Reference) -> Option<ElementIx> {
        let value = node::reference(flow, attribute);
        if let Some(element) = value.and_then(|id| self.elements.get(id)) {
            return Some(*element);
        }
        let id = node::id(flow).unwrap_or_default();
        let fault = value.map_or(ReferenceFault::Missing, |id| self.elsewhere.fault(id));
        self.lost(id, at, value, fault);
        None
    }

    fn defaults(&mut self, defaults: Vec<(ElementIx, &str)>) {
        let flows: HashMap<String, FlowIx> = self
            .process
            .flows
            .iter()
            .enumerate()
            .rev()
            .map(|(at, flow)| (flow.id.clone(), FlowIx(index(at))))
            .collect();
        for (gateway, id) in defaults {
            let found = flows.get(id).copied();
            let element = &mut self.process.elements[gateway.at()];
            match found {
                Some(flow) if element.outgoing.contains(&flow) => {
                    element.kind = Kind::ExclusiveGateway { default: Some(flow) };
                }
                _ => {
                    let element = element.id.clone();
                    let fault = match found {
                        Some(_) => ReferenceFault::WrongKind,
                        None => self.elsewhere.fault(id),
                    };
                    self.lost(&element, Reference::Default, Some(id), fault);
                }
            }
        }
    }

    fn boundary_events(&mut self, attached: Vec<(ElementIx, Option<&str>)>) {
        for (event, host) in attached {
            let found = host.and_then(|qname| {
                let local = qname.rsplit_once(':').map_or(qname, |(_, local)| local);
                self.elements.get(qname).or_else(|| self.elements.get(local))
            });
            let found = found.copied();
            let element = &mut self.process.elements[event.at()];
            match (found, &mut element.kind) {
                (Some(host), Kind::Other(other)) => other.attached_to = Some(host),
                _ => {
                    let id = element.id.clone();
                    let fault = host.map_or(ReferenceFault::Missing, |id| self.elsewhere.fault(id));
                    self.lost(&id, Reference::AttachedTo, host, fault);
                }
            }
        }
    }

    fn lost(&mut self, element: &str, at: Reference, value: Option<&str>, fault: ReferenceFault) {
        self.unresolved.push(Unresolved {
            process: self.position,
            element: element.to_owned(),
            reference: at,
            value: value.map(str::to_owned),
            fault,
        });
    }
}

fn condition(xml: Node<'_, '_>) -> Condition {
    Condition {
        language: node::attribute(xml, "language").map(str::to_owned),
        source: node::text(xml).trim().to_owned(),
    }
}
