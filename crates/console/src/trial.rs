//! Trying a process: the real engine with the real scripts, on threads of their own, and nothing is stored.
//!
//! Scripts are a stranger's. Each trial has a script engine of its own; the limits are those of the runner. What
//! no limit ends (a built-in on huge values) only costs the trial its thread: the caller is answered, another
//! thread takes its place, and after a few of those nothing more is tried until they have come back.

mod bench;
mod result;
mod walk;

pub(crate) use bench::{Busy, Trials};
pub(crate) use result::Trial;

use std::sync::Arc;

/// What is tried.
pub(crate) struct Attempt {
    /// The BPMN.
    pub(crate) xml: Vec<u8>,
    /// Whose event it is played: the data source of the start event. `None`: the only one that the process has, or
    /// its start without a trigger.
    pub(crate) data_source: Option<String>,
    /// The text of the variable `webhookData`.
    pub(crate) webhook_data: Option<Arc<str>>,
    /// The time of the step, milliseconds since the epoch.
    pub(crate) now: i64,
    /// What scripts see as chance.
    pub(crate) seed: u64,
}

/// Why nothing was run.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The file is no BPMN.
    Unreadable(bpmn::ReadError),
    /// No process of the file can be told to be the one that runs.
    NotExecutable(bpmn::NotExecutable),
    /// The process has no such start event; what it has instead.
    NoStart(Vec<String>),
    /// The engine does not take it.
    Step(engine::StepError),
}
