//! Asking for one more try of an incident's element.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use store::StoreError;
use store::command::CommandKind;

use crate::call::Call;
use crate::command::{self, Queued};
use crate::problem::Problem;

/// Tries the element of an incident again, in the version of the process that its instance runs: as a command that a
/// runner carries out. Correct the data that it reads first, with `…/process-instances/{instanceId}/change-variables`.
#[utoipa::path(post, path = "/projects/{projectId}/incidents/{incidentId}/retry", operation_id = "retryIncident", tag = "Runtime",
    responses((status = 202, body = Queued),
    (status = 409, description = "`already-running`: a retry of an incident of this instance is on its way; `not-begun`: the instance could not begin, retry its failed trigger")))]
pub(crate) async fn retry(call: Call) -> Result<(StatusCode, Json<Queued>), Problem> {
    let (act, id) = (call.act(), call.id("incidentId")?.to_string());
    let queued = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let rows = store::view::incident::of_ids(tx, &act.scope, &[id], 1).await?;
                let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
                if row.number == 0 {
                    return Err(Problem::conflict(
                        "not-begun",
                        "The instance could not begin. Correct the process, commit, and retry its failed trigger: that starts a new instance.",
                    ));
                }
                let kind = CommandKind::RetryIncident;
                if store::view::command::unfinished(tx, &act.scope, kind, &row.instance_id).await?.is_some() {
                    return Err(Problem::conflict(
                        "already-running",
                        "A retry of an incident of this instance is on its way.",
                    ));
                }
                let arguments = json!({ "incident": row.number }).to_string();
                let queued = command::queue(tx, &act, (kind, &arguments), &row.instance_id).await?;
                let detail = json!({ "incident": row.number, "causeCode": row.code });
                act.audit(tx, "incident.retry", &row.instance_id, detail).await?;
                Ok(queued)
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(queued)))
}
