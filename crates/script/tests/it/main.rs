//! Tests of the scripts through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ask;
mod hostile;
mod values;
