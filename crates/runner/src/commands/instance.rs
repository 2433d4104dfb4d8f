//! Commands on one instance: cancel, retry an incident, change variables.

use std::sync::Arc;

use engine::{Command, Instance, Patch, Status};
use fail::fail_point;
use serde::Deserialize;
use serde_json::value::RawValue;
use store::Tx;
use store::command::{CommandKind, CommandRow};
use store::instance::{Advance, HistoryRow, InstanceRow};
use uuid::Uuid;

use super::{CommandError, Report, end};
use crate::core::{Core, Trouble};
use crate::definitions::Definition;
use crate::engines::bench::{Bench, Turn};
use crate::outcome::{Fault, Ran};
use crate::plan::{engine_crash, step_fault};

/// What `retry-incident` is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetryArguments {
    /// Which incident; the first one where nothing is said.
    #[serde(default)]
    incident: Option<u64>,
}

/// What `change-variables` is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeArguments {
    /// The object to merge.
    patch: Box<RawValue>,
}

/// A step of a stored instance, on an engine thread.
struct Job {
    definition: Arc<Definition>,
    row: InstanceRow,
    command: Command,
    now: i64,
}

impl Core {
    pub(super) async fn instance_command(
        self: &Arc<Self>,
        claimed: &CommandRow,
        kind: CommandKind,
    ) -> Result<(), CommandError> {
        let (project, id) = (claimed.project_id.clone(), claimed.target_id.clone());
        let row = self
            .db
            .read(move |tx| Box::pin(async move { store::instance::find(tx, &project, &id).await }))
            .await?;
        if row.ended_at.is_some() {
            return Err(CommandError::refused("ended", "the instance has ended"));
        }
        let command = command(kind, &row, (&claimed.arguments, self.settings.engine.depth))?;
        let is_cancel = command == Command::Cancel;
        let now = self.clock.now();
        let ran = match self.stored_step(&row, command, now).await? {
            Ok(ran) => ran,
            // nothing keeps an instance from being ended
            Err(_) if is_cancel => cancelled_as_it_is(&row),
            Err(fault) => return Err(CommandError::refused(fault.code, fault.text)),
        };
        let claimed = claimed.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut report = Report::new(ran.status.as_str(), "");
                    report.instance_ids.push(row.id.clone());
                    end(tx, &claimed, &report, now).await?;
                    fail_point!("runner::in_command", |_| Err(CommandError::Again));
                    store_step(tx, &row, &ran, None, now).await?;
                    if let (Some(event), true) = (&row.event_id, ran.incident.is_none() && !is_cancel) {
                        let solved = (event.as_str(), row.id.as_str());
                        store::failed_trigger::resolve_of_instance(tx, &row.project_id, solved, now).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Runs a command on a stored instance. The inner error says why it cannot be run.
    pub(crate) async fn stored_step(
        &self,
        row: &InstanceRow,
        command: Command,
        now: i64,
    ) -> Result<Result<Ran, Fault>, Trouble> {
        let definition = self.definitions.definition(&self.db, &row.resource_version_id).await?;
        let job = Job { definition, row: row.clone(), command, now };
        let mut results = self.engines.run(vec![job], step_of).await?;
        Ok(match results.pop() {
            Some(Ok(ran)) => ran,
            Some(Err(panic)) => Err(engine_crash(&panic)),
            None => Err(Fault::new("engine-fault", "the engine gave no answer")),
        })
    }
}

/// Stores a step of a stored instance, with its history.
pub(crate) async fn store_step(
    tx: &mut Tx,
    row: &InstanceRow,
    ran: &Ran,
    replaced_by: Option<&str>,
    now: i64,
) -> Result<(), CommandError> {
    let step = Advance {
        id: &row.id,
        from_version: row.version,
        status: ran.status.as_str(),
        variables: &ran.variables,
        state: &ran.state,
        at: now,
        ended: ran.status.is_ended(),
        replaced_by,
        incidents: &ran.incidents,
    };
    store::instance::advance(tx, &row.project_id, &step).await?;
    let history = HistoryRow {
        instance_id: row.id.clone(),
        step: row.version + 1,
        at: now,
        events: ran.events.clone(),
    };
    store::instance::insert_history(tx, &[history]).await?;
    Ok(())
}

/// The end of an instance that the engine cannot load: its definition is not readable, or it never began.
pub(super) fn cancelled_as_it_is(row: &InstanceRow) -> Ran {
    Ran {
        status: Status::Cancelled,
        variables: row.variables.clone(),
        state: row.state.clone(),
        events: "[\"cancelled\"]".to_owned(),
        incident: None,
        incidents: Vec::new(),
        visits: 0,
    }
}

fn command(
    kind: CommandKind,
    row: &InstanceRow,
    (arguments, depth): (&str, usize),
) -> Result<Command, CommandError> {
    let unreadable = |why: String| CommandError::refused("bad-arguments", why);
    match kind {
        CommandKind::CancelInstance => Ok(Command::Cancel),
        CommandKind::RetryIncident => {
            let told: RetryArguments =
                serde_json::from_str(arguments).map_err(|e| unreadable(e.to_string()))?;
            let first = || {
                let instance = Instance::restore(&row.state, &row.variables).ok()?;
                instance.incidents().next().map(|incident| incident.number)
            };
            match told.incident.or_else(first) {
                Some(incident) => Ok(Command::RetryIncident { incident }),
                None => Err(CommandError::refused("no-incident", "the instance has no open incident")),
            }
        }
        CommandKind::ChangeVariables => {
            let told: ChangeArguments =
                serde_json::from_str(arguments).map_err(|e| unreadable(e.to_string()))?;
            let patch = Patch::parse(told.patch.get(), depth).map_err(|e| unreadable(e.to_string()))?;
            Ok(Command::ChangeVariables { patch })
        }
        CommandKind::RetryFailedTrigger => Err(unreadable("not a command on an instance".to_owned())),
    }
}

fn step_of(bench: &mut Bench, job: &Job) -> Result<Ran, Fault> {
    let process = job.definition.process.as_ref().map_err(Clone::clone)?;
    let instance = Instance::restore(&job.row.state, &job.row.variables)
        .map_err(|e| Fault::new("engine-fault", e.to_string()))?;
    let id = Uuid::try_parse(&job.row.id).unwrap_or_default();
    let turn = Turn { instance: id, step: job.row.version + 1, now: job.now };
    let step = bench
        .step((job.definition.serial, process), &instance, job.command.clone(), turn)
        .map_err(|e| step_fault(&e))?;
    Ran::of(&step)
}
