//! Taking a process definition out of a branch.

use axum::http::StatusCode;
use serde_json::json;
use store::resource::Place;

use super::KIND;
use crate::call::{self, Call};
use crate::etag::IfMatch;
use crate::problem::Problem;

/// Removes a process definition from a branch's work in progress. Commits and running instances keep it.
#[utoipa::path(delete, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}",
    operation_id = "deleteProcessDefinition", tag = "Process definitions", responses((status = 204)))]
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
                let draft = store::resource::remove(tx, &act.scope, &place, &act.stamp()).await?;
                let detail = json!({ "name": draft.name, "branch": branch.name });
                act.audit(tx, "process-definition.delete", &draft.id, detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
