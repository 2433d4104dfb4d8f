//! Start event (clause 13.5.1): the token begins here, whatever triggered it.

use bpmn::model::StartEvent;

use crate::elements::Next;
use crate::incident::Cause;

pub(crate) fn execute(event: &StartEvent) -> Result<Next, Cause> {
    match event {
        StartEvent::None | StartEvent::Message(_) => Ok(Next::Done),
    }
}
