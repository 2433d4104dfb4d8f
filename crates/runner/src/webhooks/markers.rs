//! The attempt markers of the loop: written before records run, removed when nothing does.

use eventlog::Subscription;
use store::marker::Marker;

use super::{Part, TOPIC, Webhooks};
use crate::apply::Place;
use crate::lane::ahead;
use crate::patience::Patience;
use crate::persist::PART;
use crate::subscription::Ended;

impl Webhooks {
    /// Sees to it that durable markers cover these records before they run.
    pub(super) async fn cover(
        &mut self,
        parts: &[Part],
        subscription: &mut dyn Subscription,
    ) -> Result<(), Ended> {
        if self.uncovered(parts).is_empty() {
            return Ok(());
        }
        self.settle(subscription).await?;
        let uncovered = self.uncovered(parts);
        self.mark(&uncovered).await?;
        for (partition, marker) in uncovered {
            self.lanes.entry(partition).or_default().marked_until = marker.map(|marker| marker.last_offset);
        }
        Ok(())
    }

    /// The markers that are missing for these records.
    fn uncovered(&self, parts: &[Part]) -> Vec<(u32, Option<Marker>)> {
        let now = self.core.clock.now();
        let missing = |part: &Part| {
            let (first, last) = (part.records.first()?.offset, part.records.last()?.offset);
            let until = self.lanes.get(&part.partition).and_then(|lane| lane.marked_until);
            if until.is_some_and(|until| last <= until) {
                return None;
            }
            let span = (last - first).max(1).saturating_add(self.window);
            Some((part.partition, Some(ahead(first, span, now))))
        };
        parts.iter().filter_map(missing).collect()
    }

    /// Removes the markers: nothing runs.
    pub(super) async fn unmark(&mut self) -> Result<(), Ended> {
        let marked = self.marked();
        self.mark(&marked).await?;
        for (partition, _) in marked {
            self.lanes.entry(partition).or_default().marked_until = None;
        }
        Ok(())
    }

    /// The partitions that have a marker, and that it shall go.
    fn marked(&self) -> Vec<(u32, Option<Marker>)> {
        let marked = self.lanes.iter().filter(|(_, lane)| lane.marked_until.is_some());
        let mut marked: Vec<_> = marked.map(|(partition, _)| (*partition, None)).collect();
        marked.sort_by_key(|(partition, _)| *partition);
        marked
    }

    /// Writes markers, or removes them, whatever it takes.
    pub(super) async fn mark(&self, markers: &[(u32, Option<Marker>)]) -> Result<(), Ended> {
        let mut patience = Patience::new(&self.core, PART);
        loop {
            match self.core.mark(places(markers)).await {
                Ok(()) => {
                    patience.succeeded();
                    return Ok(());
                }
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
        }
    }

    /// A clean stop: what is in flight is stored, the markers are removed. What does not work stays marked.
    pub(super) async fn leave(&mut self) {
        if let Some(done) = self.in_flight.take() {
            let is_stored = matches!(done.task.await, Ok(Ok(())));
            for left in done.left {
                let lane = self.lanes.entry(left.partition).or_default();
                lane.marked_until = is_stored.then_some(left.marked_until);
            }
        }
        let marked = self.marked();
        if !marked.is_empty()
            && let Err(trouble) = self.core.mark(places(&marked)).await
        {
            tracing::warn!(%trouble, "the attempt markers stay: the next start runs their events one by one");
        }
    }
}

fn places(markers: &[(u32, Option<Marker>)]) -> Vec<Place> {
    let place = |(partition, marker): &(u32, Option<Marker>)| Place {
        topic: TOPIC,
        partition: *partition,
        stale: None,
        reached: None,
        marker: *marker,
    };
    markers.iter().map(place).collect()
}
