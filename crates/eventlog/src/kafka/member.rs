//! A member of the consumer group: the thread that fetches, and its rebalances.
//!
//! Nothing is handed on that is not proven to follow what was handed on before: after each fetch the record before it
//! is read once more, those of all partitions in one go. So a topic that was deleted and made anew with more records
//! than we had read, which the client does not notice, skips nothing; then the member joins anew, and its stored
//! positions are judged again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, RebalanceProtocol};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode as Code};
use rdkafka::message::BorrowedMessage;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::buffer::Buffer;
use super::client::{Common, Settings, client_context, told};
use super::placement::{self, Placed};
use super::reader::Reader;
use super::{codec, meters};
use crate::{LogError, PositionError, Positions, Received, Topic};

/// Longest wait for records.
const TURN: Duration = Duration::from_millis(100);
/// Most of one proof.
const FETCH_RECORDS: usize = 2_000;
/// How long the store may take to tell a position.
const STORE: Duration = Duration::from_secs(10);
/// How often a partition that could not be placed is tried again.
const PLACE: Duration = Duration::from_secs(1);
/// How often the group is told what is committed, and how often it is told again although nothing changed: somebody
/// may have wiped what it knew, and retention asks it.
const TELL: Duration = Duration::from_millis(200);
const TELL_AGAIN: Duration = Duration::from_secs(60);
/// The buffer may be full so long before the partitions are paused. The client throws away what it has fetched of a
/// paused partition, so a runner that is only slow is better waited for.
const SICK: Duration = Duration::from_secs(2);
/// Before joining anew.
const REJOIN: Duration = Duration::from_millis(200);

/// Everything that a member needs.
pub(super) struct Member {
    pub(super) topic: Topic,
    /// The topic's name on the brokers.
    pub(super) name: String,
    pub(super) settings: Settings,
    /// For clients of the same group that do not join it.
    pub(super) aside: Settings,
    pub(super) positions: Arc<dyn Positions>,
    pub(super) runtime: Handle,
    pub(super) buffer: Arc<Buffer>,
}

/// Who waits for the first assignment.
pub(super) type First = oneshot::Sender<Result<(), LogError>>;

/// Why a membership is over.
enum Over {
    /// It was closed.
    Closed,
    /// The log is not what it was, or the group does not know us any more.
    Rejoin(&'static str),
}

/// The context of the group's consumer.
struct Group {
    common: Common,
    topic: Topic,
    name: String,
    positions: Arc<dyn Positions>,
    runtime: Handle,
    buffer: Arc<Buffer>,
    /// Reads proofs; used by the thread that polls only.
    reader: Mutex<Reader>,
    first: Mutex<Option<First>>,
}
client_context!(Group);

impl Member {
    /// Fetches until it is closed.
    pub(super) fn run(self, first: First) {
        let mut first = Some(first);
        while !self.buffer.is_closing() {
            let group = match self.group(first.take()) {
                Ok(group) => group,
                Err(error) => {
                    tracing::error!(%error, topic = self.name, "cannot receive");
                    self.buffer.wait_for_close(PLACE);
                    continue;
                }
            };
            match group.work() {
                Over::Closed => break,
                Over::Rejoin(why) => {
                    tracing::warn!(why, topic = self.name, "joining the consumer group anew");
                    drop(group);
                    self.buffer.revoke_all();
                    self.buffer.wait_for_close(REJOIN);
                }
            }
        }
    }

