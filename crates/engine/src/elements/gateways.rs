//! Gateways (BPMN 2.0.2 clause 13.4).

pub(crate) mod exclusive;
pub(crate) mod parallel;
