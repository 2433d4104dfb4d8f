//! Branches and what changed on them since their last commit.

pub(crate) mod changes;
pub(crate) mod create;
pub(crate) mod list;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

/// A branch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Branch {
    id: String,
    /// Unique in the project; stands in the paths of its resources.
    name: String,
    /// Its last commit; `null` before the first.
    #[schema(required)]
    head_commit_id: Option<String>,
    created_at: String,
}

impl From<store::branch::Branch> for Branch {
    fn from(row: store::branch::Branch) -> Self {
        Branch {
            id: row.id,
            name: row.name,
            head_commit_id: row.head_commit_id,
            created_at: clock::show(row.created_at),
        }
    }
}
