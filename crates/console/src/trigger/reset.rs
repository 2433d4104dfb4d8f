//! Replacing a webhook's key.

use axum::Json;
use serde_json::json;

use super::{WebhookUrl, url};
use crate::call::Call;
use crate::key;
use crate::problem::Problem;

/// Gives the webhook a new key and answers its new URL when every gateway has confirmed: from then on the old
/// key gets 401. Of two resets at once the later one's key is valid. Leaves an audit entry.
#[utoipa::path(post, path = "/projects/{projectId}/triggers/{triggerId}/reset-api-key", operation_id = "resetApiKey", tag = "Triggers",
    responses((status = 200, body = WebhookUrl)))]
pub(crate) async fn reset(call: Call) -> Result<Json<WebhookUrl>, Problem> {
    let (act, id, console) = (call.act(), call.id("triggerId")?, call.console);
    let (new, kept) = key::new_key(&console.master_key, id)?;
    let inside = console.clone();
    let shown = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let trigger = store::trigger::read(tx, &act.scope, id).await?;
                store::trigger::replace_keys(tx, &act.scope, id, &kept, &act.stamp()).await?;
                let address = url::address(&act.scope, &trigger.data_source_id);
                let address = address.ok_or_else(|| Problem::internal("a stored id is not a UUID"))?;
                act.audit(tx, "trigger.reset-api-key", &trigger.id, json!({ "name": trigger.name })).await?;
                Ok::<_, Problem>(url::show(&inside.public_url, &address, &new))
            })
        })
        .await?;
    console.hooks.registry_changed().await?;
    Ok(Json(shown))
}
