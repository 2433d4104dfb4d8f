//! `[event_log]`

mod kafka;

use serde::Deserialize;

/// Which log, and how much may wait for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventLogSettings {
    kind: Kind,
    queue_records: usize,
    queue_bytes: usize,
    min_free_bytes: u64,
    kafka: kafka::KafkaSettings,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Embedded,
    Kafka,
}

impl EventLogSettings {
    /// As the embedded log takes them.
    pub(crate) fn embedded(&self) -> eventlog::Options {
        eventlog::Options {
            queue_records: self.queue_records,
            queue_bytes: self.queue_bytes,
            disk_reserve_bytes: self.min_free_bytes,
            ..eventlog::Options::default()
        }
    }

    /// As the driver for Kafka takes them, or `None`: the log is a file in the data folder.
    pub(crate) fn kafka(&self) -> Option<eventlog::kafka::Options> {
        let options = || eventlog::kafka::Options {
            queue_records: self.queue_records,
            queue_bytes: self.queue_bytes,
            ..self.kafka.options()
        };
        (self.kind == Kind::Kafka).then(options)
    }

    pub(super) fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        let least = [("queue_records", self.queue_records, 1), ("queue_bytes", self.queue_bytes, 2 << 20)];
        for (name, value, least) in least {
            if value < least {
                faults.push((name.to_owned(), format!("must be at least {least}")));
            }
        }
        if let Some(options) = self.kafka() {
            if let Err(error) = options.check() {
                faults.push(("kafka".to_owned(), error.to_string()));
            }
            let named = self.kafka.faults();
            faults.extend(named.into_iter().map(|(name, fault)| (format!("kafka.{name}"), fault)));
        }
        faults
    }
}
