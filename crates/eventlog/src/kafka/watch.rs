//! Looks at the brokers: which partitions can take records, and whether any can.

use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::RDKafkaErrorCode;
use rdkafka::producer::Producer as _;

use super::producer::Producers;
use super::pulse::Pulse;
use super::topics::Clients;
use crate::Topic;

/// How often it looks, and how long it waits for an answer: half of it while there is trouble.
const EVERY: Duration = Duration::from_millis(1_000);
/// How often it looks whether it is to end.
const STEP: Duration = Duration::from_millis(100);

/// What is looked at.
pub(super) struct Watch {
    pub(super) producers: Arc<Producers>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) clients: Clients,
    pub(super) topics: [Watched; Topic::ALL.len()],
}

/// A topic that is looked at.
pub(super) struct Watched {
    pub(super) topic: Topic,
    pub(super) name: String,
    pub(super) min_insync: usize,
}

impl Watch {
    /// Looks until the log is closed.
    pub(super) fn run(self) {
        while !self.pulse.is_closed() {
            let pause = if self.pulse.why_not().is_some() { EVERY / 2 } else { EVERY };
            let mut slept = Duration::ZERO;
            while slept < pause && !self.pulse.is_closed() {
                std::thread::sleep(STEP);
                slept += STEP;
            }
            if !self.pulse.is_closed() {
                self.look();
            }
        }
    }

    /// Looks once.
    pub(super) fn look(&self) {
        for watched in &self.topics {
            match self.writable(watched) {
                Ok(partitions) => {
                    self.take(watched, partitions);
                    // without the other topic only refusals are not recorded
                    if watched.topic == Topic::WebhookEvents {
                        self.pulse.found();
                    }
                }
                Err(why) if watched.topic == Topic::WebhookEvents => self.pulse.lost(&why),
                Err(why) => tracing::debug!(why, "a topic takes no records"),
            }
        }
    }

    /// Lets the lane use these partitions. The producer refuses those that it has not heard of, which it would do for
    /// minutes (`topic.metadata.refresh.interval.ms`): it looks itself before new ones are used.
    fn take(&self, watched: &Watched, partitions: Vec<i32>) {
        let lane = self.producers.lane(watched.topic);
        if lane.would_grow(&partitions)
            && let Err(error) = self.producers.current().client().fetch_metadata(Some(&watched.name), EVERY)
        {
            tracing::debug!(%error, "new partitions are not used yet");
            return;
        }
        lane.set_partitions(partitions);
    }

    /// The partitions with a leader and enough replicas in sync.
    fn writable(&self, watched: &Watched) -> Result<Vec<i32>, String> {
        let Watched { name, min_insync, .. } = watched;
        let metadata = self.clients.metadata(name, EVERY).map_err(|error| error.to_string())?;
        let topic = metadata.topics().first().ok_or_else(|| format!("there is no topic {name}"))?;
        if let Some(error) = topic.error() {
            return Err(format!("topic {name}: {}", RDKafkaErrorCode::from(error)));
        }
        let is_writable = |partition: &&rdkafka::metadata::MetadataPartition| {
            partition.leader() >= 0 && partition.isr().len() >= *min_insync
        };
        let partitions: Vec<i32> =
            topic.partitions().iter().filter(is_writable).map(|partition| partition.id()).collect();
        if partitions.is_empty() {
            return Err(format!("no partition of {name} has a leader and {min_insync} replicas in sync"));
        }
        Ok(partitions)
    }
}
