//! Tests of the engine through its public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod build;
mod commands;
mod gateways;
mod incidents;
mod starts;
mod subprocesses;
mod tiny;
