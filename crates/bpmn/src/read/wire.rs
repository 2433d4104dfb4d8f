//! Following references: flows to their elements, defaults to flows, boundary events to activities.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::compile::{Draft, index};
use super::node;
use crate::model::{
    Condition, ElementIx, Flow, FlowIx, Kind, Process, Reference, ReferenceFault, ScopeIx, Unresolved,
};

/// The finished processes, and the ids that stand more than once on what runs.
pub(super) struct Wired {
    pub(super) processes: Vec<Process>,
    pub(super) duplicate_ids: Vec<String>,
}

/// Finishes all processes of a file.
pub(super) fn wire<'a>(
    root: Node<'a, '_>,
    mut drafts: Vec<Draft<'a, '_>>,
    unresolved: &mut Vec<Unresolved>,
) -> Wired {
    let duplicate_ids = duplicates(&drafts);
    let element_ids = drafts.iter_mut().map(|draft| std::mem::take(&mut draft.element_ids)).collect();
    let elsewhere = Elsewhere { root, element_ids, found: OnceCell::new() };
    let processes = drafts
        .into_iter()
        .enumerate()
        .map(|(position, draft)| {
            let mut wiring = Wiring {
                elements: first_of_each(elsewhere.element_ids[position].iter().copied())
                    .map(|(id, at)| (id, ElementIx(at)))
                    .collect(),
                elsewhere: &elsewhere,
                unresolved,
                position,
                process: draft.process,
            };
            wiring.flows(&draft.flows);
            let flow_ids = draft.flows.iter().map(|(flow, _)| node::id(*flow).unwrap_or_default());
            wiring.defaults(draft.defaults, flow_ids);
            wiring.boundary_events(draft.attached);
            wiring.process
        })
        .collect();
    Wired { processes, duplicate_ids }
}

/// Ids with their positions, last first, so that of those with one id the first stays in a map;
/// `check` names the duplicate. Empty ids are none.
fn first_of_each<'a>(
    ids: impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
) -> impl Iterator<Item = (&'a str, u32)> {
    let positions = ids.enumerate().rev().map(|(at, id)| (id, index(at)));
    positions.filter(|(id, _)| !id.is_empty())
}

fn duplicates(drafts: &[Draft<'_, '_>]) -> Vec<String> {
    let (mut seen, mut named) = (HashSet::new(), HashSet::new());
    drafts
        .iter()
        .flat_map(|draft| {
            std::iter::once(draft.process.id.as_str())
                .chain(draft.element_ids.iter().copied())
                .chain(draft.flows.iter().filter_map(|(flow, _)| node::id(*flow)))
        })
        .filter(|id| !id.is_empty() && !seen.insert(*id) && named.insert(*id))
        .map(str::to_owned)
        .collect()
}

/// The ids that a reference may hold although it must not; collected only where one is lost.
struct Elsewhere<'a, 'i> {
    root: Node<'a, 'i>,
    element_ids: Vec<Vec<&'a str>>,
    found: OnceCell<Found<'a>>,
}

struct Found<'a> {
    flow_nodes: HashSet<&'a str>,
    all: HashSet<&'a str>,
}

impl Elsewhere<'_, '_> {
    fn fault(&self, id: &str) -> ReferenceFault {
        let found = self.found.get_or_init(|| Found {
            flow_nodes: self.element_ids.iter().flatten().copied().collect(),
            all: self
                .root
                .descendants()
                .filter(|node| node::bpmn_name(*node).is_some())
                .filter_map(node::id)
                .collect(),
        });
        if found.flow_nodes.contains(id) {
            ReferenceFault::OtherProcess
        } else if found.all.contains(id) {
            ReferenceFault::WrongKind
        } else {
            ReferenceFault::Nowhere
        }
    }
}

struct Wiring<'w, 'a, 'i> {
    position: usize,
    process: Process,
    elements: HashMap<&'a str, ElementIx>,
    elsewhere: &'w Elsewhere<'a, 'i>,
    unresolved: &'w mut Vec<Unresolved>,
}

impl Wiring<'_, '_, '_> {
    fn flows(&mut self, flows: &[(Node<'_, '_>, ScopeIx)]) {
        for &(xml, scope) in flows {
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

    fn defaults<'f>(
        &mut self,
        defaults: Vec<(ElementIx, &str)>,
        flow_ids: impl DoubleEndedIterator<Item = &'f str> + ExactSizeIterator,
    ) {
        let flows: HashMap<&str, u32> = first_of_each(flow_ids).collect();
        for (gateway, id) in defaults {
            let found = flows.get(id).copied().map(FlowIx);
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
