//! Ending an operation half-way.

use axum::Json;
use serde_json::json;

use super::Operation;
use crate::call::Call;
use crate::problem::Problem;

/// Ends an operation where it stands. What it has done stays done; from this answer on it touches no further row.
#[utoipa::path(post, path = "/projects/{projectId}/operations/{operationId}/cancel", operation_id = "cancelOperation", tag = "Runtime",
    responses((status = 200, body = Operation), (status = 409, description = "`already-ended`")))]
pub(crate) async fn cancel(call: Call) -> Result<Json<Operation>, Problem> {
    let (act, id) = (call.act(), call.id("operationId")?.to_string());
    let row = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let ended = store::operation::cancel(tx, &act.scope, &id, act.at).await?;
                let row = store::view::operation::read(tx, &act.scope, &id).await?;
                if !ended {
                    return Err(Problem::conflict("already-ended", "The operation has already ended."));
                }
                let detail = json!({ "kind": row.kind, "done": row.done, "total": row.total });
                act.audit(tx, "operation.cancel", &row.id, detail).await?;
                Ok(row)
            })
        })
        .await?;
    Ok(Json(row.into()))
}
