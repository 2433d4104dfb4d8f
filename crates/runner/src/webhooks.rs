//! The loop that starts events: while what arrived before is being stored, the next records are received and their
//! steps run.

mod markers;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventlog::{Batch, Subscription, Topic};
use fail::fail_point;
use store::position::LogPosition;
use tokio::task::{JoinError, JoinHandle};

use crate::apply::Place;
use crate::core::Core;
use crate::intake::Taken;
use crate::lane::{FATAL, Lane, ahead, reached};
use crate::persist::PART;
use crate::plan::{Plan, engine_crash};
use crate::subscription::{Ended, LOOK};

/// How long the marker stays after the last event: a steady trickle of events then pays for none.
const IDLE: Duration = Duration::from_secs(1);

/// How long a partition is watched for another runner's work: longer than one event takes at most.
const ELSEWHERE: Duration = Duration::from_secs(3);

/// Another part than storing: the two work at the same time.
const RECEIVING: &str = "webhooks-receive";

const TOPIC: Topic = Topic::WebhookEvents;

/// Records of one partition that go into the next transaction; there are some.
struct Part {
    partition: u32,
    records: Vec<Arc<Taken>>,
}

/// Records that are being stored.
struct InFlight {
    task: JoinHandle<Result<(), Ended>>,
    /// What it leaves behind, for each of its partitions.
    left: Vec<Left>,
}

/// Where a partition is when what is in flight is stored.
struct Left {
    partition: u32,
    position: LogPosition,
    marked_until: i64,
}

struct Webhooks {
    core: Arc<Core>,
    lanes: HashMap<u32, Lane>,
    in_flight: Option<InFlight>,
    /// Records that one marker covers: a batch being stored, one being run, and some room.
    window: i64,
    /// When the store was last asked whether it still holds what was stored.
    looked: tokio::time::Instant,
}

