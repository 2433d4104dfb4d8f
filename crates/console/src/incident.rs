//! Open incidents: elements of instances that cannot go on.

pub(crate) mod bulk;
pub(crate) mod list;
pub(crate) mod retry;

use serde::Serialize;
use store::view::incident::Incident;
use utoipa::ToSchema;

use crate::call::Call;
use crate::clock;
use crate::elements::Named;
use crate::problem::Problem;

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
    /// Its name as drawn.
    #[schema(required)]
    element_name: Option<String>,
    /// Its name in BPMN: `scriptTask`, `exclusiveGateway`, …
    #[schema(required)]
    element_type: Option<String>,
    /// The cause, for programs.
    cause_code: String,
    /// The cause and what to do, for people.
    cause: String,
    /// Whether its element can be tried again. An instance that could not begin is started by the retry of its
    /// failed trigger instead.
    can_retry: bool,
    created_at: String,
}

impl OpenIncident {
    /// What rows say, with the names of their elements.
    pub(crate) async fn all(call: &Call, rows: Vec<Incident>) -> Result<Vec<Self>, Problem> {
        let places =
            rows.iter().map(|row| (Some(row.resource_version_id.as_str()), row.element_id.as_deref()));
        let named = Named::of(call, places).await?;
        Ok(rows.into_iter().map(|row| Self::of(row, &named)).collect())
    }

    fn of(row: Incident, named: &Named) -> Self {
        let drawn = named.find(Some(&row.resource_version_id), row.element_id.as_deref());
        OpenIncident {
            element_name: drawn.and_then(|drawn| drawn.name.clone()),
            element_type: drawn.map(|drawn| drawn.tag.clone()),
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
