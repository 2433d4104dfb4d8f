//! Looks at the brokers: which partitions can take records, and whether any can.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::error::RDKafkaErrorCode;
use rdkafka::metadata::Metadata;
use rdkafka::producer::Producer as _;

use super::fitness::Fitness;
use super::producer::Producers;
use super::pulse::Pulse;
use super::topics::Clients;
use crate::Topic;

/// How often it looks, and how long it waits for an answer: half of it while there is trouble.
const EVERY: Duration = Duration::from_millis(1_000);
/// How often it looks whether it is to end.
const STEP: Duration = Duration::from_millis(100);

/// How long nothing is seen before it looks with a new client, and again.
const ANEW: Duration = Duration::from_secs(3);

/// What is looked at.
pub(super) struct Watch {
    pub(super) producers: Arc<Producers>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) clients: Clients,
    pub(super) topics: [Watched; Topic::ALL.len()],
    pub(super) fitness: Fitness,
}

/// A topic that is looked at.
pub(super) struct Watched {
    pub(super) topic: Topic,
    pub(super) name: String,
    pub(super) min_insync: usize,
}

impl Watch {
    /// Looks until the log is closed.
    pub(super) fn run(mut self) {
        let mut blind = Blind::default();
        while !self.pulse.is_closed() {
            let pause = if self.pulse.why_not().is_some() { EVERY / 2 } else { EVERY };
            let mut slept = Duration::ZERO;
            while slept < pause && !self.pulse.is_closed() {
                std::thread::sleep(STEP);
                slept += STEP;
            }
            if !self.pulse.is_closed() {
                let sees = self.look();
                self.mend(&mut blind, sees);
            }
        }
    }

    /// Does something about clients that do not find the way back: what is asked with is made anew while nothing is seen,
    /// and, where that helped, what is appended with as well.
    fn mend(&self, blind: &mut Blind, sees: bool) {
        if sees {
            if blind.renewed {
                self.producers.replace("the brokers were seen by a new client only", &self.pulse);
            }
            *blind = Blind::default();
            return;
        }
        let since = *blind.since.get_or_insert_with(Instant::now);
        if since.elapsed() < ANEW {
            return;
        }
        match self.clients.look_anew() {
            Ok(()) => *blind = Blind { since: Some(Instant::now()), renewed: true },
            Err(error) => tracing::warn!(%error, "no new client to look for the brokers with"),
        }
    }

    /// Looks once. Whether the brokers told of the topic of events; it may be unfit for records all the same.
    pub(super) fn look(&mut self) -> bool {
        let mut sees = false;
        for watched in &self.topics {
            let told = self.clients.metadata(&watched.name, EVERY);
            if let Ok(told) = &told {
                sees |= watched.topic == Topic::WebhookEvents;
                self.fitness.look(watched.topic, &watched.name, told);
            }
            match told.map_err(|error| error.to_string()).and_then(|told| watched.writable(&told)) {
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
        sees
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
}

/// How long nothing has been seen.
#[derive(Default)]
struct Blind {
    since: Option<Instant>,
    /// Whether a new client was made since.
    renewed: bool,
}

impl Watched {
    /// The partitions with a leader and enough replicas in sync.
    fn writable(&self, told: &Metadata) -> Result<Vec<i32>, String> {
        let Self { name, min_insync, .. } = self;
        let topic = told.topics().first().ok_or_else(|| format!("there is no topic {name}"))?;
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
