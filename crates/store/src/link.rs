//! What runs: the commit that a project's policy comes to, its links, the BPMN of a process version.
//! Commits never change, so links and BPMN may be kept in memory; the running commit may not.

use crate::query::{fetch_all, fetch_optional};
use crate::{Result, Tx};

/// A data source starts a process: one row of a commit.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CommitLink {
    /// The data source.
    pub data_source_id: String,
    /// The process definition.
    pub process_definition_id: String,
    /// Its content in this commit.
    pub resource_version_id: String,
    /// The message start event.
    pub element_id: String,
}

#[derive(sqlx::FromRow)]
struct Running {
    running_commit_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Bpmn {
    bpmn: Option<Vec<u8>>,
}

/// The commit that runs in a project now; `None` where nothing was committed, or the project is unknown.
pub async fn running_commit(tx: &mut Tx, project_id: &str) -> Result<Option<String>> {
    let row = fetch_optional!(
        tx,
        Running,
        "SELECT running_commit_id FROM active_policy WHERE project_id = $1",
        project_id,
    )?;
    Ok(row.and_then(|row| row.running_commit_id))
}

/// All links of a commit, by data source and process definition.
pub async fn of_commit(tx: &mut Tx, commit_id: &str) -> Result<Vec<CommitLink>> {
    fetch_all!(
        tx,
        CommitLink,
        "SELECT data_source_id, process_definition_id, resource_version_id, element_id FROM commit_link \
         WHERE commit_id = $1 ORDER BY data_source_id, process_definition_id",
        commit_id,
    )
}

/// The XML of a process version, as it came; `None` where there is no such version or it is no process.
pub async fn bpmn(tx: &mut Tx, resource_version_id: &str) -> Result<Option<Vec<u8>>> {
    let row =
        fetch_optional!(tx, Bpmn, "SELECT bpmn FROM resource_version WHERE id = $1", resource_version_id)?;
    Ok(row.and_then(|row| row.bpmn))
}
