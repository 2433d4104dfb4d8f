//! Tests of `gateway`: a real gateway on a real socket over the real embedded log.

#![cfg_attr(feature = "failpoints", allow(dead_code))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(not(feature = "failpoints"))]
mod answers;
mod client;
#[cfg(not(feature = "failpoints"))]
mod encodings;
#[cfg(feature = "failpoints")]
mod faults;
#[cfg(not(feature = "failpoints"))]
mod gone;
#[cfg(not(feature = "failpoints"))]
mod keys;
#[cfg(not(feature = "failpoints"))]
mod limits;
#[cfg(not(feature = "failpoints"))]
mod log_faults;
#[cfg(not(feature = "failpoints"))]
mod malformed;
#[cfg(not(feature = "failpoints"))]
mod payloads;
#[cfg(not(feature = "failpoints"))]
mod refusals;
#[cfg(not(feature = "failpoints"))]
mod sizes;
#[cfg(not(feature = "failpoints"))]
mod stopping;
#[cfg(not(feature = "failpoints"))]
mod times;
#[cfg(not(feature = "failpoints"))]
mod walk;
mod world;
