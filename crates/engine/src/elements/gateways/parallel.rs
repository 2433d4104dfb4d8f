//! Parallel gateway (clause 13.4.1): forks to every outgoing flow; joins one token of every incoming.

use bpmn::model::{Element, ElementIx, FlowIx, Process};

use crate::elements::outgoing::lead_on;
use crate::elements::{Next, Scene};
use crate::incident::Cause;
use crate::lifecycle::Wait;

/// Waits until each incoming flow has brought a token, then takes exactly one of each: a second
/// token of one flow stays for the next round.
pub(crate) fn execute(scene: &mut Scene<'_>, element: &Element) -> Result<Next, Cause> {
    let came_by = scene.instance.token(scene.visit).and_then(|token| token.flow.as_deref());
    let mut with = Vec::new();
    for &incoming in &element.incoming {
        let id = flow_id(scene.process, incoming);
        if came_by == Some(id) {
            continue;
        }
        let arrived = scene.instance.arrivals(scene.scope, &element.id).find(|(flow, _)| *flow == id);
        match arrived {
            Some((_, visit)) => with.push(visit),
            None => return Ok(Next::Wait(Wait::Join)),
        }
    }
    lead_on(scene, &element.outgoing)?;
    let flows: Vec<FlowIx> = element.outgoing.clone();
    Ok(Next::Join { with, flows })
}

/// The incoming flows by which no token has come, for an operator.
pub(crate) fn missing_flows(process: &Process, element: ElementIx, arrived: &[&str]) -> String {
    let incoming = process.elements.get(element.at()).map(|element| element.incoming.as_slice());
    let ids = incoming.unwrap_or_default().iter().map(|&flow| flow_id(process, flow));
    let missing: Vec<String> = ids.filter(|id| !arrived.contains(id)).map(|id| format!("{id:?}")).collect();
    missing.join(", ")
}

fn flow_id(process: &Process, flow: FlowIx) -> &str {
    process.flows.get(flow.at()).map_or("", |flow| &flow.id)
}
