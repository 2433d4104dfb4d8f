//! The data sources of a branch.

use axum::Json;

use super::{DataSource, KIND, shown};
use crate::body::Parameters;
use crate::call::{self, Call};
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The data sources in a branch's work in progress, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/data-sources", operation_id = "listDataSources", tag = "Data sources",
    params(ListQuery), responses((status = 200, body = List<DataSource>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<DataSource>>, Problem> {
    let page = call::drafts(&call, KIND, &query).await?;
    let items = page.items.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(List::of(store::Page { items, next: page.next })))
}
