//! A look from another thread at how long a script has been running.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Tells how long the script of an [`crate::Engine`] has been running.
///
/// Budgets end what the interpreter counts. A few built-in operations on huge values count nothing
/// until they are done, and C code may have faults: a thread that holds a `Watch` can see a script
/// far over its wall clock limit and end the process, whose next start sets that event aside.
#[derive(Clone, Debug)]
pub struct Watch {
    since: Arc<AtomicU64>,
    origin: Instant,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { since: Arc::new(AtomicU64::new(0)), origin: Instant::now() }
    }

    /// How long the script that runs now has been running; `None` if none runs.
    pub fn running(&self) -> Option<Duration> {
        let since = self.since.load(Ordering::Relaxed);
        (since != 0).then(|| self.origin.elapsed().saturating_sub(Duration::from_micros(since)))
    }

    pub(crate) fn begin(&self) {
        let micros = u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.since.store(micros.max(1), Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        self.since.store(0, Ordering::Relaxed);
    }
}
