//! What people and the runner's housekeeping want to see: finding, peeking, lag.

use std::collections::BTreeMap;

use super::codec;
use super::reader::{Next, Reader};
use crate::{Lag, LogError, Received};

/// A record's id is looked for from so long before the time that is named to so long after it.
const AROUND_MS: i64 = 10 * 60 * 1_000;
/// So many records in a row that are later end the search of a partition: a single one may have a wrong time.
const LATER: usize = 1_000;

/// The first record with this id, as the partitions come.
pub(super) fn find(
    reader: &mut Reader,
    topic: &str,
    id: &str,
    near_ms: i64,
) -> Result<Option<Received>, LogError> {
    let bounds = reader.all_bounds(topic)?;
    let near = codec::timestamp(near_ms);
    // A time that no message can have says nothing of the place.
    let is_told = near == near_ms;
    let mut starts: BTreeMap<i32, i64> = bounds.iter().map(|(partition, b)| (*partition, b.first)).collect();
    if is_told {
        starts = reader.offsets_at(topic, &bounds, near.saturating_sub(AROUND_MS).max(1))?;
    }
    starts.retain(|partition, offset| bounds.get(partition).is_some_and(|b| *offset < b.next));
    let mut found = None;
    let mut later: BTreeMap<u32, usize> = BTreeMap::new();
    reader.scan(topic, &starts, |received| {
        if received.record.id == id {
            found = Some(received);
            return Next::Stop;
        }
        let later = later.entry(received.partition).or_default();
        let is_later = is_told && received.record.time > near.saturating_add(AROUND_MS);
        *later = if is_later { *later + 1 } else { 0 };
        if *later > LATER { Next::Enough } else { Next::More }
    })?;
    Ok(found)
}

/// The first records at and after the positions.
pub(super) fn peek(
    reader: &mut Reader,
    topic: &str,
    positions: &[(u32, i64)],
    (max_records, max_bytes): (usize, usize),
) -> Result<Vec<Received>, LogError> {
    let starts = behind(reader, topic, positions)?;
    let mut records: Vec<Received> = Vec::new();
    let mut bytes = 0usize;
    if max_records == 0 {
        return Ok(records);
    }
    let starts = starts.into_iter().map(|(partition, (from, _))| (partition, from)).collect();
    reader.scan(topic, &starts, |received| {
        bytes = bytes.saturating_add(received.record.size());
        records.push(received);
        if records.len() >= max_records || bytes >= max_bytes { Next::Stop } else { Next::More }
    })?;
    Ok(records)
}

/// How far the positions are behind the end.
pub(super) fn lag(reader: &mut Reader, topic: &str, positions: &[(u32, i64)]) -> Result<Lag, LogError> {
    let behind = behind(reader, topic, positions)?;
    let starts = behind.iter().map(|(partition, (from, _))| (*partition, *from)).collect();
    let mut oldest_ms: Option<i64> = None;
    let mut records = 0;
    reader.scan(topic, &starts, |received| {
        let time = received.record.time;
        oldest_ms = Some(oldest_ms.map_or(time, |oldest| oldest.min(time)));
        // a partition that holds nothing but marks of transactions, and what they gave up, is not behind
        let of = i32::try_from(received.partition).ok().and_then(|partition| behind.get(&partition));
        if let Some((from, count)) = of {
            records += count.saturating_sub(u64::try_from(received.offset - from).unwrap_or(0));
        }
        Next::Enough
    })?;
    Ok(Lag { records, oldest_ms })
}

/// Of each partition that is behind: the first offset that is not applied, and how many there are.
fn behind(
    reader: &Reader,
    topic: &str,
    positions: &[(u32, i64)],
) -> Result<BTreeMap<i32, (i64, u64)>, LogError> {
    let mut behind = BTreeMap::new();
    for (partition, bounds) in reader.all_bounds(topic)? {
        let named = positions.iter().find(|(named, _)| i32::try_from(*named) == Ok(partition));
        let from = named.map_or(bounds.first, |(_, next)| (*next).max(bounds.first));
        if let Some(records) = u64::try_from(bounds.next - from).ok().filter(|records| *records > 0) {
            behind.insert(partition, (from, records));
        }
    }
    Ok(behind)
}
