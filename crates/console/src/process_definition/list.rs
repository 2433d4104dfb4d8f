//! The process definitions of a branch.

use axum::Json;

use super::{KIND, ProcessDefinition};
use crate::body::Parameters;
use crate::call::{self, Call};
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The process definitions in a branch's work in progress, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/process-definitions", operation_id = "listProcessDefinitions",
    tag = "Process definitions", params(ListQuery), responses((status = 200, body = List<ProcessDefinition>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<ProcessDefinition>>, Problem> {
    let page = call::drafts(&call, KIND, &query).await?;
    Ok(Json(List::of(page.map(ProcessDefinition::from))))
}
