//! Taking a data source out of a branch.

use axum::http::StatusCode;
use serde_json::json;
use store::resource::Place;

use super::KIND;
use crate::call::{self, Call};
use crate::etag::IfMatch;
use crate::problem::Problem;
use crate::removal;

/// Removes a data source from a branch's work in progress. Refused while a process there selects it, and while
/// its trigger is active and the running commit is one of this branch. External systems are not told; its URL
/// answers 404 from the commit on that lacks it.
#[utoipa::path(delete, path = "/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}",
    operation_id = "deleteDataSource", tag = "Data sources",
    responses((status = 204), (status = 409, description = "`in-use` (processes in `blocking`); `trigger-active`")))]
pub(crate) async fn delete(call: Call, if_match: IfMatch) -> Result<StatusCode, Problem> {
    let (act, branch, id) = (call.act(), call.text("branch")?, call.id("resourceDefinitionId")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                if_match.permits(&store::resource::read(tx, &act.scope, &place).await?.version)?;
                let left = store::resource::work_in_progress(tx, &act.scope, &branch.id).await?;
                let wanted = [id.to_string()];
                removal::permit(tx, &act.scope, &branch, (&wanted, &left)).await?;
                let draft = store::resource::remove(tx, &act.scope, &place, &act.stamp()).await?;
                let detail = json!({ "name": draft.name, "branch": branch.name });
                act.audit(tx, "data-source.delete", &draft.id, detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
