//! The list of instances.

use axum::Json;
use serde::Deserialize;
use store::view::instance::Filter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Instance;
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{self, List, Paging};
use crate::problem::Problem;

const STATUSES: &[&str] = &["active", "incident", "completed", "terminated", "cancelled"];

/// Which instances.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InstanceQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// One or more of `active`, `incident`, `completed`, `terminated`, `cancelled`, with commas between them.
    #[param(
        pattern = "^(active|incident|completed|terminated|cancelled)(,(active|incident|completed|terminated|cancelled))*$"
    )]
    status: Option<String>,
    /// Of this process definition.
    process_definition_id: Option<Uuid>,
    /// Of this version of it.
    version_id: Option<Uuid>,
    /// Started in this commit.
    commit_id: Option<Uuid>,
    /// Whose first open incident has this cause code.
    #[param(max_length = 512)]
    cause_code: Option<String>,
    /// Started by this data source.
    data_source_id: Option<Uuid>,
    /// Started by this event.
    #[param(max_length = 512)]
    event_id: Option<String>,
    /// Started not before this time (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Started before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

impl InstanceQuery {
    /// Checks the filters.
    pub(super) fn filter(self) -> Result<Filter, Problem> {
        Ok(Filter {
            statuses: page::some_of("status", self.status, STATUSES)?,
            process_definition: self.process_definition_id.map(|id| id.to_string()),
            version: self.version_id.map(|id| id.to_string()),
            commit: self.commit_id.map(|id| id.to_string()),
            data_source: self.data_source_id.map(|id| id.to_string()),
            cause: page::filter("causeCode", self.cause_code)?,
            event: page::filter("eventId", self.event_id)?,
            span: page::span(self.from.as_deref(), self.to.as_deref())?,
        })
    }
}

/// Process instances, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/process-instances", operation_id = "listInstances", tag = "Runtime",
    params(InstanceQuery), responses((status = 200, body = List<Instance>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<InstanceQuery>,
) -> Result<Json<List<Instance>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let filter = query.filter()?;
    let scope = call.scope;
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                let rows = store::view::instance::list(tx, &scope, &filter, cursor, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Instance::from))))
}
