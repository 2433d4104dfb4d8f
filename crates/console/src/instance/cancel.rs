//! Asking for the end of an instance.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use store::command::CommandKind;

use crate::call::Call;
use crate::command::{self, Queued};
use crate::problem::Problem;

/// Ends an instance: as a command that a runner carries out.
#[utoipa::path(post, path = "/projects/{projectId}/process-instances/{instanceId}/cancel", operation_id = "cancelInstance", tag = "Runtime",
    responses((status = 202, body = Queued), (status = 409, description = "`already-ended`; `already-running`: a cancel is on its way")))]
pub(crate) async fn cancel(call: Call) -> Result<(StatusCode, Json<Queued>), Problem> {
    let (act, id) = (call.act(), call.id("instanceId")?);
    let queued = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let row = store::view::instance::read(tx, &act.scope, id).await?;
                if row.ended_at.is_some() {
                    return Err(Problem::conflict("already-ended", "The instance has already ended."));
                }
                let kind = CommandKind::CancelInstance;
                if store::view::command::unfinished(tx, &act.scope, kind, &row.id).await?.is_some() {
                    return Err(Problem::conflict("already-running", "A cancel is already on its way."));
                }
                let queued = command::queue(tx, &act, (kind, "{}"), &row.id).await?;
                act.audit(tx, "instance.cancel", &row.id, json!({ "status": row.status })).await?;
                Ok::<_, Problem>(queued)
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(queued)))
}
