//! Lists of commits.

use super::Commit;
use crate::view::{Span, fetch_built};
use crate::{Result, Scope, Tx};

/// Which commits a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Made on the branch with this id.
    pub branch: Option<String>,
    /// By this user.
    pub author: Option<String>,
    /// That changed this resource.
    pub resource: Option<String>,
    /// Made in this time.
    pub span: Span,
}

const COLUMNS: &str = "SELECT c.id, c.branch_id, b.name AS branch_name, b.deleted_at AS branch_deleted_at, c.number, c.message, \
     c.author_id, u.name AS author_name, c.parent_id, c.created_at FROM ";

/// The rows that are walked, with the index that finds them: SQLite does not know which of several fits best, and
/// must not walk a whole project for a list that is empty.
fn walked(tx: &Tx, filter: &Filter) -> (&'static str, &'static str) {
    let table = if filter.resource.is_some() { "commit_change h" } else { "project_commit c" };
    if matches!(tx, Tx::Pg(_)) {
        return (table, "");
    }
    let index = match (filter.resource.is_some(), filter.branch.is_some(), filter.author.is_some()) {
        (true, false, false) => " INDEXED BY commit_change_by_resource",
        (true, false, true) => " INDEXED BY commit_change_by_author",
        (true, true, false) => " INDEXED BY commit_change_by_branch",
        (true, true, true) => " INDEXED BY commit_change_by_branch_author",
        (false, false, false) => " INDEXED BY project_commit_by_project",
        (false, false, true) => " INDEXED BY project_commit_by_author",
        (false, true, false) => " INDEXED BY project_commit_by_branch",
        (false, true, true) => " INDEXED BY project_commit_by_branch_author",
    };
    (table, index)
}

/// Commits from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Commit>> {
    let (table, index) = walked(tx, filter);
    let by_resource = filter.resource.is_some();
    let (walked, id) = if by_resource { ("h.", "h.commit_id") } else { ("c.", "c.id") };
    fetch_built!(tx, Commit, COLUMNS, |q| {
        q.push(table).push(index);
        if by_resource {
            q.push(" JOIN project_commit c ON c.id = h.commit_id");
        }
        q.push(" JOIN branch b ON b.id = c.branch_id LEFT JOIN app_user u ON u.id = c.author_id WHERE ");
        q.push(walked).push("project_id = ").push_bind(scope.project_text());
        for (column, value) in [
            ("branch_id = ", &filter.branch),
            ("resource_definition_id = ", &filter.resource),
            ("author_id = ", &filter.author),
        ] {
            if let Some(value) = value {
                q.push(" AND ").push(walked).push(column).push_bind(value.clone());
            }
        }
        q.push(" AND ").push(id).push(" < ").push_bind(filter.span.before_id(cursor));
        q.push(" AND ").push(id).push(" >= ").push_bind(filter.span.first_id());
        q.push(" ORDER BY ").push(id).push(" DESC LIMIT ").push_bind(limit + 1);
    })
}
