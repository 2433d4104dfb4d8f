//! The installation, its organizations and their workspaces. Everything here is installation-wide and takes
//! no scope: callers ask the rights of the whole installation.

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Tx};

/// An organization or a workspace, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Organization {
    /// UUID, version 4.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// A workspace of an organization.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Workspace {
    /// UUID, version 4.
    pub id: String,
    /// The organization it belongs to.
    pub organization_id: String,
    /// As shown.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// The id of this installation; `None` before the first start was finished.
pub async fn installation(tx: &mut Tx) -> Result<Option<String>> {
    let row = fetch_optional!(tx, (String,), "SELECT id FROM installation ORDER BY id LIMIT 1")?;
    Ok(row.map(|(id,)| id))
}

/// Writes down that the first start is done.
pub async fn insert_installation(tx: &mut Tx, id: Uuid, now: i64) -> Result<()> {
    execute!(tx, "INSERT INTO installation (id, created_at) VALUES ($1, $2)", id.to_string(), now)?;
    Ok(())
}

/// Makes an organization.
pub async fn insert(tx: &mut Tx, id: Uuid, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)";
    execute!(tx, sql, id.to_string(), name, now)?;
    Ok(())
}

/// Makes a workspace in an organization.
pub async fn insert_workspace(tx: &mut Tx, organization: Uuid, id: Uuid, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO workspace (id, organization_id, name, created_at) VALUES ($1, $2, $3, $4)";
    execute!(tx, sql, id.to_string(), organization.to_string(), name, now)?;
    Ok(())
}

/// The organizations that a user has a role in, or below, after this id, in the order of their ids; one more than
/// `limit` if there are more.
pub async fn list(tx: &mut Tx, user: Uuid, after: &str, limit: i64) -> Result<Vec<Organization>> {
    let sql = "SELECT id, name, created_at FROM organization WHERE id > $1 AND (\
               id IN (SELECT r.target_id FROM role_assignment r WHERE r.user_id = $2 AND r.level = 'organization') \
               OR id IN (SELECT w.organization_id FROM role_assignment r JOIN workspace w ON w.id = r.target_id \
               WHERE r.user_id = $3 AND r.level = 'workspace') \
               OR EXISTS (SELECT 1 FROM role_assignment r JOIN project p ON p.id = r.target_id \
               WHERE r.user_id = $4 AND r.level = 'project' AND p.organization_id = organization.id)) ORDER BY id LIMIT $5";
    let user = user.to_string();
    fetch_all!(tx, Organization, sql, after, user.clone(), user.clone(), user, limit + 1)
}

/// The workspaces that a user has a role in, above, or below, after this id, in the order of their ids; one more
/// than `limit` if there are more.
pub async fn workspaces(tx: &mut Tx, user: Uuid, after: &str, limit: i64) -> Result<Vec<Workspace>> {
    let sql = "SELECT id, organization_id, name, created_at FROM workspace WHERE id > $1 AND (\
               organization_id IN (SELECT r.target_id FROM role_assignment r WHERE r.user_id = $2 AND r.level = 'organization') \
               OR id IN (SELECT r.target_id FROM role_assignment r WHERE r.user_id = $3 AND r.level = 'workspace') \
               OR EXISTS (SELECT 1 FROM role_assignment r JOIN project p ON p.id = r.target_id \
               WHERE r.user_id = $4 AND r.level = 'project' AND p.workspace_id = workspace.id)) ORDER BY id LIMIT $5";
    let user = user.to_string();
    fetch_all!(tx, Workspace, sql, after, user.clone(), user.clone(), user, limit + 1)
}

/// Whether there is an organization of this id.
pub async fn exists(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let row = fetch_optional!(tx, (String,), "SELECT id FROM organization WHERE id = $1", id.to_string())?;
    Ok(row.is_some())
}

/// One workspace.
pub async fn workspace(tx: &mut Tx, id: Uuid) -> Result<Option<Workspace>> {
    let sql = "SELECT id, organization_id, name, created_at FROM workspace WHERE id = $1";
    fetch_optional!(tx, Workspace, sql, id.to_string())
}
