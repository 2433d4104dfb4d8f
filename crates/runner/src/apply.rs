//! The transaction of a batch: what it started, what failed, the counters, the position and the marker of
//! what comes next become durable together.

mod rows;
pub(crate) mod settle;

use std::sync::Arc;

use eventlog::Topic;
use fail::fail_point;
use store::marker::Marker;
use store::position::{LogPosition, Partition};
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::core::{Core, Trouble};
use crate::plan::Plan;

pub(crate) use rows::{Origin, failed_trigger, instance_rows};

/// A partition of which a transaction applies records, or whose marker it moves.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The topic: the same for all places of a transaction.
    pub topic: Topic,
    /// The partition.
    pub partition: u32,
    /// The position of a log that is gone: forgotten, if it is still the stored one.
    pub stale: Option<LogPosition>,
    /// What this runner knows to be stored (the next offset); `None` where it knows nothing.
    pub reached: Option<i64>,
    /// The marker to leave behind; `None` removes it.
    pub marker: Option<Marker>,
}

impl Place {
    pub(crate) fn key(&self) -> Partition<'static> {
        Partition { topic: self.topic.name(), number: self.partition }
    }
}

/// What a transaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    pub started: u64,
    pub completed: u64,
    pub incidents: u64,
    pub failed_match: u64,
    pub failed_start: u64,
    pub duplicates: u64,
    /// Of `failed_match`: those that no project shows.
    pub unseen: u64,
    pub steps: u64,
    pub visits: u64,
}

/// Why a transaction did not come about. It was rolled back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// Another commit runs than the plan was made against: plan again.
    #[error("another commit runs by now")]
    Outdated,
    /// What this runner stored before is not there any more: going on would skip it for ever.
    #[error("the store holds an earlier position than was stored before")]
    RolledBack(Topic, u32),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Core {
    /// Stores a plan in one transaction. `places` are the partitions of its records, sorted.
    pub(crate) async fn apply(&self, plan: Arc<Plan>, places: Vec<Place>) -> Result<Applied, ApplyError> {
        fail_point!("runner::before_store", |_| Err(ApplyError::Store(StoreError::Unusable(
            "fail point".to_owned()
        ))));
        let applied =
            self.db.write(move |tx| Box::pin(async move { store_batch(tx, &plan, &places).await })).await?;
        fail_point!("runner::after_commit", |_| Err(ApplyError::Store(StoreError::Unusable(
            "fail point".to_owned()
        ))));
        self.count(&applied);
        Ok(applied)
    }

    /// Writes markers in a transaction of their own, or removes them.
    pub(crate) async fn mark(&self, places: Vec<Place>) -> Result<(), Trouble> {
        self.db
            .write(move |tx| Box::pin(async move { put_markers(tx, &places).await }))
            .await
            .map_err(Trouble::Store)
    }

    /// Adds what was done to metrics and status. After the commit: what was rolled back is not counted.
    pub(crate) fn count(&self, applied: &Applied) {
        use std::sync::atomic::Ordering::Relaxed;
        let add = |name: &'static str, n: u64| {
            if n > 0 {
                metrics::counter!(name).increment(n);
            }
        };
        add("forebay_instances_started_total", applied.started);
        add("forebay_instances_completed_total", applied.completed);
        add("forebay_incidents_total", applied.incidents);
        add("forebay_duplicate_events_total", applied.duplicates);
        add("forebay_records_of_no_project_total", applied.unseen);
        add("forebay_steps_total", applied.steps);
        add("forebay_element_visits_total", applied.visits);
        for (stage, n) in [("match", applied.failed_match), ("start", applied.failed_start)] {
            if n > 0 {
                metrics::counter!("forebay_failed_triggers_total", "stage" => stage).increment(n);
            }
        }
        self.health.started.fetch_add(applied.started, Relaxed);
        self.health.completed.fetch_add(applied.completed, Relaxed);
        self.health.failed.fetch_add(applied.failed_match + applied.failed_start, Relaxed);
        self.health.duplicates.fetch_add(applied.duplicates, Relaxed);
    }
}

async fn store_batch(tx: &mut Tx, plan: &Plan, places: &[Place]) -> Result<Applied, ApplyError> {
    verify(tx, &plan.running).await?;
    let reached: Vec<_> = places.iter().filter_map(|place| Some((place.partition, place.reached?))).collect();
    if let Some(topic) = places.first().map(|place| place.topic)
        && let Some(partition) = store::position::behind(tx, topic.name(), &reached).await?
    {
        return Err(ApplyError::RolledBack(topic, partition));
    }
    for place in places {
        if let Some(stale) = &place.stale {
            store::position::forget(tx, place.key(), stale).await?;
        }
    }
    let applied = settle::settle(tx, plan).await?;
    let positions: Vec<_> =
        places.iter().filter_map(|place| Some((place.key(), position_in(plan, place.partition)?))).collect();
    store::position::advance_all(tx, &positions, plan.now).await?;
    put_markers(tx, places).await?;
    fail_point!("runner::before_commit", |_| Err(ApplyError::Store(StoreError::Unusable(
        "fail point".to_owned()
    ))));
    Ok(applied)
}

async fn put_markers(tx: &mut Tx, places: &[Place]) -> Result<(), StoreError> {
    let left: Vec<_> = places.iter().filter_map(|place| Some((place.key(), place.marker?))).collect();
    store::marker::put_all(tx, &left).await?;
    for place in places.iter().filter(|place| place.marker.is_none()) {
        store::marker::clear(tx, place.key()).await?;
    }
    Ok(())
}

/// The commits that the plan was made against must still run: the transaction is the moment that counts.
pub(crate) async fn verify(tx: &mut Tx, running: &[(Uuid, Option<Arc<str>>)]) -> Result<(), ApplyError> {
    for (project, commit) in running {
        let now = store::link::running_commit(tx, &project.to_string()).await?;
        if now.as_deref() != commit.as_deref() {
            return Err(ApplyError::Outdated);
        }
    }
    Ok(())
}

/// Where a partition is after this plan's records of it; `None` if there are none.
fn position_in(plan: &Plan, partition: u32) -> Option<LogPosition> {
    let mut own = plan.events.iter().rev().map(|event| &event.taken);
    own.find(|taken| taken.partition == partition).map(|last| last.position())
}
