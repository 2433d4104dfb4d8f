//! What a commit would do, before it is made.

use axum::Json;
use serde::{Deserialize, Serialize};
use store::resource::Member;
use utoipa::ToSchema;
use uuid::Uuid;

use super::make::{self, Wish};
use crate::body::Body;
use crate::call::{self, Call};
use crate::check::{self, CheckProblem, Report};
use crate::policy::preview::{TriggerPlan, plan};
use crate::problem::Problem;

/// A commit that might be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CommitWish {
    /// `resourceDefinitionId`s of the changed resources to take; left out, all changes.
    resources: Option<Vec<Uuid>>,
    /// Ids of active triggers that may lose their link.
    #[serde(default)]
    unlink: Vec<Uuid>,
}

/// What it would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitPreview {
    /// Whether it would run at once: the active policy follows this branch.
    running: bool,
    /// Every problem of the processes that it would have.
    problems: Vec<CheckProblem>,
    /// How many of them keep it from being made.
    errors: usize,
    /// What running it would do to triggers; empty where it would not run.
    triggers: TriggerPlan,
}

/// Shows what a commit of the chosen changes would do: problems, and what happens to triggers. Makes nothing.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/commits/preview", operation_id = "previewCommit", tag = "Versions",
    request_body = CommitWish, responses((status = 200, body = CommitPreview), (status = 409, description = "`nothing-to-commit`; `busy`")))]
pub(crate) async fn preview(call: Call, Body(new): Body<CommitWish>) -> Result<Json<CommitPreview>, Problem> {
    let (scope, branch, unlink) = (call.scope, call.text("branch")?, new.unlink);
    let wish =
        Wish { branch: branch.clone(), message: String::new(), chosen: new.resources, unlink: Vec::new() };
    let (members, report) = checked(&call, &wish).await?;
    let wanted = report.links.iter().map(|link| link.data_source_id.clone()).collect();
    let (running, triggers) = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &branch).await?;
                let policy = store::policy::read(tx, &scope).await?;
                if policy.kind != "latest" || policy.branch_id != branch.id {
                    return Ok((false, TriggerPlan::default()));
                }
                Ok::<_, Problem>((true, plan(tx, &scope, (wanted, &members), &unlink).await?))
            })
        })
        .await?;
    let errors = report.problems.iter().filter(|problem| problem.is_error()).count();
    Ok(Json(CommitPreview { running, problems: report.problems, errors, triggers }))
}

async fn checked(call: &Call, wish: &Wish) -> Result<(Vec<Member>, Report), Problem> {
    for _ in 0..check::ATTEMPTS {
        let (scope, asked) = (call.scope, wish.clone());
        let members = call
            .console
            .db
            .read(move |tx| Box::pin(async move { make::resulting(tx, &scope, &asked).await }))
            .await?;
        if let Some(report) = check::snapshot(&call.console, scope, &members).await? {
            return Ok((members, report));
        }
    }
    Err(check::busy())
}
