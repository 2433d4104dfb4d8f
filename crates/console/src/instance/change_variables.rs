//! Changing the variables of an instance.

use axum::Json;
use axum::http::StatusCode;
use engine::{Limits, Patch};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use store::command::CommandKind;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::command::{self, Queued};
use crate::problem::Problem;

/// The most names that the audit holds, and their longest.
const NAMED: (usize, usize) = (100, 200);

/// What is merged into the variables.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariablesChange {
    /// An object of names and values. Objects are merged level by level, everything else replaces what was there;
    /// `null` is a value. Numbers are kept digit by digit: `1.10` stays `1.10`.
    #[schema(value_type = Object)]
    patch: Box<RawValue>,
}

/// Merges values into the variables of an instance: as a command that a runner carries out. Nothing runs until an
/// incident is retried.
#[utoipa::path(post, path = "/projects/{projectId}/process-instances/{instanceId}/change-variables", operation_id = "changeVariables", tag = "Runtime",
    request_body = VariablesChange,
    responses((status = 202, body = Queued), (status = 409, description = "`already-ended`: the variables of an ended instance stay as they are")))]
pub(crate) async fn change(
    call: Call,
    Body(change): Body<VariablesChange>,
) -> Result<(StatusCode, Json<Queued>), Problem> {
    let (act, id) = (call.act(), call.id("instanceId")?);
    let names = checked(change.patch.get())?;
    // the text goes through as it came: no value is ever made of it
    let arguments = format!("{{\"patch\":{}}}", change.patch.get());
    let queued = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let row = store::view::instance::read(tx, &act.scope, id).await?;
                if row.ended_at.is_some() {
                    return Err(Problem::conflict(
                        "already-ended",
                        "The instance has ended; its variables stay as they are.",
                    ));
                }
                let kind = CommandKind::ChangeVariables;
                let queued = command::queue(tx, &act, (kind, &arguments), &row.id).await?;
                // what was written is the sender's: only the names are told
                act.audit(tx, "instance.change-variables", &row.id, json!({ "names": names })).await?;
                Ok(queued)
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(queued)))
}

/// The names that a patch touches, for the audit.
fn checked(text: &str) -> Result<Vec<String>, Problem> {
    let limits = Limits::default();
    if text.len() > limits.variables_bytes {
        return Err(Problem::field("patch", "length", "may have at most 8 MiB"));
    }
    let patch =
        Patch::parse(text, limits.depth).map_err(|e| Problem::field("patch", "form", e.to_string()))?;
    let names = patch.names();
    if names.is_empty() {
        return Err(Problem::field("patch", "empty", "must name at least one variable"));
    }
    let (most, longest) = NAMED;
    let shown = names.iter().take(most);
    Ok(shown.map(|name| name.chars().filter(|c| !c.is_control()).take(longest).collect()).collect())
}
