//! The active policy: which commit of a project runs.

use crate::query::{execute, fetch_optional};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// The active policy of a project.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Policy {
    /// `latest` (commit on the branch) or `pinned` (commit).
    pub kind: String,
    /// The branch; of a pinned commit, the one it was made on.
    pub branch_id: String,
    /// That branch's name.
    pub branch_name: String,
    /// The pinned commit.
    pub pinned_commit_id: Option<String>,
    /// What it comes to now; `None` while there is no commit.
    pub running_commit_id: Option<String>,
    /// Grows with each change of the policy, not with each commit.
    pub revision: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// What a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// The latest commit on the branch with this id.
    Latest {
        /// The branch's id.
        branch: &'a str,
    },
    /// One commit.
    Pinned {
        /// The commit's id.
        commit: &'a str,
        /// The branch it was made on.
        branch: &'a str,
    },
}

/// Gives a new project its policy: the latest commit on this branch.
pub async fn insert(tx: &mut Tx, scope: &Scope, branch: &str, stamp: &Stamp) -> Result<()> {
    let sql = "INSERT INTO active_policy (project_id, kind, branch_id, revision, updated_by, updated_at) \
               VALUES ($1, 'latest', $2, 1, $3, $4)";
    execute!(tx, sql, scope.project_text(), branch, stamp.user_text(), stamp.at)?;
    Ok(())
}

/// The policy of a project.
pub async fn read(tx: &mut Tx, scope: &Scope) -> Result<Policy> {
    let sql = "SELECT p.kind, p.branch_id, b.name AS branch_name, p.pinned_commit_id, p.running_commit_id, p.revision, \
               p.updated_at FROM active_policy p JOIN branch b ON b.id = p.branch_id WHERE p.project_id = $1";
    fetch_optional!(tx, Policy, sql, scope.project_text())?.ok_or(StoreError::NotFound)
}

/// Sets what the policy says; [`set_running`] sets what it comes to.
pub async fn choose(tx: &mut Tx, scope: &Scope, choice: Choice<'_>, stamp: &Stamp) -> Result<()> {
    let (kind, branch, pinned) = match choice {
        Choice::Latest { branch } => ("latest", branch, None),
        Choice::Pinned { commit, branch } => ("pinned", branch, Some(commit)),
    };
    let sql = "UPDATE active_policy SET kind = $1, branch_id = $2, pinned_commit_id = $3, revision = revision + 1, \
               updated_by = $4, updated_at = $5 WHERE project_id = $6";
    execute!(tx, sql, kind, branch, pinned, stamp.user_text(), stamp.at, scope.project_text())?;
    Ok(())
}

/// Sets which commit runs; `None` where the policy's branch has none yet.
pub async fn set_running(tx: &mut Tx, scope: &Scope, commit: Option<&str>) -> Result<()> {
    let sql = "UPDATE active_policy SET running_commit_id = $1 WHERE project_id = $2";
    execute!(tx, sql, commit, scope.project_text())?;
    Ok(())
}
