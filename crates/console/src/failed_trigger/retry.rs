//! Asking for a retry.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use store::command::CommandKind;

use crate::call::Call;
use crate::command::{self, Queued};
use crate::problem::Problem;

/// Runs the event of a failed trigger again, in the running commit: as a command that a runner carries out.
#[utoipa::path(post, path = "/projects/{projectId}/failed-triggers/{failedTriggerId}/retry", operation_id = "retryFailedTrigger", tag = "Runtime",
    responses((status = 202, body = Queued),
    (status = 409, description = "`already-running`; `already-retried`; `not-retryable`: the sender was told")))]
pub(crate) async fn retry(call: Call) -> Result<(StatusCode, Json<Queued>), Problem> {
    let (act, id) = (call.act(), call.id("failedTriggerId")?);
    let queued = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let row = store::view::failed_trigger::read(tx, &act.scope, id).await?;
                // of two callers one gets true, whatever both have just read
                if !store::failed_trigger::mark_retrying(tx, act.scope, &row.id, act.at).await? {
                    return Err(refusal(&row.stage, &row.status));
                }
                let queued =
                    command::queue(tx, &act, (CommandKind::RetryFailedTrigger, "{}"), &row.id).await?;
                act.audit(tx, "failed-trigger.retry", &row.id, json!({ "eventId": row.event_id })).await?;
                Ok::<_, Problem>(queued)
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(queued)))
}

fn refusal(stage: &str, status: &str) -> Problem {
    match (stage, status) {
        ("gateway", _) => Problem::conflict(
            "not-retryable",
            "The request was refused at the gateway and its sender was told: there is nothing to start. Have it sent again.",
        ),
        (_, "retried") => Problem::conflict("already-retried", "A retry has already started this event."),
        _ => Problem::conflict("already-running", "A retry of this event is already on its way."),
    }
}
