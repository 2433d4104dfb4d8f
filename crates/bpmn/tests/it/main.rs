//! Tests of `bpmn`.
