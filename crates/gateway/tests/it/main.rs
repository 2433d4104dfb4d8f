//! Tests of `gateway`: a real gateway on a real socket over the real embedded log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod client;
mod encodings;
#[cfg(feature = "failpoints")]
mod faults;
mod gone;
mod keys;
mod limits;
mod log_faults;
mod malformed;
mod payloads;
mod refusals;
mod sizes;
mod stopping;
mod times;
mod walk;
mod world;
