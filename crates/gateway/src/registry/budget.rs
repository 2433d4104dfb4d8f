//! How many refused requests of a trigger are recorded.

use std::sync::atomic::{AtomicU64, Ordering};

use webhook::Rejection;

/// The causes that are recorded, each with a budget of its own.
const CAUSES: [&str; 8] = [
    "malformed-request",
    "not-json",
    "too-deep",
    "timeout",
    "too-large",
    "unsupported-encoding",
    "rate-limited",
    "internal",
];

/// For each cause, how many were recorded in which minute; and how many were not.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// The minute in the upper half, the records in it in the lower.
    recorded: [AtomicU64; CAUSES.len()],
    unrecorded: AtomicU64,
}

impl Budget {
    /// Whether this refusal is of a kind that is recorded at all.
    pub(crate) fn concerns(rejection: &Rejection) -> bool {
        CAUSES.contains(&rejection.cause())
    }

    /// Takes one record out of this minute's budget; `false` counts it as not recorded.
    pub(crate) fn take(&self, rejection: &Rejection, now_ms: i64, per_minute: u32) -> bool {
        let Some(cell) = CAUSES
            .iter()
            .position(|cause| *cause == rejection.cause())
            .and_then(|index| self.recorded.get(index))
        else {
            return false;
        };
        let minute = u64::try_from(now_ms / 60_000).unwrap_or(0) << 32;
        let taken = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |value| {
            let used = if value >> 32 == minute >> 32 { value & u64::from(u32::MAX) } else { 0 };
            (used < u64::from(per_minute)).then_some(minute | (used + 1))
        });
        if taken.is_err() {
            self.unrecorded.fetch_add(1, Ordering::Relaxed);
        }
        taken.is_ok()
    }

    /// Takes the number of those that were not recorded.
    pub(crate) fn take_unrecorded(&self) -> u64 {
        self.unrecorded.swap(0, Ordering::Relaxed)
    }
}
