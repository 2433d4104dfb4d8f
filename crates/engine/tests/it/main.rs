//! Tests of the engine through its public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod blocks;
mod build;
mod commands;
mod gateways;
mod graph;
mod incidents;
mod json;
mod properties;
mod starts;
mod subprocesses;
mod tiny;
mod variables;
