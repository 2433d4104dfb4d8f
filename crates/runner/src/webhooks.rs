//! The loop that starts events: while one batch is being stored, the next one is received and its steps run.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventlog::{Subscription, Topic};
use fail::fail_point;
use store::position::LogPosition;
use tokio::task::JoinHandle;

use crate::apply::Place;
use crate::core::Core;
use crate::intake::Taken;
use crate::lane::{FATAL, Lane, ahead};
use crate::patience::{Patience, Stopped};
use crate::persist::{PART, position_after};
use crate::plan::engine_crash;

/// How long the marker stays after the last event: a steady trickle of events then pays for none.
const IDLE: Duration = Duration::from_secs(1);

/// How long a partition is watched for another runner's work: longer than one event takes at most.
const ELSEWHERE: Duration = Duration::from_secs(3);

/// Another part than storing: the two work at the same time.
const RECEIVING: &str = "webhooks-receive";

const TOPIC: Topic = Topic::WebhookEvents;

/// A batch that is being stored.
struct InFlight {
    task: JoinHandle<Result<(), Stopped>>,
    partition: u32,
    position: LogPosition,
    marked_until: i64,
}

/// Why a subscription is given up.
enum Ended {
    /// The runner stops.
    Stopped,
    /// Something happened that only a new start from the stored positions puts right.
    Again,
}

impl From<Stopped> for Ended {
    fn from(_: Stopped) -> Self {
        Ended::Stopped
    }
}

struct Webhooks {
    core: Arc<Core>,
    lanes: HashMap<u32, Lane>,
    in_flight: Option<InFlight>,
    /// Records that one marker covers: a batch being stored, one being run, and some room.
    window: i64,
}

/// Starts events until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let Ok(subscription) = core.subscribe_patiently(TOPIC, RECEIVING).await else { return };
        let window = i64::try_from(core.settings.batch_events.saturating_mul(3)).unwrap_or(i64::MAX);
        let lanes = HashMap::new();
        let mut webhooks = Webhooks { core: Arc::clone(&core), lanes, in_flight: None, window };
        match webhooks.work(subscription).await {
            Ended::Stopped => {
                webhooks.leave().await;
                return;
            }
            Ended::Again => {
                if !core.pause(1_000).await {
                    return;
                }
            }
        }
    }
}

impl Webhooks {
    async fn work(&mut self, mut subscription: Box<dyn Subscription>) -> Ended {
        let mut resets = 0;
        loop {
            match self.turn(&mut subscription).await {
                Ok(()) => {}
                Err(ended) => return ended,
            }
            let now = subscription.resets();
            if now > resets {
                let more = now - resets;
                resets = now;
                metrics::counter!("forebay_position_resets_total").increment(more);
                self.core.health.position_resets.fetch_add(more, std::sync::atomic::Ordering::Relaxed);
                tracing::warn!(
                    "the stored position does not fit the event log: starting from its earliest record"
                );
            }
        }
    }

    /// Takes one batch, or does what is to be done while there is none.
    async fn turn(&mut self, subscription: &mut Box<dyn Subscription>) -> Result<(), Ended> {
        let core = Arc::clone(&self.core);
        let marked = self.lanes.values().any(|lane| lane.marked_until.is_some());
        let batch = tokio::select! {
            biased;
            batch = core.receive_patiently(subscription, RECEIVING) => batch?,
            stored = finished(&mut self.in_flight) => return self.settled(stored, subscription.as_mut()),
            () = tokio::time::sleep(IDLE), if marked && self.in_flight.is_none() => {
                self.unmark().await?;
                return Ok(());
            }
        };
        let partition = batch.partition;
        if let Some(assigned) = self.core.positions.take(TOPIC, partition) {
            self.lanes.insert(partition, Lane::assigned(assigned, self.window));
        }
        let mut records: Vec<Arc<Taken>> = batch.records.into_iter().map(Taken::read).collect();
        let Some(first) = records.first().map(|taken| taken.offset) else { return Ok(()) };
        let lane = self.lanes.entry(partition).or_default();
        let ahead_of_it = self.in_flight.as_ref().is_some_and(|f| f.partition == partition);
        if !ahead_of_it {
            lane.begins_at(first, self.window);
        }
        if lane.runs_alone(first) {
            self.settle(subscription.as_mut()).await?;
            records = self.one_by_one(partition, records, subscription.as_mut()).await?;
        } else if lane.is_under_suspicion() {
            lane.trust();
        }
        if records.is_empty() {
            Ok(())
        } else {
            self.together(partition, records, subscription.as_mut()).await
        }
    }

