//! What another policy, or a commit, would do to triggers, before it is done.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use serde::Serialize;
use store::resource::Member;
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::NewPolicy;
use crate::body::Body;
use crate::call::Call;
use crate::problem::{Blocking, Problem};
use crate::running::{self, Linked, Plan};

/// What a change of the running commit would do to triggers.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TriggerPlan {
    /// Would be made, deactivated.
    created: Vec<PlannedTrigger>,
    /// Would come back on the list, as they were.
    relinked: Vec<PlannedTrigger>,
    /// Would go off the list; their URLs would answer 404.
    unlinked: Vec<PlannedTrigger>,
    /// Active ones among `unlinked` that `unlink` does not name: while there are any, the change is refused.
    would_unlink_active: Vec<Blocking>,
}

/// A trigger that would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlannedTrigger {
    data_source_id: String,
    /// `null` where it would be made.
    #[schema(required)]
    trigger_id: Option<String>,
    /// The data source's name in the commit that would run; of an unlinked one, in the commit that runs.
    name: String,
    /// Whether the trigger is active.
    active: bool,
}

/// What a policy would come to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyPreview {
    /// The commit that would run; `null` where the branch has none yet.
    #[schema(required)]
    running_commit_id: Option<String>,
    /// What that would do to triggers.
    triggers: TriggerPlan,
}

/// Compares the triggers with a commit that does not run yet: the data sources that start a process in it, and its
/// snapshot for their names.
pub(crate) async fn plan(
    tx: &mut Tx,
    scope: &Scope,
    (wanted, members): (BTreeSet<String>, &[Member]),
    unlink: &[Uuid],
) -> Result<TriggerPlan, Problem> {
    let plan = Plan::of(tx, scope, wanted).await?;
    let names: HashMap<&str, &str> = members.iter().map(|m| (m.id.as_str(), m.name.as_str())).collect();
    let would_unlink_active = plan.blocking(unlink);
    let shown = |all: Vec<Linked>| {
        let planned = all.into_iter().map(|one| PlannedTrigger {
            name: names.get(one.data_source.as_str()).map(|&n| n.to_owned()).or(one.name).unwrap_or_default(),
            data_source_id: one.data_source,
            trigger_id: one.trigger,
            active: one.active,
        });
        planned.collect()
    };
    Ok(TriggerPlan {
        created: shown(plan.created),
        relinked: shown(plan.relinked),
        unlinked: shown(plan.unlinked),
        would_unlink_active,
    })
}

/// Shows what a policy would do to triggers. Changes nothing.
#[utoipa::path(post, path = "/projects/{projectId}/active-policy/preview", operation_id = "previewActivePolicy", tag = "Versions",
    request_body = NewPolicy, responses((status = 200, body = PolicyPreview)))]
pub(crate) async fn preview(call: Call, Body(new): Body<NewPolicy>) -> Result<Json<PolicyPreview>, Problem> {
    let scope = call.scope;
    let preview = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let commit = new.target(tx, &scope).await?.commit;
                let wanted = running::wanted(tx, &scope, commit.as_deref()).await?;
                let members = match &commit {
                    Some(commit) => store::commit::snapshot(tx, &scope, commit).await?,
                    None => Vec::new(),
                };
                let triggers = plan(tx, &scope, (wanted, &members), new.unlink()).await?;
                Ok::<_, Problem>(PolicyPreview { running_commit_id: commit, triggers })
            })
        })
        .await?;
    Ok(Json(preview))
}
