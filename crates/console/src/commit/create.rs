//! Committing the work in progress of a branch.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::CommitMessage;

use super::Commit;
use super::make::{self, Wish};
use crate::body::Body;
use crate::call::{Act, Call};
use crate::check::CheckProblem;
use crate::problem::{Fields, Problem};
use crate::running::Adopted;

/// A commit to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCommit {
    /// 1 to 200 printable characters.
    #[schema(min_length = 1, max_length = 200)]
    message: String,
    /// `resourceDefinitionId`s of the changed resources to take; left out, all changes. The rest stays work in progress.
    resources: Option<Vec<Uuid>>,
    /// Ids of active triggers that may lose their link (see 409 `would-unlink-active`).
    #[serde(default)]
    unlink: Vec<Uuid>,
}

/// The commit, and what it did to triggers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitMade {
    #[serde(flatten)]
    commit: Commit,
    /// Whether the active policy comes to it now.
    running: bool,
    /// What that did to triggers.
    triggers: TriggerChanges,
    /// Warnings of the check.
    warnings: Vec<CheckProblem>,
}

/// What a change of the running commit did to triggers, as ids.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TriggerChanges {
    /// Made; they begin deactivated.
    created: Vec<String>,
    /// Back on the list, as they were.
    relinked: Vec<String>,
    /// Off the list; their URLs answer 404.
    unlinked: Vec<String>,
}

impl From<Adopted> for TriggerChanges {
    fn from(adopted: Adopted) -> Self {
        let Adopted { created, relinked, unlinked } = adopted;
        TriggerChanges { created, relinked, unlinked }
    }
}

/// Commits the chosen changes of a branch, after a check of the snapshot that results.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/commits", operation_id = "createCommit", tag = "Versions",
    request_body = NewCommit, responses((status = 201, body = CommitMade),
    (status = 409, description = "`nothing-to-commit`; `would-unlink-active`: repeat with `unlink`; `busy`")))]
pub(crate) async fn create(
    call: Call,
    Body(new): Body<NewCommit>,
) -> Result<(StatusCode, Json<CommitMade>), Problem> {
    let mut fields = Fields::default();
    let message = fields.name("message", CommitMessage::parse(&new.message));
    let message = fields.finish(message)?.as_str().to_owned();
    let wish = Wish { branch: call.text("branch")?, message, chosen: new.resources, unlink: new.unlink };
    let made = make::make(&call.console, call.act(), wish).await?;
    let running = made.adopted.is_some();
    if running {
        call.console.hooks.registry_changed().await?;
    }
    let triggers = made.adopted.map(TriggerChanges::from).unwrap_or_default();
    let body = CommitMade { commit: made.commit.into(), running, triggers, warnings: made.warnings };
    Ok((StatusCode::CREATED, Json(body)))
}

/// The audit entry of a commit.
pub(crate) async fn audit(
    tx: &mut Tx,
    act: &Act,
    commit: &store::commit::Commit,
    adopted: Option<&Adopted>,
) -> Result<(), Problem> {
    let detail = json!({
        "branch": commit.branch_name,
        "number": commit.number,
        "message": commit.message,
        "running": adopted.is_some(),
        "created": adopted.map(|a| &a.created),
        "relinked": adopted.map(|a| &a.relinked),
        "unlinked": adopted.map(|a| &a.unlinked),
    });
    act.audit(tx, "commit.create", &commit.id, detail).await
}
