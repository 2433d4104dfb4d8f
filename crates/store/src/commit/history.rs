//! What each commit changed, and the versions of a resource over commits.

use std::collections::HashSet;

use crate::query::{execute, fetch_all};
use crate::view::fetch_built;
use crate::{Result, Scope, Tx};

/// A resource that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChangeRow {
    /// The `resourceDefinitionId`.
    pub id: String,
    /// [`crate::resource::Kind`] as text.
    pub kind: String,
    /// `added`, `changed` or `removed`.
    pub change: String,
    /// The new version; of a removed resource, the one it had.
    pub version: String,
    /// The name in that version.
    pub name: String,
}

/// A version of a resource and the commit that brought it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VersionRow {
    /// `added`, `changed` or `removed`.
    pub change: String,
    /// The version; of a removal, the last one.
    pub version: String,
    /// The name in that version.
    pub name: String,
    /// The commit.
    #[sqlx(flatten)]
    pub commit: super::Commit,
}

/// Writes down what a new commit changed.
pub(super) async fn insert(tx: &mut Tx, commit: &str) -> Result<()> {
    let head = "INSERT INTO commit_change (commit_id, resource_definition_id, resource_version_id, kind, change, \
                project_id, branch_id, author_id) \
                SELECT c.id, r.resource_definition_id, r.resource_version_id, r.kind, \
                CASE WHEN o.commit_id IS NULL THEN 'added' ELSE 'changed' END, c.project_id, c.branch_id, c.author_id \
                FROM project_commit c JOIN commit_resource r ON r.commit_id = c.id \
                LEFT JOIN commit_resource o ON o.commit_id = c.parent_id \
                AND o.resource_definition_id = r.resource_definition_id \
                WHERE c.id = $1 AND (o.commit_id IS NULL OR o.resource_version_id <> r.resource_version_id)";
    execute!(tx, head, commit)?;
    let gone = "INSERT INTO commit_change (commit_id, resource_definition_id, resource_version_id, kind, change, \
                project_id, branch_id, author_id) \
                SELECT c.id, o.resource_definition_id, o.resource_version_id, o.kind, 'removed', c.project_id, c.branch_id, \
                c.author_id FROM project_commit c JOIN commit_resource o ON o.commit_id = c.parent_id \
                WHERE c.id = $1 AND NOT EXISTS (SELECT 1 FROM commit_resource r \
                WHERE r.commit_id = c.id AND r.resource_definition_id = o.resource_definition_id)";
    execute!(tx, gone, commit)?;
    Ok(())
}

/// What a commit changed against the one before it, by id.
pub async fn changes(tx: &mut Tx, scope: &Scope, commit: &str) -> Result<Vec<ChangeRow>> {
    let sql = "SELECT h.resource_definition_id AS id, h.kind, h.change, h.resource_version_id AS version, v.name \
               FROM commit_change h JOIN resource_version v ON v.id = h.resource_version_id \
               WHERE h.project_id = $1 AND h.commit_id = $2 ORDER BY h.resource_definition_id";
    fetch_all!(tx, ChangeRow, sql, scope.project_text(), commit)
}

/// A commit and every one before it, as ids.
pub async fn line(tx: &mut Tx, scope: &Scope, commit: &str) -> Result<HashSet<String>> {
    let sql = "WITH RECURSIVE line (id, parent_id) AS ( \
               SELECT id, parent_id FROM project_commit WHERE project_id = $1 AND id = $2 \
               UNION ALL SELECT c.id, c.parent_id FROM project_commit c JOIN line ON c.id = line.parent_id) \
               SELECT id FROM line";
    let rows = fetch_all!(tx, (String,), sql, scope.project_text(), commit)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Every commit that changed a resource, with the version that it brought or, removing it, took away.
pub async fn changed_by(tx: &mut Tx, scope: &Scope, resource: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT commit_id, resource_version_id FROM commit_change \
               WHERE project_id = $1 AND resource_definition_id = $2";
    fetch_all!(tx, (String, String), sql, scope.project_text(), resource)
}

const VERSIONS: &str = "SELECT h.change, h.resource_version_id AS version, v.name, c.id, c.branch_id, b.name AS branch_name, \
     b.deleted_at AS branch_deleted_at, c.number, c.message, c.author_id, u.name AS author_name, c.parent_id, c.created_at \
     FROM commit_change h";

/// The versions of a resource over the commits of all branches (or one), from new to old, before the commit `cursor`;
/// one more than `limit` if there are more.
pub async fn versions(
    tx: &mut Tx,
    scope: &Scope,
    (resource, branch): (&str, Option<&str>),
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<VersionRow>> {
    let index = match (&*tx, branch) {
        (Tx::Pg(_), _) => "",
        (_, Some(_)) => " INDEXED BY commit_change_by_branch",
        (_, None) => " INDEXED BY commit_change_by_resource",
    };
    fetch_built!(tx, VersionRow, VERSIONS, |q| {
        q.push(index)
            .push(" JOIN project_commit c ON c.id = h.commit_id JOIN branch b ON b.id = c.branch_id");
        q.push(" JOIN resource_version v ON v.id = h.resource_version_id LEFT JOIN app_user u ON u.id = c.author_id");
        q.push(" WHERE h.project_id = ").push_bind(scope.project_text());
        q.push(" AND h.resource_definition_id = ").push_bind(resource.to_owned());
        if let Some(branch) = branch {
            q.push(" AND h.branch_id = ").push_bind(branch.to_owned());
        }
        q.push(" AND h.commit_id < ").push_bind(cursor.unwrap_or("g").to_owned());
        q.push(" ORDER BY h.commit_id DESC LIMIT ").push_bind(limit + 1);
    })
}
