//! Whether the brokers are there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use metrics::Gauge;

/// What is known of the brokers; written by whoever notices, read by readiness.
pub(super) struct Pulse {
    /// Why no record can be stored; `None` where it can.
    reason: Mutex<Option<String>>,
    /// What the client said that tells more: which setting the brokers did not accept.
    blame: Mutex<Option<String>>,
    closed: AtomicBool,
    gauge: Gauge,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self {
            reason: Mutex::new(Some("the brokers were not reached yet".to_owned())),
            blame: Mutex::default(),
            closed: AtomicBool::new(false),
            gauge: metrics::gauge!("forebay_log_brokers_reachable"),
        }
    }

    /// Records can be stored.
    pub(super) fn found(&self) {
        let mut reason = held(&self.reason);
        if let Some(why) = reason.take() {
            *held(&self.blame) = None;
            tracing::info!(was = why, "the event log's brokers take records");
            self.gauge.set(1.0);
        }
    }

    /// No record can be stored now.
    pub(super) fn lost(&self, why: &str) {
        let mut reason = held(&self.reason);
        if reason.is_none() {
            tracing::warn!(why, "the event log's brokers take no records");
            self.gauge.set(0.0);
        }
        *reason = Some(why.to_owned());
    }

    /// Why a broker could not be reached, as far as it is known. Others may be reached all the same.
    pub(super) fn blame(&self, what: String) {
        *held(&self.blame) = Some(what);
    }

    /// The log is being closed.
    pub(super) fn close(&self) -> bool {
        self.closed.swap(true, Ordering::AcqRel)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Why no record can be stored now.
    pub(super) fn why_not(&self) -> Option<String> {
        if self.is_closed() {
            return Some("the event log is closed".to_owned());
        }
        let reason = held(&self.reason).clone()?;
        Some(match &*held(&self.blame) {
            Some(blame) => format!("{reason}: {blame}"),
            None => reason,
        })
    }
}

fn held(text: &Mutex<Option<String>>) -> MutexGuard<'_, Option<String>> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}
