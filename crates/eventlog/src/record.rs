//! Records, as they are appended and as they are received.

use bytes::Bytes;

use crate::Position;

/// The largest record in bytes, by [`Record::size`]: 2 MiB, room for a body of 1 MiB and its headers twice over.
pub const RECORD_LIMIT: usize = 2 * 1024 * 1024;

/// The headers of a record: names and values of any content, in order, repetitions allowed.
pub type Headers = Vec<(String, Vec<u8>)>;

/// One record: an id, a time, headers and a value. All of it comes back byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The event id. The log does not require it to be unique.
    pub id: String,
    /// Milliseconds since the epoch, UTC.
    pub time: i64,
    /// The headers, in order.
    pub headers: Headers,
    /// The value, any bytes.
    pub value: Bytes,
}

impl Record {
    /// Bytes that count against every limit of the log: id, header names and values, and the value.
    pub fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.id.len() + headers + self.value.len()
    }
}

/// Where an appended record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The partition.
    pub partition: u32,
    /// The offset in it.
    pub offset: i64,
}

/// A record with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The partition.
    pub partition: u32,
    /// The offset in it.
    pub offset: i64,
    /// The record.
    pub record: Record,
}

/// Records of one partition, in the order of their offsets; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The partition of all of them.
    pub partition: u32,
    /// The records.
    pub records: Vec<Received>,
}

impl Batch {
    /// The position to store in the transaction that applies the whole batch.
    pub fn position(&self) -> Position {
        match self.records.last() {
            Some(last) => Position { next_offset: last.offset + 1, last_id: Some(last.record.id.clone()) },
            None => Position { next_offset: 0, last_id: None },
        }
    }
}
