//! Commits: immutable snapshots of every resource of a branch, and which webhook starts which process in each.

mod history;
mod list;

pub use history::{ChangeRow, VersionRow, changed_by, changes, line, versions};
pub use list::{Filter, list};

use crate::query::{execute, fetch_all, fetch_optional, insert_rows};
use crate::resource::Member;
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// A commit, without its snapshot.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Commit {
    /// UUID, version 7.
    pub id: String,
    /// The branch it was made on.
    pub branch_id: String,
    /// That branch's name.
    pub branch_name: String,
    /// When that branch was deleted, if it was; milliseconds since the epoch.
    pub branch_deleted_at: Option<i64>,
    /// 1, 2, 3 … on its branch.
    pub number: i64,
    /// 1 to 200 printable characters.
    pub message: String,
    /// The user who made it.
    pub author_id: Option<String>,
    /// That user's name.
    pub author_name: Option<String>,
    /// The commit before it.
    pub parent_id: Option<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// A data source that a message start event of a process listens on.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LinkRow {
    /// The data source.
    pub data_source_id: String,
    /// The process definition.
    pub process_definition_id: String,
    /// The process's version in the commit.
    pub resource_version_id: String,
    /// The id of the message start event.
    pub element_id: String,
}

/// A commit to be made. Ids are made by the caller, so that it can name them before the row is there.
#[derive(Debug)]
pub struct NewCommit<'a> {
    /// UUID, version 7.
    pub id: &'a str,
    /// The branch.
    pub branch: &'a str,
    /// The commit that the branch ends in now.
    pub parent: Option<&'a str>,
    /// 1 to 200 printable characters.
    pub message: &'a str,
    /// The whole snapshot.
    pub members: &'a [Member],
    /// All links of its processes.
    pub links: &'a [LinkRow],
}

/// Keeps a commit and moves the branch's end to it. The caller holds [`crate::project::lock`].
pub async fn insert(tx: &mut Tx, scope: &Scope, new: &NewCommit<'_>, stamp: &Stamp) -> Result<()> {
    let sql = "INSERT INTO project_commit (id, project_id, branch_id, number, message, author_id, parent_id, created_at) \
               SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7 FROM project_commit WHERE branch_id = $8";
    execute!(
        tx,
        sql,
        new.id,
        scope.project_text(),
        new.branch,
        new.message,
        stamp.user_text(),
        new.parent,
        stamp.at,
        new.branch,
    )?;
    let head = "INSERT INTO commit_resource (commit_id, resource_definition_id, resource_version_id, kind) ";
    insert_rows!(
        tx,
        (String,),
        head,
        new.members,
        |b, r| {
            b.push_bind(new.id.to_owned());
            b.push_bind(r.id.clone());
            b.push_bind(r.version.clone());
            b.push_bind(r.kind.clone());
        },
        " RETURNING commit_id"
    )?;
    let head = "INSERT INTO commit_link (commit_id, data_source_id, process_definition_id, resource_version_id, element_id) ";
    insert_rows!(
        tx,
        (String,),
        head,
        new.links,
        |b, r| {
            b.push_bind(new.id.to_owned());
            b.push_bind(r.data_source_id.clone());
            b.push_bind(r.process_definition_id.clone());
            b.push_bind(r.resource_version_id.clone());
            b.push_bind(r.element_id.clone());
        },
        " RETURNING commit_id"
    )?;
    history::insert(tx, new.id).await?;
    crate::branch::set_head(tx, scope, new.branch, new.id).await
}

/// One commit.
pub async fn read(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Commit> {
    let sql = "SELECT c.id, c.branch_id, b.name AS branch_name, b.deleted_at AS branch_deleted_at, c.number, c.message, \
               c.author_id, u.name AS author_name, c.parent_id, c.created_at \
               FROM project_commit c JOIN branch b ON b.id = c.branch_id LEFT JOIN app_user u ON u.id = c.author_id WHERE c.project_id = $1 AND c.id = $2";
    fetch_optional!(tx, Commit, sql, scope.project_text(), id)?.ok_or(StoreError::NotFound)
}

/// The snapshot of a commit, in the order of the ids; empty for an unknown commit.
pub async fn snapshot(tx: &mut Tx, scope: &Scope, commit: &str) -> Result<Vec<Member>> {
    let sql = "SELECT r.resource_definition_id AS id, r.resource_version_id AS version, r.kind, v.name, v.name_folded \
               FROM commit_resource r JOIN resource_version v ON v.id = r.resource_version_id \
               WHERE v.project_id = $1 AND r.commit_id = $2 ORDER BY r.resource_definition_id";
    fetch_all!(tx, Member, sql, scope.project_text(), commit)
}

/// The links of a commit, in the order of data source and process.
pub async fn links(tx: &mut Tx, scope: &Scope, commit: &str) -> Result<Vec<LinkRow>> {
    let sql = "SELECT l.data_source_id, l.process_definition_id, l.resource_version_id, l.element_id FROM commit_link l \
               JOIN project_commit c ON c.id = l.commit_id WHERE c.project_id = $1 AND l.commit_id = $2 \
               ORDER BY l.data_source_id, l.process_definition_id";
    fetch_all!(tx, LinkRow, sql, scope.project_text(), commit)
}
