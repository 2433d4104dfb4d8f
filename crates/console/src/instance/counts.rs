//! How many instances there are in each status.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::InstanceQuery;
use crate::body::Parameters;
use crate::call::Call;
use crate::problem::Problem;

/// Instances by status.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceCounts {
    active: i64,
    incident: i64,
    completed: i64,
    terminated: i64,
    cancelled: i64,
    total: i64,
}

/// How many instances there are in each status, of those that the filters mean.
#[utoipa::path(get, path = "/projects/{projectId}/process-instances/counts", operation_id = "countInstances", tag = "Runtime",
    params(InstanceQuery), responses((status = 200, body = InstanceCounts)))]
pub(crate) async fn counts(
    call: Call,
    Parameters(query): Parameters<InstanceQuery>,
) -> Result<Json<InstanceCounts>, Problem> {
    let filter = query.filter()?;
    let scope = call.scope;
    let counted = call
        .console
        .db
        .read(move |tx| {
            Box::pin(
                async move { Ok::<_, Problem>(store::view::instance::counts(tx, &scope, &filter).await?) },
            )
        })
        .await?;
    let mut counts = InstanceCounts::default();
    for (status, count) in counted {
        counts.total += count;
        match status.as_str() {
            "active" => counts.active = count,
            "incident" => counts.incident = count,
            "completed" => counts.completed = count,
            "terminated" => counts.terminated = count,
            _ => counts.cancelled = count,
        }
    }
    Ok(Json(counts))
}
