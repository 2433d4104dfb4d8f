//! What a runner knows of one partition while it works on it: how far it is, what the attempt marker in the
//! store covers, and which records are under suspicion.
//!
//! One that killed the process is found in two steps, since most unclean stops are no record's fault and must not
//! cost a transaction for each of those that may have been running: the records of the marker run in groups of
//! [`GROUP`], each with a marker of its own, and those of a group that was interrupted run alone.
//!
//! The marker costs no fsync of its own under load: the transaction of one batch writes the marker that
//! covers the next ones. It stays for a moment when the log is drained, and is removed by a clean stop; one
//! that is found at start means that some record in its range may have killed the process.

use std::collections::HashMap;

use fail::fail_point;
use store::marker::Marker;
use store::position::LogPosition;

use crate::positions::Assigned;

/// A record that killed the process this often while it ran alone is set aside. Two are too few: with `kill -9` soon
/// after starts in a row, the record that a start begins with was hit twice by chance (2 of 200,000 in one run).
pub(crate) const FATAL: i64 = 3;

/// Records under suspicion that run together.
pub(crate) const GROUP: i64 = 40;

/// One partition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// What was applied last.
    pub position: Option<LogPosition>,
    /// The position of a log that is gone, until it is forgotten in the store.
    pub stale: Option<LogPosition>,
    /// The durable marker covers records up to this offset; `None`: there is no marker.
    pub marked_until: Option<i64>,
    /// Records up to this offset are under suspicion.
    suspected_until: Option<i64>,
    /// Of these, those up to this offset run alone.
    alone_until: Option<i64>,
    /// A record that ran alone when the process stopped, and how often it has.
    suspect: Option<(i64, i64)>,
}

impl Lane {
    /// The lane of a partition that was just assigned. `window` is the number of records that a marker covers.
    pub(crate) fn assigned(assigned: Assigned, window: i64) -> Self {
        let mut lane = Lane { position: assigned.position, ..Lane::default() };
        if let Some(marker) = assigned.marker {
            // Beyond the marker's own range too: after a record that ran alone, the rest of the range of the
            // batch that it was taken from is still under suspicion.
            lane.suspected_until = Some(marker.last_offset.max(marker.first_offset.saturating_add(window)));
            if marker.last_offset - marker.first_offset < GROUP {
                lane.alone_until = Some(marker.first_offset.saturating_add(GROUP - 1));
            }
            if marker.first_offset == marker.last_offset {
                lane.suspect = Some((marker.first_offset, marker.crashes + 1));
            }
        }
        lane
    }

    /// Notes that records begin at this offset. `true` if that is before what was applied: the log is another
    /// one, or was rewound.
    pub(crate) fn begins_at(&mut self, offset: i64, window: i64) -> bool {
        let rewound = self.position.as_ref().is_some_and(|position| offset < position.next_offset);
        if rewound {
            self.stale = self.position.take();
            self.suspect = None;
            self.marked_until = None;
            self.alone_until = None;
            if self.suspected_until.is_some() {
                self.suspected_until = Some(offset.saturating_add(window));
            }
        }
        rewound
    }

    /// The offset that the store stands at, as far as this runner knows.
    pub(crate) fn reached(&self) -> Option<i64> {
        fail_point!("runner::control_trusts_the_store", |_| None);
        self.position.as_ref().map(|position| position.next_offset)
    }

    /// The last offset that the record at this one may run together with: itself, where it must run alone. `None` where
    /// it is not under suspicion.
    pub(crate) fn apart_until(&self, offset: i64) -> Option<i64> {
        let until = self.suspected_until.filter(|until| offset <= *until)?;
        let is_alone = self.alone_until.is_some_and(|alone| offset <= alone);
        Some(if is_alone { offset } else { until.min(offset.saturating_add(GROUP - 1)) })
    }

    /// Whether a process stopped before while records of this partition were running.
    pub(crate) fn is_under_suspicion(&self) -> bool {
        self.suspected_until.is_some()
    }

    /// Nothing is under suspicion any more.
    pub(crate) fn trust(&mut self) {
        self.suspected_until = None;
        self.alone_until = None;
        self.suspect = None;
    }

    /// The record did not stop the process after all.
    pub(crate) fn clear_suspect(&mut self) {
        self.suspect = None;
    }

    /// How often the process stopped while exactly this record ran.
    pub(crate) fn crashes(&self, offset: i64) -> i64 {
        self.suspect.filter(|(suspect, _)| *suspect == offset).map_or(0, |(_, crashes)| crashes)
    }

    /// The marker of records that run apart from the others: these offsets, which may be one.
    pub(crate) fn apart(&self, (first, last): (i64, i64), now: i64) -> Marker {
        let crashes = if first == last { self.crashes(first) } else { 0 };
        Marker { first_offset: first, last_offset: last, crashes, started_at: now }
    }
}

/// What the store holds of all these partitions, as far as this runner knows.
pub(crate) fn reached(lanes: &HashMap<u32, Lane>) -> Vec<(u32, i64)> {
    lanes.iter().filter_map(|(partition, lane)| Some((*partition, lane.reached()?))).collect()
}

/// The marker that covers what is taken up from `next_offset` on.
pub(crate) fn ahead(next_offset: i64, window: i64, now: i64) -> Marker {
    Marker {
        first_offset: next_offset,
        last_offset: next_offset.saturating_add(window),
        crashes: 0,
        started_at: now,
    }
}
