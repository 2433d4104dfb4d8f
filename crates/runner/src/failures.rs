//! Refused requests: from the topic `webhook-failures` into failed triggers of the stage *gateway*.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use eventlog::{Received, Topic};
use store::count::{Addition, Counter, hour_of};
use store::failed_trigger::{FailedTrigger, OPEN, Stage};
use store::position::{LogPosition, Partition};
use store::refusal::is_refusal;
use store::{StoreError, Tx};
use tokio::time::Instant;
use uuid::Uuid;
use webhook::RefusedRequest;

use crate::core::Core;
use crate::envelope::record_headers_json;
use crate::lane::{Lane, reached};
use crate::patience::{Patience, Stopped};
use crate::subscription::{Ended, LOOK};

const PART: &str = "webhook-failures";
const TOPIC: Topic = Topic::WebhookFailures;

/// Records that a marker covers: a refused request starts nothing, so there are no markers.
const NO_MARKERS: i64 = 0;

/// Stores refused requests until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    while let Err(Ended::Again) = work(&core).await {
        if !core.pause(1_000).await {
            return;
        }
    }
}

async fn work(core: &Core) -> Result<(), Ended> {
    let mut subscription = core.subscribe_patiently(TOPIC, PART).await?;
    let mut lanes: HashMap<u32, Lane> = HashMap::new();
    let mut looked = Instant::now();
    loop {
        let batch = tokio::select! {
            biased;
            () = tokio::time::sleep_until(looked + LOOK) => None,
            batch = core.receive_patiently(&mut subscription, PART) => Some(batch?),
        };
        let Some(batch) = batch else {
            if core.is_behind(TOPIC, reached(&lanes)).await {
                return Err(Ended::Again);
            }
            looked = Instant::now();
            continue;
        };
        let partition = batch.partition;
        if let Some(assigned) = core.positions.take(TOPIC, partition) {
            lanes.insert(partition, Lane::assigned(assigned, NO_MARKERS));
        }
        let position = batch.position();
        let to = LogPosition {
            next_offset: position.next_offset,
            last_id: position.last_id,
            last_time: batch.records.last().map(|last| last.record.time),
        };
        let begins = batch.records.first().map_or(0, |first| first.offset);
        let lane = lanes.entry(partition).or_default();
        lane.begins_at(begins, NO_MARKERS);
        let before = (lane.stale.take(), lane.reached());
        core.store_refused(batch.records, partition, before, to.clone()).await?;
        subscription.committed(partition, to.next_offset);
        lane.position = Some(to);
    }
}

impl Core {
    async fn store_refused(
        &self,
        records: Vec<Received>,
        partition: u32,
        (stale, reached): (Option<LogPosition>, Option<i64>),
        to: LogPosition,
    ) -> Result<(), Ended> {
        let mut patience = Patience::new(self, PART);
        let now = self.clock.now();
        let mut rows: Arc<Vec<FailedTrigger>> =
            Arc::new(records.iter().filter_map(|received| refused(received, now)).collect());
        loop {
            let (batch, stale, to) = (Arc::clone(&rows), stale.clone(), to.clone());
            let stored = self
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        let place = Partition { topic: TOPIC.name(), number: partition };
                        let reached = reached.map(|reached| (partition, reached));
                        if store::position::behind(tx, TOPIC.name(), reached.as_slice()).await?.is_some() {
                            return Ok(None);
                        }
                        if let Some(stale) = &stale {
                            store::position::forget(tx, place, stale).await?;
                        }
                        let count = insert(tx, &batch).await?;
                        store::position::advance(tx, place, &to, now).await?;
                        Ok::<_, StoreError>(Some(count))
                    })
                })
                .await;
            match stored {
                Ok(None) => {
                    self.note_rollback(TOPIC, partition);
                    return Err(Ended::Again);
                }
                Ok(Some(count)) => {
                    patience.succeeded();
                    if count > 0 {
                        metrics::counter!("forebay_failed_triggers_total", "stage" => "gateway")
                            .increment(count);
                    }
                    return Ok(());
                }
                Err(error) if is_refusal(&error) && !rows.is_empty() => {
                    // The sender was told already, and its request is in the log: one that cannot be shown is
                    // left out, the others are kept.
                    tracing::error!(%error, "the store refuses a refused request; storing those that it takes");
                    rows = Arc::new(self.storable(&rows).await?);
                }
                Err(error) => patience.wait_out(&error.into()).await?,
            }
        }
    }

    /// The rows that the store takes, each tried alone (and inserted: that is harmless, they are unique).
    async fn storable(&self, rows: &[FailedTrigger]) -> Result<Vec<FailedTrigger>, Stopped> {
        let mut patience = Patience::new(self, PART);
        let mut kept = Vec::new();
        for row in rows {
            loop {
                let own = vec![row.clone()];
                let stored = self.db.write(move |tx| Box::pin(async move { insert(tx, &own).await })).await;
                match stored {
                    Ok(_) => kept.push(row.clone()),
                    Err(error) if is_refusal(&error) => {}
                    Err(error) => {
                        patience.wait_out(&error.into()).await?;
                        continue;
                    }
                }
                break;
            }
        }
        patience.succeeded();
        Ok(kept)
    }
}

/// Inserts rows and counts the new ones, by data source and hour; gives their number.
async fn insert(tx: &mut Tx, rows: &[FailedTrigger]) -> Result<u64, StoreError> {
    let added: HashSet<String> = store::failed_trigger::insert(tx, rows).await?.into_iter().collect();
    let mut sums: BTreeMap<(&str, &str, i64), i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| added.contains(&row.id)) {
        *sums.entry((&row.project_id, &row.data_source_id, hour_of(row.event_time))).or_default() += 1;
    }
    let additions: Vec<Addition> = sums
        .into_iter()
        .map(|((project, data_source, hour), value)| Addition {
            project_id: project.to_owned(),
            data_source_id: data_source.to_owned(),
            hour,
            counter: Counter::Refused,
            value,
        })
        .collect();
    store::count::add(tx, &additions).await?;
    Ok(added.len() as u64)
}

/// The row of a refused request. A record that is none is logged: no data source would show it.
fn refused(received: &Received, now: i64) -> Option<FailedTrigger> {
    let record = &received.record;
    let request = match RefusedRequest::decode(&record.headers, &record.value) {
        Ok(request) => request,
        Err(invalid) => {
            tracing::warn!(offset = received.offset, %invalid, "a record of refused requests is not readable");
            return None;
        }
    };
    let cause = request.told();
    let event = request.event;
    Some(FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: event.address.project.to_string(),
        data_source_id: event.address.data_source.to_string(),
        process_definition_id: None,
        instance_id: None,
        commit_id: event.commit.map(|commit| commit.to_string()),
        event_key: event.event_key().to_owned(),
        event_time: event.time,
        stage: Stage::Gateway.as_str().to_owned(),
        cause,
        cause_code: request.cause,
        element_id: None,
        record_headers: record_headers_json(&record.headers),
        payload: record.value.to_vec(),
        status: OPEN.to_owned(),
        attempt: 1,
        created_at: now,
        updated_at: now,
        event_id: event.id,
    })
}
