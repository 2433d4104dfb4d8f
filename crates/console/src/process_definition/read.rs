//! One process definition.

use super::{KIND, ProcessDefinition, Tagged, tagged};
use crate::call::{self, Call};
use crate::problem::Problem;

/// A process definition in a branch's work in progress.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}",
    operation_id = "readProcessDefinition", tag = "Process definitions", responses((status = 200, body = ProcessDefinition)))]
pub(crate) async fn read(call: Call) -> Result<Tagged, Problem> {
    Ok(tagged(call::connected(&call, KIND).await?))
}
