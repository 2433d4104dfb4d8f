//! Tests of the binary's own parts and of the house itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod command_line;
mod configuration;
mod house;
mod pages;
mod transfer;
