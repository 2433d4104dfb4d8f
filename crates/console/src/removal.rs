//! When a data source may be taken out of a branch's work in progress.

use std::collections::HashSet;

use store::branch::Branch;
use store::resource::{Kind, Member};
use store::{Scope, Tx};
use uuid::Uuid;

use crate::problem::{Blocking, Problem};

/// Whether resources may be taken out of a branch; `left` is what its work in progress has then. Refused (409) are
/// data sources whose trigger is active while the running commit is one of this branch (`trigger-active`), and
/// those that a process in `left` selects (`in-use`). Each refusal names what blocks.
pub(crate) async fn permit(
    tx: &mut Tx,
    scope: &Scope,
    branch: &Branch,
    (out, left): (&[String], &[Member]),
) -> Result<(), Problem> {
    if out.is_empty() {
        return Ok(());
    }
    refuse_active(tx, scope, branch, out).await?;
    refuse_used(tx, scope, out, left).await
}

async fn refuse_active(tx: &mut Tx, scope: &Scope, branch: &Branch, out: &[String]) -> Result<(), Problem> {
    let policy = store::policy::read(tx, scope).await?;
    let runs_here = match &policy.running_commit_id {
        Some(commit) => store::commit::read(tx, scope, commit).await?.branch_id == branch.id,
        None => false,
    };
    if !runs_here {
        return Ok(());
    }
    let mut active = Vec::new();
    for id in out {
        let Ok(id) = Uuid::parse_str(id) else { continue };
        let trigger = store::trigger::of_data_source(tx, scope, id).await?;
        active.extend(trigger.filter(|t| t.linked != 0 && t.state == "Active"));
    }
    if active.is_empty() {
        return Ok(());
    }
    let active: Vec<_> =
        active.into_iter().map(|t| Blocking { name: t.name.unwrap_or_default(), id: t.id }).collect();
    let detail = format!(
        "Senders still use the URL of {}: the trigger is active. Deactivate it first.",
        Blocking::names(&active)
    );
    Err(Problem::conflict("trigger-active", detail).blocked_by(active))
}

/// Processes that select one of them. What cannot be read selects nothing: its check says so.
async fn refuse_used(tx: &mut Tx, scope: &Scope, out: &[String], left: &[Member]) -> Result<(), Problem> {
    let mut using = Vec::new();
    for member in left.iter().filter(|member| member.kind == Kind::ProcessDefinition.as_str()) {
        let xml = store::resource::content(tx, scope, &member.version).await?.bpmn.unwrap_or_default();
        let selected = selected(xml).await?;
        if out.iter().any(|id| selected.contains(id)) {
            using.push(Blocking { id: member.id.clone(), name: member.name.clone() });
        }
    }
    if using.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "{} of this branch still starts on it. Choose another webhook there, or delete that process first.",
        Blocking::names(&using)
    );
    Err(Problem::conflict("in-use", detail).blocked_by(using))
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