/// Starts events until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let Ok(subscription) = core.subscribe_patiently(TOPIC, RECEIVING).await else { return };
        let window = i64::try_from(core.settings.batch_events.saturating_mul(3)).unwrap_or(i64::MAX);
        let lanes = HashMap::new();
        let looked = tokio::time::Instant::now();
        let mut webhooks = Webhooks { core: Arc::clone(&core), lanes, in_flight: None, window, looked };
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

    /// Takes what has arrived, or does what is to be done while there is nothing.
    async fn turn(&mut self, subscription: &mut Box<dyn Subscription>) -> Result<(), Ended> {
        let core = Arc::clone(&self.core);
        let marked = self.lanes.values().any(|lane| lane.marked_until.is_some());
        let batch = tokio::select! {
            biased;
            () = tokio::time::sleep_until(self.looked + LOOK) => {
                return self.look_back(subscription.as_mut()).await;
            }
            batch = core.receive_patiently(subscription, RECEIVING) => batch?,
            stored = finished(&mut self.in_flight) => return self.settled(stored, subscription.as_mut()),
            () = tokio::time::sleep(IDLE), if marked && self.in_flight.is_none() => {
                self.unmark().await?;
                return Ok(());
            }
        };
        let mut parts = Vec::new();
        for batch in core.with_arrived(batch, subscription.as_mut()) {
            parts.extend(self.admit(batch, subscription.as_mut()).await?);
        }
        if parts.is_empty() { Ok(()) } else { self.together(parts, subscription.as_mut()).await }
    }

    /// Takes up the records of a partition. Those under suspicion run apart, now; gives back the others, if any.
    async fn admit(
        &mut self,
        batch: Batch,
        subscription: &mut dyn Subscription,
    ) -> Result<Option<Part>, Ended> {
        let partition = batch.partition;
        if let Some(assigned) = self.core.positions.take(TOPIC, partition) {
            self.lanes.insert(partition, Lane::assigned(assigned, self.window));
        }
        let mut records: Vec<Arc<Taken>> = batch.records.into_iter().map(Taken::read).collect();
        let Some(first) = records.first().map(|taken| taken.offset) else { return Ok(None) };
        let in_flight = self.in_flight.iter().flat_map(|batch| &batch.left);
        let is_ahead_of_it = in_flight.into_iter().any(|left| left.partition == partition);
        let lane = self.lanes.entry(partition).or_default();
        if !is_ahead_of_it {
            lane.begins_at(first, self.window);
        }
        if lane.apart_until(first).is_some() {
            self.settle(subscription).await?;
            records = self.run_apart(partition, records, subscription).await?;
        } else if lane.is_under_suspicion() {
            lane.trust();
        }
        Ok((!records.is_empty()).then_some(Part { partition, records }))
    }

    /// Runs records while those before them are being stored, then has them stored.
    async fn together(&mut self, parts: Vec<Part>, subscription: &mut dyn Subscription) -> Result<(), Ended> {
        self.cover(&parts, subscription).await?;
        fail_point!("runner::before_batch", |_| Err(Ended::Again));
        let ends: Vec<(u32, LogPosition)> =
            parts.iter().filter_map(|part| Some((part.partition, part.records.last()?.position()))).collect();
        let records: Vec<Arc<Taken>> = parts.into_iter().flat_map(|part| part.records).collect();
        let plan = self.core.plan_patiently(&records).await?;
        self.settle(subscription).await?;
        let (mut places, mut left) = (Vec::new(), Vec::new());
        for (partition, position) in ends {
            let marker = ahead(position.next_offset, self.window, plan.now);
            let lane = self.lanes.entry(partition).or_default();
            let (stale, reached) = (lane.stale.take(), lane.reached());
            places.push(Place { topic: TOPIC, partition, stale, reached, marker: Some(marker) });
            left.push(Left { partition, position, marked_until: marker.last_offset });
        }
        let core = Arc::clone(&self.core);
        let task = tokio::spawn(async move { core.persist(records, plan, places).await });
        self.in_flight = Some(InFlight { task, left });
        Ok(())
    }

    /// Runs records as long as they are under suspicion: few together or each alone, with a marker of their own. Gives
    /// back the rest.
    async fn run_apart(
        &mut self,
        partition: u32,
        mut records: Vec<Arc<Taken>>,
        subscription: &mut dyn Subscription,
    ) -> Result<Vec<Arc<Taken>>, Ended> {
        let mut marked = None;
        while let Some(range) = self.next_apart(partition, &records) {
            let count = records.iter().take_while(|taken| taken.offset <= range.1).count();
            let rest = records.split_off(count);
            let own = std::mem::replace(&mut records, rest);
            let Some(position) = own.last().map(|last| last.position()) else { break };
            let plan = self.plan_apart(partition, &own, (range, marked)).await?;
            let next = self.next_apart(partition, &records);
            let now = self.core.clock.now();
            let lane = self.lanes.entry(partition).or_default();
            let marker = match next {
                Some(next) => lane.apart(next, now),
                None => ahead(position.next_offset, self.window, now),
            };
            marked = next;
            let (stale, reached) = (lane.stale.take(), lane.reached());
            let place = Place { topic: TOPIC, partition, stale, reached, marker: Some(marker) };
            self.core.persist(own, plan, vec![place]).await?;
            subscription.committed(partition, position.next_offset);
            let lane = self.lanes.entry(partition).or_default();
            lane.position = Some(position);
            lane.marked_until = Some(marker.last_offset);
        }
        Ok(records)
    }

    /// First and last offset of the records that run apart next; `None` where the first of them is not under suspicion.
    fn next_apart(&self, partition: u32, records: &[Arc<Taken>]) -> Option<(i64, i64)> {
        let first = records.first()?.offset;
        let until = self.lanes.get(&partition)?.apart_until(first)?;
        let own = records.iter().map(|taken| taken.offset).take_while(|offset| *offset <= until);
        Some((first, own.last()?))
    }

    /// Runs records that are under suspicion, in this range; `marked` is the one that the marker in the store is for. One
    /// that stopped the process too often while it ran alone is set aside instead.
    async fn plan_apart(
        &mut self,
        partition: u32,
        own: &[Arc<Taken>],
        (range, marked): ((i64, i64), Option<(i64, i64)>),
    ) -> Result<Plan, Ended> {
        let core = Arc::clone(&self.core);
        let now = core.clock.now();
        if let [taken] = own {
            let crashes = self.lanes.entry(partition).or_default().crashes(taken.offset);
            if crashes >= FATAL && !self.is_at_work_elsewhere(partition).await? {
                let event = &taken.record.id;
                tracing::error!(event, crashes, "an event is set aside: it stops the process");
                let detail = format!("the process stopped {crashes} times while only this event ran");
                return Ok(core.aside_patiently(taken, &engine_crash(&detail)).await?);
            }
            if crashes >= FATAL {
                self.lanes.entry(partition).or_default().clear_suspect();
            }
        }
        if marked != Some(range) {
            let marker = self.lanes.entry(partition).or_default().apart(range, now);
            self.mark(&[(partition, Some(marker))]).await?;
        }
        fail_point!("runner::before_batch", |_| Err(Ended::Again));
        Ok(core.plan_patiently(own).await?)
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

    /// Starts again where the store does not hold any more what was stored in it, also while no event comes.
    async fn look_back(&mut self, subscription: &mut dyn Subscription) -> Result<(), Ended> {
        let is_behind = self.core.is_behind(TOPIC, reached(&self.lanes)).await;
        self.looked = tokio::time::Instant::now();
        if is_behind {
            self.settle(subscription).await?;
            return Err(Ended::Again);
        }
        Ok(())
    }

    /// Waits until what is in flight is stored.
    async fn settle(&mut self, subscription: &mut dyn Subscription) -> Result<(), Ended> {
        if self.in_flight.is_none() {
            return Ok(());
        }
        let stored = finished(&mut self.in_flight).await;
        self.settled(stored, subscription)
    }

    fn settled(
        &mut self,
        stored: Result<Result<(), Ended>, JoinError>,
        subscription: &mut dyn Subscription,
    ) -> Result<(), Ended> {
        let Some(done) = self.in_flight.take() else { return Ok(()) };
        match stored {
            Ok(Ok(())) => {
                for Left { partition, position, marked_until } in done.left {
                    subscription.committed(partition, position.next_offset);
                    let lane = self.lanes.entry(partition).or_default();
                    lane.position = Some(position);
                    lane.marked_until = Some(marked_until);
                }
                Ok(())
            }
            Ok(Err(ended)) => Err(ended),
            Err(error) => {
                tracing::error!(%error, "storing a batch ended early; starting again from the stored position");
                Err(Ended::Again)
            }
        }
    }
}

/// The end of the batch in flight; never, if there is none. It stays in flight until it is settled.
async fn finished(in_flight: &mut Option<InFlight>) -> Result<Result<(), Ended>, JoinError> {
    match in_flight {
        Some(batch) => (&mut batch.task).await,
        None => std::future::pending().await,
    }
}
