//! The active policy: which commit runs.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::policy::Choice;
use store::{StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::Body;
use crate::call::{self, Act, Call};
use crate::commit::create::TriggerChanges;
use crate::etag::{self, IfMatch};
use crate::problem::Problem;
use crate::running::{self, Adopted};
use crate::{Console, clock};

/// The active policy.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivePolicy {
    /// `latest` (commit on `branch`) or `pinned` (`commitId`).
    kind: String,
    /// The branch; of a pinned commit, the one it was made on.
    branch: String,
    /// The pinned commit.
    #[schema(required)]
    commit_id: Option<String>,
    /// What it comes to now; `null` while there is no commit.
    #[schema(required)]
    running_commit_id: Option<String>,
    updated_at: String,
}

/// Which commit is to run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum NewPolicy {
    /// The latest commit on a branch, now and later.
    Latest {
        /// The branch's name.
        branch: String,
        /// Ids of active triggers that may lose their link.
        #[serde(default)]
        unlink: Vec<Uuid>,
    },
    /// One commit, until the policy changes.
    #[serde(rename_all = "camelCase")]
    Pinned {
        /// The commit.
        commit_id: Uuid,
        /// Ids of active triggers that may lose their link.
        #[serde(default)]
        unlink: Vec<Uuid>,
    },
}

/// The policy, and what its change did to triggers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyChosen {
    #[serde(flatten)]
    policy: ActivePolicy,
    /// What the change did to triggers.
    triggers: TriggerChanges,
}

impl From<store::policy::Policy> for ActivePolicy {
    fn from(row: store::policy::Policy) -> Self {
        ActivePolicy {
            kind: row.kind,
            branch: row.branch_name,
            commit_id: row.pinned_commit_id,
            running_commit_id: row.running_commit_id,
            updated_at: clock::show(row.updated_at),
        }
    }
}

type Tag = [(HeaderName, HeaderValue); 1];

fn tag(revision: i64) -> Tag {
    [(header::ETAG, etag::tag(&revision.to_string()))]
}

/// The active policy of a project.
#[utoipa::path(get, path = "/projects/{projectId}/active-policy", operation_id = "readActivePolicy", tag = "Versions",
    responses((status = 200, body = ActivePolicy)))]
pub(crate) async fn read(call: Call) -> Result<(Tag, Json<ActivePolicy>), Problem> {
    let scope = call.scope;
    let row = call
        .console
        .db
        .read(move |tx| Box::pin(async move { Ok::<_, Problem>(store::policy::read(tx, &scope).await?) }))
        .await?;
    Ok((tag(row.revision), Json(row.into())))
}

/// Chooses which commit runs. Triggers keep their state, URL and key.
#[utoipa::path(put, path = "/projects/{projectId}/active-policy", operation_id = "chooseActivePolicy", tag = "Versions",
    request_body = NewPolicy, responses((status = 200, body = PolicyChosen),
    (status = 409, description = "`would-unlink-active`: repeat with `unlink`")))]
pub(crate) async fn choose(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<NewPolicy>,
) -> Result<(Tag, Json<PolicyChosen>), Problem> {
    let (act, console) = (call.act(), call.console);
    let inside = console.clone();
    let (row, adopted) = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let old = store::policy::read(tx, &act.scope).await?;
                if_match.permits(&old.revision.to_string())?;
                let adopted = apply(tx, &inside, &act, &new).await?;
                Ok::<_, Problem>((store::policy::read(tx, &act.scope).await?, adopted))
            })
        })
        .await?;
    console.hooks.registry_changed().await?;
    Ok((tag(row.revision), Json(PolicyChosen { policy: row.into(), triggers: adopted.into() })))
}

async fn apply(tx: &mut Tx, console: &Console, act: &Act, new: &NewPolicy) -> Result<Adopted, Problem> {
    let scope = &act.scope;
    let (branch, commit, unlink) = match new {
        NewPolicy::Latest { branch, unlink } => {
            let unknown = || Problem::field("branch", "unknown", "must be a branch of this project");
            if branch.chars().any(char::is_control) {
                return Err(unknown());
            }
            let found = call::branch(tx, scope, branch).await.map_err(|_| unknown())?;
            store::policy::choose(tx, scope, Choice::Latest { branch: &found.id }, &act.stamp()).await?;
            (found.name, found.head_commit_id, unlink)
        }
        NewPolicy::Pinned { commit_id, unlink } => {
            let id = commit_id.to_string();
            let found = store::commit::read(tx, scope, &id).await.map_err(|e| match e {
                StoreError::NotFound => {
                    Problem::field("commitId", "unknown", "must be a commit of this project")
                }
                e => e.into(),
            })?;
            let choice = Choice::Pinned { commit: &found.id, branch: &found.branch_id };
            store::policy::choose(tx, scope, choice, &act.stamp()).await?;
            (found.branch_name, Some(found.id), unlink)
        }
    };
    let stamp = act.stamp();
    let adopted = running::adopt(tx, scope, (commit.as_deref(), unlink), &console.master_key, &stamp).await?;
    let kind = if matches!(new, NewPolicy::Latest { .. }) { "latest" } else { "pinned" };
    let detail =
        json!({ "kind": kind, "branch": branch, "runningCommitId": commit, "unlinked": adopted.unlinked });
    act.audit(tx, "policy.choose", &scope.project_text(), detail).await?;
    Ok(adopted)
}
