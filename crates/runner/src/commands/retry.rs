//! Retry of a failed trigger: the event is run in the running commit. There is never more than one live
//! instance for an event and a definition: one with an incident is ended in the transaction that starts its
//! replacement; one that goes on, or did, is left alone and the failed trigger is resolved by it.

use std::sync::Arc;

use engine::Command;
use eventlog::{Bytes, Received, Record};
use fail::fail_point;
use store::StoreError;
use store::Tx;
use store::command::CommandRow;
use store::count::{Addition, Counter, hour_of};
use store::failed_trigger::{FailedTrigger, OPEN, Outcome, RETRIED, Stage};
use store::instance::InstanceRow;
use store::started_event::StartedEvent;

use super::instance::{cancelled_as_it_is, store_step};
use super::{CommandError, Report, STARTED, end};
use crate::apply::settle::started_row;
use crate::apply::{Applied, Origin, failed_trigger, instance_rows, verify};
use crate::core::Core;
use crate::envelope::record_headers;
use crate::intake::Taken;
use crate::outcome::{Fault, Start};
use crate::plan::{EventOutcome, Plan};

/// What became of one start of a Retry.
#[derive(Debug, Default)]
struct Placed {
    instance_id: Option<String>,
    fault: Option<Fault>,
    is_new: bool,
}

impl Core {
    pub(super) async fn retry_failed_trigger(
        self: &Arc<Self>,
        claimed: &CommandRow,
    ) -> Result<(), CommandError> {
        let (project, id) = (claimed.project_id.clone(), claimed.target_id.clone());
        let failed = self
            .db
            .read(move |tx| Box::pin(async move { store::failed_trigger::find(tx, &project, &id).await }))
            .await?;
        let plan = self.plan_retry(&failed).await?;
        let running: Vec<_> = plan.running.iter().map(|(project, _)| *project).collect();
        let (core, claimed) = (Arc::clone(self), claimed.clone());
        let stored = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let (applied, report) = core.store_retry(tx, &failed, &plan).await?;
                    fail_point!("runner::in_command", |_| Err(CommandError::Again));
                    end(tx, &claimed, &report, plan.now).await?;
                    Ok(applied)
                })
            })
            .await;
        match stored {
            Ok(applied) => {
                self.count(&applied);
                Ok(())
            }
            Err(error) => {
                if matches!(error, CommandError::Again) {
                    self.definitions.forget_running(running.into_iter());
                }
                Err(error)
            }
        }
    }

    /// Runs the event of a failed trigger in the running commit; nothing is stored yet.
    pub(crate) async fn plan_retry(&self, failed: &FailedTrigger) -> Result<Plan, CommandError> {
        if failed.stage == Stage::Gateway.as_str() {
            return Err(CommandError::refused("not-retryable", "the sender was told; it must send again"));
        }
        if failed.status == RETRIED {
            return Err(CommandError::refused(
                "already-retried",
                "the event was started by an earlier Retry",
            ));
        }
        let taken = taken_again(failed)?;
        Ok(self.plan_again(&taken, failed.process_definition_id.as_deref()).await?)
    }

    /// Stores what a Retry came to.
    pub(crate) async fn store_retry(
        &self,
        tx: &mut Tx,
        failed: &FailedTrigger,
        plan: &Plan,
    ) -> Result<(Applied, Report), CommandError> {
        // the failed trigger first: two Retries of it wait for each other here
        if !store::failed_trigger::begin_retry(tx, failed).await? {
            return Err(CommandError::Again);
        }
        verify(tx, &plan.running).await?;
        let Some(event) = plan.events.first() else {
            return Err(CommandError::refused("invalid-record", "the record cannot be read"));
        };
        let mut applied = Applied::default();
        let mut placed = Vec::with_capacity(event.starts.len());
        for start in &event.starts {
            placed.push(self.place(tx, (failed, event), start, plan.now).await?);
        }
        for (start, placed) in event.starts.iter().zip(&placed) {
            applied.steps += 1;
            applied.started += u64::from(placed.is_new);
            applied.incidents += u64::from(placed.is_new && placed.fault.is_some());
            if let (Some(fault), true) = (&placed.fault, failed.stage == Stage::Match.as_str()) {
                let commit = event.commit.as_deref().unwrap_or_default();
                let origin = Origin { taken: &event.taken, commit, attempt: 1, now: plan.now };
                let row = failed_trigger(&origin, Stage::Start, Some(start), fault);
                applied.failed_start += store::failed_trigger::insert(tx, &[row]).await?.len() as u64;
            }
        }
        count_started(tx, &event.taken, applied.started).await?;
        let report = resolve(tx, failed, event, &placed, plan.now).await?;
        Ok((applied, report))
    }

    /// Makes the instance of one start, or replaces the one with the incident.
    async fn place(
        &self,
        tx: &mut Tx,
        (failed, event): (&FailedTrigger, &EventOutcome),
        start: &Start,
        now: i64,
    ) -> Result<Placed, CommandError> {
        let commit = event.commit.as_deref().unwrap_or_default();
        let mut origin = Origin { taken: &event.taken, commit, attempt: failed.attempt + 1, now };
        let earlier = store::started_event::find(tx, &started_row(&origin, start).key()).await?;
        let current = current_instance(tx, failed, earlier.as_ref(), start).await?;
        let is_ours = earlier.as_ref().is_none_or(|earlier| earlier.event_id == event.taken.event_id);
        if let Some(current) = &current
            && (!is_ours || !matches!(current.status.as_str(), "incident" | "cancelled"))
        {
            // it goes on, or did
            return Ok(Placed { instance_id: Some(current.id.clone()), ..Placed::default() });
        }
        if let Some(earlier) = &earlier {
            origin.attempt = earlier.attempt + 1;
        }
        let fault = start.result.fault().cloned();
        let Some((instance, history)) = instance_rows(&origin, start) else {
            // the engine crashed again: what there is stays
            return Ok(Placed { fault, ..Placed::default() });
        };
        if let Some(current) = current.filter(|current| current.status == "incident") {
            let ended = self.stored_step(&current, Command::Cancel, now).await?;
            let ended = ended.unwrap_or_else(|_| cancelled_as_it_is(&current));
            store_step(tx, &current, &ended, Some(&instance.id), now).await?;
        }
        let row = started_row(&origin, start);
        let claimed = match &earlier {
            Some(earlier) => store::started_event::repoint(tx, &earlier.instance_id, &row).await?,
            None => !store::started_event::claim(tx, std::slice::from_ref(&row)).await?.is_empty(),
        };
        if !claimed {
            return Err(CommandError::Again);
        }
        let instance_id = Some(instance.id.clone());
        store::instance::insert(tx, &[instance]).await?;
        store::instance::insert_history(tx, &[history]).await?;
        Ok(Placed { instance_id, fault, is_new: true })
    }
}

