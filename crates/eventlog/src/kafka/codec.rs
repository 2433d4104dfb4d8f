//! Records as Kafka messages and back, byte for byte.
//!
//! Headers and value are carried as they are and the time is the message's timestamp, so that a record that
//! follows CloudEvents' Kafka binding is just that on the wire. What Kafka or its client cannot carry goes into
//! headers of our own, which the reader takes out again:
//! - the id, unless the header `ce_id` says it already;
//! - a time that a broker may refuse (before 1970, or in the future);
//! - a header whose name holds a NUL, or that has one of these three names.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Header, Headers as _, Message, OwnedHeaders};

use crate::{Headers, Received, Record};

/// The id, in CloudEvents' Kafka binding.
const CE_ID: &str = "ce_id";
const ID: &str = "forebay_record_id";
const TIME: &str = "forebay_record_time";
/// Four bytes length of the name, little endian; the name; the value.
const HEADER: &str = "forebay_record_header";

/// Brokers refuse timestamps that lie more than an hour ahead of their clock; ours may be late.
const AHEAD_MS: i64 = 30 * 60 * 1_000;

/// What goes to the broker beside the value.
pub(super) struct Encoded {
    pub(super) headers: OwnedHeaders,
    pub(super) timestamp: i64,
}

/// Writes a record.
pub(super) fn encode(record: &Record) -> Encoded {
    let mut headers = OwnedHeaders::new_with_capacity(record.headers.len() + 2);
    for (name, value) in &record.headers {
        if name.contains('\0') || [ID, TIME, HEADER].contains(&name.as_str()) {
            headers = headers.insert(Header { key: HEADER, value: Some(&wrap(name, value)) });
        } else {
            headers = headers.insert(Header { key: name, value: Some(value) });
        }
    }
    let told = record.headers.iter().find(|(name, _)| name == CE_ID);
    if told.is_none_or(|(_, value)| value != record.id.as_bytes()) {
        headers = headers.insert(Header { key: ID, value: Some(record.id.as_bytes()) });
    }
    let timestamp = timestamp(record.time);
    if timestamp != record.time {
        headers = headers.insert(Header { key: TIME, value: Some(record.time.to_string().as_bytes()) });
    }
    Encoded { headers, timestamp }
}

/// The message's timestamp for a record's time: the nearest one that every broker takes. 0 would mean "now".
pub(super) fn timestamp(time: i64) -> i64 {
    time.clamp(1, now_ms().saturating_add(AHEAD_MS))
}

/// Reads a message. One that others wrote may lack anything: what is missing is empty.
pub(super) fn decode(message: &BorrowedMessage<'_>) -> Received {
    let mut record = Record {
        id: String::new(),
        time: message.timestamp().to_millis().unwrap_or(0),
        headers: Vec::new(),
        value: Bytes::copy_from_slice(message.payload().unwrap_or_default()),
    };
    let mut own_id = None;
    for (name, value) in message.headers().map(all).unwrap_or_default() {
        match name.as_str() {
            ID => own_id = String::from_utf8(value).ok(),
            TIME => record.time = text(&value).and_then(|text| text.parse().ok()).unwrap_or(record.time),
            HEADER => record.headers.extend(unwrap(&value)),
            _ => record.headers.push((name, value)),
        }
    }
    let told = || record.headers.iter().find(|(name, _)| name == CE_ID).and_then(|(_, value)| text(value));
    record.id = own_id.unwrap_or_else(|| told().unwrap_or_default().to_owned());
    let partition = u32::try_from(message.partition()).unwrap_or(0);
    Received { partition, offset: message.offset(), record }
}

/// All headers. The client panics at a name that is not UTF-8: such a header is passed over, as no name of ours is.
fn all(headers: &BorrowedHeaders) -> Headers {
    let one = |index| {
        let read = || {
            let header = headers.try_get(index)?;
            Some((header.key.to_owned(), header.value.unwrap_or_default().to_vec()))
        };
        catch_unwind(AssertUnwindSafe(read)).ok().flatten()
    };
    (0..headers.count()).filter_map(one).collect()
}

fn wrap(name: &str, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes()[..], name.as_bytes(), value].concat()
}

fn unwrap(wrapped: &[u8]) -> Option<(String, Vec<u8>)> {
    let (length, rest) = wrapped.split_first_chunk::<4>()?;
    let (name, value) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    Some((text(name)?.to_owned(), value.to_vec()))
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}

fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
