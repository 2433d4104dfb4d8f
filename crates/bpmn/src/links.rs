//! Which webhooks start a process.

use crate::model::{Kind, Process, ProcessTrigger, ROOT, StartEvent};

/// `triggerType` of a start event that an incoming webhook triggers.
pub const INCOMING_WEBHOOK: &str = "incomingWebhook";

/// A message start event and the data source that triggers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of the message start event.
    pub element_id: String,
    /// The `resourceDefinitionId` of the data source, in small letters: a UUID in capitals is the same one.
    pub data_source: String,
}

/// The links of a process, in document order. Message start events without a chosen webhook have
/// none; those of subprocesses cannot start an instance and have none either.
pub fn links(process: &Process) -> Vec<Link> {
    process
        .elements
        .iter()
        .filter(|element| element.scope == ROOT)
        .filter_map(|element| {
            let Kind::StartEvent(StartEvent::Message(Some(trigger))) = &element.kind else {
                return None;
            };
            Some(Link { element_id: element.id.clone(), data_source: webhook(trigger)?.to_ascii_lowercase() })
        })
        .collect()
}

/// The data source of an incoming webhook trigger; `None` for other triggers and for none chosen.
pub(crate) fn webhook(trigger: &ProcessTrigger) -> Option<&str> {
    let chosen = trigger.data_source.as_deref()?.trim();
    (trigger.trigger_type == INCOMING_WEBHOOK && !chosen.is_empty()).then_some(chosen)
}