    fn group(&self, first: Option<First>) -> Result<Joined, LogError> {
        // Small: it reads one record at a time.
        let reader = Reader::new(&self.aside, 32 * 1024);
        let joined = reader.and_then(|reader| {
            let group = Group {
                common: self.settings.common(),
                topic: self.topic,
                name: self.name.clone(),
                positions: Arc::clone(&self.positions),
                runtime: self.runtime.clone(),
                buffer: Arc::clone(&self.buffer),
                reader: Mutex::new(reader),
                first: Mutex::default(),
            };
            let consumer: BaseConsumer<Group> = self.settings.create(group)?;
            consumer.subscribe(&[&self.name]).map_err(|error| LogError::Broker(told(&error)))?;
            Ok(consumer)
        });
        match joined {
            Ok(consumer) => {
                *lock(&consumer.context().first) = first;
                Ok(Joined { consumer, buffer: Arc::clone(&self.buffer) })
            }
            Err(error) => {
                let again = LogError::Broker(error.to_string());
                if let Some(first) = first {
                    let _ = first.send(Err(error));
                }
                Err(again)
            }
        }
    }
}

/// A membership. Dropped, it leaves the group.
struct Joined {
    consumer: BaseConsumer<Group>,
    buffer: Arc<Buffer>,
}

impl Joined {
    fn work(&self) -> Over {
        let mut full_since = None;
        let mut is_paused = false;
        let (mut placed, mut told, mut told_all) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            if self.buffer.is_closing() {
                self.tell(true, CommitMode::Sync);
                return Over::Closed;
            }
            if placed.elapsed() > PLACE {
                self.group().place_the_rest(&self.consumer);
                placed = Instant::now();
            }
            if told.elapsed() > TELL {
                let all = told_all.elapsed() > TELL_AGAIN;
                self.tell(all, CommitMode::Async);
                told = Instant::now();
                if all {
                    told_all = told;
                }
            }
            if !self.buffer.wait_for_room(Duration::from_millis(20)) {
                let since = *full_since.get_or_insert_with(Instant::now);
                if since.elapsed() < SICK {
                    continue;
                }
                // Whoever receives does not: the group must not think that we are gone.
                is_paused = is_paused || self.set_paused(true);
            } else {
                full_since = None;
                is_paused = is_paused && !self.set_paused(false);
            }
            let over = match self.consumer.poll(TURN) {
                Some(Ok(message)) => {
                    // fetched before the pause, or of a partition that came later
                    is_paused = is_paused && self.buffer.has_room();
                    self.admit(&message)
                }
                Some(Err(error)) => self.judge(&error),
                None => None,
            };
            if let Some(over) = over {
                return over;
            }
        }
    }

    fn group(&self) -> &Group {
        self.consumer.context()
    }

    /// Takes what was fetched, proves it and hands it on.
    fn admit(&self, first: &BorrowedMessage<'_>) -> Option<Over> {
        let mut fetched: BTreeMap<i32, Vec<Received>> = BTreeMap::new();
        let mut add = |received: Received| {
            fetched.entry(i32::try_from(received.partition).unwrap_or(-1)).or_default().push(received);
        };
        add(codec::decode(first));
        let mut count = 1;
        let mut trouble = None;
        while count < FETCH_RECORDS {
            match self.consumer.poll(Duration::ZERO) {
                Some(Ok(message)) => add(codec::decode(&message)),
                Some(Err(error)) => {
                    trouble = self.judge(&error);
                    break;
                }
                None => break,
            }
            count += 1;
        }
        match self.prove(&fetched) {
            Ok(()) => {
                fetched.into_iter().for_each(|(partition, records)| self.buffer.push(partition, records))
            }
            Err(over) => return Some(over),
        }
        trouble
    }

    /// Proves what was fetched, all partitions at once. What is of none of ours any more is not looked at: the buffer
    /// takes nothing of it.
    fn prove(&self, fetched: &BTreeMap<i32, Vec<Received>>) -> Result<(), Over> {
        let mut tails = BTreeMap::new();
        let group = self.group();
        let mut reader = lock(&group.reader);
        for (partition, records) in fetched {
            let Some((expected, tail)) = self.buffer.expectation(*partition) else { continue };
            let Some(begin) = records.first().map(|first| first.offset) else { continue };
            if begin < expected {
                return Err(Over::Rejoin("an offset came twice"));
            }
            if begin > expected {
                // Removed records and other producers' transactions leave gaps; a fetch of another place must not.
                let next = reader.first_from(&group.name, *partition, expected).map_err(unproven)?;
                let bounds = reader.bounds(&group.name, *partition).map_err(unproven)?;
                if expected >= bounds.first && next.map(|next| next.offset) != Some(begin) {
                    return Err(Over::Rejoin("records are missing"));
                }
            }
            tails.insert(*partition, tail);
        }
        if !placement::all_prove(&mut reader, &group.name, &tails).map_err(unproven)? {
            return Err(Over::Rejoin("the topic is not the one that was read before"));
        }
        Ok(())
    }

    /// What an error of the consumer means.
    fn judge(&self, error: &KafkaError) -> Option<Over> {
        match error {
            KafkaError::MessageConsumption(Code::AutoOffsetReset | Code::OffsetOutOfRange) => {
                Some(Over::Rejoin("the next record is gone"))
            }
            KafkaError::MessageConsumptionFatal(Code::FencedInstanceId) => {
                tracing::error!(
                    "another process runs with the same instance name (event_log.kafka.instance)"
                );
                std::thread::sleep(PLACE);
                Some(Over::Rejoin("another process has our instance name"))
            }
            KafkaError::MessageConsumptionFatal(_) => Some(Over::Rejoin("the consumer had a fatal error")),
            other => {
                tracing::debug!(error = told(other), "the consumer has trouble");
                None
            }
        }
    }

