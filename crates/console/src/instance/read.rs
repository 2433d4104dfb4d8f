//! One instance with its state and its path.

use axum::Json;

use super::detail::{self, InstanceDetail};
use super::trail;
use crate::call::Call;
use crate::problem::Problem;

/// The most steps whose history is read.
const MAX_STEPS: i64 = 1_000;

/// A process instance: state, names of variables, incidents, path.
#[utoipa::path(get, path = "/projects/{projectId}/process-instances/{instanceId}", operation_id = "readInstance", tag = "Runtime",
    responses((status = 200, body = InstanceDetail)))]
pub(crate) async fn read(call: Call) -> Result<Json<InstanceDetail>, Problem> {
    let (scope, id) = (call.scope, call.id("instanceId")?);
    let (row, stored, history) = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let row = store::view::instance::read(tx, &scope, id).await?;
                let stored = store::view::instance::stored(tx, &scope, id).await?;
                let history = store::view::instance::history(tx, &scope, id, 0, MAX_STEPS).await?;
                Ok::<_, Problem>((row, stored, history))
            })
        })
        .await?;
    let instance = engine::Instance::restore(&stored.state, &stored.variables)
        .map_err(|e| Problem::internal(e.to_string()))?;
    let full = history.len() >= MAX_STEPS as usize;
    let (trail, truncated) = trail::visits(&history)?;
    Ok(Json(InstanceDetail {
        instance: row.into(),
        variables: detail::variables(&instance),
        tokens: detail::tokens(&instance),
        incidents: detail::incidents(&instance),
        trail,
        trail_truncated: truncated || full,
    }))
}
