//! Reading at chosen places, outside of the consumer group: proofs of positions, finds, peeks, lag.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};

use super::client::{Plain, Settings, broker_error};
use super::codec;
use super::pulse::Pulse;
use crate::{LogError, Received};

/// How long the brokers may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Clients that are kept for the next read.
const IDLE: usize = 4;

/// What a scan wants next.
pub(super) enum Next {
    /// More of this partition.
    More,
    /// No more of this partition.
    Enough,
    /// Nothing more.
    Stop,
}

/// First and next offset of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) first: i64,
    pub(super) next: i64,
}

/// A client that reads where it is told to.
pub(super) struct Reader {
    consumer: BaseConsumer<Plain>,
    /// Whether the last scan was left in the middle.
    is_assigned: bool,
}

impl Reader {
    pub(super) fn new(settings: &Settings, fetch_bytes: usize) -> Result<Self, LogError> {
        let fetch_bytes = fetch_bytes.to_string();
        let settings = settings.clone().with(&[
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"),
            ("enable.partition.eof", "true"),
            // a broker that has nothing more says so at once
            ("fetch.wait.max.ms", "5"),
            ("fetch.message.max.bytes", &fetch_bytes),
            ("queued.min.messages", "1"),
            // a partition whose record waits here is not asked for this long, and neither when it is read anew: with the
            // default of 1 s a proof of one record took 0.3 s
            ("fetch.queue.backoff.ms", "1"),
            ("fetch.error.backoff.ms", "50"),
        ]);
        let consumer: BaseConsumer<Plain> = settings.create(Plain { common: settings.common() })?;
        let begun = Instant::now();
        // The first token is asked for by an event that only polling serves.
        while settings.needs_token() && begun.elapsed() < Duration::from_millis(200) {
            consumer.poll(Duration::from_millis(20));
        }
        Ok(Self { consumer, is_assigned: false })
    }

    /// The topic's partitions.
    pub(super) fn partitions(&self, topic: &str) -> Result<Vec<i32>, LogError> {
        let metadata = self
            .consumer
            .fetch_metadata(Some(topic), PATIENCE)
            .map_err(|error| broker_error("asking for the partitions", &error))?;
        let found = metadata.topics().first().filter(|found| found.error().is_none());
        let found = found.ok_or_else(|| LogError::Broker(format!("there is no topic {topic} now")))?;
        Ok(found.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect())
    }

    /// First and next offset of a partition.
    pub(super) fn bounds(&self, topic: &str, partition: i32) -> Result<Bounds, LogError> {
        let asked = || self.consumer.fetch_watermarks(topic, partition, PATIENCE);
        let told = match asked() {
            // the client knows only the partitions that were there when it last looked
            Err(error) if error.rdkafka_error_code() == Some(Code::UnknownPartition) => {
                self.partitions(topic)?;
                asked()
            }
            other => other,
        };
        let (first, next) = told.map_err(|error| broker_error("asking for the offsets", &error))?;
        Ok(Bounds { first, next })
    }

    /// The same of all partitions.
    pub(super) fn all_bounds(&self, topic: &str) -> Result<BTreeMap<i32, Bounds>, LogError> {
        let partitions = self.partitions(topic)?.into_iter();
        partitions.map(|partition| Ok((partition, self.bounds(topic, partition)?))).collect()
    }

    /// For each partition the first offset whose timestamp is not before `time`, or the end.
    pub(super) fn offsets_at(
        &self,
        topic: &str,
        bounds: &BTreeMap<i32, Bounds>,
        time: i64,
    ) -> Result<BTreeMap<i32, i64>, LogError> {
        let mut asked = TopicPartitionList::new();
        let error = |error: KafkaError| broker_error("asking for offsets by time", &error);
        for partition in bounds.keys() {
            asked.add_partition_offset(topic, *partition, Offset::Offset(time)).map_err(error)?;
        }
        let told = self.consumer.offsets_for_times(asked, PATIENCE).map_err(error)?;
        let mut offsets = BTreeMap::new();
        for element in told.elements() {
            element.error().map_err(error)?;
            let end = bounds.get(&element.partition()).map_or(0, |bounds| bounds.next);
            let offset = match element.offset() {
                Offset::Offset(offset) => offset,
                _ => end,
            };
            offsets.insert(element.partition(), offset);
        }
        Ok(offsets)
    }

