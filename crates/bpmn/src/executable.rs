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
    #[error(
        "{} processes are marked executable ({}): leave the mark on one",
        ids.len(),
        ids.join(", ")
    )]
    SeveralMarked {
        /// The ids of the marked processes.
        ids: Vec<String>,
    },
}

/// The process that runs: the one marked `isExecutable="true"`, or the only one of the file
/// (whatever its mark: many tools write `false` into every new diagram).
pub fn executable(definitions: &Definitions) -> Result<&Process, NotExecutable> {
    let marked: Vec<&Process> = marked(definitions).collect();
    match (marked.as_slice(), definitions.processes.as_slice()) {
        ([one], _) => Ok(one),
        ([], [only]) => Ok(only),
        ([], []) => Err(NotExecutable::NoProcess),
        ([], all) => Err(NotExecutable::NoneMarked { count: all.len() }),
        (several, _) => Err(NotExecutable::SeveralMarked {
            ids: several.iter().map(|process| process.id.clone()).collect(),
        }),
    }
}

/// The processes marked `isExecutable="true"`.
pub(crate) fn marked(definitions: &Definitions) -> impl Iterator<Item = &Process> {
    definitions.processes.iter().filter(|process| process.is_executable == Some(true))
}
