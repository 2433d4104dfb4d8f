//! Removes what is older than its time, a few rows at once, so that starts go on in between.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use eventlog::Topic;
use futures::future::BoxFuture;
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::core::{Core, Trouble};
use crate::settings::DAY;

/// Rows of one transaction.
const BATCH: u32 = 200;

/// Rows of failed triggers whose sizes are read at once.
const SIZES: u32 = 2_000;

/// Between two transactions: others want to write too.
const BREATH: Duration = Duration::from_millis(5);

/// While events wait to be started, removing takes one part in so many of the time.
const PARTS: u32 = 16;

/// Prunes until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    while core.pause(core.settings.prune_ms).await {
        if let Err(trouble) = core.prune().await {
            // nothing is lost by pruning later
            tracing::warn!(%trouble, "old rows cannot be removed now");
        }
    }
}

/// One kind of row that grows old.
type Prune = fn(&mut Tx, Bound) -> BoxFuture<'_, Result<u64, StoreError>>;

/// How old is too old.
#[derive(Clone, Copy, Debug)]
struct Bound {
    /// Milliseconds since the epoch.
    time: i64,
}

impl Bound {
    /// The smallest id that is made at that time: ids of version 7 begin with it.
    fn id(self) -> String {
        let millis = u64::try_from(self.time).unwrap_or(0);
        let bytes = millis.to_be_bytes();
        let mut id = [0_u8; 16];
        for (to, from) in id.iter_mut().zip(bytes.iter().skip(2)) {
            *to = *from;
        }
        Uuid::from_bytes(id).to_string()
    }
}

impl Core {
    async fn prune(&self) -> Result<(), Trouble> {
        let keep = &self.settings.keep;
        let now = self.clock.now();
        let days = |days: u32| Bound { time: now - i64::from(days) * DAY };
        // A day more than the horizon: a clock that is set back must not make a forgotten start look new.
        let started = Bound { time: now - keep.horizon_ms() - DAY };
        let kinds: [(&'static str, Bound, Prune); 8] = [
            ("started-event", started, |tx, b| Box::pin(store::retention::started_events(tx, b.time, BATCH))),
            ("duplicate-event", started, |tx, b| {
                Box::pin(store::retention::duplicate_events(tx, b.time, BATCH))
            }),
            ("instance", days(keep.ended_instance_days), |tx, b| {
                Box::pin(async move { store::retention::ended_instances(tx, b.time, &b.id(), BATCH).await })
            }),
            ("failed-trigger", days(keep.failed_trigger_days), |tx, b| {
                Box::pin(async move { store::retention::failed_triggers(tx, &b.id(), BATCH).await })
            }),
            ("command", days(keep.command_days), |tx, b| {
                Box::pin(async move { store::retention::commands(tx, b.time, &b.id(), BATCH).await })
            }),
            ("operation", days(keep.command_days), |tx, b| {
                Box::pin(async move { store::retention::operations(tx, b.time, &b.id(), BATCH).await })
            }),
            // a day: long after every transaction that may just be adding a row to one
            ("row-group", days(1), |tx, b| {
                Box::pin(async move { store::retention::row_groups(tx, &b.id(), BATCH).await })
            }),
            ("hourly-count", days(keep.counter_days), |tx, b| {
                Box::pin(store::retention::hourly_counts(tx, b.time, BATCH))
            }),
        ];
        for (what, bound, prune) in kinds {
            self.prune_kind(what, bound, prune).await?;
        }
        self.prune_failed_bytes(keep.failed_trigger_bytes).await?;
        for topic in Topic::ALL {
            let pruned =
                self.log.0.retain(topic, now - i64::from(keep.log_days) * DAY, keep.log_bytes).await?;
            removed("log-record", pruned.records);
        }
        Ok(())
    }

    async fn prune_kind(&self, what: &'static str, bound: Bound, prune: Prune) -> Result<(), Trouble> {
        loop {
            let begun = Instant::now();
            let count = self.db.write(move |tx| prune(tx, bound)).await?;
            removed(what, count);
            if count < u64::from(BATCH) || !self.breathe(begun).await {
                return Ok(());
            }
        }
    }

    /// Removes the oldest failed triggers until the rest holds at most `max` bytes.
    async fn prune_failed_bytes(&self, max: u64) -> Result<(), Trouble> {
        let mut below = "~".to_owned();
        let mut held = 0_u64;
        loop {
            let begun = Instant::now();
            let from = below.clone();
            let sizes = self
                .db
                .read(move |tx| {
                    Box::pin(async move { store::retention::failed_trigger_sizes(tx, &from, SIZES).await })
                })
                .await?;
            let Some((last, _)) = sizes.last() else { return Ok(()) };
            below.clone_from(last);
            for (id, bytes) in sizes {
                held = held.saturating_add(bytes);
                if held > max {
                    return self.prune_failed_until(id).await;
                }
            }
            if !self.breathe(begun).await {
                return Ok(());
            }
        }
    }

    /// Removes failed triggers up to this one.
    async fn prune_failed_until(&self, id: String) -> Result<(), Trouble> {
        // the smallest text above the id
        let above = format!("{id} ");
        loop {
            let begun = Instant::now();
            let made_before = above.clone();
            let count = self
                .db
                .write(move |tx| {
                    Box::pin(async move { store::retention::failed_triggers(tx, &made_before, BATCH).await })
                })
                .await?;
            removed("failed-trigger", count);
            if count < u64::from(BATCH) || !self.breathe(begun).await {
                return Ok(());
            }
        }
    }

    /// Leaves the store to others after a step that began then. `false` if the runner stops.
    async fn breathe(&self, begun: Instant) -> bool {
        let is_behind = self.health.lag_records.load(Ordering::Relaxed) > 0;
        let rest = if is_behind { begun.elapsed() * (PARTS - 1) } else { Duration::ZERO };
        self.pause(u64::try_from(rest.max(BREATH).as_millis()).unwrap_or(u64::MAX)).await
    }
}

fn removed(what: &'static str, count: u64) {
    if count > 0 {
        metrics::counter!("forebay_pruned_total", "what" => what).increment(count);
    }
}