    /// Tells the group what is committed: a hint for lag and retention.
    fn tell(&self, all: bool, mode: CommitMode) {
        let untold = self.buffer.untold(all);
        if untold.is_empty() {
            return;
        }
        let name = &self.group().name;
        let mut list = TopicPartitionList::new();
        let added = untold.into_iter().try_for_each(|(partition, next)| {
            list.add_partition_offset(name, partition, Offset::Offset(next))
        });
        if let Err(error) = added.and_then(|()| self.consumer.commit(&list, mode)) {
            tracing::debug!(error = told(&error), "the group could not be told what is committed");
            self.buffer.tell_again();
        }
    }

    /// Pauses or resumes all partitions. Whether that worked.
    fn set_paused(&self, paused: bool) -> bool {
        let mut list = TopicPartitionList::new();
        for partition in self.buffer.placed() {
            list.add_partition(&self.group().name, partition);
        }
        let done = if paused { self.consumer.pause(&list) } else { self.consumer.resume(&list) };
        match &done {
            Ok(()) if paused => tracing::warn!("nothing is taken from the event log: receiving is paused"),
            Ok(()) => tracing::info!("receiving goes on"),
            Err(error) => tracing::debug!(error = told(error), paused, "partitions could not be paused"),
        }
        done.is_ok()
    }
}

fn unproven(error: LogError) -> Over {
    tracing::debug!(%error, "what was fetched cannot be proven");
    Over::Rejoin("what was fetched cannot be proven now")
}

impl Group {
    /// Where a partition is received from.
    fn place(&self, partition: i32) -> Result<Placed, LogError> {
        let number = u32::try_from(partition).unwrap_or(0);
        let stored = self.runtime.block_on(async {
            let load = tokio::time::timeout(STORE, self.positions.load(self.topic, number));
            load.await.map_err(PositionError::new)
        })??;
        let placed = placement::place(&mut lock(&self.reader), &self.name, partition, stored)?;
        if placed.is_reset {
            tracing::warn!(
                topic = self.name,
                partition,
                "the stored position does not match the event log: starting with its earliest record"
            );
            meters::position_resets(self.topic).increment(1);
        }
        Ok(placed)
    }

    /// Places partitions and begins to fetch them.
    fn begin(&self, consumer: &BaseConsumer<Self>, partitions: &[i32]) -> Result<(), LogError> {
        let mut begun = TopicPartitionList::new();
        let mut trouble = Ok(());
        for partition in partitions {
            match self.place(*partition) {
                Ok(placed) => {
                    let offset = Offset::Offset(placed.offset);
                    if let Err(error) = begun.add_partition_offset(&self.name, *partition, offset) {
                        trouble = Err(LogError::Broker(told(&error)));
                        continue;
                    }
                    self.buffer.open(*partition, placed);
                }
                Err(error) => {
                    tracing::warn!(%error, topic = self.name, partition, "a partition cannot be received from now");
                    self.buffer.set_unplaced(*partition);
                    trouble = Err(error);
                }
            }
        }
        let assigned = match consumer.rebalance_protocol() {
            RebalanceProtocol::Eager => consumer.assign(&begun),
            _ => consumer.incremental_assign(&begun),
        };
        assigned.map_err(|error| LogError::Broker(told(&error))).and(trouble)
    }

    /// Tries again to place what could not be placed.
    fn place_the_rest(&self, consumer: &BaseConsumer<Self>) {
        let rest = self.buffer.unplaced();
        if !rest.is_empty() && self.begin(consumer, &rest).is_ok() {
            tracing::info!(topic = self.name, "receiving goes on");
        }
    }

    fn end(&self, consumer: &BaseConsumer<Self>, list: &TopicPartitionList) {
        let mut ended = TopicPartitionList::new();
        for element in list.elements() {
            if self.buffer.revoke(element.partition()) {
                ended.add_partition(element.topic(), element.partition());
            }
        }
        let unassigned = match consumer.rebalance_protocol() {
            RebalanceProtocol::Eager => consumer.unassign(),
            _ => consumer.incremental_unassign(&ended),
        };
        if let Err(error) = unassigned {
            tracing::warn!(error = told(&error), "partitions could not be given back");
        }
    }
}

impl ConsumerContext for Group {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, event: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let partitions: Vec<i32> = list.elements().iter().map(|element| element.partition()).collect();
        meters::rebalances(self.topic).increment(u64::from(!partitions.is_empty()));
        if event == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            tracing::info!(topic = self.name, ?partitions, "partitions were assigned");
            let begun = self.begin(consumer, &partitions);
            if let Some(first) = lock(&self.first).take() {
                let _ = first.send(begun);
            }
        } else {
            tracing::info!(topic = self.name, ?partitions, "partitions were taken away");
            self.end(consumer, list);
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::debug!(error = told(&error), "the group was not told what is committed");
            self.buffer.tell_again();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
