//! The BPMN engine: commands in, events and effects out.
