//! What an operator can set.

use serde::{Deserialize, Serialize};

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// How much longer than the log's retention it is remembered what was started, in days.
const REMEMBER_DAYS: u32 = 7;

/// Settings of the runner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Most events of one transaction. Default 500; 1 to 2,000.
    pub batch_events: usize,
    /// Most bytes of records of one transaction. Default 16 MiB.
    pub batch_bytes: usize,
    /// Threads that run engine steps, each with a script engine of its own. Default 0: one for each core but
    /// one, at least 1 and at most 8.
    pub engine_threads: usize,
    /// How often the queue of commands is looked at when nobody woke the runner, in milliseconds. Default 1,000.
    pub command_poll_ms: u64,
    /// How long a claimed command belongs to its runner, in milliseconds. Default 60,000.
    pub command_lease_ms: i64,
    /// How often lag and sizes are measured, in milliseconds. Default 1,000.
    pub measure_ms: u64,
    /// How often old rows are looked for, in milliseconds. Default 60,000.
    pub prune_ms: u64,
    /// Compiled process versions that are kept in memory. Default 1,000.
    pub definitions_cached: usize,
    /// How long things are kept.
    pub keep: Keep,
    /// Limits of the engine.
    pub engine: engine::Limits,
    /// Limits of scripts.
    pub script: script::Limits,
    /// A script that its limits cannot end (C code at fault) ends the process after this time, in
    /// milliseconds; its event is then set aside. Default 60,000; 0: never.
    pub script_stuck_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            batch_events: 500,
            batch_bytes: 16 << 20,
            engine_threads: 0,
            command_poll_ms: 1_000,
            command_lease_ms: 60_000,
            measure_ms: 1_000,
            prune_ms: 60_000,
            definitions_cached: 1_000,
            keep: Keep::default(),
            engine: engine::Limits::default(),
            script: script::Limits::default(),
            script_stuck_ms: 60_000,
        }
    }
}

/// How long things are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Records of the event log, in days. Default 7. What was started is remembered 7 days longer; an event
    /// older than that is set aside, never started.
    pub log_days: u32,
    /// Bytes of each topic of the event log. Default 20 GiB.
    pub log_bytes: u64,
    /// Ended instances with their histories, in days since their end. Default 30.
    pub ended_instance_days: u32,
    /// Failed triggers, in days. Default 30.
    pub failed_trigger_days: u32,
    /// Headers and payloads of all failed triggers, in bytes; the oldest go first. Default 5 GiB.
    pub failed_trigger_bytes: u64,
    /// Finished commands and operations, in days. Default 30.
    pub command_days: u32,
    /// Hourly counters, in days. Default 400.
    pub counter_days: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Keep {
            log_days: 7,
            log_bytes: 20 << 30,
            ended_instance_days: 30,
            failed_trigger_days: 30,
            failed_trigger_bytes: 5 << 30,
            command_days: 30,
            counter_days: 400,
        }
    }
}

impl Keep {
    /// The age from which on an event can no longer be proved to be new, in milliseconds.
    pub(crate) fn horizon_ms(&self) -> i64 {
        i64::from(self.log_days.saturating_add(REMEMBER_DAYS)) * DAY
    }
}

impl Settings {
    /// What is wrong with these settings, each with what is allowed.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(1..=2_000).contains(&self.batch_events) {
            faults.push(format!("batch_events is {}; it must be 1 to 2,000", self.batch_events));
        }
        if self.batch_bytes < 1 << 20 {
            faults.push(format!("batch_bytes is {}; it must be at least 1 MiB", self.batch_bytes));
        }
        if self.engine_threads > 256 {
            faults.push(format!("engine_threads is {}; it must be 0 to 256", self.engine_threads));
        }
        if self.command_lease_ms < 1_000 {
            faults.push(format!("command_lease_ms is {}; it must be at least 1,000", self.command_lease_ms));
        }
        for (name, value) in [
            ("command_poll_ms", self.command_poll_ms),
            ("measure_ms", self.measure_ms),
            ("prune_ms", self.prune_ms),
        ] {
            if value == 0 {
                faults.push(format!("{name} is 0; it must be at least 1"));
            }
        }
        if self.engine.visits == 0 {
            faults.push("engine.visits is 0; it must be at least 1".to_owned());
        }
        if !(1..=engine::MAX_DEPTH).contains(&self.engine.depth) {
            let (depth, most) = (self.engine.depth, engine::MAX_DEPTH);
            faults.push(format!("engine.depth is {depth}; it must be 1 to {most}"));
        }
        faults.extend(self.script.faults().into_iter().map(|fault| format!("script.{fault}")));
        if self.keep.log_days == 0 {
            faults.push("keep.log_days is 0; it must be at least 1".to_owned());
        }
        faults
    }

    /// The number of engine threads that this comes to.
    pub(crate) fn threads(&self) -> usize {
        match self.engine_threads {
            0 => std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).clamp(1, 8)),
            n => n.min(256),
        }
    }
}
