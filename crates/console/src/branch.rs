//! Branches and what changed on them since their last commit.

pub(crate) mod bring;
pub(crate) mod changes;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod discard;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod rename;
pub(crate) mod restore;

use serde::Serialize;
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::clock;
use crate::problem::{Blocking, Problem};
use crate::project::create::MAIN;

/// What a branch may be called.
const RULE: &str = "must have 1 to 50 of a-z A-Z 0-9 . _ -, beginning with a letter or a digit";

fn is_name(name: &str) -> bool {
    name.len() <= 50
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// `main`, and the branch whose latest commit the active policy follows, keep their names and are not deleted.
async fn refuse_followed(tx: &mut Tx, scope: &Scope, branch: &store::branch::Branch) -> Result<(), Problem> {
    if branch.name == MAIN {
        let detail = "Every project has its branch main; it can be neither renamed nor deleted.";
        return Err(Problem::conflict("main-branch", detail));
    }
    let policy = store::policy::read(tx, scope).await?;
    if policy.kind != "latest" || policy.branch_id != branch.id {
        return Ok(());
    }
    let detail = format!(
        "The active policy runs the latest commit of “{}”. Choose another branch or a commit there first.",
        branch.name
    );
    let this = Blocking { id: branch.id.clone(), name: branch.name.clone() };
    Err(Problem::conflict("policy-follows", detail).blocked_by(vec![this]))
}

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
