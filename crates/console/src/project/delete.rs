//! Erasing a project.

use axum::http::StatusCode;
use serde_json::json;

use crate::call::Call;
use crate::etag::IfMatch;
use crate::problem::{Blocking, Problem};

/// Erases a project and everything in it: resources, commits, triggers with their keys, instances, failed
/// triggers. Audit entries stay. Refused while a trigger is active.
#[utoipa::path(delete, path = "/projects/{projectId}", operation_id = "deleteProject", tag = "Projects",
    responses((status = 204), (status = 409, description = "`trigger-active`: deactivate the triggers in `blocking` first")))]
pub(crate) async fn delete(call: Call, if_match: IfMatch) -> Result<StatusCode, Problem> {
    let act = call.act();
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let project = store::project::read(tx, &act.scope).await?;
                if_match.permits(&project.revision.to_string())?;
                let active: Vec<Blocking> = store::trigger::all(tx, &act.scope)
                    .await?
                    .into_iter()
                    .filter(|trigger| trigger.linked != 0 && trigger.state == "Active")
                    .map(|trigger| Blocking { name: trigger.name.unwrap_or_default(), id: trigger.id })
                    .collect();
                if !active.is_empty() {
                    let detail = format!(
                        "Senders still use the URL of {}: the trigger is active. Deactivate it first.",
                        Blocking::names(&active)
                    );
                    return Err(Problem::conflict("trigger-active", detail).blocked_by(active));
                }
                store::project::erase(tx, &act.scope).await?;
                act.audit(tx, "project.delete", &project.id, json!({ "name": project.name })).await?;
                Ok::<_, Problem>(())
            })
        })
        .await?;
    call.console.hooks.registry_changed().await?;
    Ok(StatusCode::NO_CONTENT)
}
