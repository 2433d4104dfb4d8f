//! The gateway's state, shared by all connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use eventlog::EventLog;
use webhook::{Rejection, Unavailability};

use crate::limits::Usage;
use crate::meters::Meters;
use crate::registry::{Registry, TriggerCounts};
use crate::{Settings, clock};

/// Everything that the requests of one gateway share.
pub struct Gateway {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) usage: Usage,
    pub(crate) meters: Meters,
    registry: Arc<Registry>,
    pub(crate) draining: Arc<AtomicBool>,
    draining_since_ms: AtomicI64,
    log_ready: AtomicBool,
    warned_second: AtomicI64,
}

/// Whether the gateway should get requests. It never depends on the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Whether it should.
    pub ready: bool,
    /// Why not.
    pub reason: Option<String>,
}

impl Gateway {
    /// A gateway that appends to this log. Install the recorder of metrics before.
    ///
    /// The registry is empty; until [`Registry::replace`] is called once, everything is answered 503.
    pub fn new(log: Arc<dyn EventLog>, settings: Settings) -> Self {
        let log_ready = AtomicBool::new(log.health().ready);
        Self {
            log,
            settings: Arc::new(settings),
            usage: Usage::default(),
            meters: Meters::new(),
            registry: Arc::default(),
            draining: Arc::default(),
            draining_since_ms: AtomicI64::new(0),
            log_ready,
            warned_second: AtomicI64::new(0),
        }
    }

    /// The triggers that it knows, to be kept up to date by whoever reads the database.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The limits that it keeps.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes what was counted of each trigger since the last call. To be added to the triggers' rows.
    pub fn take_counts(&self) -> Vec<TriggerCounts> {
        self.registry.take_counts()
    }

    /// Requests that are past the key check and not answered yet, and the bytes of their bodies.
    pub fn in_flight(&self) -> (usize, usize) {
        (self.usage.requests(), self.usage.body_bytes())
    }

    /// Whether it should get requests: the log takes events, the registry is fresh, it is not being stopped.
    pub fn readiness(&self) -> Readiness {
        let health = self.log.health();
        let reason = if self.draining.load(Ordering::Relaxed) {
            Some("the gateway is being stopped".to_owned())
        } else if !health.ready {
            Some(health.reason.unwrap_or_else(|| "the event log takes no events".to_owned()))
        } else if !self.registry_is_fresh(clock::now_ms()) {
            Some("the registry of triggers was never loaded or is too old".to_owned())
        } else {
            None
        };
        Readiness { ready: reason.is_none(), reason }
    }

    /// Why no webhook can be taken now, whichever it is.
    pub(crate) fn closed(&self, now_ms: i64) -> Option<Unavailability> {
        if self.draining.load(Ordering::Relaxed) && self.drained_for_ms(now_ms) > self.drain_grace_ms() {
            return Some(Unavailability::Draining);
        }
        (!self.registry_is_fresh(now_ms)).then_some(Unavailability::Registry)
    }

    /// Whether the log took events when it was last asked.
    pub(crate) fn log_is_ready(&self) -> bool {
        self.log_ready.load(Ordering::Relaxed)
    }

    /// Asks the log how it is, and publishes the gauges.
    pub(crate) fn refresh(&self) {
        let ready = self.log.health().ready;
        if self.log_ready.swap(ready, Ordering::Relaxed) != ready {
            tracing::warn!(ready, "the event log's readiness changed");
        }
        self.meters.waiting.set(self.usage.requests() as f64);
        self.meters.body_bytes.set(self.usage.body_bytes() as f64);
    }

    pub(crate) fn start_draining(&self) {
        self.draining_since_ms.store(clock::now_ms(), Ordering::Relaxed);
        self.draining.store(true, Ordering::Release);
    }

    /// A refusal for a limit of ours, with a `Retry-After` spread by random bits.
    pub(crate) fn unavailable(&self, cause: Unavailability, random: u128) -> Rejection {
        let most = u128::from(self.settings.retry_after_seconds.max(1));
        let retry_after = u32::try_from(random % most).unwrap_or(0) + 1;
        Rejection::Unavailable { cause, retry_after }
    }

    /// At most once a second: a sender must not be able to fill the disk with warnings.
    pub(crate) fn may_warn(&self, now_ms: i64) -> bool {
        let second = now_ms / 1000;
        self.warned_second.swap(second, Ordering::Relaxed) != second
    }

    fn registry_is_fresh(&self, now_ms: i64) -> bool {
        self.registry.age(now_ms).is_some_and(|age| age <= self.settings.registry_max_staleness)
    }

    fn drained_for_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.draining_since_ms.load(Ordering::Relaxed))
    }

    fn drain_grace_ms(&self) -> i64 {
        i64::try_from(self.settings.drain_grace.as_millis()).unwrap_or(i64::MAX)
    }
}
