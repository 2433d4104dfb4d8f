//! Operations: work on many rows, a few in each transaction, so that starts go on in between.
//!
//! A step's transaction holds what it did to its rows and how far the operation is; a stop at any moment repeats
//! nothing. Rows are taken from old to new, up to the newest that was there when the operation was asked for. After
//! an unclean stop they are taken one by one, and one that stops the process three times is passed over.

mod dismiss;
mod incidents;
mod retry;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use store::operation::{OperationKind, OperationRow, Progress};
use store::view::Span;
use store::{Scope, Tx};
use uuid::Uuid;

use crate::commands::CommandError;
use crate::core::{Core, Trouble};
use crate::patience::{Patience, Stopped};

const PART: &str = "operations";

/// How long a claimed operation belongs to its runner without a step, in milliseconds.
const LEASE_MS: i64 = 15_000;
/// Rows of one step.
const ROWS: i64 = 20;
/// A row at which the process stopped this often is passed over.
const CRASHES: i64 = 3;
/// Operations that one runner carries out in turn: their leases must last until it is their turn again.
const AT_ONCE: usize = 4;
/// Between two steps, in milliseconds: others want to write too.
const BREATH_MS: u64 = 5;

/// Which rows, as the API wrote it down. Every field is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Selection {
    /// These alone, in ascending order.
    pub ids: Option<Vec<String>>,
    /// Of this data source.
    pub data_source_id: Option<String>,
    /// Of this process definition.
    pub process_definition_id: Option<String>,
    /// Of this stage.
    pub stage: Option<String>,
    /// With this cause code.
    pub cause_code: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Not before, milliseconds since the epoch.
    pub from_ms: Option<i64>,
    /// Before, milliseconds since the epoch.
    pub to_ms: Option<i64>,
}

impl Selection {
    pub(crate) fn span(&self) -> Span {
        Span { from: self.from_ms, to: self.to_ms }
    }
}

/// An operation that this runner carries out.
pub(crate) struct Claimed {
    pub row: OperationRow,
    pub kind: OperationKind,
    pub scope: Scope,
    pub selection: Selection,
    /// Rows to be taken one by one, since the process stopped at one of them.
    pub alone: i64,
}

/// Which rows the next step is about.
pub(crate) struct Next {
    pub ids: Vec<String>,
    /// The first one stopped the process too often: it is not run.
    pub is_given_up: bool,
}

