//! How the runner is, for readiness and for people.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// How the runner is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Whether it works: no part of it waits for the infrastructure.
    pub ready: bool,
    /// What does not work, by part of the runner; empty when ready.
    pub troubles: BTreeMap<String, String>,
    /// Events that are not started yet, as of the last measurement.
    pub lag_records: u64,
    /// The age of the oldest of them in milliseconds; 0 if there is none.
    pub oldest_unstarted_ms: u64,
    /// Instances started since this runner began.
    pub started: u64,
    /// Instances that completed in their first step, since this runner began.
    pub completed: u64,
    /// Failed triggers since this runner began.
    pub failed: u64,
    /// Events found to be duplicates by their idempotency key, since this runner began.
    pub duplicates: u64,
    /// How often a stored position did not fit the log.
    pub position_resets: u64,
}

/// The counters behind [`Status`].
#[derive(Debug, Default)]
pub(crate) struct Health {
    troubles: Mutex<BTreeMap<&'static str, String>>,
    pub(crate) lag_records: AtomicU64,
    pub(crate) oldest_unstarted_ms: AtomicU64,
    pub(crate) started: AtomicU64,
    pub(crate) completed: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) position_resets: AtomicU64,
}

impl Health {
    /// Notes that a part does not work. `true` if it worked before: then it is logged.
    pub(crate) fn trouble(&self, part: &'static str, why: String) -> bool {
        self.lock().insert(part, why).is_none()
    }

    /// Notes that a part works. `true` if it did not before.
    pub(crate) fn well(&self, part: &'static str) -> bool {
        self.lock().remove(part).is_some()
    }

    pub(crate) fn status(&self) -> Status {
        let troubles: BTreeMap<String, String> =
            self.lock().iter().map(|(part, why)| ((*part).to_owned(), why.clone())).collect();
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Status {
            ready: troubles.is_empty(),
            troubles,
            lag_records: get(&self.lag_records),
            oldest_unstarted_ms: get(&self.oldest_unstarted_ms),
            started: get(&self.started),
            completed: get(&self.completed),
            failed: get(&self.failed),
            duplicates: get(&self.duplicates),
            position_resets: get(&self.position_resets),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
