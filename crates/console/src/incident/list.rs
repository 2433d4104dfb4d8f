//! The lists of open incidents.

use axum::Json;
use serde::Deserialize;
use store::Page;
use store::view::incident::Filter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::OpenIncident;
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{self, List, Paging};
use crate::problem::Problem;

/// Which incidents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Of instances of this process definition.
    process_definition_id: Option<Uuid>,
    /// With this cause code.
    #[param(max_length = 512)]
    cause_code: Option<String>,
    /// Raised not before this time (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Raised before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

/// Open incidents, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/incidents", operation_id = "listIncidents", tag = "Runtime",
    params(IncidentQuery), responses((status = 200, body = List<OpenIncident>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<IncidentQuery>,
) -> Result<Json<List<OpenIncident>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let filter = Filter {
        process_definition: query.process_definition_id.map(|id| id.to_string()),
        cause: page::filter("causeCode", query.cause_code)?,
        span: page::span(query.from.as_deref(), query.to.as_deref())?,
    };
    let scope = call.scope;
    let Page { items, next } = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                let rows = store::view::incident::list(tx, &scope, &filter, cursor, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(Page { items: OpenIncident::all(&call, items).await?, next })))
}

/// The open incidents of an instance, in the order of their numbers.
#[utoipa::path(get, path = "/projects/{projectId}/process-instances/{instanceId}/incidents", operation_id = "listInstanceIncidents", tag = "Runtime",
    responses((status = 200, body = List<OpenIncident>)))]
pub(crate) async fn of_instance(call: Call) -> Result<Json<List<OpenIncident>>, Problem> {
    let (scope, id) = (call.scope, call.id("instanceId")?);
    let rows = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                store::view::instance::read(tx, &scope, id).await?;
                Ok::<_, Problem>(store::view::incident::of_instance(tx, &scope, &id.to_string()).await?)
            })
        })
        .await?;
    Ok(Json(List::whole(OpenIncident::all(&call, rows).await?)))
}
