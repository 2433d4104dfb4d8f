//! What changed in a branch's work in progress since its last commit.

use std::collections::HashMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use store::work::Touch;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::Parameters;
use crate::call::{self, Call};
use crate::clock;
use crate::commit::{self, Author};
use crate::difference::{self, Difference};
use crate::page::List;
use crate::problem::Problem;
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged};

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
    /// Who changed or removed it last; `null` for Forebay itself.
    #[schema(required)]
    changed_by: Option<Author>,
    /// When; `null` where that was not written down.
    #[schema(required)]
    changed_at: Option<String>,
}

/// The changes of a branch, by id.
pub(crate) fn shown(snapshots: &Snapshots, touches: Vec<Touch>) -> Vec<ChangedResource> {
    let mut touches: HashMap<String, Touch> = touches.into_iter().map(|t| (t.id.clone(), t)).collect();
    let changes = snapshots.changes().into_iter();
    changes
        .map(|(change, member)| {
            let touch = touches.remove(&member.id);
            ChangedResource {
                resource_definition_id: member.id.clone(),
                kind: member.kind.clone(),
                name: member.name.clone(),
                change: change.as_str(),
                changed_at: touch.as_ref().map(|t| clock::show(t.at)),
                changed_by: touch.and_then(|t| Author::of(t.user_id, t.user_name)),
            }
        })
        .collect()
}

/// Everything that a commit would take, by id. The `ETag` is the branch's: it changes with everything in its work
/// in progress, and stands in the `If-Match` of bring, discard, restore and import.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/changes", operation_id = "listChanges", tag = "Versions",
    responses((status = 200, body = List<ChangedResource>)))]
pub(crate) async fn list(call: Call) -> Result<Tagged<List<ChangedResource>>, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                work::listed(tx, scope, &branch).await
            })
        })
        .await
}

/// What a difference is against.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Against {
    /// The commit that is the old side; left out, the branch's last commit.
    against: Option<Uuid>,
}

/// What the work in progress of one resource changes: against the last commit, or another one. Of a process by
/// element, of a data source by field.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/changes/{resourceDefinitionId}", operation_id = "readChange",
    tag = "Versions", params(Against), responses((status = 200, body = Difference)))]
pub(crate) async fn read(
    call: Call,
    Parameters(query): Parameters<Against>,
) -> Result<Json<Difference>, Problem> {
    let (scope, name, id) = (call.scope, call.text("branch")?, call.id("resourceDefinitionId")?.to_string());
    let sides = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let snapshots = Snapshots::of(tx, &scope, &branch).await?;
                let old = match query.against {
                    Some(commit) => commit::member(tx, &scope, ("against", commit), &id).await?,
                    None => snapshots.committed(&id).cloned(),
                };
                difference::sides(tx, &scope, (old, snapshots.drafted(&id).cloned())).await
            })
        })
        .await?;
    Ok(Json(difference::compare(sides).await?))
}
