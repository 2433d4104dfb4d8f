//! Branches: a name, the commit it ends in, and one work in progress.

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, Tx, user::Stamp};

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Branch {
    /// UUID, version 4.
    pub id: String,
    /// Unique in the project.
    pub name: String,
    /// Its last commit; `None` before the first.
    pub head_commit_id: Option<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Makes a branch whose work in progress is the snapshot of `head`. [`crate::StoreError::Conflict`] if the name is taken.
pub async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, name): (Uuid, &str),
    head: Option<&str>,
    stamp: &Stamp,
) -> Result<()> {
    let sql = "INSERT INTO branch (id, project_id, name, head_commit_id, revision, created_at) \
               VALUES ($1, $2, $3, $4, 1, $5)";
    execute!(tx, sql, id.to_string(), scope.project_text(), name, head, stamp.at)?;
    let copy = "INSERT INTO branch_resource (branch_id, resource_definition_id, resource_version_id, kind, name_folded, \
                revision, updated_by, updated_at) \
                SELECT $1, r.resource_definition_id, r.resource_version_id, r.kind, v.name_folded, 1, $2, $3 \
                FROM commit_resource r JOIN resource_version v ON v.id = r.resource_version_id WHERE r.commit_id = $4";
    execute!(tx, copy, id.to_string(), stamp.user_text(), stamp.at, head.unwrap_or(""))?;
    Ok(())
}

/// Branches after this name, in the order of their names; one more than `limit` if there are more.
pub async fn list(tx: &mut Tx, scope: &Scope, after: &str, limit: i64) -> Result<Vec<Branch>> {
    let sql = "SELECT id, name, head_commit_id, created_at FROM branch WHERE project_id = $1 AND name > $2 AND deleted_at IS NULL \
               ORDER BY name LIMIT $3";
    fetch_all!(tx, Branch, sql, scope.project_text(), after, limit + 1)
}

/// The branch of this name.
pub async fn by_name(tx: &mut Tx, scope: &Scope, name: &str) -> Result<Option<Branch>> {
    let sql = "SELECT id, name, head_commit_id, created_at FROM branch \
               WHERE project_id = $1 AND name = $2 AND deleted_at IS NULL";
    fetch_optional!(tx, Branch, sql, scope.project_text(), name)
}

/// The branch with this id.
pub async fn by_id(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Option<Branch>> {
    let sql = "SELECT id, name, head_commit_id, created_at FROM branch WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL";
    fetch_optional!(tx, Branch, sql, scope.project_text(), id)
}

/// Moves the branch's end to a commit.
pub async fn set_head(tx: &mut Tx, scope: &Scope, branch: &str, commit: &str) -> Result<()> {
    let sql =
        "UPDATE branch SET head_commit_id = $1, revision = revision + 1 WHERE project_id = $2 AND id = $3";
    execute!(tx, sql, commit, scope.project_text(), branch)?;
    Ok(())
}

/// Gives the branch another name. [`crate::StoreError::Conflict`] if the name is taken.
pub async fn rename(tx: &mut Tx, scope: &Scope, branch: &str, name: &str) -> Result<()> {
    let sql = "UPDATE branch SET name = $1, revision = revision + 1 WHERE project_id = $2 AND id = $3";
    execute!(tx, sql, name, scope.project_text(), branch)?;
    Ok(())
}

/// Takes the branch and its work in progress away; its commits stay, and its name is free again.
/// [`crate::StoreError::NotFound`] if the project has no such branch.
pub async fn delete(tx: &mut Tx, scope: &Scope, branch: &str, at: i64) -> Result<()> {
    by_id(tx, scope, branch).await?.ok_or(crate::StoreError::NotFound)?;
    let drafts = crate::resource::work_in_progress(tx, scope, branch).await?;
    let gone: Vec<String> = drafts.into_iter().map(|draft| draft.id).collect();
    crate::work::take_out(tx, branch, &gone).await?;
    execute!(tx, "DELETE FROM branch_removal WHERE branch_id = $1", branch)?;
    let sql = "UPDATE branch SET deleted_at = $1, revision = revision + 1 WHERE project_id = $2 AND id = $3";
    execute!(tx, sql, at, scope.project_text(), branch)?;
    Ok(())
}
