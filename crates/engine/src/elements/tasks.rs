//! Tasks (BPMN 2.0.2 clause 13.3).

pub(super) mod script;
