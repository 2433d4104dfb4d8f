//! Sequence flows and their conditions (clauses 8.3.13 and 13.4).

use super::words::kind;
use super::{Report, Subject};
use crate::model::{Element, ElementIx, Flow, FlowIx, Kind, Process};

pub(super) fn check(process: &Process, report: &mut Report) {
    for (at, flow) in process.flows.iter().enumerate() {
        let source = element(process, flow.source);
        let target = element(process, flow.target);
        if flow.id.is_empty() {
            let message = format!(
                "A sequence flow out of {} has no id. Give it one that no other element has.",
                source.map_or("nowhere".to_owned(), |from| from.label())
            );
            report.error("missing-id", flow, message);
        }
        if let (Some(from), Some(to)) = (source, target) {
            boundary(flow, from, to, report);
        }
        if let (Some(from), Some(_)) = (source, &flow.condition) {
            condition(at, flow, from, report);
        }
    }
    for element in &process.elements {
        if let Kind::ExclusiveGateway { default } = element.kind {
            gateway(process, element, default, report);
        }
    }
}

fn boundary(flow: &Flow, from: &Element, to: &Element, report: &mut Report) {
    if from.scope != to.scope {
        let message = format!(
            "The flow {} leads from {} to {} across the border of a subprocess. End it at the \
             subprocess itself, or draw it inside.",
            flow.label(),
            from.label(),
            to.label()
        );
        report.error("flow-crosses-scope", flow, message);
    }
}

fn condition(at: usize, flow: &Flow, from: &Element, report: &mut Report) {
    match &from.kind {
        Kind::ExclusiveGateway { default } => {
            if default.is_some_and(|default| default.at() == at) {
                let message = format!(
                    "The flow {} is the default of {}: its condition is never asked. Remove the \
                     condition, or choose another default.",
                    flow.label(),
                    from.label()
                );
                report.warning("condition-on-default", flow, message);
            }
        }
        Kind::ParallelGateway => {
            let message = format!(
                "The flow {} has a condition, but leaves the parallel gateway {}, which takes \
                 all its flows. Remove the condition, or use an exclusive gateway.",
                flow.label(),
                from.label()
            );
            report.error("condition-on-parallel", flow, message);
        }
        // the gateway itself is named as not running; its conditions are right
        Kind::Other(other) if matches!(&*other.tag, "inclusiveGateway" | "complexGateway") => {}
        _ => {
            let message = format!(
                "The flow {} has a condition, but leaves the {} {}. Put an exclusive gateway \
                 between, and the condition on a flow out of it.",
                flow.label(),
                kind(from),
                from.label()
            );
            report.error("condition-without-gateway", flow, message);
        }
    }
}

/// Where a gateway splits, each flow needs a condition or is the default. A single flow out of it
/// needs neither: it only joins.
fn gateway(process: &Process, gateway: &Element, default: Option<FlowIx>, report: &mut Report) {
    let outgoing = || {
        let flows = gateway.outgoing.iter().filter(|ix| Some(**ix) != default);
        flows.filter_map(|ix| process.flows.get(ix.at()))
    };
    let conditional = outgoing().filter(|flow| flow.condition.is_some()).count();
    if gateway.outgoing.len() > 1 {
        for flow in outgoing().filter(|flow| flow.condition.is_none()) {
            let message = format!(
                "The flow {} out of the exclusive gateway {} has no condition and is not the \
                 default. Give it a condition, or make it the default.",
                flow.label(),
                gateway.label()
            );
            report.error("missing-condition", flow, message);
        }
    }
    if default.is_none() && conditional > 0 && conditional == gateway.outgoing.len() {
        let message = format!(
            "The exclusive gateway {} has no default flow. When no condition is true, the \
             instance stops there with an incident. Make one flow the default.",
            gateway.label()
        );
        report.warning("missing-default", gateway, message);
    }
}

fn element(process: &Process, at: Option<ElementIx>) -> Option<&Element> {
    process.elements.get(at?.at())
}
