//! Taking resources back from an old commit.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::changes::ChangedResource;
use crate::body::Body;
use crate::call::Call;
use crate::commit;
use crate::etag::IfMatch;
use crate::page::List;
use crate::problem::Problem;
use crate::work::{Tagged, Work};

/// What to restore, and from where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Restored {
    /// A commit of this project, on any branch.
    commit_id: Uuid,
    /// `resourceDefinitionId`s of resources of that commit.
    #[schema(min_items = 1, max_items = 1000)]
    resources: Vec<Uuid>,
}

/// Puts resources of the work in progress to their versions in an old commit; deleted ones come back with their id, and
/// so with their webhook's URL. `If-Match` is the branch's tag. Answers what is changed against the last commit.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/restore", operation_id = "restoreResources", tag = "Versions",
    request_body = Restored, responses((status = 200, body = List<ChangedResource>),
    (status = 409, description = "`name-taken`: another resource took the name meanwhile; both stand in `blocking`")))]
pub(crate) async fn restore(
    call: Call,
    if_match: IfMatch,
    Body(wish): Body<Restored>,
) -> Result<Tagged<List<ChangedResource>>, Problem> {
    if wish.resources.is_empty() {
        return Err(Problem::field("resources", "length", "must name at least one resource"));
    }
    let (act, name) = (call.act(), call.text("branch")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                let there = commit::members(tx, &act.scope, ("commitId", wish.commit_id)).await?;
                let mut put = Vec::new();
                for (at, id) in wish.resources.iter().enumerate() {
                    let id = id.to_string();
                    let found = there.iter().find(|member| member.id == id).ok_or_else(|| {
                        let message = format!("{id} is no resource of that commit");
                        Problem::field(&format!("resources/{at}"), "unknown", message)
                    })?;
                    if work.snapshots.drafted(&id) != Some(found) && !put.contains(found) {
                        put.push(found.clone());
                    }
                }
                work.replace(tx, &act, (&[], &put)).await?;
                let ids: Vec<&String> = put.iter().map(|member| &member.id).collect();
                let detail = json!({ "branch": name, "commitId": wish.commit_id, "resources": ids });
                act.audit(tx, "branch.restore", &work.branch.id, detail).await?;
                work.now(tx, &act).await
            })
        })
        .await
}
