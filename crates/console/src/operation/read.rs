//! One operation.

use axum::Json;

use super::Operation;
use crate::call::Call;
use crate::problem::Problem;

/// An operation and how far it is. It goes on whoever looks or does not.
#[utoipa::path(get, path = "/projects/{projectId}/operations/{operationId}", operation_id = "readOperation", tag = "Runtime",
    responses((status = 200, body = Operation)))]
pub(crate) async fn read(call: Call) -> Result<Json<Operation>, Problem> {
    let (scope, id) = (call.scope, call.id("operationId")?.to_string());
    let row = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move { Ok::<_, Problem>(store::view::operation::read(tx, &scope, &id).await?) })
        })
        .await?;
    Ok(Json(row.into()))
}
