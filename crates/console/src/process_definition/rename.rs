//! Giving a process definition another name.

use serde::Deserialize;
use utoipa::ToSchema;
use webhook::ResourceName;

use super::{ProcessDefinition, Tagged, bpmn::save_with, tagged};
use crate::body::Body;
use crate::call::Call;
use crate::etag::IfMatch;
use crate::problem::{Fields, Problem};

/// The name of a process definition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProcessDefinitionName {
    /// 3 to 50 letters, digits and `[ ] ( ) . _ -`, no spaces; unique in the branch without regard to case.
    #[schema(min_length = 3, max_length = 50, pattern = r"^[\p{L}\p{M}\p{Nd}\[\]().\-_]+$")]
    name: String,
}

/// Renames a process definition in a branch's work in progress. The name in the diagram stays as drawn.
#[utoipa::path(patch, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}",
    operation_id = "renameProcessDefinition", tag = "Process definitions", request_body = ProcessDefinitionName,
    responses((status = 200, body = ProcessDefinition), (status = 409, description = "`name-taken`")))]
pub(crate) async fn rename(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<ProcessDefinitionName>,
) -> Result<Tagged, Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", ResourceName::parse(&new.name));
    let name = fields.finish(name)?;
    let renamed = save_with(&call, if_match, "process-definition.rename", move |content| {
        content.name = name.as_str().to_owned();
        content.name_folded = name.folded();
    })
    .await?;
    Ok(tagged(renamed))
}
