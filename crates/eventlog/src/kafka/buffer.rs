//! What a member of the group has fetched and the runner has not taken yet.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::placement::{Placed, Tail};
use crate::{Batch, Received};

/// Fetched records are not taken beyond this; the client keeps some more of its own.
const MOST_RECORDS: usize = 8_192;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Between the thread that fetches and whoever receives.
pub(super) struct Buffer {
    state: Mutex<State>,
    /// There is something to receive, or nothing will come any more.
    pub(super) ready: Notify,
    room: Condvar,
    closing: AtomicBool,
    pub(super) resets: AtomicU64,
}

/// Why nothing will come any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It was closed.
    Closed,
    /// The thread that fetches stopped.
    Failed(String),
}

#[derive(Default)]
struct State {
    partitions: BTreeMap<i32, Partition>,
    /// Ours, but not placed: the store or the brokers could not say where to begin.
    unplaced: BTreeSet<i32>,
    records: usize,
    bytes: usize,
    /// The partition that was received from last.
    turn: i32,
    end: Option<End>,
    /// Whoever received is gone.
    is_left: bool,
}

/// Up to where a partition was applied.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    /// The first offset that was not.
    pub(super) next: i64,
    /// What must hold of the log for that to be true; `None` where nothing is known.
    pub(super) tail: Option<Tail>,
}

struct Partition {
    queue: VecDeque<Received>,
    /// The next offset to be fetched.
    expected: i64,
    tail: Tail,
    /// The offset after the last record that was received.
    received: i64,
    /// What the group should know as committed.
    committed: i64,
    is_told: bool,
}

