//! Commands: work on running things that a runner carries out.

use axum::Json;
use serde::Serialize;
use serde_json::value::RawValue;
use store::command::{CommandRow, NewCommand};
use store::{Tx, command::CommandKind};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::{Act, Call};
use crate::clock;
use crate::problem::Problem;

/// A command and how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Command {
    id: String,
    /// `retry-failed-trigger`, `cancel-instance`, …
    kind: String,
    /// The failed trigger or instance.
    target_id: String,
    /// `queued`, `running`, `done` or `failed`.
    state: String,
    /// What came of it, once done or failed.
    #[schema(required, value_type = Option<Object>)]
    result: Option<Box<RawValue>>,
    created_at: String,
    #[schema(required)]
    finished_at: Option<String>,
}

/// A command that was queued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Queued {
    /// Ask `…/commands/{commandId}` what became of it.
    command_id: String,
    /// `queued`.
    state: &'static str,
}

impl From<CommandRow> for Command {
    fn from(row: CommandRow) -> Self {
        Command {
            id: row.id,
            kind: row.kind,
            target_id: row.target_id,
            state: row.state,
            result: row.result.and_then(|text| RawValue::from_string(text).ok()),
            created_at: clock::show(row.created_at),
            finished_at: clock::show_some(row.finished_at),
        }
    }
}

/// A command.
#[utoipa::path(get, path = "/projects/{projectId}/commands/{commandId}", operation_id = "readCommand", tag = "Runtime",
    responses((status = 200, body = Command)))]
pub(crate) async fn read(call: Call) -> Result<Json<Command>, Problem> {
    let (scope, id) = (call.scope, call.id("commandId")?.to_string());
    let row = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move { Ok::<_, Problem>(store::command::find(tx, scope, &id).await?) })
        })
        .await?;
    Ok(Json(row.into()))
}

/// Queues a command with its arguments (JSON text) on a target in this transaction.
pub(crate) async fn queue(
    tx: &mut Tx,
    act: &Act,
    (kind, arguments): (CommandKind, &str),
    target: &str,
) -> Result<Queued, Problem> {
    let (id, user) = (Uuid::now_v7().to_string(), act.caller.user.to_string());
    let new =
        NewCommand { id: &id, kind, target_id: target, arguments, created_by: Some(&user), now: act.at };
    store::command::enqueue(tx, act.scope, &new).await?;
    Ok(Queued { command_id: id, state: "queued" })
}
