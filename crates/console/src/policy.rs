//! The active policy: which commit runs.

pub(crate) mod preview;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::policy::Choice;
use store::{Scope, StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::Body;
use crate::call::{Act, Call};
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

/// What a new policy comes to.
pub(crate) struct Target {
    pub(crate) branch_id: String,
    pub(crate) branch_name: String,
    /// `None` where the branch has no commit yet.
    pub(crate) commit: Option<String>,
}

impl NewPolicy {
    /// What it comes to now; 422 where it names what is not there.
    pub(crate) async fn target(&self, tx: &mut Tx, scope: &Scope) -> Result<Target, Problem> {
        match self {
            NewPolicy::Latest { branch, .. } => {
                let unknown = || Problem::field("branch", "unknown", "must be a branch of this project");
                if branch.chars().any(char::is_control) {
                    return Err(unknown());
                }
                let found = store::branch::by_name(tx, scope, branch).await?.ok_or_else(unknown)?;
                Ok(Target { branch_id: found.id, branch_name: found.name, commit: found.head_commit_id })
            }
            NewPolicy::Pinned { commit_id, .. } => {
                let found = store::commit::read(tx, scope, &commit_id.to_string()).await;
                let found = found.map_err(|e| match e {
                    StoreError::NotFound => {
                        Problem::field("commitId", "unknown", "must be a commit of this project")
                    }
                    e => e.into(),
                })?;
                Ok(Target {
                    branch_id: found.branch_id,
                    branch_name: found.branch_name,
                    commit: Some(found.id),
                })
            }
        }
    }

    /// Active triggers that may lose their link.
    pub(crate) fn unlink(&self) -> &[Uuid] {
        match self {
            NewPolicy::Latest { unlink, .. } | NewPolicy::Pinned { unlink, .. } => unlink,
        }
    }
}

async fn apply(tx: &mut Tx, console: &Console, act: &Act, new: &NewPolicy) -> Result<Adopted, Problem> {
    let scope = &act.scope;
    let Target { branch_id, branch_name, commit } = new.target(tx, scope).await?;
    let (kind, choice) = match (new, &commit) {
        (NewPolicy::Pinned { .. }, Some(commit)) => ("pinned", Choice::Pinned { commit, branch: &branch_id }),
        _ => ("latest", Choice::Latest { branch: &branch_id }),
    };
    store::policy::choose(tx, scope, choice, &act.stamp()).await?;
    let (stamp, wanted) = (act.stamp(), (commit.as_deref(), new.unlink()));
    let adopted = running::adopt(tx, scope, wanted, &console.master_key, &stamp).await?;
    let detail = json!({ "kind": kind, "branch": branch_name, "runningCommitId": commit, "unlinked": adopted.unlinked });
    act.audit(tx, "policy.choose", &scope.project_text(), detail).await?;
    Ok(adopted)
}
