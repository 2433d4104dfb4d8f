//! What the front-door tests, the chaos runs and the benchmarks share: the real binary as a child process, a
//! client of its API, a load client with a ledger of its own, and the check that nothing was lost or doubled.
//!
//! Everything here speaks to Forebay as a stranger does: over HTTP, by signals and through its files.

pub mod api;
pub mod bench;
pub mod body;
pub mod cluster;
pub mod crash_steps;
pub mod failpoints;
pub mod journal;
pub mod kafka;
pub mod ledger;
pub mod load;
pub mod metrics;
pub mod postgres;
pub mod proc_stat;
pub mod processes;
pub mod random;
pub mod reliability;
pub mod sending;
pub mod server;
pub mod siege;
pub mod store_file;
pub mod stream;
pub mod torture;
pub mod verify;
pub mod wire;
