//! Changing many resources of a branch's work in progress at once, and who changed each last.

use crate::query::{execute, fetch_all, fetch_optional};
use crate::resource::{Member, drop_unused};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// Takes resources out of a branch's work in progress and puts versions of others into it, in place of what stands
/// there. Versions must be of the project. [`StoreError::NotFound`] if the branch is not. [`crate::StoreError::Conflict`] if two of one kind would have one name; names may
/// change places. The caller holds [`crate::project::lock`].
pub async fn replace(
    tx: &mut Tx,
    scope: &Scope,
    branch: &str,
    (out, put): (&[String], &[Member]),
    stamp: &Stamp,
) -> Result<()> {
    crate::branch::by_id(tx, scope, branch).await?.ok_or(StoreError::NotFound)?;
    // a version that is put may be one that is taken out under another resource's turn: dropped last
    let mut old = Vec::new();
    for id in out.iter().chain(put.iter().map(|member| &member.id)) {
        old.extend(vacate(tx, branch, id).await?);
    }
    let removal = "INSERT INTO branch_removal (branch_id, resource_definition_id, removed_by, removed_at) \
                   SELECT $1, id, $2, $3 FROM resource_definition WHERE project_id = $4 AND id = $5 \
                   ON CONFLICT (branch_id, resource_definition_id) \
                   DO UPDATE SET removed_by = excluded.removed_by, removed_at = excluded.removed_at";
    for id in out {
        execute!(tx, removal, branch, stamp.user_text(), stamp.at, scope.project_text(), id.as_str())?;
    }
    let row = "INSERT INTO branch_resource (branch_id, resource_definition_id, resource_version_id, kind, name_folded, \
               revision, updated_by, updated_at) \
               SELECT $1, resource_definition_id, id, $2, name_folded, 1, $3, $4 FROM resource_version \
               WHERE project_id = $5 AND resource_definition_id = $6 AND id = $7";
    for member in put {
        execute!(
            tx,
            row,
            branch,
            member.kind.as_str(),
            stamp.user_text(),
            stamp.at,
            scope.project_text(),
            member.id.as_str(),
            member.version.as_str(),
        )?;
    }
    for version in old {
        drop_unused(tx, &version).await?;
    }
    Ok(())
}

/// Takes resources out of a branch that the caller has found in its scope, without a trace of who did.
pub(crate) async fn take_out(tx: &mut Tx, branch: &str, ids: &[String]) -> Result<()> {
    let mut old = Vec::new();
    for id in ids {
        old.extend(vacate(tx, branch, id).await?);
    }
    for version in old {
        drop_unused(tx, &version).await?;
    }
    Ok(())
}

/// Deletes the row of a resource; gives the version that stood there.
async fn vacate(tx: &mut Tx, branch: &str, id: &str) -> Result<Option<String>> {
    let sql = "DELETE FROM branch_resource WHERE branch_id = $1 AND resource_definition_id = $2 RETURNING resource_version_id";
    Ok(fetch_optional!(tx, (String,), sql, branch, id)?.map(|(version,)| version))
}

/// Who changed a resource of a branch last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Touch {
    /// The `resourceDefinitionId`.
    pub id: String,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// The user.
    pub user_id: Option<String>,
    /// That user's name.
    pub user_name: Option<String>,
}

/// Who changed each resource of the work in progress last, and who took the missing ones out.
pub async fn touches(tx: &mut Tx, scope: &Scope, branch: &str) -> Result<Vec<Touch>> {
    let sql = "SELECT b.resource_definition_id AS id, b.updated_at AS at, b.updated_by AS user_id, u.name AS user_name \
               FROM branch_resource b JOIN branch n ON n.id = b.branch_id LEFT JOIN app_user u ON u.id = b.updated_by \
               WHERE n.project_id = $1 AND b.branch_id = $2 \
               UNION ALL \
               SELECT r.resource_definition_id, r.removed_at, r.removed_by, u.name \
               FROM branch_removal r JOIN branch n ON n.id = r.branch_id LEFT JOIN app_user u ON u.id = r.removed_by \
               WHERE n.project_id = $3 AND r.branch_id = $4 AND NOT EXISTS (SELECT 1 FROM branch_resource b \
               WHERE b.branch_id = r.branch_id AND b.resource_definition_id = r.resource_definition_id)";
    fetch_all!(tx, Touch, sql, scope.project_text(), branch, scope.project_text(), branch)
}
