//! Measures how far behind the runner is.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use eventlog::{Lag, Topic};

use crate::core::{Core, Trouble};

/// Measures until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    // when it was measured last, and how old the oldest was
    let mut last = (core.clock.now(), 0);
    while core.pause(core.settings.measure_ms).await {
        // a fault here is reported by the loops that it keeps from working
        match core.lag().await {
            Ok(lag) => last = (core.clock.now(), core.report(lag)),
            Err(trouble) => {
                tracing::debug!(%trouble, "lag cannot be measured now");
                core.report_age(last.1 + u64::try_from(core.clock.now() - last.0).unwrap_or(0));
            }
        }
    }
}

impl Core {
    async fn lag(&self) -> Result<Lag, Trouble> {
        let topic = Topic::WebhookEvents;
        let positions = self
            .db
            .read(move |tx| Box::pin(async move { store::position::all(tx, topic.name()).await }))
            .await?;
        let positions: Vec<(u32, i64)> =
            positions.into_iter().map(|(partition, position)| (partition, position.next_offset)).collect();
        Ok(self.log.0.lag(topic, &positions).await?)
    }

    /// Gives the age of the oldest event that is not started, in milliseconds.
    fn report(&self, lag: Lag) -> u64 {
        let age = lag
            .oldest_ms
            .map_or(0, |oldest| u64::try_from(self.clock.now().saturating_sub(oldest)).unwrap_or(0));
        self.health.lag_records.store(lag.records, Ordering::Relaxed);
        metrics::gauge!("forebay_lag_records").set(lag.records as f64);
        metrics::gauge!("forebay_store_wal_bytes").set(self.db.wal_bytes() as f64);
        self.report_age(age);
        age
    }

    /// While it cannot be measured it grows with the time: nothing is started without the store, nor without the log, and
    /// an alert on it must come.
    fn report_age(&self, age: u64) {
        self.health.oldest_unstarted_ms.store(age, Ordering::Relaxed);
        metrics::gauge!("forebay_oldest_unstarted_event_seconds").set(age as f64 / 1_000.0);
    }
}
