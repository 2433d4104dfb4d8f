//! BPMN 2.0.2: from XML to the checked model that the engine runs.
//!
//! [`read()`] turns a file into the model, [`executable()`] picks the process that runs,
//! [`check()`] names everything that keeps it from running, [`links()`] says which webhooks start it,
//! [`diff()`] what two versions differ in, and [`relink()`] puts other webhooks into a file.

mod check;
mod diff;
mod executable;
mod links;
pub mod model;
mod read;
mod relink;
mod tag;

pub use check::{MAX_PROBLEMS, Problem, Severity, SyntaxCheck, SyntaxError, check};
pub use diff::{ElementChange, ElementDifference, PropertyChange, diff};
pub use executable::{NotExecutable, executable};
pub use links::{INCOMING_WEBHOOK, Link, links};
pub use model::{Definitions, Process};
pub use read::{MAX_BYTES, MAX_DEPTH, MAX_NODES, ReadError, read};
pub use relink::relink;
pub use tag::tag;

/// The namespace of BPMN 2.0's model elements (BPMN 2.0.2 clause 15.2).
pub const BPMN_NAMESPACE: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of Forebay's own extension elements; published, never to change.
pub const FOREBAY_NAMESPACE: &str = "http://forebay.dev/schema/bpmn/1.0";
