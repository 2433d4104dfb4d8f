//! What can be asked of an instance.

use crate::variables::{Patch, Variables};

/// What one step is asked to do. Answers to waits (job done, timer fired, message came, task
/// completed) become variants here when the elements that wait for them run.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Begin: only on an instance that has not begun.
    Start {
        /// Which start event.
        at: StartAt,
        /// The first variables, `webhookData` for a webhook.
        variables: Variables,
    },
    /// Try the element of an open incident again.
    RetryIncident {
        /// [`crate::Incident::number`].
        incident: u64,
    },
    /// End the instance where it stands.
    Cancel,
    /// An operator merges values into the variables; nothing runs until a retry.
    ChangeVariables {
        /// What is merged, level by level.
        patch: Patch,
    },
}

/// The start event that a start command means. Other start events of the process do not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartAt {
    /// The none start event of the process: a start by hand.
    None,
    /// The message start event whose trigger is this incoming webhook.
    Message {
        /// `resourceDefinitionId` of the data source, as the diagram has it.
        data_source: String,
    },
}
