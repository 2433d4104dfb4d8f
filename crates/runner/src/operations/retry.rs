//! Retry of failed triggers.

use std::sync::Arc;

use store::StoreError;
use store::failed_trigger::{FailedTrigger, OPEN, Stage};
use store::operation::Progress;
use store::view::failed_trigger::Filter;

use super::{Claimed, Next, Selection, advance, hold};
use crate::apply::Applied;
use crate::commands::CommandError;
use crate::core::Core;
use crate::plan::Plan;

/// Which rows: those that are open, and whose sender was not told.
pub(super) fn filter(selection: &Selection) -> Filter {
    Filter {
        data_source: selection.data_source_id.clone(),
        process_definition: selection.process_definition_id.clone(),
        stages: match &selection.stage {
            Some(stage) => vec![stage.clone()],
            None => vec![Stage::Match.as_str().to_owned(), Stage::Start.as_str().to_owned()],
        },
        cause: selection.cause_code.clone(),
        event: None,
        statuses: vec![OPEN.to_owned()],
        span: selection.span(),
    }
}

/// A row and what it came to, not stored yet; no plan: it cannot be run.
type Planned = (FailedTrigger, Option<Plan>);

impl Core {
    pub(super) async fn retry_step(
        self: &Arc<Self>,
        claimed: &Claimed,
        next: &Next,
    ) -> Result<Progress, CommandError> {
        let mut planned: Vec<Planned> = Vec::with_capacity(next.ids.len());
        for id in &next.ids {
            if let Some(failed) = self.waiting(claimed, id).await? {
                let plan = if next.is_given_up { None } else { self.plan_or_none(&failed).await? };
                planned.push((failed, plan));
            }
        }
        let projects: Vec<_> = planned
            .iter()
            .filter_map(|(_, plan)| plan.as_ref())
            .flat_map(|plan| plan.running.iter().map(|(project, _)| *project))
            .collect();
        let (core, row, now) = (Arc::clone(self), claimed.row.clone(), self.clock.now());
        let after_id = next.ids.last().cloned().unwrap_or_default();
        let stored = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    hold(tx, &row, now).await?;
                    let mut progress = Progress { after_id, done: 0, failed: 0 };
                    let mut all = Vec::with_capacity(planned.len());
                    for (failed, plan) in &planned {
                        let Some(plan) = plan else {
                            progress.failed += 1;
                            continue;
                        };
                        let (applied, report) = core.store_retry(tx, failed, plan).await?;
                        all.push(applied);
                        if report.is_started() { progress.done += 1 } else { progress.failed += 1 }
                    }
                    advance(tx, &row, &progress, now).await?;
                    Ok((progress, all))
                })
            })
            .await;
        match stored {
            Ok((progress, all)) => {
                all.iter().for_each(|applied: &Applied| self.count(applied));
                Ok(progress)
            }
            Err(error) => {
                if matches!(error, CommandError::Again) {
                    self.definitions.forget_running(projects.into_iter());
                }
                Err(error)
            }
        }
    }

    /// The row, if it still waits as it did when the operation was asked for. What somebody has tried, resolved or
    /// removed since is passed over: two operations on the same rows try each once.
    async fn waiting(&self, claimed: &Claimed, id: &str) -> Result<Option<FailedTrigger>, CommandError> {
        let (project, id) = (claimed.row.project_id.clone(), id.to_owned());
        let read = self
            .db
            .read(move |tx| Box::pin(async move { store::failed_trigger::find(tx, &project, &id).await }));
        let failed = match read.await {
            Ok(failed) => failed,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let waits = failed.status == OPEN
            && failed.stage != Stage::Gateway.as_str()
            && (failed.updated_at <= claimed.row.created_at || failed.attempt == 1);
        Ok(waits.then_some(failed))
    }

    /// The plan of a Retry; none if it cannot be run at all.
    async fn plan_or_none(&self, failed: &FailedTrigger) -> Result<Option<Plan>, CommandError> {
        match self.plan_retry(failed).await {
            Ok(plan) => Ok(Some(plan)),
            Err(CommandError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
