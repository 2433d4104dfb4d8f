//! Embedded subprocess (clause 10.3.5): a scope with tokens of its own, over the same variables.

use bpmn::model::{Characteristic, ElementIx, Kind, Other, ScopeIx, StartEvent};

use crate::elements::{Next, Scene};
use crate::incident::{Cause, Code};

/// Opens the scope at its none start event or, where it has none, at every element without an
/// incoming flow (clause 13.3.4). An empty one is done at once.
pub(crate) fn execute(scene: &mut Scene<'_>, inside: ScopeIx) -> Result<Next, Cause> {
    let Some(scope) = scene.process.scopes.get(inside.at()) else {
        return Err(Cause::new(Code::NoStart, "The diagram has no inside for this subprocess."));
    };
    if scope.elements.is_empty() {
        return Ok(Next::Done);
    }
    let kind = |ix: ElementIx| scene.process.elements.get(ix.at()).map(|element| &element.kind);
    let none = scope
        .starts
        .iter()
        .copied()
        .find(|&start| matches!(kind(start), Some(Kind::StartEvent(StartEvent::None))));
    if let Some(start) = none {
        return Ok(Next::Open(vec![start]));
    }
    let begins = |ix: &ElementIx| {
        let element = scene.process.elements.get(ix.at());
        element.is_some_and(|element| match &element.kind {
            Kind::StartEvent(_) => false,
            Kind::Other(other) => element.incoming.is_empty() && begins_by_itself(other),
            _ => element.incoming.is_empty(),
        })
    };
    let starts: Vec<ElementIx> = scope.elements.iter().copied().filter(begins).collect();
    if starts.is_empty() {
        let message = "Nothing can begin in this subprocess. Give it a start event without a trigger.";
        return Err(Cause::new(Code::NoStart, message));
    }
    Ok(Next::Open(starts))
}

/// Boundary events, event subprocesses and compensation wait for something else than the scope's start.
fn begins_by_itself(other: &Other) -> bool {
    let triggered = [Characteristic::TriggeredByEvent, Characteristic::ForCompensation];
    other.attached_to.is_none() && !other.characteristic.is_some_and(|kind| triggered.contains(&kind))
}
