//! Projects: what people build in, and the unit that is erased as a whole.

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::user::Stamp;
use crate::{Result, Scope, StoreError, Tx};

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Project {
    /// UUID, version 4.
    pub id: String,
    /// The organization above it.
    pub organization_id: String,
    /// The workspace it stands in.
    pub workspace_id: String,
    /// As shown.
    pub name: String,
    /// Grows with each change.
    pub revision: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// The id that a row holds as text.
pub(crate) fn id(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| StoreError::Corrupt(format!("{text:?} is not a UUID")))
}

/// The tenancy path of a project. Installation-wide: this is where a scope comes from, after the caller's
/// rights were asked.
pub async fn scope_of(tx: &mut Tx, project: Uuid) -> Result<Option<Scope>> {
    let sql = "SELECT organization_id, workspace_id FROM project WHERE id = $1";
    let row = fetch_optional!(tx, (String, String), sql, project.to_string())?;
    row.map(|(organization, workspace)| {
        Ok(Scope { organization: id(&organization)?, workspace: id(&workspace)?, project })
    })
    .transpose()
}

/// Takes the project's row for this transaction, so that two changes of one project run one after the other.
/// [`StoreError::NotFound`] if it is gone.
pub async fn lock(tx: &mut Tx, scope: &Scope) -> Result<()> {
    match execute!(tx, "UPDATE project SET updated_at = updated_at WHERE id = $1", scope.project_text())? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// Makes a project. [`StoreError::Conflict`] if the workspace has one of this (folded) name.
pub async fn insert(tx: &mut Tx, scope: &Scope, name: &str, folded: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO project (id, organization_id, workspace_id, name, name_folded, revision, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, 1, $6, $7)";
    execute!(
        tx,
        sql,
        scope.project_text(),
        scope.organization.to_string(),
        scope.workspace.to_string(),
        name,
        folded,
        now,
        now,
    )?;
    Ok(())
}

/// The projects that a user has a role in (on the project, its workspace or its organization) after this id, in
/// the order of their ids; one more than `limit` if there are more. Installation-wide; `only` narrows it to the one
/// project that a token opens.
pub async fn list(
    tx: &mut Tx,
    (user, only): (Uuid, Option<Uuid>),
    after: &str,
    limit: i64,
) -> Result<Vec<Project>> {
    let only = only.map(|id| id.to_string());
    // several roles on one project are one row here, so that the limit counts projects
    let direct = "SELECT p.id, p.organization_id, p.workspace_id, p.name, p.revision, p.created_at, p.updated_at \
                  FROM (SELECT DISTINCT target_id FROM role_assignment WHERE user_id = $1 AND level = 'project' \
                  AND target_id > $2 AND ($3 IS NULL OR target_id = $4) ORDER BY target_id LIMIT $5) r \
                  JOIN project p ON p.id = r.target_id ORDER BY p.id";
    let user_text = user.to_string();
    let mut found = fetch_all!(tx, Project, direct, user_text, after, only.clone(), only.clone(), limit + 1)?;
    let mut above = crate::role::above_projects(tx, user).await?;
    above.sort_by(|a, b| (&a.level, &a.target_id).cmp(&(&b.level, &b.target_id)));
    above.dedup_by(|a, b| (&a.level, &a.target_id) == (&b.level, &b.target_id));
    for above in above {
        let sql = match above.level.as_str() {
            "organization" => {
                "SELECT id, organization_id, workspace_id, name, revision, created_at, updated_at FROM project \
                 WHERE organization_id = $1 AND id > $2 AND ($3 IS NULL OR id = $4) ORDER BY id LIMIT $5"
            }
            _ => {
                "SELECT id, organization_id, workspace_id, name, revision, created_at, updated_at FROM project \
                 WHERE workspace_id = $1 AND id > $2 AND ($3 IS NULL OR id = $4) ORDER BY id LIMIT $5"
            }
        };
        found.extend(fetch_all!(
            tx,
            Project,
            sql,
            above.target_id,
            after,
            only.clone(),
            only.clone(),
            limit + 1
        )?);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    Ok(found)
}

/// Every project after this id, in the order of their ids; one more than `limit` if there are more.
/// Installation-wide: for the command line, which asks nobody's rights.
pub async fn all(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Project>> {
    let sql = "SELECT id, organization_id, workspace_id, name, revision, created_at, updated_at FROM project \
               WHERE id > $1 ORDER BY id LIMIT $2";
    fetch_all!(tx, Project, sql, after, limit + 1)
}

/// The project itself.
pub async fn read(tx: &mut Tx, scope: &Scope) -> Result<Project> {
    let sql = "SELECT id, organization_id, workspace_id, name, revision, created_at, updated_at FROM project \
               WHERE id = $1";
    fetch_optional!(tx, Project, sql, scope.project_text())?.ok_or(StoreError::NotFound)
}

/// Gives the project another name.
pub async fn rename(tx: &mut Tx, scope: &Scope, name: &str, folded: &str, stamp: &Stamp) -> Result<()> {
    let sql = "UPDATE project SET name = $1, name_folded = $2, revision = revision + 1, updated_at = $3 WHERE id = $4";
    execute!(tx, sql, name, folded, stamp.at, scope.project_text())?;
    Ok(())
}

/// What a project owns, in an order that keeps every reference whole. Audit entries stay.
const ERASE: &[&str] = &[
    "DELETE FROM instance_history WHERE instance_id IN (SELECT id FROM process_instance WHERE project_id = $1)",
    "DELETE FROM incident WHERE project_id = $1",
    "DELETE FROM process_instance WHERE project_id = $1",
    "DELETE FROM started_event WHERE project_id = $1",
    "DELETE FROM duplicate_event WHERE project_id = $1",
    "DELETE FROM failed_trigger WHERE project_id = $1",
    "DELETE FROM row_group WHERE project_id = $1",
    "DELETE FROM operation WHERE project_id = $1",
    "DELETE FROM command WHERE project_id = $1",
    "DELETE FROM hourly_count WHERE project_id = $1",
    "DELETE FROM project_feed WHERE project_id = $1",
    "DELETE FROM api_token WHERE project_id = $1",
    "DELETE FROM role_assignment WHERE level = 'project' AND target_id = $1",
    "DELETE FROM trigger_key WHERE trigger_id IN (SELECT id FROM webhook_trigger WHERE project_id = $1)",
    "DELETE FROM webhook_trigger WHERE project_id = $1",
    "DELETE FROM active_policy WHERE project_id = $1",
    "DELETE FROM resource_origin WHERE project_id = $1",
    "DELETE FROM branch_removal WHERE branch_id IN (SELECT id FROM branch WHERE project_id = $1)",
    "DELETE FROM commit_change WHERE project_id = $1",
    "DELETE FROM commit_link WHERE commit_id IN (SELECT id FROM project_commit WHERE project_id = $1)",
    "DELETE FROM commit_resource WHERE commit_id IN (SELECT id FROM project_commit WHERE project_id = $1)",
    "DELETE FROM branch_resource WHERE branch_id IN (SELECT id FROM branch WHERE project_id = $1)",
    "DELETE FROM project_commit WHERE project_id = $1",
    "DELETE FROM version_unread WHERE project_id = $1",
    "DELETE FROM version_link WHERE resource_version_id IN (SELECT id FROM resource_version WHERE project_id = $1)",
    "DELETE FROM resource_version WHERE project_id = $1",
    "DELETE FROM resource_definition WHERE project_id = $1",
    "DELETE FROM branch WHERE project_id = $1",
    "DELETE FROM project WHERE id = $1",
];

/// Erases the project and everything it owns, in this transaction.
pub async fn erase(tx: &mut Tx, scope: &Scope) -> Result<()> {
    let project = scope.project_text();
    for sql in ERASE.iter().copied() {
        execute!(tx, sql, project.as_str())?;
    }
    tx.noted().erased(&project);
    Ok(())
}
