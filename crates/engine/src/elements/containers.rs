//! Elements with a scope of their own (BPMN 2.0.2 clause 13.3.4).

pub(super) mod subprocess;
