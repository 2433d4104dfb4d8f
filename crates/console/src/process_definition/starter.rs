//! What a new process is drawn with: a message start event and an end.

use webhook::ResourceName;

const STARTER: &str = include_str!("starter.bpmn");

/// The starter diagram of a process of this name. Resource names hold nothing that XML would have to escape.
pub(super) fn diagram(name: &ResourceName) -> Vec<u8> {
    STARTER.replace("{name}", name.as_str()).into_bytes()
}
