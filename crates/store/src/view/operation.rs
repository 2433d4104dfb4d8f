//! Operations, as lists show them.

use super::fetch_built;
use super::lane::push_ids;
use crate::operation::{OperationKind, OperationRow};
use crate::{Result, Scope, StoreError, Tx};

/// Which operations a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<OperationKind>,
    /// In one of these states; empty: in any.
    pub states: Vec<String>,
}

const STATES: [&str; 5] = ["queued", "running", "done", "failed", "cancelled"];

const HEAD: &str = "SELECT o.id, o.project_id, o.kind, o.filter, o.state, o.message, o.up_to_id, o.after_id, o.total, \
     o.done, o.failed, o.created_by, u.name AS created_by_name, o.attempts, o.crashes, o.created_at, o.updated_at, o.finished_at \
     FROM operation o LEFT JOIN app_user u ON u.id = o.created_by WHERE o.project_id = ";

/// Operations from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<OperationRow>> {
    let (before, limit) = (cursor.unwrap_or("g"), limit + 1);
    if filter.kind.is_none() && filter.states.is_empty() {
        return fetch_built!(tx, OperationRow, HEAD, |q| {
            q.push_bind(scope.project_text());
            q.push(" AND o.id < ").push_bind(before.to_owned());
            q.push(" ORDER BY o.id DESC LIMIT ").push_bind(limit);
        });
    }
    let mut ids = newest(tx, scope, filter, (before, limit)).await?;
    ids.sort_by(|a, b| b.cmp(a));
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, OperationRow, HEAD, |q| {
        q.push_bind(scope.project_text());
        push_ids!(q, "o.id", ids, limit);
        q.push(" ORDER BY o.id DESC");
    })
}

/// The newest ids of each kind and state that a filter means, each one stretch of an index.
async fn newest(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (before, limit): (&str, i64),
) -> Result<Vec<String>> {
    // why PostgreSQL is asked in another way: see `lane`
    let is_pg = matches!(tx, Tx::Pg(_));
    let kinds = OperationKind::ALL.into_iter().filter(|kind| filter.kind.is_none_or(|k| k == *kind));
    let asked = |state: &&str| filter.states.is_empty() || filter.states.iter().any(|s| s == state);
    let pairs: Vec<(OperationKind, &str)> =
        kinds.flat_map(|kind| STATES.into_iter().filter(asked).map(move |state| (kind, state))).collect();
    let rows = fetch_built!(tx, (String,), "", |q| {
        for (at, (kind, state)) in pairs.iter().enumerate() {
            q.push(if at == 0 { "" } else { " UNION ALL " });
            q.push("SELECT x.id FROM (SELECT id FROM operation WHERE project_id = ");
            q.push_bind(scope.project_text());
            if is_pg {
                q.push(" AND (kind, state, id) >= (").push_bind(kind.as_str()).push(", ");
                q.push_bind(*state).push(", '') AND (kind, state, id) < (").push_bind(kind.as_str());
                q.push(", ").push_bind(*state).push(", ").push_bind(before.to_owned());
                q.push(") ORDER BY kind DESC, state DESC, id DESC LIMIT ");
            } else {
                q.push(" AND kind = ").push_bind(kind.as_str()).push(" AND state = ").push_bind(*state);
                q.push(" AND id < ").push_bind(before.to_owned()).push(" ORDER BY id DESC LIMIT ");
            }
            q.push_bind(limit).push(") x");
        }
    })?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// One operation.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none in this project.
pub async fn read(tx: &mut Tx, scope: &Scope, id: &str) -> Result<OperationRow> {
    let rows = fetch_built!(tx, OperationRow, HEAD, |q| {
        q.push_bind(scope.project_text()).push(" AND o.id = ").push_bind(id.to_owned());
    })?;
    rows.into_iter().next().ok_or(StoreError::NotFound)
}
