//! Open incidents: elements of instances that cannot go on.

pub(crate) mod bulk;
pub(crate) mod list;
pub(crate) mod retry;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

/// An open incident of an instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenIncident {
    id: String,
    instance_id: String,
    /// 1, 2, 3 … in the instance, as its details name it; 0: the instance could not begin.
    number: i64,
    process_definition_id: String,
    #[schema(required)]
    process_name: Option<String>,
    /// The version of the process that runs.
    version_id: String,
    /// The BPMN element that stands still.
    #[schema(required)]
    element_id: Option<String>,
    /// The cause, for programs.
    cause_code: String,
    /// The cause and what to do, for people.
    cause: String,
    /// Whether its element can be tried again. An instance that could not begin is started by the retry of its
    /// failed trigger instead.
    can_retry: bool,
    created_at: String,
}

impl From<store::view::incident::Incident> for OpenIncident {
    fn from(row: store::view::incident::Incident) -> Self {
        OpenIncident {
            id: row.id,
            instance_id: row.instance_id,
            number: row.number,
            process_definition_id: row.process_definition_id,
            process_name: row.process_name,
            version_id: row.resource_version_id,
            element_id: row.element_id,
            cause_code: row.code,
            cause: row.message,
            can_retry: row.number > 0,
            created_at: clock::show(row.created_at),
        }
    }
}
