//! Which data sources the processes of a branch select. What a version selects is read out of its BPMN once, by the
//! callers: the store knows no BPMN, but keeps account of the versions that nobody has read yet.

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, Tx};

/// A process of a branch's work in progress starts on a data source that stands there too.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Selection {
    /// The data source.
    pub data_source_id: String,
    /// Its name there.
    pub data_source_name: String,
    /// The process definition.
    pub process_id: String,
    /// Its name there.
    pub process_name: String,
}

/// A process version that nobody has read yet.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unread {
    /// The version.
    pub version: String,
    /// The XML as it came.
    pub bpmn: Option<Vec<u8>>,
}

/// The selections of a branch's work in progress by the names of data source and process: all, or those of one data
/// source, or of one process. Complete when [`unread`] has none.
pub async fn in_branch(
    tx: &mut Tx,
    scope: &Scope,
    branch: &str,
    (data_source, process): (Option<&str>, Option<&str>),
) -> Result<Vec<Selection>> {
    let sql = "SELECT l.data_source_id, s.name AS data_source_name, b.resource_definition_id AS process_id, \
               v.name AS process_name FROM branch_resource b \
               JOIN resource_version v ON v.id = b.resource_version_id \
               JOIN version_link l ON l.resource_version_id = b.resource_version_id \
               JOIN branch_resource d ON d.branch_id = b.branch_id AND d.resource_definition_id = l.data_source_id \
               JOIN resource_version s ON s.id = d.resource_version_id \
               WHERE v.project_id = $1 AND b.branch_id = $2 AND ($3 IS NULL OR l.data_source_id = $4) \
               AND ($5 IS NULL OR b.resource_definition_id = $6) ORDER BY d.name_folded, b.name_folded";
    let project = scope.project_text();
    fetch_all!(tx, Selection, sql, project, branch, data_source, data_source, process, process)
}

/// The versions of a project's processes that select a data source, in work in progress or commits.
pub async fn versions(tx: &mut Tx, scope: &Scope, data_source: &str) -> Result<Vec<String>> {
    let sql = "SELECT l.resource_version_id FROM version_link l JOIN resource_version v ON v.id = l.resource_version_id \
               WHERE v.project_id = $1 AND l.data_source_id = $2";
    let rows = fetch_all!(tx, (String,), sql, scope.project_text(), data_source)?;
    Ok(rows.into_iter().map(|(version,)| version).collect())
}

/// Whether there are process versions of a project that nobody has read yet.
pub async fn any_unread(tx: &mut Tx, scope: &Scope) -> Result<bool> {
    let sql = "SELECT resource_version_id FROM version_unread WHERE project_id = $1 LIMIT 1";
    Ok(fetch_optional!(tx, (String,), sql, scope.project_text())?.is_some())
}

/// Some process versions of a project that nobody has read yet. The caller holds [`crate::project::lock`], so that
/// they stay.
pub async fn unread(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<Unread>> {
    let sql = "SELECT v.id AS version, v.bpmn FROM version_unread u JOIN resource_version v ON v.id = u.resource_version_id \
               WHERE u.project_id = $1 ORDER BY u.resource_version_id LIMIT $2";
    fetch_all!(tx, Unread, sql, scope.project_text(), limit)
}

/// Writes down what a version selects: ids in small letters.
pub async fn write_down(tx: &mut Tx, version: &str, data_sources: &[String]) -> Result<()> {
    let sql = "INSERT INTO version_link (resource_version_id, data_source_id) VALUES ($1, $2) \
               ON CONFLICT (resource_version_id, data_source_id) DO NOTHING";
    for id in data_sources {
        execute!(tx, sql, version, id.as_str())?;
    }
    execute!(tx, "DELETE FROM version_unread WHERE resource_version_id = $1", version)?;
    Ok(())
}

/// Remembers that a version is to be read.
pub(crate) async fn owe(tx: &mut Tx, scope: &Scope, version: &str) -> Result<()> {
    let sql = "INSERT INTO version_unread (resource_version_id, project_id) VALUES ($1, $2)";
    execute!(tx, sql, version, scope.project_text())?;
    Ok(())
}

/// Forgets what a version selects, if no commit and no branch holds it any more.
pub(crate) async fn forget_unused(tx: &mut Tx, version: &str) -> Result<()> {
    for sql in [
        "DELETE FROM version_link WHERE resource_version_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM commit_resource WHERE resource_version_id = $2) \
         AND NOT EXISTS (SELECT 1 FROM branch_resource WHERE resource_version_id = $3)",
        "DELETE FROM version_unread WHERE resource_version_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM commit_resource WHERE resource_version_id = $2) \
         AND NOT EXISTS (SELECT 1 FROM branch_resource WHERE resource_version_id = $3)",
    ] {
        execute!(tx, sql, version, version, version)?;
    }
    Ok(())
}
