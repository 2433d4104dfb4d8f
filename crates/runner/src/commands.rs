//! Commands: work on running things that the API asks for and a runner carries out, exactly once.
//!
//! A command's effects and its end are one transaction, and the end is written only while this runner's claim
//! is the last one. A crash half-way leaves the claim to run out; then somebody does it again from the start.

pub(crate) mod instance;
mod retry;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use store::command::{CommandKind, CommandRow};
use store::{StoreError, Tx};
use tokio::sync::Notify;

use crate::apply::ApplyError;
use crate::core::{Core, Trouble};
use crate::patience::{Patience, Stopped};

const PART: &str = "commands";

/// The code of a Retry that worked.
pub(crate) const STARTED: &str = "started";

/// A command that did not end after so many claims is given up: it stops the process.
const CLAIMS: i64 = 3;

/// What a command came to, as its row says it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// A stable word.
    pub code: String,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The instances that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instance_ids: Vec<String>,
}

impl Report {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Report { code: code.to_owned(), message: message.into(), instance_ids: Vec::new() }
    }

    /// Whether a Retry started what it was asked to.
    pub(crate) fn is_started(&self) -> bool {
        self.code == STARTED
    }

    pub(crate) fn json(&self) -> String {
        // texts are always serialisable
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

/// Why a command did not end.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// It cannot be done: the row says why.
    Refused(Report),
    /// Something changed meanwhile: read everything again.
    Again,
    /// The claim ran out and another runner has it.
    Lost,
    /// The infrastructure.
    Trouble(Trouble),
}

impl CommandError {
    pub(crate) fn refused(code: &str, message: impl Into<String>) -> Self {
        CommandError::Refused(Report::new(code, message))
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::refused("not-found", "it does not exist any more"),
            StoreError::Stale { .. } | StoreError::Conflict(_) => CommandError::Again,
            other => CommandError::Trouble(other.into()),
        }
    }
}

impl From<Trouble> for CommandError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Store(error) => error.into(),
            other => CommandError::Trouble(other),
        }
    }
}

impl From<ApplyError> for CommandError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Outdated | ApplyError::RolledBack(..) => CommandError::Again,
            ApplyError::Store(error) => error.into(),
        }
    }
}

/// Carries out commands until the runner stops.
pub(crate) async fn run(core: Arc<Core>, wake: Arc<Notify>) {
    let poll = Duration::from_millis(core.settings.command_poll_ms);
    loop {
        if core.carry_out_waiting().await.is_err() {
            return;
        }
        tokio::select! {
            () = core.stopped() => return,
            () = wake.notified() => core.operations.notify_one(),
            () = tokio::time::sleep(poll) => {}
        }
    }
}

impl Core {
    /// Carries out what waits.
    async fn carry_out_waiting(self: &Arc<Self>) -> Result<(), Stopped> {
        let mut patience = Patience::new(self, PART);
        loop {
            if self.is_stopping() {
                return Err(Stopped);
            }
            match self.claim_command().await {
                Ok(None) => {
                    patience.succeeded();
                    return Ok(());
                }
                Ok(Some(claimed)) => {
                    patience.succeeded();
                    self.carry_out(&claimed).await?;
                }
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
        }
    }

    async fn claim_command(&self) -> Result<Option<CommandRow>, Trouble> {
        let now = self.clock.now();
        let lease = self.settings.command_lease_ms;
        let waits = self
            .db
            .read(move |tx| Box::pin(async move { store::command::any_waiting(tx, now).await }))
            .await?;
        if !waits {
            return Ok(None);
        }
        let claim = self.db.write(move |tx| Box::pin(store::command::claim(tx, now, lease))).await?;
        Ok(claim)
    }

    /// Carries out one command; answers when it ended, here or elsewhere.
    async fn carry_out(self: &Arc<Self>, claimed: &CommandRow) -> Result<(), Stopped> {
        let mut patience = Patience::new(self, PART);
        loop {
            match self.attempt(claimed).await {
                Ok(()) => {
                    patience.succeeded();
                    metrics::counter!("forebay_commands_total", "state" => "done").increment(1);
                    return Ok(());
                }
                Err(CommandError::Again) => {
                    if !self.pause(1).await {
                        return Err(Stopped);
                    }
                }
                Err(CommandError::Lost) => {
                    patience.succeeded();
                    tracing::warn!(
                        command = claimed.id,
                        "the claim on a command ran out; another runner has it"
                    );
                    return Ok(());
                }
                Err(CommandError::Refused(report)) => match self.refuse(claimed, &report).await {
                    Ok(()) => {
                        patience.succeeded();
                        metrics::counter!("forebay_commands_total", "state" => "failed").increment(1);
                        return Ok(());
                    }
                    Err(error) => patience.wait_out(&error.into()).await?,
                },
                Err(CommandError::Trouble(trouble)) => patience.wait_out(&trouble).await?,
            }
        }
    }

    async fn attempt(self: &Arc<Self>, claimed: &CommandRow) -> Result<(), CommandError> {
        if claimed.attempts > CLAIMS {
            return Err(CommandError::refused(
                "engine-crash",
                format!("the process stopped {CLAIMS} times while it carried this out; it is given up"),
            ));
        }
        match CommandKind::parse(&claimed.kind) {
            Some(CommandKind::RetryFailedTrigger) => self.retry_failed_trigger(claimed).await,
            Some(kind) => self.instance_command(claimed, kind).await,
            None => Err(CommandError::refused("unknown-command", "this version does not know the command")),
        }
    }

    /// Ends a command that cannot be done. A failed trigger that waits for it is open again.
    async fn refuse(&self, claimed: &CommandRow, report: &Report) -> Result<(), StoreError> {
        let (claimed, report, now) = (claimed.clone(), report.json(), self.clock.now());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if store::command::finish(tx, &claimed, false, &report, now).await? {
                        store::failed_trigger::reopen(tx, &claimed.project_id, &claimed.target_id, now)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Ends a command in the transaction of its effects. First of all: then a runner whose claim ran out does nothing.
pub(crate) async fn end(
    tx: &mut Tx,
    claimed: &CommandRow,
    report: &Report,
    now: i64,
) -> Result<(), CommandError> {
    if store::command::finish(tx, claimed, true, &report.json(), now).await? {
        Ok(())
    } else {
        Err(CommandError::Lost)
    }
}
