//! How much may wait between `append` and its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The room that is taken by records between `append` and their answer.
pub(crate) struct Budget {
    records: AtomicUsize,
    bytes: AtomicUsize,
    max_records: usize,
    max_bytes: usize,
}

impl Budget {
    pub(crate) fn new(max_records: usize, max_bytes: usize) -> Arc<Self> {
        Arc::new(Self { records: AtomicUsize::new(0), bytes: AtomicUsize::new(0), max_records, max_bytes })
    }

    /// Takes room for one record, or `None` where there is none. The first record always fits.
    pub(crate) fn take(self: &Arc<Self>, bytes: usize) -> Option<Permit> {
        let records = self.records.fetch_add(1, Ordering::AcqRel);
        let before = self.bytes.fetch_add(bytes, Ordering::AcqRel);
        let permit = Permit { budget: Arc::clone(self), bytes };
        let fits = records < self.max_records && before.saturating_add(bytes) <= self.max_bytes;
        (fits || records == 0).then_some(permit)
    }

    /// Records and bytes taken now.
    pub(crate) fn taken(&self) -> (usize, usize) {
        (self.records.load(Ordering::Acquire), self.bytes.load(Ordering::Acquire))
    }
}

/// Room in the queue; dropped, it is given back.
pub(crate) struct Permit {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.records.fetch_sub(1, Ordering::AcqRel);
        self.budget.bytes.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}
