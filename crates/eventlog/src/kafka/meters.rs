//! The driver's metrics, by the names that the embedded driver uses too. Install the recorder before.

use metrics::{Counter, Gauge, Histogram};

use crate::{AppendError, Topic};

/// Handles of the append path, taken once.
pub(super) struct Meters {
    pub(super) append_seconds: Histogram,
    pub(super) commit_seconds: Histogram,
    pub(super) batch_records: Histogram,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            append_seconds: metrics::histogram!("forebay_append_seconds"),
            commit_seconds: metrics::histogram!("forebay_log_commit_seconds"),
            batch_records: metrics::histogram!("forebay_log_batch_records"),
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

/// Changes of the partitions that a member of the group holds.
pub(super) fn rebalances(topic: Topic) -> Counter {
    metrics::counter!("forebay_log_rebalances_total", "topic" => topic.name())
}

/// Records removed by retention.
pub(super) fn pruned_records(topic: Topic) -> Counter {
    metrics::counter!("forebay_log_pruned_records_total", "topic" => topic.name())
}

/// Producers that were replaced after a fatal error.
pub(super) fn producers_replaced() -> Counter {
    metrics::counter!("forebay_log_producers_replaced_total")
}

/// 1 where a topic is not fit any more to carry the log, else 0.
pub(super) fn topic_unfit(topic: Topic) -> Gauge {
    metrics::gauge!("forebay_log_topic_unfit", "topic" => topic.name())
}
