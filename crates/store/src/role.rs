//! Roles of users on organizations, workspaces and projects.
//!
//! A user may have several on one place. Everything here is installation-wide and takes no scope: rights are asked
//! before a scope is known.

mod member;

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, Tx};

pub use member::{Member, exchange, give, member, members, set_payload};

/// Where a role is given: on what, and which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On an organization and everything in it.
    Organization(Uuid),
    /// On a workspace and everything in it.
    Workspace(Uuid),
    /// On a project.
    Project(Uuid),
}

impl Place {
    /// As it stands in the rows: `organization`, `workspace` or `project`, and the id.
    pub fn texts(&self) -> (&'static str, String) {
        match self {
            Place::Organization(id) => ("organization", id.to_string()),
            Place::Workspace(id) => ("workspace", id.to_string()),
            Place::Project(id) => ("project", id.to_string()),
        }
    }
}

/// A role that a user has somewhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Given {
    /// `organization`, `workspace` or `project`.
    pub level: String,
    /// The id of that thing.
    pub target_id: String,
    /// `viewer`, `editor`, `operator` or `admin`.
    pub role: String,
    /// 1 if payloads may be read beside what the role says.
    pub payload: i64,
}

/// The roles of a user that count in a project: on it, its workspace and its organization.
pub async fn in_project(tx: &mut Tx, user: Uuid, scope: &Scope) -> Result<Vec<Given>> {
    let places = [
        Place::Organization(scope.organization),
        Place::Workspace(scope.workspace),
        Place::Project(scope.project),
    ];
    at(tx, user, &places).await
}

/// The roles of a user at these places.
pub async fn at(tx: &mut Tx, user: Uuid, places: &[Place]) -> Result<Vec<Given>> {
    let sql = "SELECT level, target_id, role, payload FROM role_assignment \
               WHERE user_id = $1 AND level = $2 AND target_id = $3";
    let mut found = Vec::new();
    for place in places {
        let (level, target) = place.texts();
        found.extend(fetch_all!(tx, Given, sql, user.to_string(), level, target)?);
    }
    Ok(found)
}

/// Every role of a user, at most `limit` of them: organizations, then projects, then workspaces.
pub async fn of_user(tx: &mut Tx, user: Uuid, limit: i64) -> Result<Vec<Given>> {
    let sql = "SELECT level, target_id, role, payload FROM role_assignment WHERE user_id = $1 \
               ORDER BY level, target_id, role LIMIT $2";
    fetch_all!(tx, Given, sql, user.to_string(), limit)
}

/// How many organizations there are, and the roles of a user on them.
pub async fn on_organizations(tx: &mut Tx, user: Uuid) -> Result<(i64, Vec<Given>)> {
    let count = fetch_all!(tx, (i64,), "SELECT count(*) FROM organization")?;
    let sql = "SELECT level, target_id, role, payload FROM role_assignment WHERE user_id = $1 AND level = 'organization'";
    let given = fetch_all!(tx, Given, sql, user.to_string())?;
    Ok((count.first().map_or(0, |(n,)| *n), given))
}

/// The roles that a user has on organizations and workspaces.
pub async fn above_projects(tx: &mut Tx, user: Uuid) -> Result<Vec<Given>> {
    let sql = "SELECT level, target_id, role, payload FROM role_assignment \
               WHERE user_id = $1 AND level IN ('organization', 'workspace')";
    fetch_all!(tx, Given, sql, user.to_string())
}

/// Takes the places where roles are changed, in the order of their ids, so that two changes that together would
/// leave an organization without an administrator run one after the other.
pub async fn lock_organizations(tx: &mut Tx) -> Result<Vec<String>> {
    // on SQLite one transaction writes at a time anyway
    execute!(tx, "UPDATE organization SET name = name WHERE id = (SELECT min(id) FROM organization)")?;
    let rows = fetch_all!(tx, (String,), "SELECT id FROM organization ORDER BY id")?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many users who may sign in are admin of an organization.
pub async fn administrators(tx: &mut Tx, organization: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM role_assignment r JOIN app_user u ON u.id = r.user_id \
               WHERE r.level = 'organization' AND r.target_id = $1 AND r.role = 'admin' AND u.disabled = 0";
    let row = fetch_optional!(tx, (i64,), sql, organization)?;
    Ok(row.map_or(0, |(n,)| n))
}
