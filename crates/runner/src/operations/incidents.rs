//! Retry of incidents.

use std::collections::HashSet;
use std::sync::Arc;

use engine::Command;
use store::instance::InstanceRow;
use store::operation::Progress;
use store::view::incident::{Filter, Incident};
use store::{StoreError, Tx};

use super::{Claimed, Next, Selection, advance, hold};
use crate::commands::CommandError;
use crate::commands::instance::store_step;
use crate::core::Core;
use crate::outcome::Ran;

/// Which rows.
pub(super) fn filter(selection: &Selection) -> Filter {
    Filter {
        process_definition: selection.process_definition_id.clone(),
        cause: selection.cause_code.clone(),
        span: selection.span(),
    }
}

/// An instance and its step, not stored yet; no step: it cannot be run.
type Stepped = (InstanceRow, Option<Ran>);

impl Core {
    pub(super) async fn incident_step(
        self: &Arc<Self>,
        claimed: &Claimed,
        next: &Next,
    ) -> Result<Progress, CommandError> {
        let now = self.clock.now();
        let (incidents, after_id) = self.of_different_instances(claimed, next).await?;
        let mut stepped: Vec<Stepped> = Vec::with_capacity(incidents.len());
        for incident in &incidents {
            let Some(instance) = self.stored_instance(claimed, &incident.instance_id).await? else {
                continue;
            };
            let ran = match u64::try_from(incident.number) {
                Ok(number) if number > 0 && !next.is_given_up => {
                    let command = Command::RetryIncident { incident: number };
                    self.stored_step(&instance, command, now).await?.ok()
                }
                // it could not begin: its failed trigger is what can be retried
                _ => None,
            };
            stepped.push((instance, ran));
        }
        let row = claimed.row.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    hold(tx, &row, now).await?;
                    let mut progress = Progress { after_id, done: 0, failed: 0 };
                    for (instance, ran) in &stepped {
                        let Some(ran) = ran else {
                            progress.failed += 1;
                            continue;
                        };
                        store_one(tx, instance, ran, now).await?;
                        if ran.incident.is_none() { progress.done += 1 } else { progress.failed += 1 }
                    }
                    advance(tx, &row, &progress, now).await?;
                    Ok(progress)
                })
            })
            .await
    }

    /// The incidents of a step, and how far it goes: each instance once, since a step changes what the next one
    /// of the same instance begins with.
    async fn of_different_instances(
        &self,
        claimed: &Claimed,
        next: &Next,
    ) -> Result<(Vec<Incident>, String), CommandError> {
        let (scope, ids) = (claimed.scope, next.ids.clone());
        let size = i64::try_from(ids.len()).unwrap_or(1);
        let mut rows = self
            .db
            .read(move |tx| {
                Box::pin(async move { store::view::incident::of_ids(tx, &scope, &ids, size).await })
            })
            .await?;
        rows.reverse();
        let mut seen = HashSet::new();
        let end = rows.iter().position(|row| !seen.insert(row.instance_id.clone()));
        let after_id = match end.and_then(|end| rows.get(end.checked_sub(1)?)) {
            Some(last) => last.id.clone(),
            None => next.ids.last().cloned().unwrap_or_default(),
        };
        rows.truncate(end.unwrap_or(rows.len()));
        Ok((rows, after_id))
    }

    /// The instance, if it has not ended.
    async fn stored_instance(
        &self,
        claimed: &Claimed,
        id: &str,
    ) -> Result<Option<InstanceRow>, CommandError> {
        let (project, id) = (claimed.row.project_id.clone(), id.to_owned());
        let read =
            self.db.read(move |tx| Box::pin(async move { store::instance::find(tx, &project, &id).await }));
        match read.await {
            Ok(row) => Ok(Some(row).filter(|row| row.ended_at.is_none())),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

async fn store_one(tx: &mut Tx, instance: &InstanceRow, ran: &Ran, now: i64) -> Result<(), CommandError> {
    store_step(tx, instance, ran, None, now).await?;
    if let (Some(event), true) = (&instance.event_id, ran.incident.is_none()) {
        let solved = (event.as_str(), instance.id.as_str());
        store::failed_trigger::resolve_of_instance(tx, &instance.project_id, solved, now).await?;
    }
    Ok(())
}
