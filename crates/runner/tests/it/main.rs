//! Tests of `runner`, with the real event log, the real engine and SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, unreachable_pub)]

mod again;
mod commands;
mod crash;
mod drain;
mod failures;
mod foreign;
mod operations;
mod poison;
mod postgres;
mod processes;
mod retention;
mod retry;
mod rolled_back;
mod settings;
mod simulated;
mod simulated_log;
mod starts;
mod world;
