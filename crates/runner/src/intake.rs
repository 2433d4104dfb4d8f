//! From a record of the log to an event that can be started, or to the reason why it cannot.

use std::sync::Arc;

use eventlog::{Received, Record};
use webhook::EventRecord;

/// A record that was taken from the log.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Its offset.
    pub offset: i64,
    /// The record as it came; failed triggers keep it.
    pub record: Record,
    /// What it says.
    pub reading: Reading,
}

/// What a record says.
#[derive(Debug)]
pub(crate) enum Reading {
    /// An event.
    Event(Box<EventRecord>),
    /// Not an event. What could be read of it tells people where to look.
    Invalid {
        /// The project, or nothing.
        project: String,
        /// The data source, or nothing.
        data_source: String,
        /// Why.
        why: String,
    },
}

impl Taken {
    pub(crate) fn read(received: Received) -> Arc<Self> {
        let Received { offset, record, .. } = received;
        let reading = match EventRecord::decode(&record.headers, &record.value) {
            Ok(event) => Reading::Event(Box::new(event)),
            Err(invalid) => Reading::Invalid {
                project: named(&record, "forebay_project"),
                data_source: named(&record, "forebay_data_source"),
                why: invalid.to_string(),
            },
        };
        Arc::new(Taken { offset, record, reading })
    }

    pub(crate) fn event(&self) -> Option<&EventRecord> {
        match &self.reading {
            Reading::Event(event) => Some(event),
            Reading::Invalid { .. } => None,
        }
    }

    /// The project, as it stands in rows; empty if the record does not say.
    pub(crate) fn project(&self) -> String {
        match &self.reading {
            Reading::Event(event) => event.address.project.to_string(),
            Reading::Invalid { project, .. } => project.clone(),
        }
    }

    /// The data source, as it stands in rows; empty if the record does not say.
    pub(crate) fn data_source(&self) -> String {
        match &self.reading {
            Reading::Event(event) => event.address.data_source.to_string(),
            Reading::Invalid { data_source, .. } => data_source.clone(),
        }
    }

    /// The event id; of a record that is no event, the record's own, made storable.
    pub(crate) fn event_id(&self) -> String {
        match &self.reading {
            Reading::Event(event) => event.id.clone(),
            Reading::Invalid { .. } => storable(&self.record.id),
        }
    }

    /// What the event is unique by.
    pub(crate) fn event_key(&self) -> String {
        match &self.reading {
            Reading::Event(event) => event.event_key().to_owned(),
            Reading::Invalid { .. } => storable(&self.record.id),
        }
    }

    /// When it was accepted, milliseconds since the epoch.
    pub(crate) fn time(&self) -> i64 {
        self.event().map_or(self.record.time, |event| event.time)
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
