//! Receiving a topic as a member of the consumer group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{oneshot, watch};

use super::buffer::{Applied, Buffer, End};
use super::client::Settings;
use super::member::Member;
use super::options::Options;
use super::pulse::Pulse;
use crate::{Batch, LogError, Positions, Subscription, Topic};

/// How long a subscription waits for its first partitions; they may also come later.
const ASSIGNMENT: Duration = Duration::from_secs(30);

/// All subscriptions of a log.
pub(super) struct Subscriptions {
    settings: Settings,
    group: String,
    instance: Option<String>,
    pulse: Arc<Pulse>,
    state: Mutex<State>,
    /// Members that live, and how many of them are leaving.
    counts: watch::Sender<Counts>,
}

#[derive(Default)]
struct State {
    /// Which numbers are taken, by topic.
    taken: [BTreeSet<usize>; Topic::ALL.len()],
    buffers: Vec<(Topic, Weak<Buffer>)>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    alive: usize,
    leaving: usize,
}

impl Subscriptions {
    pub(super) fn new(settings: &Settings, options: &Options, pulse: &Arc<Pulse>) -> Self {
        Self {
            settings: settings.clone(),
            group: options.group.clone(),
            instance: options.instance.clone(),
            pulse: Arc::clone(pulse),
            state: Mutex::default(),
            counts: watch::Sender::new(Counts::default()),
        }
    }

