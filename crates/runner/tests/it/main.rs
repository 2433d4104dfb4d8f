//! Tests of `runner`, with the real event log, the real engine and SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

mod processes;
mod starts;
mod world;
