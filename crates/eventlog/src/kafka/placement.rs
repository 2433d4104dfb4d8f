//! Where a partition is received from, and the proof that it is still the log that the position was taken in.

use std::collections::BTreeMap;
use std::time::Duration;

use super::reader::{Next, Reader};
use crate::{LogError, Position};

/// After a change of leader the end of a partition may be told too low for a moment: a place past the end is looked
/// at so often, and so long apart, before it counts as gone.
const LOOKS: usize = 4;
const BETWEEN: Duration = Duration::from_millis(400);

/// What must hold for the record at some offset to be the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing was received before, as the log began with this offset: it cannot begin earlier now.
    Beginning(i64),
    /// The record before it, by offset and id.
    Record(i64, String),
}

/// Where a partition is received from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) offset: i64,
    pub(super) tail: Tail,
    /// Whether a position was stored that does not fit this log.
    pub(super) is_reset: bool,
}

/// Finds the place for a stored position.
pub(super) fn place(
    reader: &mut Reader,
    topic: &str,
    partition: i32,
    stored: Option<Position>,
) -> Result<Placed, LogError> {
    let is_reset = match stored {
        // nothing applied yet: right only at the very beginning
        None | Some(Position { next_offset: 0, last_id: None }) => false,
        Some(Position { last_id: None, .. }) => true,
        Some(Position { next_offset, last_id: Some(id) }) => {
            let tail = Tail::Record(next_offset.saturating_sub(1), id);
            if proves(reader, topic, partition, &tail)? {
                return Ok(Placed { offset: next_offset, tail, is_reset: false });
            }
            true
        }
    };
    let first = reader.bounds(topic, partition)?.first;
    Ok(Placed { offset: first, tail: Tail::Beginning(first), is_reset })
}

/// Whether all partitions still are the ones that these tails were seen in; see [`proves`]. One read for all of them, as
/// each costs a turn of its own with the brokers.
pub(super) fn all_prove(
    reader: &mut Reader,
    topic: &str,
    tails: &BTreeMap<i32, Tail>,
) -> Result<bool, LogError> {
    let mut open = tails.clone();
    let place = |(partition, tail): (&i32, &Tail)| match tail {
        Tail::Record(offset, _) if *offset >= 0 => Some((*partition, *offset)),
        _ => None,
    };
    let starts: BTreeMap<i32, i64> = tails.iter().filter_map(place).collect();
    let mut differs = false;
    reader.scan(topic, &starts, |received| {
        let partition = i32::try_from(received.partition).unwrap_or(-1);
        if let Some(Tail::Record(offset, id)) = open.remove(&partition) {
            differs |= received.offset != offset || received.record.id != id;
        }
        if differs { Next::Stop } else { Next::Enough }
    })?;
    if differs {
        return Ok(false);
    }
    // beginnings, and places that the read did not come to
    for (partition, tail) in &open {
        if !proves(reader, topic, *partition, tail)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the log still is the one that `tail` was seen in. Whoever fetched records before this call has records
/// that follow the tail.
pub(super) fn proves(
    reader: &mut Reader,
    topic: &str,
    partition: i32,
    tail: &Tail,
) -> Result<bool, LogError> {
    let (offset, id) = match tail {
        Tail::Beginning(0) => return Ok(true),
        Tail::Beginning(first) => return Ok(reader.bounds(topic, partition)?.first >= *first),
        Tail::Record(offset, id) => (*offset, id),
    };
    if offset < 0 {
        return Ok(false);
    }
    for look in 1..=LOOKS {
        let found = reader.first_from(topic, partition, offset)?;
        if let Some(found) = found {
            return Ok(found.offset == offset && found.record.id == *id);
        }
        let bounds = reader.bounds(topic, partition)?;
        if offset < bounds.first {
            return Ok(false);
        }
        if look < LOOKS {
            std::thread::sleep(BETWEEN);
        }
    }
    Ok(false)
}
