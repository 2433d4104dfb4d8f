//! From a record of the log to an event that can be started, or to the reason why it cannot.

use std::sync::Arc;

use eventlog::{Received, Record};
use store::position::LogPosition;
use uuid::Uuid;
use webhook::{Address, EventRecord};

/// A record that was taken from the log. Ids are kept as they stand in rows.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Its partition.
    pub partition: u32,
    /// Its offset.
    pub offset: i64,
    /// The record as it came; failed triggers keep it.
    pub record: Record,
    /// The project; empty if the record does not say.
    pub project: String,
    /// The data source; empty if the record does not say.
    pub data_source: String,
    /// The event id; of a record that is no event, the record's own, or its place in the log if that is no id.
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
        let Received { partition, offset, record } = received;
        Arc::new(match EventRecord::decode(&record.headers, &record.value) {
            Ok(event) => Taken {
                partition,
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
            Err(invalid) => {
                let (project, data_source) = belongs_to(&record);
                let id = id_of(&record).unwrap_or_else(|| place_of(partition, offset, &record));
                Taken {
                    partition,
                    offset,
                    project,
                    data_source,
                    event_id: id.clone(),
                    event_key: id,
                    time: record.time,
                    reading: Err(invalid.to_string()),
                    record,
                }
            }
        })
    }

    /// Where its partition is when it is applied.
    pub(crate) fn position(&self) -> LogPosition {
        LogPosition {
            next_offset: self.offset + 1,
            last_id: Some(self.record.id.clone()),
            last_time: Some(self.record.time),
        }
    }

    pub(crate) fn event(&self) -> Option<&EventRecord> {
        self.reading.as_deref().ok()
    }
}

/// The project and the data source that a record speaks of: by the headers of ours, else by its source. Empty where it
/// names none.
fn belongs_to(record: &Record) -> (String, String) {
    let source = header(record, "ce_source").and_then(Address::parse);
    let told = |name: &str, of_source: fn(Address) -> Uuid| {
        let own = header(record, name).and_then(|text| Uuid::try_parse(text).ok());
        own.or_else(|| source.map(of_source)).map(|id| id.to_string()).unwrap_or_default()
    };
    (told("forebay_project", |of| of.project), told("forebay_data_source", |of| of.data_source))
}

fn header<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    let value = record.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    value.and_then(|value| std::str::from_utf8(value).ok())
}

/// The record's id, where an event could have it.
fn id_of(record: &Record) -> Option<String> {
    EventRecord::is_usable_id(&record.id).then(|| record.id.clone())
}

/// What a record without an id is told apart by: two of them are two failed triggers, one that is read again is not.
fn place_of(partition: u32, offset: i64, record: &Record) -> String {
    format!("no-id-{partition}-{offset}-{}", record.time)
}
