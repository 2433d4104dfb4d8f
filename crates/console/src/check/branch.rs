//! The check of a branch's work in progress, or of a draft that is not saved.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use serde::{Deserialize, Serialize};
use store::resource::{Kind, Member};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CheckProblem, Subject};
use crate::body::MaybeBody;
use crate::call::{self, Call};
use crate::problem::Problem;
use crate::snapshot::Snapshots;

/// A draft to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DraftToCheck {
    /// The BPMN XML; left out, the branch's work in progress is checked.
    bpmn: Option<String>,
    /// The process definition that it is a draft of.
    resource_definition_id: Option<Uuid>,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckResult {
    /// Every problem, in the order of the processes and of the elements in the file.
    problems: Vec<CheckProblem>,
    /// How many keep it from being committed.
    errors: usize,
}

/// Checks the branch's work in progress, or an unsaved draft against it. Stores nothing.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/check", operation_id = "checkBranch", tag = "Versions",
    request_body = Option<DraftToCheck>, responses((status = 200, body = CheckResult), (status = 409, description = "`busy`: somebody saves all the time")))]
pub(crate) async fn check(
    call: Call,
    MaybeBody(draft): MaybeBody<DraftToCheck>,
) -> Result<Json<CheckResult>, Problem> {
    let name = call.text("branch")?;
    let problems = match draft {
        Some(DraftToCheck { bpmn: Some(xml), resource_definition_id }) => {
            let members = drafted(&call, &name).await?;
            let id = resource_definition_id.map(|id| id.to_string());
            let known = members.iter().find(|m| Some(&m.id) == id.as_ref()).map(|m| m.name.clone());
            let data_sources: HashSet<String> =
                members.into_iter().filter(|m| m.kind == Kind::DataSource.as_str()).map(|m| m.id).collect();
            let subject = Subject { id, name: known };
            super::process(subject, xml.into_bytes(), Arc::new(data_sources)).await?.problems
        }
        _ => all(&call, &name).await?,
    };
    let errors = problems.iter().filter(|p| p.is_error()).count();
    Ok(Json(CheckResult { problems, errors }))
}

async fn drafted(call: &Call, name: &str) -> Result<Vec<Member>, Problem> {
    let (scope, name) = (call.scope, name.to_owned());
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                Ok(Snapshots::of(tx, &scope, &branch).await?.draft().cloned().collect())
            })
        })
        .await
}

async fn all(call: &Call, name: &str) -> Result<Vec<CheckProblem>, Problem> {
    for _ in 0..super::ATTEMPTS {
        let members = drafted(call, name).await?;
        if let Some(report) = super::snapshot(&call.console, call.scope, &members).await? {
            return Ok(report.problems);
        }
    }
    Err(super::busy())
}
