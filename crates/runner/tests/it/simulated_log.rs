//! An event log that a world moves by hand: it says which records reach which runner, in which order, and when a fetch fails.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eventlog::{
    AppendError, Appended, Batch, BoxFuture, EventLog, Health, Lag, LogError, Positions, Pruned, Received,
    Record, Subscription, Topic,
};
use tokio::sync::Notify;

pub const PARTITIONS: u32 = 3;

/// What a runner gets next.
#[derive(Clone, Copy, Debug)]
pub enum Grant {
    /// At most so many records of this partition, from where the runner is with it.
    Records { partition: u32, count: usize },
    /// An error instead.
    Fault,
}

/// What the world and all runners share.
#[derive(Default)]
pub struct Records {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    partitions: [Vec<Record>; PARTITIONS as usize],
    runners: BTreeMap<u32, Standing>,
}

/// How it stands with one runner.
#[derive(Default)]
struct Standing {
    grants: VecDeque<Grant>,
    /// Partitions that it holds: the end of what it was given, and of what it said is stored.
    held: BTreeMap<u32, (i64, i64)>,
    /// How often a stored position did not fit.
    resets: u64,
}

impl Records {
    /// Appends; the partition decides.
    pub fn push(&self, partition: u32, record: Record) {
        self.lock().partitions[partition as usize].push(record);
    }

    /// The topic is deleted and made anew with these records.
    pub fn remake(&self, records: Vec<(u32, Record)>) {
        let mut state = self.lock();
        state.partitions = Default::default();
        for (partition, record) in records {
            state.partitions[partition as usize].push(record);
        }
        state.runners.values_mut().for_each(|standing| standing.held.clear());
    }

    /// Gives a runner something. Nothing else reaches it.
    pub fn grant(&self, runner: u32, grant: Grant) {
        self.lock().runners.entry(runner).or_default().grants.push_back(grant);
        self.changed.notify_waiters();
    }

    /// Takes a partition away from a runner.
    pub fn revoke(&self, runner: u32, partition: u32) {
        self.lock().runners.entry(runner).or_default().held.remove(&partition);
    }

    /// A runner is gone.
    pub fn forget(&self, runner: u32) {
        self.lock().runners.remove(&runner);
    }

    /// Whether a runner has taken everything that it was given, and has said of all of it that it is stored.
    pub fn has_stored(&self, runner: u32) -> bool {
        let state = self.lock();
        state.runners.get(&runner).is_none_or(|standing| {
            standing.grants.is_empty() && standing.held.values().all(|(given, stored)| stored >= given)
        })
    }

    /// Where a runner is with a partition, if it holds it.
    pub fn given(&self, runner: u32, partition: u32) -> Option<i64> {
        self.lock().runners.get(&runner)?.held.get(&partition).map(|(given, _)| *given)
    }

