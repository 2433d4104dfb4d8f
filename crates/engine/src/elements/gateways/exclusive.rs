//! Exclusive gateway (clause 13.4.2): one way out; merges by passing each token.

use bpmn::model::{Element, FlowIx};

use crate::elements::outgoing::{holds, lead_on, no_flow};
use crate::elements::{Next, Scene};
use crate::incident::Cause;

/// The first flow in document order whose condition is true, or that has none; else the default; else
/// an incident. The default's own condition, if it has one, is not asked.
pub(crate) fn execute(
    scene: &mut Scene<'_>,
    element: &Element,
    default: Option<FlowIx>,
) -> Result<Next, Cause> {
    let chosen = choose(scene, element, default)?;
    let flows: Vec<FlowIx> = chosen.into_iter().collect();
    lead_on(scene, &flows)?;
    Ok(Next::Take(flows))
}

fn choose(
    scene: &mut Scene<'_>,
    element: &Element,
    default: Option<FlowIx>,
) -> Result<Option<FlowIx>, Cause> {
    for &flow in &element.outgoing {
        if Some(flow) != default && holds(scene, flow)? {
            return Ok(Some(flow));
        }
    }
    match default {
        Some(flow) => Ok(Some(flow)),
        None if element.outgoing.is_empty() => Ok(None),
        None => Err(no_flow()),
    }
}
