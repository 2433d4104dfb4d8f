//! What changed in a branch's work in progress since its last commit.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::{self, Call};
use crate::page::List;
use crate::problem::Problem;
use crate::snapshot::Snapshots;

/// A resource that differs from the last commit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedResource {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    /// Its name now; of a removed one, the name it had.
    name: String,
    /// `added`, `changed` or `removed`.
    change: &'static str,
}

/// Everything that a commit would take, by id.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/changes", operation_id = "listChanges", tag = "Versions",
    responses((status = 200, body = List<ChangedResource>)))]
pub(crate) async fn list(call: Call) -> Result<Json<List<ChangedResource>>, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    let snapshots = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                Snapshots::of(tx, &scope, &branch).await
            })
        })
        .await?;
    let items = snapshots.changes().into_iter().map(|(change, member)| ChangedResource {
        resource_definition_id: member.id.clone(),
        kind: member.kind.clone(),
        name: member.name.clone(),
        change: change.as_str(),
    });
    Ok(Json(List::whole(items.collect())))
}
