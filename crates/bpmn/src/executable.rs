//! Which process of a file runs.

use crate::model::{Definitions, Process};

/// Why no process of a file can be told to be the one that runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExecutable {
    /// The file has no process.
    #[error("the file has no process: draw one with a start event")]
    NoProcess,
    /// Several processes, none marked.
    #[error("the file has {count} processes and none is marked executable: mark the one that is to run")]
    NoneMarked {
        /// How many processes there are.
        count: usize,
    },
    /// Several processes are marked `isExecutable="true"`.
    #[error("the file has {count} processes marked executable: leave the mark on one")]
    SeveralMarked {
        /// How many are marked.
        count: usize,
    },
}

/// The process that runs: the one marked `isExecutable="true"`, or the only one of the file
/// (whatever its mark: many tools write `false` into every new diagram).
pub fn executable(definitions: &Definitions) -> Result<&Process, NotExecutable> {
    let is_marked = |process: &&Process| process.is_executable == Some(true);
    let marked: Vec<&Process> = definitions.processes.iter().filter(is_marked).collect();
    match (marked.as_slice(), definitions.processes.as_slice()) {
        ([one], _) => Ok(one),
        ([], [only]) => Ok(only),
        ([], []) => Err(NotExecutable::NoProcess),
        ([], all) => Err(NotExecutable::NoneMarked { count: all.len() }),
        (several, _) => Err(NotExecutable::SeveralMarked { count: several.len() }),
    }
}
