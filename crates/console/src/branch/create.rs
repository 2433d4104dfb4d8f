//! Making a branch from a commit, or from the last commit of a branch.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::{StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Branch, RULE, is_name};
use crate::body::Body;
use crate::call::{Act, Call};
use crate::problem::Problem;
use crate::project::create::MAIN;

/// A branch to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewBranch {
    /// 1 to 50 of `a-z A-Z 0-9 . _ -`, beginning with a letter or a digit; unique in the project.
    #[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    name: String,
    /// Begin at this commit.
    from_commit_id: Option<Uuid>,
    /// Begin at the last commit of this branch; `main` if neither is given.
    from_branch: Option<String>,
}

/// Makes a branch. Its work in progress is the snapshot that it begins at.
#[utoipa::path(post, path = "/projects/{projectId}/branches", operation_id = "createBranch", tag = "Versions",
    request_body = NewBranch, responses((status = 201, body = Branch), (status = 409, description = "`name-taken`")))]
pub(crate) async fn create(
    call: Call,
    Body(new): Body<NewBranch>,
) -> Result<(StatusCode, Json<Branch>), Problem> {
    if !is_name(&new.name) {
        return Err(Problem::field("name", "characters", RULE));
    }
    let act = call.act();
    let made = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let head = beginning(tx, &act, &new).await?;
                let id = Uuid::new_v4();
                store::branch::insert(tx, &act.scope, (id, &new.name), head.as_deref(), &act.stamp())
                    .await
                    .map_err(Problem::name_taken("branch"))?;
                let detail = json!({ "name": new.name, "fromCommitId": head });
                act.audit(tx, "branch.create", &id.to_string(), detail).await?;
                let made = store::branch::by_id(tx, &act.scope, &id.to_string()).await?;
                made.ok_or_else(Problem::not_found)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

async fn beginning(tx: &mut Tx, act: &Act, new: &NewBranch) -> Result<Option<String>, Problem> {
    match (new.from_commit_id, &new.from_branch) {
        (Some(_), Some(_)) => {
            Err(Problem::field("fromBranch", "conflict", "give fromCommitId or fromBranch, not both"))
        }
        (Some(id), None) => match store::commit::read(tx, &act.scope, &id.to_string()).await {
            Ok(commit) => Ok(Some(commit.id)),
            Err(StoreError::NotFound) => {
                Err(Problem::field("fromCommitId", "unknown", "must be a commit of this project"))
            }
            Err(e) => Err(e.into()),
        },
        (None, name) => {
            let name = name.as_deref().unwrap_or(MAIN);
            // what no branch can be called is not asked for
            let found =
                if is_name(name) { store::branch::by_name(tx, &act.scope, name).await? } else { None };
            let unknown = || Problem::field("fromBranch", "unknown", "must be a branch of this project");
            Ok(found.ok_or_else(unknown)?.head_commit_id)
        }
    }
}
