//! Reading, checking and linking BPMN files through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod check;
mod diff;
mod diff_files;
mod file;
mod generated;
mod hostile;
mod miwg;
mod mutation;
mod read;
