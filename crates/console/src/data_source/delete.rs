//! Taking a data source out of a branch.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::json;
use store::branch::Branch;
use store::resource::{Kind, Place};
use store::{Scope, Tx};
use uuid::Uuid;

use super::KIND;
use crate::call::{self, Call};
use crate::etag::IfMatch;
use crate::problem::{Blocking, Problem};

/// Removes a data source from a branch's work in progress. Refused while a process there selects it, and while
/// its trigger is active and the running commit is one of this branch. External systems are not told; its URL
/// answers 404 from the commit on that lacks it.
#[utoipa::path(delete, path = "/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}",
    operation_id = "deleteDataSource", tag = "Data sources",
    responses((status = 204), (status = 409, description = "`in-use` (processes in `blocking`); `trigger-active`")))]
pub(crate) async fn delete(call: Call, if_match: IfMatch) -> Result<StatusCode, Problem> {
    let (act, branch, id) = (call.act(), call.text("branch")?, call.id("resourceDefinitionId")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                if_match.permits(&store::resource::read(tx, &act.scope, &place).await?.version)?;
                refuse_active(tx, &act.scope, &branch, id).await?;
                refuse_used(tx, &act.scope, &branch, id).await?;
                let draft = store::resource::remove(tx, &act.scope, &place).await?;
                let detail = json!({ "name": draft.name, "branch": branch.name });
                act.audit(tx, "data-source.delete", &draft.id, detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refuse_active(tx: &mut Tx, scope: &Scope, branch: &Branch, id: Uuid) -> Result<(), Problem> {
    let Some(trigger) = store::trigger::of_data_source(tx, scope, id).await? else { return Ok(()) };
    let policy = store::policy::read(tx, scope).await?;
    let runs_here = match &policy.running_commit_id {
        Some(commit) => store::commit::read(tx, scope, commit).await?.branch_id == branch.id,
        None => false,
    };
    if trigger.linked == 0 || trigger.state != "Active" || !runs_here {
        return Ok(());
    }
    let name = trigger.name.unwrap_or_default();
    Err(Problem::conflict(
        "trigger-active",
        "Its trigger is active: senders still use its URL. Deactivate it first.",
    )
    .blocked_by(vec![Blocking { id: trigger.id, name }]))
}

/// Processes of the work in progress that select it. What cannot be read selects nothing: its check says so.
async fn refuse_used(tx: &mut Tx, scope: &Scope, branch: &Branch, id: Uuid) -> Result<(), Problem> {
    let wanted = id.to_string();
    let mut using = Vec::new();
    for member in store::resource::work_in_progress(tx, scope, &branch.id).await? {
        if member.kind != Kind::ProcessDefinition.as_str() {
            continue;
        }
        let xml = store::resource::content(tx, scope, &member.version).await?.bpmn.unwrap_or_default();
        if selected(xml).await?.contains(&wanted) {
            using.push(Blocking { id: member.id, name: member.name });
        }
    }
    if using.is_empty() {
        return Ok(());
    }
    Err(Problem::conflict(
        "in-use",
        "Processes of this branch start on it. Choose another webhook there, or delete them first.",
    )
    .blocked_by(using))
}

/// The data sources that a process file selects.
async fn selected(xml: Vec<u8>) -> Result<HashSet<String>, Problem> {
    let read = move || match bpmn::read(&xml) {
        Ok(definitions) => definitions
            .processes
            .iter()
            .flat_map(bpmn::links)
            .map(|link| link.data_source.to_lowercase())
            .collect(),
        Err(_) => HashSet::new(),
    };
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|e| Problem::internal(format!("reading a process ended early: {e}")))
}
