//! What an import would do, before it is done.

use axum::Json;

use super::import::{BranchQuery, Imported, NewProjectQuery, Plan, named, unpacked};
use super::{Gzip, ProjectArchive};
use crate::access::Right;
use crate::body::Parameters;
use crate::call::{self, Call, Site};
use crate::problem::Problem;
use crate::project::create::{self, MAIN};
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged};

/// Shows what an import as a new project would make, and refuses what the import would refuse, but for a name that is
/// taken. Makes nothing.
#[utoipa::path(post, path = "/projects/import/preview", operation_id = "previewImportProject", tag = "Projects", params(NewProjectQuery),
    request_body(content = inline(ProjectArchive), content_type = "application/gzip"),
    responses((status = 200, body = Imported), (status = 413, description = "The archive is larger than 32 MiB, or unpacks to too much."),
    (status = 422, description = "`unreadable-archive`; `invalid-fields`: as of the import")))]
pub(crate) async fn project(
    site: Site,
    Parameters(query): Parameters<NewProjectQuery>,
    gzip: Gzip,
) -> Result<Json<Imported>, Problem> {
    let project = unpacked(gzip).await?;
    let name = named(&query, &project)?;
    let caller = site.caller;
    site.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                create::workspace(tx, &caller, query.workspace_id, Right::ProjectManage).await.map(drop)
            })
        })
        .await?;
    let plan = Plan::new_project(project);
    Ok(Json(Imported {
        project_id: None,
        name: name.as_str().to_owned(),
        branch: MAIN.to_owned(),
        resources: plan.shown(false),
    }))
}

/// Shows what an import into a branch would add, change and remove. Changes nothing. The `ETag` is the branch's, for the
/// `If-Match` of the import.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/import/preview", operation_id = "previewImportIntoBranch",
    tag = "Versions", params(BranchQuery), request_body(content = inline(ProjectArchive), content_type = "application/gzip"),
    responses((status = 200, body = Imported), (status = 413, description = "The archive is larger than 32 MiB, or unpacks to too much."),
    (status = 422, description = "`unreadable-archive`; `invalid-fields`: as of the import")))]
pub(crate) async fn branch(
    call: Call,
    Parameters(query): Parameters<BranchQuery>,
    gzip: Gzip,
) -> Result<Tagged<Imported>, Problem> {
    let project = unpacked(gzip).await?;
    let (scope, name) = (call.scope, call.text("branch")?);
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let snapshots = Snapshots::of(tx, &scope, &branch).await?;
                let plan = Plan::of(tx, &scope, &snapshots, (project, query.keep_others)).await?;
                let imported = Imported {
                    project_id: Some(scope.project_text()),
                    name: store::project::read(tx, &scope).await?.name,
                    branch: branch.name.clone(),
                    resources: plan.shown(false),
                };
                Ok((work::tag(&snapshots.tag(&branch)), Json(imported)))
            })
        })
        .await
}
