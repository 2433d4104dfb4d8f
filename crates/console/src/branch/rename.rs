//! Giving a branch another name.

use axum::Json;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Branch, RULE, is_name, refuse_followed};
use crate::body::Body;
use crate::call::{self, Call};
use crate::etag::IfMatch;
use crate::problem::Problem;
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged, Work};

/// The name of a branch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BranchName {
    /// 1 to 50 of `a-z A-Z 0-9 . _ -`, beginning with a letter or a digit; unique in the project.
    #[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    name: String,
}

/// Renames a branch. Its work in progress and its commits stay.
#[utoipa::path(patch, path = "/projects/{projectId}/branches/{branch}", operation_id = "renameBranch", tag = "Versions",
    request_body = BranchName, responses((status = 200, body = Branch),
    (status = 409, description = "`name-taken`; `main-branch`: `main` keeps its name; `policy-follows`: the active policy names this branch")))]
pub(crate) async fn rename(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<BranchName>,
) -> Result<Tagged<Branch>, Problem> {
    if !is_name(&new.name) {
        return Err(Problem::field("name", "characters", RULE));
    }
    let (act, name) = (call.act(), call.text("branch")?);
    let (branch, tag) = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                refuse_followed(tx, &act.scope, &work.branch).await?;
                store::branch::rename(tx, &act.scope, &work.branch.id, &new.name)
                    .await
                    .map_err(Problem::name_taken("branch"))?;
                let detail = json!({ "from": name, "to": new.name });
                act.audit(tx, "branch.rename", &work.branch.id, detail).await?;
                let branch = call::branch(tx, &act.scope, &new.name).await?;
                let tag = Snapshots::of(tx, &act.scope, &branch).await?.tag(&branch);
                Ok::<_, Problem>((branch, tag))
            })
        })
        .await?;
    Ok((work::tag(&tag), Json(branch.into())))
}
