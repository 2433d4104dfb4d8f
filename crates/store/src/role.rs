//! Roles of users on organizations, workspaces and projects.
//!
//! Everything here is installation-wide and takes no scope: rights are asked before a scope is known.

use uuid::Uuid;

use crate::query::{execute, fetch_all};
use crate::{Result, Scope, Tx};

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

/// Gives a role. [`crate::StoreError::Conflict`] if the user has one there already.
pub async fn insert(
    tx: &mut Tx,
    (user, place): (Uuid, Place),
    (role, payload): (&str, bool),
    stamp: &crate::user::Stamp,
) -> Result<()> {
    let sql = "INSERT INTO role_assignment (id, user_id, level, target_id, role, payload, revision, created_by, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)";
    let (level, target) = place.texts();
    execute!(
        tx,
        sql,
        Uuid::now_v7().to_string(),
        user.to_string(),
        level,
        target,
        role,
        i64::from(payload),
        stamp.user_text(),
        stamp.at,
        stamp.at,
    )?;
    Ok(())
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
               ORDER BY level, target_id LIMIT $2";
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
    let sql = "SELECT DISTINCT level, '' AS target_id, role, payload FROM role_assignment \
               WHERE user_id = $1 AND level IN ('organization', 'workspace')";
    fetch_all!(tx, Given, sql, user.to_string())
}