/// The instance that stands for the event and the definition now. The start may be forgotten already (it is
/// kept less long than failed triggers); the failed trigger itself remembers the instance.
async fn current_instance(
    tx: &mut Tx,
    failed: &FailedTrigger,
    earlier: Option<&StartedEvent>,
    start: &Start,
) -> Result<Option<InstanceRow>, CommandError> {
    let is_same = failed.process_definition_id.as_ref() == Some(&start.process_definition_id);
    let remembered = failed.instance_id.as_deref().filter(|_| is_same);
    let Some(id) = earlier.map(|earlier| earlier.instance_id.as_str()).or(remembered) else {
        return Ok(None);
    };
    match store::instance::find(tx, &failed.project_id, id).await {
        Ok(row) => Ok(Some(row)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes what the Retry came to into the failed trigger.
async fn resolve(
    tx: &mut Tx,
    failed: &FailedTrigger,
    event: &EventOutcome,
    placed: &[Placed],
    now: i64,
) -> Result<Report, CommandError> {
    let fault = match &event.unmatched {
        Some(fault) => Some(fault),
        // what failed of a *match* has failed triggers of its own by now
        None if failed.stage == Stage::Match.as_str() => None,
        None => placed.iter().find_map(|placed| placed.fault.as_ref()),
    };
    let instance_ids: Vec<String> = placed.iter().filter_map(|placed| placed.instance_id.clone()).collect();
    let outcome = Outcome {
        status: if fault.is_some() { OPEN } else { RETRIED },
        cause: fault.map(|fault| (fault.code, fault.text.as_str())),
        element_id: fault.and_then(|fault| fault.element.as_deref()),
        instance_id: instance_ids.first().map(String::as_str),
        commit_id: event.commit.as_deref(),
        at: now,
    };
    store::failed_trigger::finish_retry(tx, failed, &outcome).await?;
    let mut report = match fault {
        Some(fault) => Report::new(fault.code, fault.text.clone()),
        None => Report::new(STARTED, ""),
    };
    report.instance_ids = instance_ids;
    Ok(report)
}

async fn count_started(tx: &mut Tx, taken: &Taken, started: u64) -> Result<(), StoreError> {
    if started == 0 {
        return Ok(());
    }
    let addition = Addition {
        project_id: taken.project.clone(),
        data_source_id: taken.data_source.clone(),
        hour: hour_of(taken.time),
        counter: Counter::Started,
        value: i64::try_from(started).unwrap_or(i64::MAX),
    };
    store::count::add(tx, &[addition]).await
}

/// The record as it came.
fn taken_again(failed: &FailedTrigger) -> Result<Arc<Taken>, CommandError> {
    let headers = record_headers(&failed.record_headers)
        .map_err(|e| CommandError::refused("invalid-record", e.to_string()))?;
    let record = Record {
        id: failed.event_id.clone(),
        time: failed.event_time,
        headers,
        value: Bytes::from(failed.payload.clone()),
    };
    Ok(Taken::read(Received { partition: 0, offset: 0, record }))
}