/// Carries out operations until the runner stops.
pub(crate) async fn run(core: Arc<Core>) {
    let poll = Duration::from_millis(core.settings.command_poll_ms);
    loop {
        if core.operate().await.is_err() {
            return;
        }
        tokio::select! {
            () = core.stopped() => return,
            () = core.operations.notified() => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
}

impl Core {
    /// Carries out what waits: a step of each in turn, so that a long one does not keep a short one waiting.
    async fn operate(self: &Arc<Self>) -> Result<(), Stopped> {
        let mut patience = Patience::new(self, PART);
        let mut open: VecDeque<Claimed> = VecDeque::new();
        loop {
            if self.is_stopping() {
                self.give_back(open).await;
                return Err(Stopped);
            }
            let claim = if open.len() < AT_ONCE { self.claim_operation().await } else { Ok(None) };
            match claim {
                Ok(Some(claimed)) => open.push_back(claimed),
                Ok(None) => {}
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
            let Some(mut claimed) = open.pop_front() else { return Ok(()) };
            match self.step_of(&mut claimed).await {
                Ok(true) => {
                    patience.succeeded();
                    open.push_back(claimed);
                }
                Ok(false) => patience.succeeded(),
                Err(trouble) => {
                    patience.wait_out(&trouble).await?;
                    open.push_front(claimed);
                }
            }
            let _ = self.pause(BREATH_MS).await;
        }
    }

    /// A stop that is no crash: the next runner goes on at once.
    async fn give_back(&self, open: VecDeque<Claimed>) {
        for claimed in open {
            let given = self
                .db
                .write(move |tx| Box::pin(async move { store::operation::give_back(tx, &claimed.row).await }))
                .await;
            if let Err(error) = given {
                tracing::warn!(%error, "an operation was not given back; it goes on when its lease ends");
            }
        }
    }

    async fn claim_operation(&self) -> Result<Option<Claimed>, Trouble> {
        let now = self.clock.now();
        let waits =
            self.db.read(move |tx| Box::pin(async move { store::operation::any_waiting(tx, now).await }));
        if !waits.await? {
            return Ok(None);
        }
        let claim = self.db.write(move |tx| Box::pin(store::operation::claim(tx, now, LEASE_MS))).await?;
        let Some(row) = claim else { return Ok(None) };
        match self.readable(&row).await? {
            Ok(claimed) => Ok(Some(claimed)),
            Err(why) => {
                self.end_operation(&row, "failed", why).await?;
                Ok(None)
            }
        }
    }

    /// The operation as it is carried out; the inner error says why it cannot be.
    async fn readable(&self, row: &OperationRow) -> Result<Result<Claimed, String>, Trouble> {
        let Some(kind) = OperationKind::parse(&row.kind) else {
            return Ok(Err("this version does not know the operation".to_owned()));
        };
        let selection = match serde_json::from_str(&row.filter) {
            Ok(selection) => selection,
            Err(e) => return Ok(Err(format!("its filter is not readable: {e}"))),
        };
        let project = Uuid::parse_str(&row.project_id).unwrap_or_default();
        let scope = self
            .db
            .read(move |tx| Box::pin(async move { store::project::scope_of(tx, project).await }))
            .await?;
        let Some(scope) = scope else { return Ok(Err("the project is gone".to_owned())) };
        let alone = if row.crashes > 0 { ROWS } else { 0 };
        Ok(Ok(Claimed { row: row.clone(), kind, scope, selection, alone }))
    }

    /// One step; `false` if the operation has ended, here or elsewhere.
    async fn step_of(self: &Arc<Self>, claimed: &mut Claimed) -> Result<bool, Trouble> {
        let next = self.next_rows(claimed).await?;
        if next.ids.is_empty() {
            self.end_operation(&claimed.row, "done", String::new()).await?;
            return Ok(false);
        }
        let stepped = match claimed.kind {
            OperationKind::RetryFailedTriggers => self.retry_step(claimed, &next).await,
            OperationKind::DismissFailedTriggers => self.dismiss_step(claimed, &next).await,
            OperationKind::RetryIncidents => self.incident_step(claimed, &next).await,
        };
        match stepped {
            Ok(progress) => {
                claimed.row.after_id.clone_from(&progress.after_id);
                claimed.row.crashes = 0;
                claimed.alone = (claimed.alone - progress.done - progress.failed).max(0);
                count(claimed.kind, "done", progress.done);
                count(claimed.kind, "failed", progress.failed);
                Ok(true)
            }
            // something changed meanwhile: the same rows are read again
            Err(CommandError::Again) => Ok(true),
            Err(CommandError::Lost) => Ok(false),
            Err(CommandError::Refused(report)) => {
                // never a row's own: those count as failed
                self.end_operation(&claimed.row, "failed", report.message).await?;
                Ok(false)
            }
            Err(CommandError::Trouble(Trouble::Store(error)))
                if store::refusal::is_refusal(&error) && next.ids.len() > 1 =>
            {
                tracing::warn!(%error, "the store refuses a step of an operation; its rows are taken one by one");
                claimed.alone = ROWS;
                Ok(true)
            }
            Err(CommandError::Trouble(trouble)) => Err(trouble),
        }
    }

    async fn next_rows(&self, claimed: &Claimed) -> Result<Next, Trouble> {
        let is_given_up = claimed.row.crashes >= CRASHES;
        let many = if claimed.kind == OperationKind::DismissFailedTriggers { 10 * ROWS } else { ROWS };
        let limit = if claimed.alone > 0 || is_given_up { 1 } else { many };
        let (after, up_to) = (claimed.row.after_id.clone(), claimed.row.up_to_id.clone());
        if let Some(ids) = &claimed.selection.ids {
            let limit = usize::try_from(limit).unwrap_or(1);
            let ids = ids.iter().filter(|id| **id > after).take(limit).cloned().collect();
            return Ok(Next { ids, is_given_up });
        }
        let (scope, kind, selection) = (claimed.scope, claimed.kind, claimed.selection.clone());
        let ids = self
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let bounds = (after.as_str(), up_to.as_str());
                    match kind {
                        OperationKind::RetryFailedTriggers => {
                            let filter = retry::filter(&selection);
                            store::view::failed_trigger::oldest(tx, &scope, &filter, bounds, limit).await
                        }
                        OperationKind::DismissFailedTriggers => {
                            let filter = dismiss::filter(&selection);
                            store::view::failed_trigger::oldest(tx, &scope, &filter, bounds, limit).await
                        }
                        OperationKind::RetryIncidents => {
                            let filter = incidents::filter(&selection);
                            store::view::incident::oldest(tx, &scope, &filter, bounds, limit).await
                        }
                    }
                })
            })
            .await?;
        Ok(Next { ids, is_given_up })
    }

    async fn end_operation(
        &self,
        row: &OperationRow,
        state: &'static str,
        why: String,
    ) -> Result<(), Trouble> {
        let (row, now) = (row.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if store::operation::hold(tx, &row, now + LEASE_MS).await? {
                        store::operation::finish(tx, &row, (state, &why), now).await?;
                    }
                    Ok::<_, store::StoreError>(())
                })
            })
            .await?;
        Ok(())
    }
}

fn count(kind: OperationKind, outcome: &'static str, rows: i64) {
    if let Some(rows) = u64::try_from(rows).ok().filter(|rows| *rows > 0) {
        metrics::counter!("forebay_operation_rows_total", "kind" => kind.as_str(), "outcome" => outcome)
            .increment(rows);
    }
}

/// Takes the operation for a step: first of all in the step's transaction.
pub(crate) async fn hold(tx: &mut Tx, row: &OperationRow, now: i64) -> Result<(), CommandError> {
    if store::operation::hold(tx, row, now + LEASE_MS).await? { Ok(()) } else { Err(CommandError::Lost) }
}

/// Notes the step: last of all in its transaction.
pub(crate) async fn advance(
    tx: &mut Tx,
    row: &OperationRow,
    progress: &Progress,
    now: i64,
) -> Result<(), CommandError> {
    fail::fail_point!("runner::in_operation", |_| Err(CommandError::Again));
    // the control of a fault test: an operation that forgets how far it is
    fail::fail_point!("runner::control_operation_forgets", |_| Ok(()));
    Ok(store::operation::advance(tx, row, progress, now).await?)
}
