//! Parallel gateway (clause 13.4.1): forks to every outgoing flow; joins one token of every incoming.

use bpmn::model::{Element, ElementIx, FlowIx, Process};

use crate::elements::outgoing::lead_on;
use crate::elements::{Next, Scene};
use crate::incident::Cause;
use crate::instance::Arrivals;
use crate::lifecycle::Wait;

/// Waits until each incoming flow has brought a token, then takes exactly one of each: a second
/// token of one flow stays for the next round.
pub(crate) fn execute(scene: &mut Scene<'_>, element: &Element) -> Result<Next, Cause> {
    let came_by =
        scene.instance.token(scene.visit).and_then(|token| token.flow.as_deref()).unwrap_or_default();
    let arrived = scene.instance.arrivals(scene.scope, &element.id);
    // Looked at first: a join of thousands of flows must not go through all of them for each token.
    if arrived.flows_beside(came_by) + 1 < element.incoming.len() {
        return Ok(Next::Wait(Wait::Join));
    }
    let mut with = Vec::new();
    for &incoming in &element.incoming {
        let id = flow_id(scene.process, incoming);
        if id == came_by {
            continue;
        }
        match arrived.first_by(id) {
            Some(visit) => with.push(visit),
            None => return Ok(Next::Wait(Wait::Join)),
        }
    }
    lead_on(scene, &element.outgoing)?;
    let flows: Vec<FlowIx> = element.outgoing.clone();
    Ok(Next::Join { with, flows })
}

/// The incoming flows by which no token has come, for an operator.
pub(crate) fn missing_flows(process: &Process, element: ElementIx, arrived: Arrivals<'_>) -> String {
    let incoming = process.elements.get(element.at()).map(|element| element.incoming.as_slice());
    let ids = incoming.unwrap_or_default().iter().map(|&flow| flow_id(process, flow));
    let missing: Vec<String> =
        ids.filter(|id| arrived.first_by(id).is_none()).map(|id| format!("{id:?}")).collect();
    if missing.is_empty() {
        // Only a file that `check` refuses: the edges are two, their tokens cannot be told apart.
        return "a second flow of the same id".to_owned();
    }
    missing.join(", ")
}

fn flow_id(process: &Process, flow: FlowIx) -> &str {
    process.flows.get(flow.at()).map_or("", |flow| &flow.id)
}