    /// Starts to receive. The first subscription to a topic is a member of the configured group; another one that
    /// lives beside it in the same process is meant to get the same records and so has a group of its own.
    pub(super) async fn start(
        self: &Arc<Self>,
        topic: Topic,
        name: String,
        positions: Arc<dyn Positions>,
    ) -> Result<Box<dyn Subscription>, LogError> {
        if self.pulse.is_closed() {
            return Err(LogError::Closed);
        }
        let buffer = Arc::new(Buffer::new());
        let number = self.take_number(topic, &buffer);
        let receipt = Receipt { buffer, number, topic, subscriptions: Arc::clone(self) };
        let (first, assigned) = oneshot::channel();
        let member = Member {
            topic,
            name,
            settings: self.member_settings(topic, number),
            aside: self.settings.clone().with(&[("group.id", &self.group_of(topic, number))]),
            positions,
            runtime: tokio::runtime::Handle::current(),
            buffer: Arc::clone(&receipt.buffer),
        };
        let alive = Alive { buffer: Arc::clone(&receipt.buffer), subscriptions: Arc::clone(self) };
        self.counts.send_modify(|counts| counts.alive += 1);
        std::thread::Builder::new()
            .name("eventlog-member".to_owned())
            .spawn(move || {
                let alive = alive;
                member.run(first);
                drop(alive);
            })
            .map_err(|error| LogError::Broker(format!("no thread to receive with: {error}")))?;
        match tokio::time::timeout(ASSIGNMENT, assigned).await {
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) if self.pulse.is_closed() => Err(LogError::Closed),
            Ok(Err(_)) => Err(LogError::Failed("the thread that receives stopped".to_owned())),
            Ok(Ok(Ok(()))) | Err(_) => Ok(Box::new(receipt)),
        }
    }

    /// The group of a topic's subscription. Each topic has its own, so that each is spread over all members.
    fn group_of(&self, topic: Topic, number: usize) -> String {
        let first = if topic == Topic::WebhookEvents {
            self.group.clone()
        } else {
            format!("{}-failures", self.group)
        };
        if number == 0 { first } else { format!("{first}-{}", number + 1) }
    }

    fn member_settings(&self, topic: Topic, number: usize) -> Settings {
        let settings = self.settings.clone().with(&[
            ("group.id", &self.group_of(topic, number)),
            ("group.protocol", "classic"),
            ("partition.assignment.strategy", "cooperative-sticky"),
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "1000"),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"),
            ("allow.auto.create.topics", "false"),
            ("queued.max.messages.kbytes", "32768"),
            ("fetch.message.max.bytes", "2097152"),
            ("fetch.queue.backoff.ms", "20"),
            ("fetch.error.backoff.ms", "100"),
            ("topic.metadata.refresh.interval.ms", "10000"),
        ]);
        match &self.instance {
            Some(instance) if number == 0 => settings.with(&[("group.instance.id", instance)]),
            _ => settings,
        }
    }

    /// The group that retention asks.
    pub(super) fn group_settings(&self, topic: Topic) -> Settings {
        self.settings.clone().with(&[("group.id", &self.group_of(topic, 0))])
    }

    fn take_number(&self, topic: Topic, buffer: &Arc<Buffer>) -> usize {
        let mut state = self.state();
        state.buffers.retain(|(_, other)| other.strong_count() > 0);
        state.buffers.push((topic, Arc::downgrade(buffer)));
        let taken = &mut state.taken[topic as usize];
        let number = (0..).find(|number| !taken.contains(number)).unwrap_or(0);
        taken.insert(number);
        number
    }

    /// The partitions of a topic that are received from now, in order.
    pub(super) fn partitions(&self, topic: Topic) -> Vec<u32> {
        let state = self.state();
        let buffers = state.buffers.iter().filter(|(of, _)| *of == topic);
        let placed: BTreeSet<i32> =
            buffers.filter_map(|(_, buffer)| buffer.upgrade()).flat_map(|buffer| buffer.placed()).collect();
        placed.into_iter().filter_map(|partition| u32::try_from(partition).ok()).collect()
    }

    /// Up to where the partitions that are received here were applied, in the log as it is now; `None` where the topic is
    /// not received here.
    pub(super) fn applied(&self, topic: Topic) -> Option<BTreeMap<i32, Applied>> {
        let state = self.state();
        let buffers = state.buffers.iter().filter(|(of, _)| *of == topic);
        let mut living = buffers
            .filter_map(|(_, buffer)| buffer.upgrade())
            .filter(|buffer| !buffer.is_closing())
            .peekable();
        living.peek()?;
        let mut applied: BTreeMap<i32, Applied> = BTreeMap::new();
        for (partition, found) in living.flat_map(|buffer| buffer.applied()) {
            // of two that receive the same, the one that is behind counts
            if applied.get(&partition).is_none_or(|other| found.next < other.next) {
                applied.insert(partition, found);
            }
        }
        Some(applied)
    }

    /// Waits until those that were dropped have left, and so have told the group what is committed.
    pub(super) async fn wait_for_leaving(&self) {
        let mut counts = self.counts.subscribe();
        let _ = tokio::time::timeout(ASSIGNMENT, counts.wait_for(|counts| counts.leaving == 0)).await;
    }

    /// Ends all; waits until they have left the group.
    pub(super) async fn close(&self, patience: Duration) {
        let buffers: Vec<_> =
            self.state().buffers.iter().filter_map(|(_, buffer)| buffer.upgrade()).collect();
        for buffer in buffers {
            buffer.close();
        }
        let mut counts = self.counts.subscribe();
        if tokio::time::timeout(patience, counts.wait_for(|counts| counts.alive == 0)).await.is_err() {
            tracing::warn!("the consumer group was not left in time");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that a member's thread is over, however it ends.
struct Alive {
    buffer: Arc<Buffer>,
    subscriptions: Arc<Subscriptions>,
}

impl Drop for Alive {
    fn drop(&mut self) {
        let end = if std::thread::panicking() {
            End::Failed("the thread that receives panicked".to_owned())
        } else {
            End::Closed
        };
        let was_left = self.buffer.end(end);
        self.subscriptions.counts.send_modify(|counts| {
            counts.alive = counts.alive.saturating_sub(1);
            counts.leaving = counts.leaving.saturating_sub(usize::from(was_left));
        });
    }
}

struct Receipt {
    buffer: Arc<Buffer>,
    number: usize,
    topic: Topic,
    subscriptions: Arc<Subscriptions>,
}

impl Receipt {
    async fn next_batch(&mut self, max_records: usize, max_bytes: usize) -> Result<Batch, LogError> {
        loop {
            let ready = self.buffer.ready.notified();
            match self.buffer.has_ended() {
                Some(End::Closed) => return Err(LogError::Closed),
                Some(End::Failed(why)) => return Err(LogError::Failed(why)),
                None if self.buffer.is_closing() => return Err(LogError::Closed),
                None => {}
            }
            if let Some(batch) = self.buffer.take(&[], max_records, max_bytes) {
                return Ok(batch);
            }
            ready.await;
        }
    }
}

impl Subscription for Receipt {
    fn receive(&mut self, max_records: usize, max_bytes: usize) -> BoxFuture<'_, Result<Batch, LogError>> {
        self.next_batch(max_records, max_bytes).boxed()
    }

    fn arrived(&mut self, except: &[u32], max_records: usize, max_bytes: usize) -> Option<Batch> {
        match self.buffer.has_ended() {
            None if !self.buffer.is_closing() => self.buffer.take(except, max_records, max_bytes),
            _ => None,
        }
    }

    fn committed(&mut self, partition: u32, next_offset: i64) {
        self.buffer.committed(partition, next_offset);
    }

    fn resets(&self) -> u64 {
        self.buffer.resets.load(Ordering::Acquire)
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.subscriptions.state().taken[self.topic as usize].remove(&self.number);
        if self.buffer.leave() {
            self.subscriptions.counts.send_modify(|counts| counts.leaving += 1);
        }
        self.buffer.close();
    }
}
