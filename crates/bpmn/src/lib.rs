//! BPMN 2.0.2: from XML to the checked model that the engine runs.
pub mod model;
