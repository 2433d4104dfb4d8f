//! Commits.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod make;
pub(crate) mod read;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

/// A commit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Commit {
    id: String,
    /// The branch it was made on.
    branch: String,
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

/// Who made a commit.
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
        let name = row.author_name;
        Commit {
            id: row.id,
            branch: row.branch_name,
            number: row.number,
            message: row.message,
            author: row.author_id.map(|id| Author { id, name }),
            parent_id: row.parent_id,
            created_at: clock::show(row.created_at),
        }
    }
}