impl Buffer {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::default(),
            ready: Notify::new(),
            room: Condvar::new(),
            closing: AtomicBool::new(false),
            resets: AtomicU64::new(0),
        }
    }

    /// Asks the thread to end.
    pub(super) fn close(&self) {
        // under the lock, or a waiter that is about to wait misses it
        let state = self.state();
        self.closing.store(true, Ordering::Release);
        drop(state);
        self.room.notify_all();
        self.ready.notify_one();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Nothing will come any more. Whether whoever received had left before.
    pub(super) fn end(&self, end: End) -> bool {
        let mut state = self.state();
        state.partitions.clear();
        state.end.get_or_insert(end);
        let was_left = state.is_left;
        drop(state);
        self.ready.notify_one();
        was_left
    }

    /// Nobody receives any more. Whether the thread still has to leave the group.
    pub(super) fn leave(&self) -> bool {
        let mut state = self.state();
        state.is_left = state.end.is_none();
        state.is_left
    }

    pub(super) fn has_ended(&self) -> Option<End> {
        self.state().end.clone()
    }

    /// A partition is ours, and received from here.
    pub(super) fn open(&self, partition: i32, placed: Placed) {
        if placed.is_reset {
            self.resets.fetch_add(1, Ordering::AcqRel);
        }
        let mut state = self.state();
        state.forget(partition);
        let Placed { offset, tail, .. } = placed;
        let opened = Partition {
            queue: VecDeque::new(),
            expected: offset,
            tail,
            received: offset,
            committed: offset,
            is_told: false,
        };
        state.partitions.insert(partition, opened);
    }

    /// A partition is ours, but where to begin is not known.
    pub(super) fn set_unplaced(&self, partition: i32) {
        let mut state = self.state();
        state.forget(partition);
        state.unplaced.insert(partition);
    }

    /// A partition is not ours any more. Whether it was received from.
    pub(super) fn revoke(&self, partition: i32) -> bool {
        self.state().forget(partition)
    }

    /// No partition is ours any more.
    pub(super) fn revoke_all(&self) {
        let mut state = self.state();
        let (end, is_left) = (state.end.take(), state.is_left);
        *state = State { end, is_left, ..State::default() };
    }

    /// Partitions that are ours and not placed.
    pub(super) fn unplaced(&self) -> Vec<i32> {
        self.state().unplaced.iter().copied().collect()
    }

    /// Partitions that are received from.
    pub(super) fn placed(&self) -> Vec<i32> {
        self.state().partitions.keys().copied().collect()
    }

    /// The offset that comes next and what must be before it; `None` where the partition is not ours.
    pub(super) fn expectation(&self, partition: i32) -> Option<(i64, Tail)> {
        self.state().partitions.get(&partition).map(|found| (found.expected, found.tail.clone()))
    }

    /// Records that follow what is there, proven.
    pub(super) fn push(&self, partition: i32, records: Vec<Received>) {
        let mut state = self.state();
        let State { partitions, records: count, bytes, .. } = &mut *state;
        let (Some(found), Some(last)) = (partitions.get_mut(&partition), records.last()) else { return };
        found.expected = last.offset + 1;
        found.tail = Tail::Record(last.offset, last.record.id.clone());
        *count += records.len();
        *bytes += records.iter().map(|received| received.record.size()).sum::<usize>();
        found.queue.extend(records);
        drop(state);
        self.ready.notify_one();
    }

    /// Waits until there is room, this long at most. Whether there is.
    pub(super) fn wait_for_room(&self, time: Duration) -> bool {
        let state = self.state();
        let full = |state: &mut State| state.is_full() && !self.closing.load(Ordering::Acquire);
        let waited = self.room.wait_timeout_while(state, time, full);
        !waited.unwrap_or_else(PoisonError::into_inner).0.is_full()
    }

    /// Waits this long, or until it is to close.
    pub(super) fn wait_for_close(&self, time: Duration) {
        let waited =
            self.room.wait_timeout_while(self.state(), time, |_| !self.closing.load(Ordering::Acquire));
        drop(waited);
    }

    pub(super) fn has_room(&self) -> bool {
        !self.state().is_full()
    }

    /// Records of one partition that is not among `except`, within the limits; `None` where there are none now.
    pub(super) fn take(&self, except: &[u32], max_records: usize, max_bytes: usize) -> Option<Batch> {
        let mut state = self.state();
        let State { partitions, records: count, bytes, turn, .. } = &mut *state;
        let is_filled = |(number, found): &(&i32, &Partition)| {
            !found.queue.is_empty() && !except.iter().any(|other| i64::from(*other) == i64::from(**number))
        };
        let later = partitions.range(turn.saturating_add(1)..).find(is_filled);
        let number = *later.or_else(|| partitions.iter().find(is_filled))?.0;
        *turn = number;
        let found = partitions.get_mut(&number)?;
        let mut records: Vec<Received> = Vec::new();
        let mut taken = 0usize;
        while let Some(next) = found.queue.front() {
            let size = next.record.size();
            let fits = records.len() < max_records && taken.saturating_add(size) <= max_bytes;
            if !fits && !records.is_empty() {
                break;
            }
            taken += size;
            records.extend(found.queue.pop_front());
        }
        found.received = records.last().map_or(found.received, |last| last.offset + 1);
        *count = count.saturating_sub(records.len());
        *bytes = bytes.saturating_sub(taken);
        drop(state);
        self.room.notify_one();
        Some(Batch { partition: u32::try_from(number).unwrap_or(0), records })
    }

    /// The store has applied everything before this offset. Nobody can have applied what was not received.
    pub(super) fn committed(&self, partition: u32, next_offset: i64) {
        let mut state = self.state();
        let number = i32::try_from(partition).unwrap_or(-1);
        if let Some(found) = state.partitions.get_mut(&number) {
            let next = next_offset.min(found.received);
            if next > found.committed {
                found.committed = next;
                found.is_told = false;
            }
        }
    }

    /// What the group should be told is committed; `all` also repeats what it was told before.
    pub(super) fn untold(&self, all: bool) -> Vec<(i32, i64)> {
        let mut state = self.state();
        let untold = state.partitions.iter_mut().filter(|(_, found)| all || !found.is_told);
        untold
            .map(|(partition, found)| {
                found.is_told = true;
                (*partition, found.committed)
            })
            .collect()
    }

    /// Of each partition that is received from: up to where it was applied, and what proves that the log is still the one
    /// in which it was.
    pub(super) fn applied(&self) -> Vec<(i32, Applied)> {
        let state = self.state();
        let one = |(partition, found): (&i32, &Partition)| {
            (*partition, Applied { next: found.committed, tail: Some(found.tail.clone()) })
        };
        state.partitions.iter().map(one).collect()
    }

    /// The group could not be told.
    pub(super) fn tell_again(&self) {
        for found in self.state().partitions.values_mut() {
            found.is_told = false;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self) -> bool {
        self.records >= MOST_RECORDS || self.bytes >= MOST_BYTES
    }

    fn forget(&mut self, partition: i32) -> bool {
        self.unplaced.remove(&partition);
        let Some(gone) = self.partitions.remove(&partition) else { return false };
        self.records = self.records.saturating_sub(gone.queue.len());
        let bytes: usize = gone.queue.iter().map(|received| received.record.size()).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }
}