    /// What the group committed; partitions of which it committed nothing are not named.
    pub(super) fn committed(&self, topic: &str, partitions: &[i32]) -> Result<BTreeMap<i32, i64>, LogError> {
        let error = |error: KafkaError| broker_error("asking for the committed offsets", &error);
        let mut asked = TopicPartitionList::new();
        for partition in partitions {
            asked.add_partition(topic, *partition);
        }
        let told = self.consumer.committed_offsets(asked, PATIENCE).map_err(error)?;
        let mut committed = BTreeMap::new();
        for element in told.elements() {
            element.error().map_err(error)?;
            if let Offset::Offset(offset) = element.offset() {
                committed.insert(element.partition(), offset);
            }
        }
        Ok(committed)
    }

    /// The first record of the partition at or after `offset`; `None` where there is none (yet), or no such place.
    pub(super) fn first_from(
        &mut self,
        topic: &str,
        partition: i32,
        offset: i64,
    ) -> Result<Option<Received>, LogError> {
        let mut found = None;
        let starts = BTreeMap::from([(partition, offset)]);
        self.scan(topic, &starts, |received| {
            found = Some(received);
            Next::Stop
        })?;
        Ok(found)
    }

    /// Reads from these places on until each partition is at its end, or `visit` has had enough. A place outside of the
    /// log ends the scan, so give those inside.
    pub(super) fn scan(
        &mut self,
        topic: &str,
        starts: &BTreeMap<i32, i64>,
        mut visit: impl FnMut(Received) -> Next,
    ) -> Result<(), LogError> {
        let error = |error: KafkaError| broker_error("reading", &error);
        let mut list = TopicPartitionList::new();
        for (partition, offset) in starts {
            list.add_partition_offset(topic, *partition, Offset::Offset(*offset)).map_err(error)?;
        }
        let mut open: BTreeSet<i32> = starts.keys().copied().collect();
        if open.is_empty() {
            return Ok(());
        }
        self.leave();
        self.consumer.assign(&list).map_err(error)?;
        self.is_assigned = true;
        let mut heard = Instant::now();
        while !open.is_empty() {
            match self.consumer.poll(Duration::from_millis(50)) {
                Some(Ok(message)) => {
                    heard = Instant::now();
                    if open.contains(&message.partition()) && message.offset() >= starts[&message.partition()]
                    {
                        match visit(codec::decode(&message)) {
                            Next::More => {}
                            Next::Enough => drop(open.remove(&message.partition())),
                            Next::Stop => break,
                        }
                    }
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => drop(open.remove(&partition)),
                Some(Err(KafkaError::MessageConsumption(Code::AutoOffsetReset | Code::OffsetOutOfRange))) => {
                    break;
                }
                Some(Err(refused)) if !passes(&refused) => {
                    self.leave();
                    return Err(error(refused));
                }
                Some(Err(_)) | None => {}
            }
            if heard.elapsed() > PATIENCE {
                self.leave();
                return Err(LogError::Broker(format!("no answer while reading {topic}")));
            }
        }
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.is_assigned)
            && let Err(error) = self.consumer.unassign()
        {
            tracing::debug!(%error, "a reader keeps its partitions");
        }
    }
}

/// Whether the client goes on by itself after this error.
fn passes(error: &KafkaError) -> bool {
    !matches!(
        error.rdkafka_error_code(),
        Some(
            Code::UnknownTopicOrPartition
                | Code::UnknownTopic
                | Code::UnknownPartition
                | Code::TopicAuthorizationFailed
                | Code::GroupAuthorizationFailed
                | Code::SaslAuthenticationFailed
        )
    )
}

/// Readers that are lent.
pub(super) struct Readers {
    settings: Settings,
    pulse: Arc<Pulse>,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    pub(super) fn new(settings: &Settings, pulse: &Arc<Pulse>) -> Self {
        Self { settings: settings.clone(), pulse: Arc::clone(pulse), idle: Mutex::default() }
    }

    /// Runs a read on a thread that may block.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Reader) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let readers = Arc::clone(self);
        tokio::task::spawn_blocking(move || readers.read(work))
            .await
            .unwrap_or_else(|error| Err(LogError::Broker(error.to_string())))
    }

    fn read<T>(&self, work: impl FnOnce(&mut Reader) -> Result<T, LogError>) -> Result<T, LogError> {
        if self.pulse.is_closed() {
            return Err(LogError::Closed);
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::new(&self.settings, 256 * 1024)?,
        };
        let result = work(&mut reader);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_ok() && idle.len() < IDLE && !self.pulse.is_closed() {
            idle.push(reader);
        }
        result
    }

    /// Lets go of the clients.
    pub(super) fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        drop(idle);
    }
}
