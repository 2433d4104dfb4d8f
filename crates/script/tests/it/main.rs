//! Tests of the scripts through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod ask;
mod hostile;
mod syntax;
mod time;
mod values;
mod walks;
