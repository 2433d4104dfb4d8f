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
    /// Heap of one context, in bytes. 64 MiB.
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
            heap_bytes: 64 << 20,
            stack_bytes: 256 << 10,
            contexts: 32,
        }
    }
}
