//! Commits.

pub(crate) mod changes;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod make;
pub(crate) mod preview;
pub(crate) mod read;
pub(crate) mod resource;

use serde::Serialize;
use store::resource::Member;
use store::{Scope, StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock;
use crate::problem::Problem;

/// A commit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Commit {
    id: String,
    /// The branch it was made on.
    branch: String,
    /// Whether that branch was deleted since.
    branch_deleted: bool,
    /// 1, 2, 3 … on its branch.
    number: i64,
    message: String,
    #[schema(required)]
    author: Option<Author>,
    /// The commit before it; `null` for the first.
    #[schema(required)]
    parent_id: Option<String>,
    created_at: String,
}

/// Who made or changed something.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Author {
    id: String,
    /// `null` if the user is gone.
    #[schema(required)]
    name: Option<String>,
}

impl From<store::commit::Commit> for Commit {
    fn from(row: store::commit::Commit) -> Self {
        Commit {
            id: row.id,
            branch: row.branch_name,
            branch_deleted: row.branch_deleted_at.is_some(),
            number: row.number,
            message: row.message,
            author: Author::of(row.author_id, row.author_name),
            parent_id: row.parent_id,
            created_at: clock::show(row.created_at),
        }
    }
}

impl Author {
    /// A user, where one is named.
    pub(crate) fn of(id: Option<String>, name: Option<String>) -> Option<Self> {
        id.map(|id| Author { id, name })
    }
}

/// The snapshot of a commit that a field names; 422 naming the field if the project has no such commit.
pub(crate) async fn members(
    tx: &mut Tx,
    scope: &Scope,
    (field, commit): (&str, Uuid),
) -> Result<Vec<Member>, Problem> {
    let id = commit.to_string();
    match store::commit::read(tx, scope, &id).await {
        Ok(_) => Ok(store::commit::snapshot(tx, scope, &id).await?),
        Err(StoreError::NotFound) => {
            Err(Problem::field(field, "unknown", "must be a commit of this project"))
        }
        Err(e) => Err(e.into()),
    }
}

/// A resource of such a commit, where the commit has it.
pub(crate) async fn member(
    tx: &mut Tx,
    scope: &Scope,
    named: (&str, Uuid),
    id: &str,
) -> Result<Option<Member>, Problem> {
    Ok(members(tx, scope, named).await?.into_iter().find(|member| member.id == id))
}
