//! Tests of `eventlog`: the conformance suite that every driver must pass, and the faults of the embedded one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::print_stdout)]

mod child;
mod conformance;
mod conformance_limits;
mod conformance_positions;
mod corruption;
mod crash;
mod embedded;
#[cfg(feature = "failpoints")]
mod failpoints;
mod full_disk;
mod harness;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "kafka")]
mod kafka_secure;
#[cfg(feature = "kafka")]
mod kafka_static;
#[cfg(feature = "kafka")]
mod kafka_tokens;
mod model;
mod mounted;
mod power;
mod pressure;
mod speed;
