//! Elements that no token reaches, and elements from which no token reaches an end.

use super::words::kind;
use super::{Report, Subject, judged};
use crate::model::{Characteristic, Element, ElementIx, Kind, Other, Process};

pub(super) fn check(process: &Process, report: &mut Report) {
    let graph = Graph::of(process);
    let reached = graph.spread(seeds(process), &graph.forward);
    let ends = indices(process, |element| {
        is_end(element) || element.outgoing.is_empty() || leads_astray(process, element)
    });
    let ending = graph.spread(ends, &graph.backward);
    let judged = judged(process);
    for (at, element) in process.elements.iter().enumerate() {
        if !judged.get(element.scope.at()).copied().unwrap_or(true) {
            continue;
        }
        if !reached[at] {
            unreachable(element, report);
        } else if is_end(element) {
            // where it should end
        } else if element.outgoing.is_empty() {
            dead_end(element, report);
        } else if !ending[at] {
            circle(element, report);
        }
    }
}

fn unreachable(element: &Element, report: &mut Report) {
    let message = format!(
        "The {} {} is never reached. Connect it to what comes before, or remove it.",
        kind(element),
        element.label()
    );
    report.error("unreachable", element, message);
}

fn dead_end(element: &Element, report: &mut Report) {
    let message = format!(
        "The {} {} leads nowhere. Connect it to what comes next, or to an end event.",
        kind(element),
        element.label()
    );
    report.error("no-path-to-end", element, message);
}

fn circle(element: &Element, report: &mut Report) {
    let message = format!(
        "From the {} {} no way leads to an end event: the flows go round in a circle. Let one of \
         them leave it.",
        kind(element),
        element.label()
    );
    report.error("no-path-to-end", element, message);
}

/// Which element leads to which.
struct Graph {
    forward: Vec<Vec<usize>>,
    backward: Vec<Vec<usize>>,
}

impl Graph {
    fn of(process: &Process) -> Self {
        let mut graph = Self {
            forward: vec![Vec::new(); process.elements.len()],
            backward: vec![Vec::new(); process.elements.len()],
        };
        for flow in &process.flows {
            if let (Some(from), Some(to)) = (flow.source, flow.target) {
                graph.edge(from, to);
            }
        }
        for (at, element) in process.elements.iter().enumerate() {
            if let Kind::Other(Other { attached_to: Some(host), .. }) = element.kind {
                graph.forward[host.at()].push(at);
            }
        }
        graph
    }

    fn edge(&mut self, from: ElementIx, to: ElementIx) {
        self.forward[from.at()].push(to.at());
        self.backward[to.at()].push(from.at());
    }

    /// Everything that the edges lead to from the seeds.
    fn spread(&self, seeds: Vec<usize>, edges: &[Vec<usize>]) -> Vec<bool> {
        let mut reached = vec![false; self.forward.len()];
        let mut open = seeds;
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                open.extend(edges[at].iter().filter(|next| !reached[**next]));
            }
        }
        reached
    }
}

/// Where tokens come from: start events; without one (named elsewhere) whatever nothing leads to;
/// and what begins on its own (event subprocesses, compensation, links, unattached boundary events).
fn seeds(process: &Process) -> Vec<usize> {
    indices(process, |element| match &element.kind {
        Kind::StartEvent(_) => true,
        Kind::Other(other) if begins_alone(other) => true,
        _ => {
            let scope = process.scopes.get(element.scope.at());
            element.incoming.is_empty() && scope.is_some_and(|scope| scope.starts.is_empty())
        }
    })
}

fn begins_alone(other: &Other) -> bool {
    let alone = matches!(
        other.characteristic,
        Some(Characteristic::TriggeredByEvent | Characteristic::ForCompensation)
    );
    match other.tag.as_str() {
        "startEvent" => true,
        "boundaryEvent" => other.attached_to.is_none(),
        "intermediateCatchEvent" => is_link(other),
        _ => alone,
    }
}

/// Where tokens end: end events, and what ends on its own and is named as not running anyway.
fn is_end(element: &Element) -> bool {
    match &element.kind {
        Kind::EndEvent(_) => true,
        Kind::Other(other) => match other.tag.as_str() {
            "endEvent" => true,
            "boundaryEvent" => element.outgoing.is_empty(),
            "intermediateThrowEvent" => is_link(other),
            _ => begins_alone(other) && element.outgoing.is_empty(),
        },
        _ => false,
    }
}

/// A flow out of the element has no target: that is named, what follows cannot be known.
fn leads_astray(process: &Process, element: &Element) -> bool {
    let mut flows = element.outgoing.iter();
    flows.any(|ix| {
        let flow = process.flows.get(ix.at());
        flow.is_some_and(|flow| flow.target.is_none())
    })
}

fn is_link(other: &Other) -> bool {
    other.event_definitions == ["linkEventDefinition"]
}

fn indices(process: &Process, wanted: impl Fn(&Element) -> bool) -> Vec<usize> {
    let elements = process.elements.iter().enumerate();
    elements.filter(|(_, element)| wanted(element)).map(|(at, _)| at).collect()
}
