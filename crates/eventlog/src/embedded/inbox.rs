//! The writer's end of the queue: what it does next, and which records go into one transaction.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use super::Options;
use super::queue::{Command, Pending};

/// From so many records on a transaction may wait for more: then many senders are at work.
const MANY: usize = 16;
/// How long it waits at a time. What a transaction costs whatever is in it (its last pages, its sync) is as much
/// CPU as this, and the senders need that CPU.
const MOMENT: Duration = Duration::from_micros(100);
/// How often it waits at most.
const MOMENTS: usize = 3;
/// Fewer new records than this in a moment are not worth another one.
const FEW: usize = 6;
/// After a moment that was not worth it so many transactions do not wait at all.
const PAUSE: usize = 16;

pub(super) struct Inbox {
    commands: Receiver<Command>,
    /// A command taken from the queue that did not belong into the last batch.
    held: Option<Command>,
    most_records: usize,
    most_bytes: usize,
    /// Transactions to come that do not wait.
    pause: usize,
}

/// The records of one transaction.
struct Batch {
    records: Vec<Pending>,
    bytes: usize,
}

impl Inbox {
    pub(super) fn new(commands: Receiver<Command>, options: &Options) -> Self {
        Self {
            commands,
            held: None,
            most_records: options.batch_records,
            most_bytes: options.batch_bytes,
            pause: 0,
        }
    }

    /// The next command, however long it takes; `None` when there will be no more.
    pub(super) fn next(&mut self) -> Option<Command> {
        self.held.take().or_else(|| self.commands.recv().ok())
    }

    /// The next command, if it comes in time.
    pub(super) fn next_within(&mut self, time: Duration) -> Result<Command, RecvTimeoutError> {
        self.held.take().map_or_else(|| self.commands.recv_timeout(time), Ok)
    }

    /// Everything that waits, up to the limits of one transaction. Where that is much already and more is arriving,
    /// also what comes in the next moments: it does not listen for it, so that no sender has to wake it.
    pub(super) fn batch(&mut self, first: Pending) -> Vec<Pending> {
        let mut batch = Batch { bytes: first.bytes, records: vec![first] };
        self.take_waiting(&mut batch);
        if batch.records.len() < MANY {
            return batch.records;
        }
        if self.pause > 0 {
            self.pause -= 1;
            return batch.records;
        }
        for moment in 0..MOMENTS {
            if self.is_full(&batch) {
                break;
            }
            let before = batch.records.len();
            std::thread::sleep(MOMENT);
            self.take_waiting(&mut batch);
            if batch.records.len() < before + FEW {
                self.pause = if moment == 0 { PAUSE } else { 0 };
                break;
            }
        }
        batch.records
    }

    /// Drops what is still there.
    pub(super) fn drop_rest(&mut self) {
        self.held = None;
        self.commands.try_iter().for_each(drop);
    }

    fn take_waiting(&mut self, batch: &mut Batch) {
        while !self.is_full(batch) {
            match self.commands.try_recv() {
                Ok(Command::Append(next)) => {
                    batch.bytes += next.bytes;
                    batch.records.push(next);
                }
                Ok(other) => self.held = Some(other),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
    }

    fn is_full(&self, batch: &Batch) -> bool {
        self.held.is_some() || batch.records.len() >= self.most_records || batch.bytes >= self.most_bytes
    }
}
