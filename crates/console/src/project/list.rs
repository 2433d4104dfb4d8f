//! The list of projects.

use axum::Json;

use super::Project;
use crate::body::Parameters;
use crate::call::Site;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The projects that the caller may see, by id.
#[utoipa::path(get, path = "/projects", operation_id = "listProjects", tag = "Projects", params(ListQuery),
    responses((status = 200, body = List<Project>)))]
pub(crate) async fn list(
    site: Site,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Project>>, Problem> {
    let paging = query.paging()?;
    let seen_by = (site.caller.user, site.caller.only_project);
    let page = site
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::project::list(tx, seen_by, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Project::from))))
}
