//! Showing a webhook's URL with its key.

use axum::Json;
use serde_json::json;

use super::{WebhookUrl, url};
use crate::call::Call;
use crate::problem::Problem;

/// The webhook's URL with its key, in both states. Leaves an audit entry.
#[utoipa::path(post, path = "/projects/{projectId}/triggers/{triggerId}/reveal-url", operation_id = "revealUrl", tag = "Triggers",
    responses((status = 200, body = WebhookUrl)))]
pub(crate) async fn reveal(call: Call) -> Result<Json<WebhookUrl>, Problem> {
    let (act, id, console) = (call.act(), call.id("triggerId")?, call.console);
    let inside = console.clone();
    let shown = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let trigger = store::trigger::read(tx, &act.scope, id).await?;
                let key = url::stored_key(tx, &act.scope, id, &inside).await?;
                let address = url::address(&act.scope, &trigger.data_source_id);
                let address = address.ok_or_else(|| Problem::internal("a stored id is not a UUID"))?;
                act.audit(tx, "trigger.reveal-url", &trigger.id, json!({ "name": trigger.name })).await?;
                Ok::<_, Problem>(url::show(&inside.public_url, &address, &key))
            })
        })
        .await?;
    Ok(Json(shown))
}
