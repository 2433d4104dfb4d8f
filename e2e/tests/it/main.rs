//! Forebay from outside: the real binary, its HTTP, its files and its signals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod access_control;
mod client_gone;
mod cluster;
mod cluster_script;
mod console;
mod contract;
mod controls;
mod crash_steps;
mod disk_full;
mod event_record;
mod examples;
mod github;
mod hostile_bpmn;
mod idle;
mod kafka;
mod kafka_topics;
mod key_leak;
mod kill;
mod live;
mod log_changed;
mod malformed;
mod migration;
mod operations;
mod overload;
mod payloads;
mod poison;
mod postgres;
mod postgres_away;
mod postgres_failover;
mod scripts;
mod spine;
mod sqlite;
mod stop;
mod support;
mod throttled;
