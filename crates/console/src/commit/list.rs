//! The commits of a branch.

use axum::Json;

use super::Commit;
use crate::body::Parameters;
use crate::call::{self, Call};
use crate::page::{List, ListQuery, bad_cursor};
use crate::problem::Problem;

/// The commits made on a branch, the newest first; those before its beginning are reached by `parentId`.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/commits", operation_id = "listCommits", tag = "Versions",
    params(ListQuery), responses((status = 200, body = List<Commit>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Commit>>, Problem> {
    let paging = query.paging()?;
    let (scope, name) = (call.scope, call.text("branch")?);
    let before = match &paging.after {
        Some(number) => number.parse().map_err(|_| bad_cursor())?,
        None => i64::MAX,
    };
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let rows = store::commit::list(tx, &scope, &branch.id, before, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.number.to_string()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Commit::from))))
}
