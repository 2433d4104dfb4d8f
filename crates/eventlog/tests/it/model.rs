//! Random walks over the embedded log, compared step by step with a list in memory.

use std::sync::Arc;

use eventlog::{EventLog, Position, Positions, Record, Subscription};
use futures::future::join_all;
use proptest::prelude::*;

use crate::embedded::Embedded;
use crate::harness::{At, Harness, NEVER, TOPIC, at, within};

#[derive(Clone, Debug)]
enum Step {
    Append {
        records: usize,
        size: usize,
        time: i64,
    },
    Receive {
        records: usize,
        bytes: usize,
    },
    /// The store commits what was received.
    Commit,
    /// The runner starts anew, from what the store holds.
    Subscribe,
    /// The store is set back to what it held after this many commits.
    RestoreStore {
        commits: prop::sample::Index,
    },
    Prune {
        older_than: i64,
    },
    PruneAll,
    Reopen,
    Find {
        record: prop::sample::Index,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (1..40usize, 0..9_000usize, 0..100i64)
            .prop_map(|(records, size, time)| Step::Append { records, size, time }),
        5 => (0..30usize, 0..60_000usize).prop_map(|(records, bytes)| Step::Receive { records, bytes }),
        4 => Just(Step::Commit),
        2 => Just(Step::Subscribe),
        1 => any::<prop::sample::Index>().prop_map(|commits| Step::RestoreStore { commits }),
        2 => (0..120i64).prop_map(|older_than| Step::Prune { older_than }),
        1 => Just(Step::PruneAll),
        2 => Just(Step::Reopen),
        2 => any::<prop::sample::Index>().prop_map(|record| Step::Find { record }),
    ]
}

/// What the log should hold. A record's offset is its index.
struct Model {
    records: Vec<Record>,
    first: usize,
    hint: Option<usize>,
    next: usize,
    store: Vec<Option<Position>>,
}

impl Model {
    fn prune(&mut self, removable: impl Fn(&Record) -> bool) -> u64 {
        let before = self.first;
        while self.first + 1 < self.records.len()
            && self.hint.is_none_or(|hint| self.first + 1 < hint)
            && removable(&self.records[self.first])
        {
            self.first += 1;
        }
        (self.first - before) as u64
    }

    fn stored(&self) -> Option<Position> {
        self.store.last().cloned().flatten()
    }

    /// Where a subscription starts, and whether that is a reset.
    fn start(&mut self) -> u64 {
        let stored = self.stored();
        let next = stored.as_ref().map_or(0, |position| usize::try_from(position.next_offset).unwrap());
        let proven = next == 0 || self.first < next;
        self.next = if proven { next } else { 0 };
        self.hint = Some(self.next);
        u64::from(!proven)
    }
}

async fn subscribe(log: &Arc<dyn EventLog>, model: &mut Model) -> Box<dyn Subscription> {
    let positions: Arc<dyn Positions> = Arc::new(At(model.stored()));
    let subscription = log.subscribe(TOPIC, positions).await.unwrap();
    assert_eq!(subscription.resets(), model.start());
    subscription
}

async fn walk(steps: Vec<Step>) {
    let mut harness = Embedded::new();
    let mut log = harness.open().await;
    let mut model = Model { records: Vec::new(), first: 0, hint: None, next: 0, store: vec![None] };
    let mut subscription = subscribe(&log, &mut model).await;
    for step in steps {
        match step {
            Step::Append { records, size, time } => {
                let new: Vec<_> = (0..records).map(|n| at(time + n as i64, vec![n as u8; size])).collect();
                let offsets = join_all(new.iter().map(|record| log.append(TOPIC, record.clone()))).await;
                for (record, appended) in new.into_iter().zip(offsets) {
                    assert_eq!(appended.unwrap().offset, model.records.len() as i64);
                    model.records.push(record);
                }
            }
            Step::Receive { records, bytes } if model.next < model.records.len() => {
                let batch = within(subscription.receive(records, bytes)).await.unwrap();
                let from = model.next.max(model.first);
                for (received, index) in batch.records.iter().zip(from..) {
                    assert_eq!(received.offset, index as i64);
                    assert_eq!(received.record, model.records[index]);
                }
                model.next = from + batch.records.len();
            }
            Step::Receive { .. } => {}
            Step::Commit => {
                let last_id = model.next.checked_sub(1).map(|last| model.records[last].id.clone());
                let next_offset = model.next as i64;
                model.store.push(Some(Position { next_offset, last_id }));
                subscription.committed(0, next_offset);
                model.hint = model.hint.max(Some(model.next));
            }
            Step::Subscribe => subscription = subscribe(&log, &mut model).await,
            Step::RestoreStore { commits } => {
                model.store.truncate(1 + commits.index(model.store.len()));
                subscription = subscribe(&log, &mut model).await;
            }
            Step::Prune { older_than } => {
                let pruned = log.retain(TOPIC, older_than, u64::MAX).await.unwrap();
                assert_eq!(pruned.records, model.prune(|record| record.time < older_than));
            }
            Step::PruneAll => {
                let pruned = log.retain(TOPIC, NEVER, 0).await.unwrap();
                assert_eq!(pruned.records, model.prune(|_| true));
            }
            Step::Reopen => {
                drop(subscription);
                log.close().await;
                drop(log);
                log = harness.open().await;
                subscription = subscribe(&log, &mut model).await;
            }
            Step::Find { record } if !model.records.is_empty() => {
                let index = record.index(model.records.len());
                let found = log.find(TOPIC, &model.records[index].id, 0).await.unwrap();
                let expected = (index >= model.first).then(|| &model.records[index]);
                assert_eq!(found.as_ref().map(|found| &found.record), expected);
            }
            Step::Find { .. } => {}
        }
        let behind = model.records.len() - model.next.max(model.first).min(model.records.len());
        let lag = log.lag(TOPIC, &[(0, model.next as i64)]).await.unwrap();
        assert_eq!(lag.records, behind as u64);
    }
    log.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_walks(steps in prop::collection::vec(step(), 1..40)) {
        tokio::runtime::Runtime::new().unwrap().block_on(walk(steps));
    }
}
