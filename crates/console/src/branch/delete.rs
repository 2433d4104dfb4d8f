//! Deleting a branch.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::refuse_followed;
use crate::body::Parameters;
use crate::call::Call;
use crate::etag::IfMatch;
use crate::problem::{Blocking, Problem};
use crate::work::Work;

/// What happens to changes that are not committed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Discard {
    /// Whether changes that are not committed may be lost (see 409 `uncommitted-changes`).
    #[serde(default)]
    discard_changes: bool,
}

/// Deletes a branch and its work in progress. Its commits stay: they can be read, restored from, and branched from.
/// Its name is free again.
#[utoipa::path(delete, path = "/projects/{projectId}/branches/{branch}", operation_id = "deleteBranch", tag = "Versions",
    params(Discard), responses((status = 204),
    (status = 409, description = "`main-branch`: `main` stays; `policy-follows`: the active policy names this branch; `pinned-commit`: \
    the pinned commit was made on it; `uncommitted-changes`: the resources in `blocking` would lose changes, repeat with `discardChanges=true`")))]
pub(crate) async fn delete(
    call: Call,
    if_match: IfMatch,
    Parameters(query): Parameters<Discard>,
) -> Result<StatusCode, Problem> {
    let (act, name) = (call.act(), call.text("branch")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                refuse_followed(tx, &act.scope, &work.branch).await?;
                refuse_pinned(tx, &act.scope, &work.branch).await?;
                let changes = work.snapshots.changes().into_iter();
                let lost: Vec<Blocking> = changes
                    .map(|(_, member)| Blocking { id: member.id.clone(), name: member.name.clone() })
                    .collect();
                if !lost.is_empty() && !query.discard_changes {
                    let detail = format!(
                        "Changes of {} are not committed and would be lost. Commit them, or repeat with discardChanges=true.",
                        Blocking::names(&lost)
                    );
                    return Err(Problem::conflict("uncommitted-changes", detail).blocked_by(lost));
                }
                store::branch::delete(tx, &act.scope, &work.branch.id, act.at).await?;
                let detail = json!({ "name": name, "lost": lost.len() });
                act.audit(tx, "branch.delete", &work.branch.id, detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refuse_pinned(
    tx: &mut store::Tx,
    scope: &store::Scope,
    branch: &store::branch::Branch,
) -> Result<(), Problem> {
    let policy = store::policy::read(tx, scope).await?;
    let Some(pinned) = policy.pinned_commit_id.filter(|_| policy.branch_id == branch.id) else {
        return Ok(());
    };
    let commit = store::commit::read(tx, scope, &pinned).await?;
    let name = format!("commit {}", commit.number);
    let detail =
        format!("The active policy is pinned to {name} of this branch. Choose another policy first.");
    Err(Problem::conflict("pinned-commit", detail).blocked_by(vec![Blocking { id: pinned, name }]))
}