    pub fn len(&self, partition: u32) -> usize {
        self.lock().partitions[partition as usize].len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// The next records of a partition that it holds.
    fn deliver(&mut self, records: &[Record], partition: u32, count: usize) -> Option<Batch> {
        let (given, _) = self.held.get_mut(&partition)?;
        let from = usize::try_from(*given).unwrap_or(0).min(records.len());
        let records: Vec<Received> = records[from..]
            .iter()
            .take(count)
            .zip(*given..)
            .map(|(record, offset)| Received { partition, offset, record: record.clone() })
            .collect();
        self.grants.pop_front();
        *given += records.len() as i64;
        (!records.is_empty()).then_some(Batch { partition, records })
    }
}

/// The log as one runner sees it.
pub struct SimulatedLog {
    pub records: Arc<Records>,
    pub runner: u32,
}

struct Reading {
    records: Arc<Records>,
    runner: u32,
    /// `None` for the topic on which nothing ever comes.
    positions: Option<Arc<dyn Positions>>,
}

impl Reading {
    /// Puts the runner where the store says it is, as drivers do when a partition is assigned.
    async fn place(&self, positions: &Arc<dyn Positions>, partition: u32) -> Result<(), LogError> {
        let stored = positions.load(Topic::WebhookEvents, partition).await?;
        let mut state = self.records.lock();
        let records = &state.partitions[partition as usize];
        let fits = stored.as_ref().is_none_or(|position| {
            let before = usize::try_from(position.next_offset - 1).ok().and_then(|at| records.get(at));
            before.map(|record| &record.id) == position.last_id.as_ref()
        });
        let from = stored.filter(|_| fits).map_or(0, |position| position.next_offset);
        let standing = state.runners.entry(self.runner).or_default();
        standing.held.insert(partition, (from, from));
        standing.resets += u64::from(!fits);
        Ok(())
    }
}

impl Subscription for Reading {
    fn receive(&mut self, _: usize, _: usize) -> BoxFuture<'_, Result<Batch, LogError>> {
        Box::pin(async move {
            let Some(positions) = &self.positions else { return std::future::pending().await };
            loop {
                let changed = self.records.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                let (next, is_held) = {
                    let mut state = self.records.lock();
                    let standing = state.runners.entry(self.runner).or_default();
                    let next = standing.grants.front().copied();
                    (
                        next,
                        matches!(next, Some(Grant::Records { partition, .. }) if standing.held.contains_key(&partition)),
                    )
                };
                match next {
                    None => changed.await,
                    Some(Grant::Fault) => {
                        self.records.lock().runners.entry(self.runner).or_default().grants.pop_front();
                        return Err(LogError::Broker("the fetch failed".to_owned()));
                    }
                    Some(Grant::Records { partition, .. }) if !is_held => {
                        self.place(positions, partition).await?
                    }
                    Some(Grant::Records { partition, count }) => {
                        let mut state = self.records.lock();
                        let State { partitions, runners } = &mut *state;
                        let standing = runners.entry(self.runner).or_default();
                        if let Some(batch) =
                            standing.deliver(&partitions[partition as usize], partition, count)
                        {
                            return Ok(batch);
                        }
                    }
                }
            }
        })
    }

    fn arrived(&mut self, except: &[u32], _: usize, _: usize) -> Option<Batch> {
        let mut state = self.records.lock();
        let State { partitions, runners } = &mut *state;
        let standing = runners.get_mut(&self.runner)?;
        match standing.grants.front().copied()? {
            Grant::Records { partition, count }
                if !except.contains(&partition) && standing.held.contains_key(&partition) =>
            {
                standing.deliver(&partitions[partition as usize], partition, count)
            }
            _ => None,
        }
    }

    fn committed(&mut self, partition: u32, next_offset: i64) {
        let mut state = self.records.lock();
        let held = state.runners.get_mut(&self.runner).and_then(|standing| standing.held.get_mut(&partition));
        if let Some((_, stored)) = held {
            *stored = next_offset;
        }
    }

    fn resets(&self) -> u64 {
        self.records.lock().runners.get(&self.runner).map_or(0, |standing| standing.resets)
    }
}

impl EventLog for SimulatedLog {
    fn append(&self, _: Topic, _: Record) -> BoxFuture<'static, Result<Appended, AppendError>> {
        Box::pin(std::future::ready(Err(AppendError::Closed)))
    }

    fn subscribe(
        &self,
        topic: Topic,
        positions: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>> {
        let positions = (topic == Topic::WebhookEvents).then_some(positions);
        if positions.is_some() {
            // it begins with nothing
            self.records.lock().runners.entry(self.runner).or_default().held.clear();
        }
        let reading = Reading { records: Arc::clone(&self.records), runner: self.runner, positions };
        Box::pin(std::future::ready(Ok(Box::new(reading) as Box<dyn Subscription>)))
    }

    fn find<'a>(
        &'a self,
        _: Topic,
        id: &'a str,
        _: i64,
    ) -> BoxFuture<'a, Result<Option<Received>, LogError>> {
        let state = self.records.lock();
        let mut all = (0..).zip(&state.partitions).flat_map(|(partition, records)| {
            (0..).zip(records).map(move |(offset, record)| Received {
                partition,
                offset,
                record: record.clone(),
            })
        });
        let found = all.find(|received| received.record.id == id);
        Box::pin(std::future::ready(Ok(found)))
    }

    fn lag<'a>(&'a self, _: Topic, _: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>> {
        Box::pin(std::future::ready(Ok(Lag::default())))
    }

    fn retain(&self, _: Topic, _: i64, _: u64) -> BoxFuture<'_, Result<Pruned, LogError>> {
        Box::pin(std::future::ready(Ok(Pruned::default())))
    }

    fn health(&self) -> Health {
        Health { ready: true, ..Health::default() }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
