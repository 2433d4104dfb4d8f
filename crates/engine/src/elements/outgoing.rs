//! Sequence flows out of an element (BPMN 2.0.2 clauses 8.3.13 and 13.2).

use bpmn::model::{Element, Flow, FlowIx, is_javascript};

use super::Scene;
use crate::incident::{Cause, Code};
use crate::scripts::{Place, Program};

/// The flows that a token takes out of anything but a gateway: every one without a condition or
/// whose condition holds. Several fork, none at all ends the token; an incident if flows are there
/// and none holds.
pub(crate) fn outgoing(scene: &mut Scene<'_>, element: &Element) -> Result<Vec<FlowIx>, Cause> {
    let mut taken = Vec::with_capacity(element.outgoing.len());
    for &ix in &element.outgoing {
        if holds(scene, ix)? {
            taken.push(ix);
        }
    }
    if taken.is_empty() && !element.outgoing.is_empty() {
        return Err(no_flow());
    }
    lead_on(scene, &taken)?;
    Ok(taken)
}

/// True if the flow has no condition or its condition is true.
pub(super) fn holds(scene: &mut Scene<'_>, ix: FlowIx) -> Result<bool, Cause> {
    let flow = flow(scene, ix)?;
    let Some(condition) = &flow.condition else { return Ok(true) };
    if !is_javascript(condition.language.as_deref()) {
        let language = condition.language.as_deref().unwrap_or_default();
        let message = format!("The condition is in {language:?}. Write it in JavaScript.");
        return Err(Cause::new(Code::Language, message).on_flow(&flow.id).evaluating(&condition.source));
    }
    let program = Program { place: Place::Condition(ix), source: &condition.source };
    scene.scripts.condition(program, scene.instance.variables()).map_err(|error| {
        Cause::script(Code::ConditionFailed, error).on_flow(&flow.id).evaluating(&condition.source)
    })
}

/// Every one of `flows` must lead to an element of this scope.
pub(super) fn lead_on(scene: &Scene<'_>, flows: &[FlowIx]) -> Result<(), Cause> {
    let here = scene.process.elements.get(scene.at.at()).map(|element| element.scope);
    for &ix in flows {
        let flow = flow(scene, ix)?;
        let target = flow.target.and_then(|target| scene.process.elements.get(target.at()));
        if target.map(|target| target.scope) != here || here.is_none() {
            let message = "The sequence flow leads to no element of its own process or subprocess. \
                           Connect it in the process, or delete it.";
            return Err(Cause::new(Code::DanglingFlow, message).on_flow(&flow.id));
        }
    }
    Ok(())
}

/// No condition holds and nothing is the default.
pub(super) fn no_flow() -> Cause {
    let message = "No condition of an outgoing flow holds and none is the default. \
                   Change the variables and retry, or give the gateway a default flow.";
    Cause::new(Code::NoFlow, message)
}

fn flow<'a>(scene: &Scene<'a>, ix: FlowIx) -> Result<&'a Flow, Cause> {
    let found = scene.process.flows.get(ix.at());
    found.ok_or_else(|| Cause::new(Code::DanglingFlow, "The diagram has no such sequence flow."))
}
