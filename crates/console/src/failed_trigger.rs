//! Failed triggers: requests that did not become a running process.

mod advice;
pub(crate) mod bulk;
pub(crate) mod dismiss;
pub(crate) mod groups;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod retry;
mod sent;

pub(crate) use sent::record_headers;

use serde::Serialize;
use store::view::failed_trigger::FailedTrigger as Row;
use utoipa::ToSchema;

use crate::call::Call;
use crate::clock;
use crate::elements::Named;
use crate::problem::Problem;

/// A failed trigger.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailedTrigger {
    id: String,
    data_source_id: String,
    #[schema(required)]
    data_source_name: Option<String>,
    /// The process that did not start; `null` where no process was reached.
    #[schema(required)]
    process_definition_id: Option<String>,
    #[schema(required)]
    process_name: Option<String>,
    /// The instance with the incident, where there is one.
    #[schema(required)]
    instance_id: Option<String>,
    /// The commit that ran.
    #[schema(required)]
    commit_id: Option<String>,
    event_id: String,
    /// When the request was accepted or refused.
    event_time: String,
    /// `gateway`: refused, the sender was told. `match`: no process to start. `start`: the process could not begin.
    stage: String,
    /// The cause, for programs.
    cause_code: String,
    /// The cause, for people.
    cause: String,
    /// The BPMN element of the incident.
    #[schema(required)]
    element_id: Option<String>,
    /// Its name as drawn.
    #[schema(required)]
    element_name: Option<String>,
    /// Its name in BPMN: `scriptTask`, `exclusiveGateway`, …
    #[schema(required)]
    element_type: Option<String>,
    /// `open`, `retrying` or `retried`.
    status: String,
    /// How often it was tried.
    attempt: i64,
    created_at: String,
    updated_at: String,
}

impl FailedTrigger {
    /// What rows say, with the names of their elements.
    pub(crate) async fn all(call: &Call, rows: Vec<Row>) -> Result<Vec<Self>, Problem> {
        let places = rows.iter().map(|row| (row.resource_version_id.as_deref(), row.element_id.as_deref()));
        let named = Named::of(call, places).await?;
        Ok(rows.into_iter().map(|row| Self::of(row, &named)).collect())
    }

    fn of(row: Row, named: &Named) -> Self {
        let drawn = named.find(row.resource_version_id.as_deref(), row.element_id.as_deref());
        FailedTrigger {
            element_name: drawn.and_then(|drawn| drawn.name.clone()),
            element_type: drawn.map(|drawn| drawn.tag.clone()),
            id: row.id,
            data_source_id: row.data_source_id,
            data_source_name: row.data_source_name,
            process_definition_id: row.process_definition_id,
            process_name: row.process_name,
            instance_id: row.instance_id,
            commit_id: row.commit_id,
            event_id: row.event_id,
            event_time: clock::show(row.event_time),
            stage: row.stage,
            cause_code: row.cause_code,
            cause: row.cause,
            element_id: row.element_id,
            status: row.status,
            attempt: row.attempt,
            created_at: clock::show(row.created_at),
            updated_at: clock::show(row.updated_at),
        }
    }
}
