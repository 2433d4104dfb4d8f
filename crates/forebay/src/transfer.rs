//! `forebay export` and `forebay import`: a project as a folder that people keep in git, or as one file. Both speak to the
//! API of a running Forebay, as every other program could.

mod export;
mod folder;
mod import;
mod server;

pub(crate) use export::{Export, export};
pub(crate) use import::{Import, import};
pub(crate) use server::Server;

use std::path::PathBuf;

use thiserror::Error;

/// Why a project did not travel.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Refused(String),
    #[error("{server} does not answer: {cause}")]
    Unreachable { server: String, cause: String },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: {cause}")]
    Content { path: PathBuf, cause: String },
}

impl Error {
    /// sysexits.h: unavailable, input or output error, data error.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::Unreachable { .. } => 69,
            Error::File { .. } => 74,
            Error::Refused(_) | Error::Content { .. } => 65,
        }
    }
}
