//! Tests of the engine through its public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod blocks;
mod build;
mod commands;
mod elements;
mod files;
mod gateways;
mod golden;
mod graph;
mod incidents;
mod json;
mod lifecycle;
mod limits;
mod lossless;
mod properties;
mod reference;
mod starts;
mod states;
mod story;
mod subprocesses;
mod tiny;
mod variables;
mod walks;
