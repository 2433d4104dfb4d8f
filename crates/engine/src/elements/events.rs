//! Events (BPMN 2.0.2 clause 13.5).

pub(super) mod end;
pub(super) mod start;
