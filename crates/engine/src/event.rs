//! What happened in a step: the history of an instance, and the only way to change its state.

use serde::{Deserialize, Serialize};

use crate::incident::Incident;
use crate::lifecycle::Wait;
use crate::variables::{Patch, Variables};

/// One fact. As JSON each is an object of one member: `{"entered":{"visit":3,"element":"Task_1"}}`.
/// Names are stable: histories are kept. Elements and flows are named by their BPMN ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// The instance began.
    Started {
        /// Id of the start event.
        start: String,
        /// The first variables.
        variables: Variables,
    },
    /// A token came to an element. Each visit has a number of its own, from 1.
    Entered {
        /// The visit.
        visit: u64,
        /// Id of the element.
        element: String,
        /// The visit of the subprocess around it, 0 for the process itself.
        #[serde(default, skip_serializing_if = "is_zero")]
        scope: u64,
        /// Id of the flow it came by; none at the start of a scope.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow: Option<String>,
    },
    /// The element waits for something from outside it.
    Waiting {
        /// The visit.
        visit: u64,
        /// For what.
        #[serde(rename = "for")]
        wait: Wait,
    },
    /// The element's work is done and what it wrote is in the variables; it has not left yet.
    Executed {
        /// The visit.
        visit: u64,
        /// What it wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrote: Option<Patch>,
    },
    /// The token left the element.
    Left {
        /// The visit.
        visit: u64,
        /// How.
        outcome: Outcome,
        /// Ids of the flows taken, in the order of the diagram.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        flows: Vec<String>,
    },
    /// The element could not go on. The token stays.
    IncidentRaised(Incident),
    /// An operator had it tried again.
    IncidentResolved {
        /// Number of the incident.
        incident: u64,
    },
    /// An operator changed variables.
    VariablesChanged {
        /// What was merged.
        patch: Patch,
    },
    /// The last token ended.
    Completed,
    /// A terminate end event of the process itself was reached.
    Terminated,
    /// An operator ended the instance.
    Cancelled,
}

/// How a token left an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The element did its work.
    Completed,
    /// It arrived at a join, which went on with another token.
    Joined,
    /// A terminate end event ended its scope.
    Terminated,
    /// The instance was cancelled.
    Cancelled,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
