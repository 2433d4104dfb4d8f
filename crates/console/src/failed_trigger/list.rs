//! The list of failed triggers.

use axum::Json;
use serde::Deserialize;
use store::Page;
use store::view::failed_trigger::Filter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::FailedTrigger;
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{self, List, Paging};
use crate::problem::Problem;

/// Which failed triggers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FailedTriggerQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Of this data source.
    data_source_id: Option<Uuid>,
    /// Of this process definition.
    process_definition_id: Option<Uuid>,
    /// One or more of `gateway`, `match`, `start`, with commas between them.
    #[param(pattern = "^(gateway|match|start)(,(gateway|match|start))*$")]
    stage: Option<String>,
    /// With this cause code.
    #[param(max_length = 512)]
    cause_code: Option<String>,
    /// Of this event.
    #[param(max_length = 512)]
    event_id: Option<String>,
    /// One or more of `open`, `retrying`, `retried`, with commas between them.
    #[param(pattern = "^(open|retrying|retried)(,(open|retrying|retried))*$")]
    status: Option<String>,
    /// Not before this time (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

impl FailedTriggerQuery {
    pub(super) fn limit(&self) -> Option<u32> {
        self.limit
    }

    pub(super) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Checks the filters.
    pub(super) fn filter(self) -> Result<Filter, Problem> {
        Ok(Filter {
            data_source: self.data_source_id.map(|id| id.to_string()),
            process_definition: self.process_definition_id.map(|id| id.to_string()),
            stages: page::some_of("stage", self.stage, &["gateway", "match", "start"])?,
            cause: page::filter("causeCode", self.cause_code)?,
            event: page::filter("eventId", self.event_id)?,
            statuses: page::some_of("status", self.status, &["open", "retrying", "retried"])?,
            span: page::span(self.from.as_deref(), self.to.as_deref())?,
        })
    }
}

/// Failed triggers, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/failed-triggers", operation_id = "listFailedTriggers", tag = "Runtime",
    params(FailedTriggerQuery), responses((status = 200, body = List<FailedTrigger>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<FailedTriggerQuery>,
) -> Result<Json<List<FailedTrigger>>, Problem> {
    let paging = Paging::of(query.limit(), query.cursor())?;
    let filter = query.filter()?;
    let scope = call.scope;
    let Page { items, next } = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                let rows =
                    store::view::failed_trigger::list(tx, &scope, &filter, cursor, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(Page { items: FailedTrigger::all(&call, items).await?, next })))
}
