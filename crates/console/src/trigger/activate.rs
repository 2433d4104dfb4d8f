//! Activating and deactivating. URL and key stay the same.

use serde_json::json;
use webhook::TriggerState;

use super::{Tagged, Trigger, tagged};
use crate::call::Call;
use crate::problem::Problem;

/// From now on the webhook's URL accepts requests. Answers when the gateways know.
#[utoipa::path(post, path = "/projects/{projectId}/triggers/{triggerId}/activate", operation_id = "activateTrigger", tag = "Triggers",
    responses((status = 200, body = Trigger), (status = 409, description = "`not-linked`: the running commit connects it to no process")))]
pub(crate) async fn activate(call: Call) -> Result<Tagged, Problem> {
    set(call, TriggerState::Active, "trigger.activate").await
}

/// From now on the webhook's URL answers 404; its key is kept. Answers when the gateways know.
#[utoipa::path(post, path = "/projects/{projectId}/triggers/{triggerId}/deactivate", operation_id = "deactivateTrigger", tag = "Triggers",
    responses((status = 200, body = Trigger)))]
pub(crate) async fn deactivate(call: Call) -> Result<Tagged, Problem> {
    set(call, TriggerState::Deactivated, "trigger.deactivate").await
}

async fn set(call: Call, state: TriggerState, action: &'static str) -> Result<Tagged, Problem> {
    let (act, id) = (call.act(), call.id("triggerId")?);
    let shown = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let old = store::trigger::read(tx, &act.scope, id).await?;
                if old.linked == 0 && state == TriggerState::Active {
                    return Err(Problem::conflict(
                        "not-linked",
                        "The running commit connects this webhook to no process. Connect it to a message start event and commit.",
                    ));
                }
                if old.state != state.as_str() {
                    store::trigger::set_state(tx, &act.scope, id, state.as_str(), &act.stamp()).await?;
                    act.audit(tx, action, &old.id, json!({ "name": old.name })).await?;
                }
                tagged(tx, &act.scope, id).await
            })
        })
        .await?;
    // also when it was so before: an earlier answer may have said that not every gateway had confirmed
    call.console.hooks.registry_changed().await?;
    Ok(shown)
}