    /// Runs a batch while the one before it is being stored, then has it stored.
    async fn together(
        &mut self,
        partition: u32,
        records: Vec<Arc<Taken>>,
        subscription: &mut dyn Subscription,
    ) -> Result<(), Ended> {
        let Some(position) = position_after(&records) else { return Ok(()) };
        self.cover(partition, &records, subscription).await?;
        fail_point!("runner::before_batch", |_| Err(Ended::Again));
        let plan = self.core.plan_patiently(&records).await?;
        self.settle(subscription).await?;
        let marker = ahead(position.next_offset, self.window, plan.now);
        let lane = self.lanes.entry(partition).or_default();
        let place = Place { topic: TOPIC.name(), partition, stale: lane.stale.take(), marker: Some(marker) };
        let core = Arc::clone(&self.core);
        let task = tokio::spawn(async move { core.persist(records, plan, place).await });
        self.in_flight = Some(InFlight { task, partition, position, marked_until: marker.last_offset });
        Ok(())
    }

    /// Sees to it that a durable marker covers these records before they run.
    async fn cover(
        &mut self,
        partition: u32,
        records: &[Arc<Taken>],
        subscription: &mut dyn Subscription,
    ) -> Result<(), Ended> {
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(()) };
        let is_covered = |lane: Option<&Lane>| {
            lane.and_then(|lane| lane.marked_until).is_some_and(|until| last.offset <= until)
        };
        if is_covered(self.lanes.get(&partition)) {
            return Ok(());
        }
        self.settle(subscription).await?;
        if !is_covered(self.lanes.get(&partition)) {
            let span = (last.offset - first.offset).max(1).saturating_add(self.window);
            let marker = ahead(first.offset, span, self.core.clock.now());
            self.mark(partition, Some(marker)).await?;
            self.lanes.entry(partition).or_default().marked_until = Some(marker.last_offset);
        }
        Ok(())
    }

    /// Runs records alone, each with a marker of its own, as long as they are under suspicion. Gives back the rest.
    async fn one_by_one(
        &mut self,
        partition: u32,
        mut records: Vec<Arc<Taken>>,
        subscription: &mut dyn Subscription,
    ) -> Result<Vec<Arc<Taken>>, Ended> {
        let lane = self.lanes.entry(partition).or_default();
        let mut marked = None;
        let alone = records.iter().take_while(|taken| lane.runs_alone(taken.offset)).count();
        let rest = records.split_off(alone);
        for (place, taken) in records.iter().enumerate() {
            let core = Arc::clone(&self.core);
            let now = core.clock.now();
            let lane = self.lanes.entry(partition).or_default();
            let own = std::slice::from_ref(taken);
            let crashes = lane.crashes(taken.offset);
            let is_fatal = crashes >= FATAL && !self.is_at_work_elsewhere(partition).await?;
            let lane = self.lanes.entry(partition).or_default();
            let plan = if is_fatal {
                let detail = format!("the process stopped {crashes} times while only this event ran");
                tracing::error!(
                    event = taken.record.id,
                    crashes,
                    "an event is set aside: it stops the process"
                );
                core.aside_patiently(taken, &engine_crash(&detail)).await?
            } else {
                if crashes >= FATAL {
                    lane.clear_suspect();
                }
                let marker = lane.alone(taken.offset, now);
                if marked != Some(taken.offset) {
                    self.mark(partition, Some(marker)).await?;
                }
                fail_point!("runner::before_batch", |_| Err(Ended::Again));
                core.plan_patiently(own).await?
            };
            let Some(position) = position_after(own) else { continue };
            let lane = self.lanes.entry(partition).or_default();
            let next = records.get(place + 1).map(|next| next.offset);
            marked = next;
            let marker = match next {
                Some(next) => lane.alone(next, now),
                None => ahead(position.next_offset, self.window, now),
            };
            let stale = lane.stale.take();
            let place = Place { topic: TOPIC.name(), partition, stale, marker: Some(marker) };
            core.persist(own.to_vec(), plan, place).await?;
            subscription.committed(partition, position.next_offset);
            let lane = self.lanes.entry(partition).or_default();
            lane.position = Some(position);
            lane.marked_until = Some(marker.last_offset);
        }
        Ok(rest)
    }

    /// Whether another runner works on this partition (it does not know yet that it lost it): then its marker is no
    /// sign of a crash. Looks a moment for a change, so only ask before an event is set aside.
    async fn is_at_work_elsewhere(&self, partition: u32) -> Result<bool, Ended> {
        let first = self.core.look_patiently(TOPIC, partition, PART).await?;
        let until = Instant::now() + ELSEWHERE;
        while Instant::now() < until {
            if !self.core.pause(100).await {
                return Err(Ended::Stopped);
            }
            if self.core.look_patiently(TOPIC, partition, PART).await? != first {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Waits until the batch in flight is stored.
    async fn settle(&mut self, subscription: &mut dyn Subscription) -> Result<(), Ended> {
        if self.in_flight.is_none() {
            return Ok(());
        }
        let stored = finished(&mut self.in_flight).await;
        self.settled(stored, subscription)
    }

    fn settled(
        &mut self,
        stored: Result<Result<(), Stopped>, tokio::task::JoinError>,
        subscription: &mut dyn Subscription,
    ) -> Result<(), Ended> {
        let Some(done) = self.in_flight.take() else { return Ok(()) };
        match stored {
            Ok(Ok(())) => {
                subscription.committed(done.partition, done.position.next_offset);
                let lane = self.lanes.entry(done.partition).or_default();
                lane.position = Some(done.position);
                lane.marked_until = Some(done.marked_until);
                Ok(())
            }
            Ok(Err(Stopped)) => Err(Ended::Stopped),
            Err(error) => {
                tracing::error!(%error, "storing a batch ended early; starting again from the stored position");
                Err(Ended::Again)
            }
        }
    }

    /// Removes the markers: nothing runs.
    async fn unmark(&mut self) -> Result<(), Ended> {
        let marked: Vec<u32> = self
            .lanes
            .iter()
            .filter(|(_, lane)| lane.marked_until.is_some())
            .map(|(partition, _)| *partition)
            .collect();
        for partition in marked {
            self.mark(partition, None).await?;
            self.lanes.entry(partition).or_default().marked_until = None;
        }
        Ok(())
    }

    async fn mark(&self, partition: u32, marker: Option<store::marker::Marker>) -> Result<(), Ended> {
        let mut patience = Patience::new(&self.core, PART);
        let place = Place { topic: TOPIC.name(), partition, stale: None, marker };
        loop {
            match self.core.mark(place.clone()).await {
                Ok(()) => {
                    patience.succeeded();
                    return Ok(());
                }
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
        }
    }

    /// A clean stop: the batch in hand is stored, the markers are removed. What does not work stays marked.
    async fn leave(&mut self) {
        if let Some(done) = self.in_flight.take() {
            let stored = done.task.await;
            let lane = self.lanes.entry(done.partition).or_default();
            match stored {
                Ok(Ok(())) => lane.marked_until = Some(done.marked_until),
                _ => lane.marked_until = None,
            }
        }
        for (partition, lane) in &self.lanes {
            if lane.marked_until.is_some() {
                let place = Place { topic: TOPIC.name(), partition: *partition, stale: None, marker: None };
                if let Err(trouble) = self.core.mark(place).await {
                    tracing::warn!(%trouble, "the attempt marker stays: the next start runs its events one by one");
                }
            }
        }
    }
}

/// The end of the batch in flight; never, if there is none. It stays in flight until it is settled.
async fn finished(in_flight: &mut Option<InFlight>) -> Result<Result<(), Stopped>, tokio::task::JoinError> {
    match in_flight {
        Some(batch) => (&mut batch.task).await,
        None => std::future::pending().await,
    }
}
