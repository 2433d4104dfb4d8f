//! Operations: work on many rows at once that runners carry out in small steps.

pub(crate) mod cancel;
pub(crate) mod list;
pub(crate) mod read;
mod selection;

use serde::Serialize;
use serde_json::json;
use store::Tx;
use store::operation::{NewOperation, OperationKind, OperationRow};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::Act;
use crate::clock;
use crate::problem::Problem;

pub(crate) use selection::{Chosen, FailedTriggerSelection, IncidentSelection, Stored};

/// An operation and how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    id: String,
    /// `retry-failed-triggers`, `dismiss-failed-triggers` or `retry-incidents`.
    kind: String,
    /// Which rows it is about: those that were there when it was asked for.
    filter: Stored,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    /// Why it failed; empty otherwise.
    message: String,
    /// How many rows there were when it was asked for.
    total: i64,
    /// How many it did what was asked to.
    done: i64,
    /// How many it tried without success: they are as they were, with the new cause.
    failed: i64,
    /// How many it passed over, since somebody else retried, resolved or removed them meanwhile; `null` until it
    /// is done.
    #[schema(required)]
    passed_over: Option<i64>,
    /// The user who asked for it.
    #[schema(required)]
    created_by: Option<String>,
    #[schema(required)]
    created_by_name: Option<String>,
    created_at: String,
    /// When it last came forward.
    updated_at: String,
    #[schema(required)]
    finished_at: Option<String>,
}

impl From<OperationRow> for Operation {
    fn from(row: OperationRow) -> Self {
        let passed_over = (row.state == "done").then(|| (row.total - row.done - row.failed).max(0));
        Operation {
            id: row.id,
            kind: row.kind,
            filter: serde_json::from_str(&row.filter).unwrap_or_default(),
            state: row.state,
            message: row.message,
            total: row.total,
            done: row.done,
            failed: row.failed,
            passed_over,
            created_by: row.created_by,
            created_by_name: row.created_by_name,
            created_at: clock::show(row.created_at),
            updated_at: clock::show(row.updated_at),
            finished_at: clock::show_some(row.finished_at),
        }
    }
}

/// Which rows an operation is about, as it is queued.
pub(crate) struct Wanted {
    pub(crate) kind: OperationKind,
    pub(crate) filter: Stored,
    /// The newest row when it was asked for.
    pub(crate) up_to: String,
    /// How many rows there were then.
    pub(crate) total: i64,
}

/// Queues an operation in this transaction, with its audit entry.
pub(crate) async fn queue(tx: &mut Tx, act: &Act, wanted: Wanted) -> Result<Operation, Problem> {
    let (id, user) = (Uuid::now_v7().to_string(), act.caller.user.to_string());
    let filter = serde_json::to_string(&wanted.filter)
        .map_err(|e| Problem::internal(format!("a filter cannot be written: {e}")))?;
    let new = NewOperation {
        id: &id,
        kind: wanted.kind,
        filter: &filter,
        up_to_id: &wanted.up_to,
        total: wanted.total,
        created_by: Some(&user),
        now: act.at,
    };
    store::operation::enqueue(tx, &act.scope, &new).await?;
    let detail =
        json!({ "kind": wanted.kind.as_str(), "total": wanted.total, "filter": wanted.filter.brief() });
    act.audit(tx, "operation.create", &id, detail).await?;
    Ok(store::view::operation::read(tx, &act.scope, &id).await?.into())
}
