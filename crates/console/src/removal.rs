//! When a data source may be taken out of a branch's work in progress.

use std::collections::HashSet;

use store::branch::Branch;
use store::resource::Member;
use store::{Scope, Tx};
use uuid::Uuid;

use crate::problem::{Blocking, Problem};
use crate::selection;

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

/// Processes that select one of them.
async fn refuse_used(tx: &mut Tx, scope: &Scope, out: &[String], left: &[Member]) -> Result<(), Problem> {
    selection::catch_up_here(tx, scope).await?;
    let mut selecting = HashSet::new();
    for id in out {
        selecting.extend(store::selection::versions(tx, scope, id).await?);
    }
    let using = left.iter().filter(|member| selecting.contains(&member.version));
    let using: Vec<Blocking> =
        using.map(|member| Blocking { id: member.id.clone(), name: member.name.clone() }).collect();
    if using.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "{} of this branch still starts on it. Choose another webhook there, or delete that process first.",
        Blocking::names(&using)
    );
    Err(Problem::conflict("in-use", detail).blocked_by(using))
}
