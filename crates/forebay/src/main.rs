//! Forebay: incoming webhooks that start BPMN processes, exactly once.
//!
//! The binary is the command line, the configuration, the wiring of the roles and their shutdown;
//! everything else stands in the crates below (see ARCHITECTURE.md).

mod backup;
mod command_line;
mod config;
mod data_folder;
mod ready;
mod telemetry;
mod text;
mod transfer;
mod up;

use std::process::ExitCode;

// glibc's allocator costs the gateway a fifth of its rate (docs/BENCHMARKS.md)
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // the fault tests say in FAILPOINTS where this process is to fail; without the call the variable is not read
    #[cfg(feature = "failpoints")]
    let _faults = fail::FailScenario::setup();
    command_line::run()
}
