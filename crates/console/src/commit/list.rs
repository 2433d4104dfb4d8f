//! The commits of a branch, and of a whole project.

use axum::Json;
use serde::Deserialize;
use store::commit::Filter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Commit;
use crate::body::Parameters;
use crate::call::{self, Call};
use crate::page::{List, Paging, filter, span};
use crate::problem::Problem;

/// The parameters of a list of commits.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CommitQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// By this user.
    author_id: Option<Uuid>,
    /// That changed this data source or process definition.
    resource_definition_id: Option<Uuid>,
    /// Made at this time or later (RFC 3339).
    #[param(format = "date-time")]
    from: Option<String>,
    /// Made before this time (RFC 3339).
    #[param(format = "date-time")]
    to: Option<String>,
}

/// The parameters of the list of a project's commits.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProjectCommitQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Made on this branch.
    branch: Option<String>,
    /// By this user.
    author_id: Option<Uuid>,
    /// That changed this data source or process definition.
    resource_definition_id: Option<Uuid>,
    /// Made at this time or later (RFC 3339).
    #[param(format = "date-time")]
    from: Option<String>,
    /// Made before this time (RFC 3339).
    #[param(format = "date-time")]
    to: Option<String>,
}

/// The commits made on a branch, the newest first; those before its beginning are reached by `parentId`.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/commits", operation_id = "listCommits", tag = "Versions",
    params(CommitQuery), responses((status = 200, body = List<Commit>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<CommitQuery>,
) -> Result<Json<List<Commit>>, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    let branch = call
        .console
        .db
        .read(move |tx| Box::pin(async move { call::branch(tx, &scope, &name).await }))
        .await?;
    selected(&call, query, Some(branch.id)).await
}

/// The commits of all branches of a project, deleted ones too, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/commits", operation_id = "listProjectCommits", tag = "Versions",
    params(ProjectCommitQuery), responses((status = 200, body = List<Commit>)))]
pub(crate) async fn of_project(
    call: Call,
    Parameters(query): Parameters<ProjectCommitQuery>,
) -> Result<Json<List<Commit>>, Problem> {
    let ProjectCommitQuery { limit, cursor, branch, author_id, resource_definition_id, from, to } = query;
    let rest = CommitQuery { limit, cursor, author_id, resource_definition_id, from, to };
    let Some(name) = filter("branch", branch)? else { return selected(&call, rest, None).await };
    let scope = call.scope;
    let found = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move { Ok::<_, Problem>(store::branch::by_name(tx, &scope, &name).await?) })
        })
        .await?;
    match found {
        Some(branch) => selected(&call, rest, Some(branch.id)).await,
        None => Ok(Json(List::whole(Vec::new()))),
    }
}

async fn selected(
    call: &Call,
    query: CommitQuery,
    branch: Option<String>,
) -> Result<Json<List<Commit>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let filter = Filter {
        branch,
        author: query.author_id.map(|id| id.to_string()),
        resource: query.resource_definition_id.map(|id| id.to_string()),
        span: span(query.from.as_deref(), query.to.as_deref())?,
    };
    let scope = call.scope;
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let after = paging.after.as_deref();
                let rows = store::commit::list(tx, &scope, &filter, after, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Commit::from))))
}
