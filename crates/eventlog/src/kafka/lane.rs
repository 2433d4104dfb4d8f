//! Group commit: all records that wait go out as one lot to one partition, which the client makes one request of.
//!
//! A lone record goes out at once, in the thread of whoever appends it; while its lot is under way the others
//! gather, and the acknowledgement of the lot sends them out. So the number of requests follows from how fast the
//! brokers answer, not from a timer. A lot that takes long (its partition has no leader) does not hold up the others:
//! after [`SLOW`] the next one goes to the next partition.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rdkafka::producer::BaseRecord;

use super::codec::Encoded;
use super::delivery::{Parcel, Waiter, not_sent};
use super::meters::{self, Meters};
use super::producer::Producers;
use crate::{AppendError, Appended, Topic};

/// A lot that is not acknowledged after this long no longer keeps the next one back.
const SLOW: Duration = Duration::from_millis(5);
/// Lots that are under way at most.
const LOTS: usize = 4;
/// Most of one lot.
const LOT_RECORDS: usize = 4_096;
const LOT_BYTES: usize = 16 * 1024 * 1024;
/// A record that could not be handed to the client for this part of the message timeout is refused: nobody waits for
/// it much longer, and it is certain that it was not stored.
const PART: u32 = 4;

/// A record that waits to go out.
pub(super) struct Waiting {
    pub(super) encoded: Encoded,
    pub(super) value: Bytes,
    pub(super) waiter: Waiter,
}

/// Records that are under way together.
pub(super) struct Lot {
    pub(super) topic: Topic,
    number: u64,
    partition: i32,
    since: Instant,
    records: usize,
    /// Records without an outcome, and one more while they are being handed over.
    left: AtomicUsize,
}

impl Lot {
    /// Counts one outcome. Whether it was the last.
    pub(super) fn count_down(&self) -> bool {
        self.left.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

/// The lane of one topic.
pub(super) struct Lane {
    topic: Topic,
    name: String,
    /// How long a record may wait to be handed to the client.
    patience: Duration,
    meters: Meters,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    under_way: Vec<Arc<Lot>>,
    /// Partitions that can take records.
    partitions: Vec<i32>,
    lots: u64,
    turn: usize,
}

impl Lane {
    /// `message_timeout` is how long the client tries to get a record acknowledged.
    pub(super) fn new(topic: Topic, name: String, message_timeout: Duration) -> Self {
        let patience = message_timeout / PART;
        Self { topic, name, patience, meters: Meters::new(), state: Mutex::default() }
    }

    /// The partitions that can take records now, as the metadata say.
    pub(super) fn set_partitions(&self, partitions: Vec<i32>) {
        self.state().partitions = partitions;
    }

    /// Whether one of these partitions would be new.
    pub(super) fn would_grow(&self, partitions: &[i32]) -> bool {
        let state = self.state();
        partitions.iter().any(|partition| !state.partitions.contains(partition))
    }

    /// Takes a record; it goes out now or with the next lot.
    pub(super) fn take(&self, record: Waiting, producers: &Producers) {
        self.state().waiting.push_back(record);
        self.dispatch(producers);
    }

    /// A lot has all its outcomes.
    pub(super) fn done(&self, lot: &Lot, producers: &Producers) {
        self.finish(lot);
        self.dispatch(producers);
    }

    /// An acknowledgement.
    pub(super) fn answer(&self, waiter: Waiter, outcome: Result<Appended, AppendError>) {
        match &outcome {
            Ok(_) => self.meters.append_seconds.record(waiter.since.elapsed()),
            Err(error) => meters::refused(error),
        }
        waiter.answer(outcome);
    }

    /// What is to be done although nothing happens: lets records past slow lots, refuses those that waited too long.
    pub(super) fn tick(&self, producers: &Producers) {
        self.dispatch(producers);
        let mut late = Vec::new();
        {
            let mut state = self.state();
            while state.waiting.front().is_some_and(|first| first.waiter.since.elapsed() > self.patience) {
                late.extend(state.waiting.pop_front());
            }
        }
        for record in late {
            let why = "earlier records are not acknowledged".to_owned();
            self.answer(record.waiter, Err(AppendError::Unavailable(why)));
        }
    }

    /// Whether nothing waits and nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && state.under_way.is_empty()
    }

    /// Gives up what was not handed to the client; it is dropped, and so answered.
    pub(super) fn give_up(&self) {
        let rest = std::mem::take(&mut self.state().waiting);
        drop(rest);
    }

    fn dispatch(&self, producers: &Producers) {
        while let Some((lot, records)) = self.next_lot() {
            self.send(&lot, records, producers);
            if lot.count_down() {
                self.finish(&lot);
            }
        }
    }

    /// The next lot, where there is something to send and one may go.
    fn next_lot(&self) -> Option<(Arc<Lot>, Vec<Waiting>)> {
        let mut state = self.state();
        if state.waiting.is_empty() {
            return None;
        }
        let newest = state.under_way.last().map(|lot| lot.since);
        if newest.is_some_and(|since| since.elapsed() < SLOW) || state.under_way.len() >= LOTS {
            return None;
        }
        let mut bytes = 0usize;
        let count = state
            .waiting
            .iter()
            .take(LOT_RECORDS)
            .take_while(|record| {
                let first = bytes == 0;
                bytes = bytes.saturating_add(record.waiter.bytes);
                first || bytes <= LOT_BYTES
            })
            .count();
        let records: Vec<Waiting> = state.waiting.drain(..count).collect();
        let partition = state.next_partition();
        state.lots += 1;
        let lot = Arc::new(Lot {
            topic: self.topic,
            number: state.lots,
            partition,
            since: Instant::now(),
            records: records.len(),
            left: AtomicUsize::new(records.len() + 1),
        });
        state.under_way.push(Arc::clone(&lot));
        Some((lot, records))
    }

    fn send(&self, lot: &Arc<Lot>, records: Vec<Waiting>, producers: &Producers) {
        let producer = producers.current();
        for Waiting { encoded, value, mut waiter } in records {
            waiter.started = true;
            let parcel = Box::new(Parcel { waiter, lot: Arc::clone(lot) });
            let record: BaseRecord<'_, (), [u8], Box<Parcel>> =
                BaseRecord::with_opaque_to(&self.name, parcel)
                    .partition(lot.partition)
                    .payload(&value[..])
                    .headers(encoded.headers)
                    .timestamp(encoded.timestamp);
            if let Err((error, record)) = producer.send(record) {
                let Parcel { waiter, lot } = *record.delivery_opaque;
                let error = not_sent(&error, waiter.bytes);
                self.answer(waiter, Err(error));
                // never the last one: the hand-over itself is still counted
                lot.count_down();
            }
        }
    }

    fn finish(&self, lot: &Lot) {
        self.meters.commit_seconds.record(lot.since.elapsed());
        self.meters.batch_records.record(lot.records as f64);
        self.state().under_way.retain(|other| other.number != lot.number);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next partition that can take records and has no lot under way, or just the next one.
    fn next_partition(&mut self) -> i32 {
        let count = self.partitions.len();
        for _ in 0..count {
            self.turn = (self.turn + 1) % count;
            let partition = self.partitions[self.turn];
            if self.under_way.iter().all(|lot| lot.partition != partition) {
                return partition;
            }
        }
        self.partitions.get(self.turn % count.max(1)).copied().unwrap_or(0)
    }
}
