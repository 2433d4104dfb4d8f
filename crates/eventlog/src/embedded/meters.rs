//! The log's metrics. Handles are taken once, when the log is opened: install the recorder before.

use metrics::{Counter, Gauge, Histogram};

use crate::{AppendError, Topic};

pub(super) struct Meters {
    pub(super) append_seconds: Histogram,
    pub(super) commit_seconds: Histogram,
    pub(super) batch_records: Histogram,
    pub(super) wal_bytes: Gauge,
    pub(super) failed: Gauge,
    pub(super) checkpoint_seconds: Histogram,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            append_seconds: metrics::histogram!("forebay_append_seconds"),
            commit_seconds: metrics::histogram!("forebay_log_commit_seconds"),
            batch_records: metrics::histogram!("forebay_log_batch_records"),
            wal_bytes: metrics::gauge!("forebay_log_wal_bytes"),
            failed: metrics::gauge!("forebay_log_failed"),
            checkpoint_seconds: metrics::histogram!("forebay_log_checkpoint_seconds"),
        }
    }
}

/// An append without acknowledgement.
pub(super) fn refused(error: &AppendError) {
    metrics::counter!("forebay_append_refused_total", "reason" => error.reason()).increment(1);
}

/// A stored position that did not match the log.
pub(super) fn position_resets(topic: Topic) -> Counter {
    metrics::counter!("forebay_log_position_resets_total", "topic" => topic.name())
}

/// Records removed by retention.
pub(super) fn pruned_records(topic: Topic) -> Counter {
    metrics::counter!("forebay_log_pruned_records_total", "topic" => topic.name())
}
