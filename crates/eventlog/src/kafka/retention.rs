//! Removing old records by `DeleteRecords`, whatever the broker's own retention is.
//!
//! Two records never go: the newest of a partition, and the one before the offset that is committed, so that
//! the log can always prove to a stored position that it is still the same log. What is not committed stays whatever
//! its age: it was acknowledged and has not started anything yet. A process that receives the topic removes from its own
//! partitions only, and goes by what it knows to be applied in this very log: what the group remembers may be of a topic
//! that was deleted since. Elsewhere the group is asked.

use std::collections::BTreeMap;

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::{Offset, TopicPartitionList};

use super::buffer::Applied;
use super::client::{Plain, broker_error};
use super::codec;
use super::placement;
use super::reader::{Bounds, Next, Reader};
use super::topics::PATIENCE;
use crate::{LogError, Pruned};

/// Up to so many records are measured one by one; of more, samples are.
const MEASURED: i64 = 4_096;
/// Stretches that a longer partition is divided into, and the records that are read of each.
const STRETCHES: i64 = 32;
const SAMPLE: i64 = 64;

/// What is to be removed.
pub(super) struct Plan {
    /// For each partition the offset that becomes its first.
    pub(super) until: BTreeMap<i32, i64>,
    pub(super) pruned: Pruned,
}

/// Finds out what is to be removed.
pub(super) fn plan(
    reader: &mut Reader,
    topic: &str,
    (older_than_ms, max_bytes): (i64, u64),
    applied: Option<BTreeMap<i32, Applied>>,
) -> Result<Plan, LogError> {
    let bounds = reader.all_bounds(topic)?;
    let is_own = applied.is_some();
    let committed = match applied {
        Some(applied) => applied,
        None => {
            let told = reader.committed(topic, &bounds.keys().copied().collect::<Vec<_>>())?.into_iter();
            told.map(|(partition, next)| (partition, Applied { next, tail: None })).collect()
        }
    };
    // a group that committed nothing at all is none
    let is_received = is_own || !committed.is_empty();
    let by_age = if older_than_ms <= 0 {
        bounds.iter().map(|(partition, b)| (*partition, b.first)).collect()
    } else {
        // Past what a timestamp can be, everything is older.
        let time = codec::timestamp(older_than_ms);
        if time < older_than_ms {
            bounds.iter().map(|(partition, b)| (*partition, b.next)).collect()
        } else {
            reader.offsets_at(topic, &bounds, time)?
        }
    };
    // Each partition may hold its part of the whole.
    let share = max_bytes / u64::try_from(bounds.len().max(1)).unwrap_or(1);
    let mut plan = Plan { until: BTreeMap::new(), pruned: Pruned::default() };
    for (partition, b) in bounds {
        let aged = by_age.get(&partition).copied().unwrap_or(b.first).max(b.first);
        let sizes = if max_bytes < u64::MAX || aged > b.first {
            Sizes::measure(reader, topic, partition, b)?
        } else {
            Sizes::default()
        };
        let wanted = aged.max(sizes.first_within(share, b)).min(b.next - 1);
        let known = committed.get(&partition);
        let allowed = match known {
            Some(applied) => applied.next - 1,
            None if is_received => b.first,
            None => i64::MAX,
        };
        plan.pruned.held_back |= wanted > b.first && wanted > allowed;
        let until = wanted.min(allowed);
        let tail = known.and_then(|applied| applied.tail.as_ref());
        let is_proven = |reader: &mut Reader| {
            tail.map_or(Ok(true), |tail| placement::proves(reader, topic, partition, tail))
        };
        if until > b.first && is_proven(reader)? {
            plan.pruned.records += u64::try_from(until - b.first).unwrap_or(0);
            plan.pruned.bytes += sizes.between(b.first, until);
            plan.until.insert(partition, until);
        }
    }
    Ok(plan)
}

/// Removes.
pub(super) async fn remove(admin: &AdminClient<Plain>, topic: &str, plan: &Plan) -> Result<(), LogError> {
    let error = |error| broker_error("removing old records (ACL Delete)", &error);
    let mut list = TopicPartitionList::new();
    for (partition, until) in &plan.until {
        list.add_partition_offset(topic, *partition, Offset::Offset(*until)).map_err(error)?;
    }
    let options = AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE));
    let done = admin.delete_records(&list, &options).await.map_err(error)?;
    done.elements().iter().try_for_each(|element| element.error().map_err(error))
}

/// How large the records of a partition are: exactly of a short one, by samples of a long one.
#[derive(Default)]
struct Sizes {
    /// First offset, next offset and mean size of each stretch, in order.
    stretches: Vec<(i64, i64, f64)>,
}

impl Sizes {
    fn measure(reader: &mut Reader, topic: &str, partition: i32, bounds: Bounds) -> Result<Self, LogError> {
        let count = bounds.next - bounds.first;
        if count <= MEASURED {
            return Self::measure_each(reader, topic, partition, bounds);
        }
        let step = (count + STRETCHES - 1) / STRETCHES;
        let mut stretches = Vec::new();
        let mut from = bounds.first;
        while from < bounds.next {
            let to = (from + step).min(bounds.next);
            let (mut records, mut bytes) = (0u32, 0f64);
            reader.scan(topic, &BTreeMap::from([(partition, from)]), |received| {
                records += 1;
                bytes += received.record.size() as f64;
                if i64::from(records) >= SAMPLE { Next::Stop } else { Next::More }
            })?;
            stretches.push((from, to, bytes / f64::from(records.max(1))));
            from = to;
        }
        Ok(Self { stretches })
    }

    fn measure_each(
        reader: &mut Reader,
        topic: &str,
        partition: i32,
        bounds: Bounds,
    ) -> Result<Self, LogError> {
        let mut stretches = Vec::new();
        if bounds.first < bounds.next {
            reader.scan(topic, &BTreeMap::from([(partition, bounds.first)]), |received| {
                let size = received.record.size() as f64;
                stretches.push((received.offset, received.offset + 1, size));
                if received.offset + 1 >= bounds.next { Next::Stop } else { Next::More }
            })?;
        }
        Ok(Self { stretches })
    }

    /// The first offset from which on the partition holds at most `most` bytes.
    fn first_within(&self, most: u64, bounds: Bounds) -> i64 {
        let mut room = most as f64;
        for (from, to, mean) in self.stretches.iter().rev() {
            let records = (to - from) as f64;
            if records * mean > room {
                let fit = if *mean > 0.0 { (room / mean).floor() as i64 } else { to - from };
                return to - fit;
            }
            room -= records * mean;
        }
        bounds.first
    }

    /// Bytes of the records in between.
    fn between(&self, from: i64, until: i64) -> u64 {
        let overlap = |(a, b, mean): &(i64, i64, f64)| {
            let records = (until.min(*b) - from.max(*a)).max(0);
            records as f64 * mean
        };
        self.stretches.iter().map(overlap).sum::<f64>() as u64
    }
}
