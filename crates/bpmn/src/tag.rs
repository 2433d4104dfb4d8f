//! What an element is called in a file.

use crate::model::Kind;

/// The XML local name of an element's kind (BPMN 2.0.2 clause 15): `scriptTask`, `startEvent`, …
pub fn tag(kind: &Kind) -> &str {
    match kind {
        Kind::StartEvent(_) => "startEvent",
        Kind::EndEvent(_) => "endEvent",
        Kind::ExclusiveGateway { .. } => "exclusiveGateway",
        Kind::ParallelGateway => "parallelGateway",
        Kind::ScriptTask(_) => "scriptTask",
        Kind::SubProcess(_) => "subProcess",
        Kind::Other(other) => &other.tag,
    }
}
