//! Dismissing a failed trigger.

use axum::http::StatusCode;
use serde_json::json;

use crate::call::Call;
use crate::problem::Problem;

/// Removes a failed trigger from the list, with its payload.
#[utoipa::path(delete, path = "/projects/{projectId}/failed-triggers/{failedTriggerId}", operation_id = "dismissFailedTrigger", tag = "Runtime",
    responses((status = 204), (status = 409, description = "`already-running`: a retry is on its way")))]
pub(crate) async fn dismiss(call: Call) -> Result<StatusCode, Problem> {
    let (act, id) = (call.act(), call.id("failedTriggerId")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let row = store::view::failed_trigger::read(tx, &act.scope, id).await?;
                let ids = [row.id.clone()];
                if store::failed_trigger::remove(tx, &act.scope.project_text(), &ids, act.at).await? == 0 {
                    return Err(Problem::conflict(
                        "already-running",
                        "A retry of this event is on its way. Wait until it is done.",
                    ));
                }
                let detail = json!({ "eventId": row.event_id, "causeCode": row.cause_code });
                act.audit(tx, "failed-trigger.dismiss", &row.id, detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
