//! How much one instance and one step may take.

use serde::{Deserialize, Serialize};

/// Limits of the engine; each is a setting. Going over one is an incident, never a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Element visits of one step, begun or run: ends a loop without a wait. 10,000.
    pub visits: u32,
    /// Variables of one instance, names and texts together, in bytes. 8 MiB.
    pub variables_bytes: usize,
    /// All that the scripts of one step may write, in bytes: the events of a step are kept in memory. 32 MiB.
    pub written_bytes: usize,
    /// Nesting of objects and arrays in what a script or an operator writes; at most
    /// [`crate::MAX_DEPTH`]. 200.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { visits: 10_000, variables_bytes: 8 << 20, written_bytes: 32 << 20, depth: 200 }
    }
}
