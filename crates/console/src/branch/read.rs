//! One branch.

use axum::Json;

use super::Branch;
use crate::call::{self, Call};
use crate::problem::Problem;
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged};

/// A branch. The `ETag` changes with its name, its last commit, and everything in its work in progress.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}", operation_id = "readBranch", tag = "Versions",
    responses((status = 200, body = Branch)))]
pub(crate) async fn read(call: Call) -> Result<Tagged<Branch>, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    let (branch, tag) = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let tag = Snapshots::of(tx, &scope, &branch).await?.tag(&branch);
                Ok::<_, Problem>((branch, tag))
            })
        })
        .await?;
    Ok((work::tag(&tag), Json(branch.into())))
}
