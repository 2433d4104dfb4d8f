//! End event (clause 13.5.3): ends its token, or its whole scope.

use bpmn::model::EndEvent;

use crate::elements::Next;
use crate::incident::Cause;

/// Flows drawn out of an end event are a check error and not taken.
pub(crate) fn execute(event: EndEvent) -> Result<Next, Cause> {
    match event {
        EndEvent::None => Ok(Next::Take(Vec::new())),
        EndEvent::Terminate => Ok(Next::Terminate),
    }
}
