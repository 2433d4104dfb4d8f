//! Tests of `console`: through the router, on a real SQLite store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod access;
mod app;
mod audit;
mod audited;
mod bodies;
mod branches;
mod bring;
mod commits;
mod data_sources;
mod document;
mod failed_triggers;
mod first_start;
mod hostile_archives;
mod incidents;
mod instances;
mod matrix;
mod members;
mod operations;
mod people;
mod policy;
mod process_definitions;
mod projects;
mod proxies;
mod requests;
mod servers;
mod sign_in;
mod stream;
mod texts;
mod tokens;
mod transfer;
mod triggers;
mod try_out;
mod used_by;
mod versions;
