//! The list of branches.

use axum::Json;

use super::Branch;
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The branches of a project, by name.
#[utoipa::path(get, path = "/projects/{projectId}/branches", operation_id = "listBranches", tag = "Versions",
    params(ListQuery), responses((status = 200, body = List<Branch>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Branch>>, Problem> {
    let paging = query.paging()?;
    let scope = call.scope;
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::branch::list(tx, &scope, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.name.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Branch::from))))
}
