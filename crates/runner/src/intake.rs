//! From a record of the log to an event that can be started, or to the reason why it cannot.

use std::sync::Arc;

use eventlog::{Received, Record};
use webhook::EventRecord;

/// A record that was taken from the log. Ids are kept as they stand in rows.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Its offset.
    pub offset: i64,
    /// The record as it came; failed triggers keep it.
    pub record: Record,
    /// The project; empty if the record does not say.
    pub project: String,
    /// The data source; empty if the record does not say.
    pub data_source: String,
    /// The event id; of a record that is no event, the record's own, made storable.
    pub event_id: String,
    /// What the event is unique by.
    pub event_key: String,
    /// When it was accepted, milliseconds since the epoch.
    pub time: i64,
    /// The event, or why the record is none.
    pub reading: Result<Box<EventRecord>, String>,
}

impl Taken {
    pub(crate) fn read(received: Received) -> Arc<Self> {
        let Received { offset, record, .. } = received;
        Arc::new(match EventRecord::decode(&record.headers, &record.value) {
            Ok(event) => Taken {
                offset,
                project: event.address.project.to_string(),
                data_source: event.address.data_source.to_string(),
                event_id: event.id.clone(),
                event_key: event.event_key().to_owned(),
                time: event.time,
                reading: Ok(Box::new(event)),
                record,
            },
            // what can be read of it tells people where to look
            Err(invalid) => Taken {
                offset,
                project: named(&record, "forebay_project"),
                data_source: named(&record, "forebay_data_source"),
                event_id: storable(&record.id),
                event_key: storable(&record.id),
                time: record.time,
                reading: Err(invalid.to_string()),
                record,
            },
        })
    }

    pub(crate) fn event(&self) -> Option<&EventRecord> {
        self.reading.as_deref().ok()
    }
}

/// A header that should be a UUID, in the spelling of the rows; nothing if it is none.
fn named(record: &Record, name: &str) -> String {
    let value = record.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    value
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(|text| uuid::Uuid::try_parse(text).ok())
        .map(|id| id.to_string())
        .unwrap_or_default()
}

/// Text of a foreign producer that every database can hold: no control characters, at most 200 characters.
fn storable(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
