//! Tests of `store`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, unreachable_pub)]

mod config_lists;
mod config_resources;
mod config_schema;
mod config_versions;
mod config_world;
mod feed;
mod list_fill;
mod list_speed;
mod position_ids;
mod postgres_faults;
mod runtime_backup;
mod runtime_batches;
mod runtime_cancel;
mod runtime_databases;
mod runtime_groups;
mod runtime_once;
mod runtime_rows;
mod servers;
