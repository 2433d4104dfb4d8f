//! How much a script may take.

use serde::{Deserialize, Serialize};

/// Limits of scripts; each is a setting.
///
/// Time is counted in ticks, so that the same script ends at the same place on every machine. A
/// tick is 10,000 steps of the interpreter (calls, loop turns, 10,000 regular expression steps).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Ticks of one condition or script: about 100 ms.
    pub script_ticks: u32,
    /// Ticks of all conditions and scripts of one step: about 1 s.
    pub step_ticks: u32,
    /// Wall clock of one condition or script, in milliseconds: a backstop at ten times the budget.
    pub script_wall_ms: u64,
    /// Heap of one context, in bytes. 128 MiB: with 64 a body of 1 MiB that holds nothing but empty lists and one large
    /// integer cannot be read.
    pub heap_bytes: usize,
    /// Stack, in bytes; the thread must have more. 256 KiB.
    pub stack_bytes: usize,
    /// Contexts kept for each [`crate::Engine`]: one for each process version in use. 32.
    pub contexts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            script_ticks: 1_500,
            step_ticks: 15_000,
            script_wall_ms: 1_000,
            heap_bytes: 128 << 20,
            stack_bytes: 256 << 10,
            contexts: 32,
        }
    }
}

/// The stack that a thread needs beside that of a script.
const BESIDE: usize = 1 << 20;

impl Limits {
    /// The most that [`Limits::stack_bytes`] may be: threads that run scripts are made with 8 MiB.
    pub const MOST_STACK: usize = (8 << 20) - BESIDE;

    /// What is wrong with these limits, each with what is allowed. With less than the least no script runs at all.
    pub fn faults(&self) -> Vec<String> {
        let whole = 1..=u64::MAX;
        let rules = [
            ("script_ticks", u64::from(self.script_ticks), whole.clone()),
            ("step_ticks", u64::from(self.step_ticks), whole.clone()),
            ("script_wall_ms", self.script_wall_ms, whole),
            ("heap_bytes", self.heap_bytes as u64, 8 << 20..=4 << 30),
            ("stack_bytes", self.stack_bytes as u64, 64 << 10..=Self::MOST_STACK as u64),
            ("contexts", self.contexts as u64, 1..=10_000),
        ];
        let broken = rules.into_iter().filter(|(_, value, allowed)| !allowed.contains(value));
        broken
            .map(|(name, value, allowed)| match *allowed.end() {
                u64::MAX => format!("{name} is {value}; it must be at least {}", allowed.start()),
                most => format!("{name} is {value}; it must be {} to {most}", allowed.start()),
            })
            .collect()
    }
}
