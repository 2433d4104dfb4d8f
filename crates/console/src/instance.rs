//! Process instances.

pub(crate) mod cancel;
pub(crate) mod change_variables;
pub(crate) mod counts;
mod detail;
pub(crate) mod list;
pub(crate) mod read;
mod trail;
pub(crate) mod variable;

pub(crate) use detail::{Incident, incidents};
pub(crate) use trail::word as outcome_word;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

/// A process instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Instance {
    id: String,
    process_definition_id: String,
    #[schema(required)]
    process_name: Option<String>,
    /// The version of the process that runs.
    version_id: String,
    commit_id: String,
    /// The data source whose event started it.
    #[schema(required)]
    data_source_id: Option<String>,
    #[schema(required)]
    event_id: Option<String>,
    /// `active`, `incident`, `completed`, `terminated` or `cancelled`.
    status: String,
    /// 1 for the first start of the event, 2 for the first retry, …
    attempt: i64,
    /// The instance that a retry put in its place.
    #[schema(required)]
    replaced_by: Option<String>,
    created_at: String,
    updated_at: String,
    #[schema(required)]
    ended_at: Option<String>,
}

impl From<store::view::instance::Instance> for Instance {
    fn from(row: store::view::instance::Instance) -> Self {
        Instance {
            id: row.id,
            process_definition_id: row.process_definition_id,
            process_name: row.process_name,
            version_id: row.resource_version_id,
            commit_id: row.commit_id,
            data_source_id: row.data_source_id,
            event_id: row.event_id,
            status: row.status,
            attempt: row.attempt,
            replaced_by: row.replaced_by,
            created_at: clock::show(row.created_at),
            updated_at: clock::show(row.updated_at),
            ended_at: clock::show_some(row.ended_at),
        }
    }
}
