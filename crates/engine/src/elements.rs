//! What each BPMN element does with a token: one file for each, grouped as BPMN groups them.
//!
//! An element decides and says so in a [`Next`]; it changes nothing. The match is exhaustive: a kind
//! that is added to the model does not compile until it has an arm.

mod containers;
mod events;
mod gateways;
mod outgoing;
mod tasks;

use bpmn::model::{Element, ElementIx, FlowIx, Kind, Process};

use crate::incident::{Cause, Code};
use crate::instance::Instance;
use crate::lifecycle::Wait;
use crate::limits::Limits;
use crate::scripts::Scripts;
use crate::variables::Patch;

pub(crate) use gateways::parallel::missing_flows;
pub(crate) use outgoing::outgoing;

/// What an element sees when a token is at it.
pub(crate) struct Scene<'a> {
    pub(crate) process: &'a Process,
    pub(crate) instance: &'a Instance,
    pub(crate) scripts: &'a mut dyn Scripts,
    pub(crate) limits: &'a Limits,
    /// Bytes that scripts wrote in this step so far.
    pub(crate) written: usize,
    pub(crate) visit: u64,
    pub(crate) scope: u64,
    pub(crate) at: ElementIx,
}

/// What comes next for the token.
#[derive(Debug)]
pub(crate) enum Next {
    /// Leave by the general rule for outgoing flows.
    Done,
    /// Merge this into the variables, then leave by the general rule.
    Wrote(Patch),
    /// Leave by these flows; none ends the token.
    Take(Vec<FlowIx>),
    /// Take these other tokens in, then leave by these flows.
    Join { with: Vec<u64>, flows: Vec<FlowIx> },
    /// Stay until something comes.
    Wait(Wait),
    /// Open the scope inside with tokens at these elements; leave when it ends.
    Open(Vec<ElementIx>),
    /// End every token of the scope.
    Terminate,
}

/// Lets the element act on the token that came.
pub(crate) fn execute(scene: &mut Scene<'_>, element: &Element) -> Result<Next, Cause> {
    match &element.kind {
        Kind::StartEvent(event) => events::start::execute(event),
        Kind::EndEvent(event) => events::end::execute(*event),
        Kind::ExclusiveGateway { default } => gateways::exclusive::execute(scene, element, *default),
        Kind::ParallelGateway => gateways::parallel::execute(scene, element),
        Kind::ScriptTask(script) => tasks::script::execute(scene, script),
        Kind::SubProcess(inside) => containers::subprocess::execute(scene, *inside),
        Kind::Other(other) => {
            let marked = if other.characteristic.is_some() { " with this marker" } else { "" };
            let article = if other.tag.starts_with(['a', 'e', 'i', 'o']) { "An" } else { "A" };
            let message =
                format!("{article} {}{marked} does not run yet. Take it out of the process.", other.tag);
            Err(Cause::new(Code::NotRunnable, message))
        }
    }
}
