//! The list of operations.

use axum::Json;
use serde::Deserialize;
use store::operation::OperationKind;
use store::view::operation::Filter;
use utoipa::IntoParams;

use super::Operation;
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{self, List, Paging};
use crate::problem::Problem;

/// Which operations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OperationQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// `retry-failed-triggers`, `dismiss-failed-triggers` or `retry-incidents`.
    #[param(pattern = "^(retry-failed-triggers|dismiss-failed-triggers|retry-incidents)$")]
    kind: Option<String>,
    /// One or more of `queued`, `running`, `done`, `failed`, `cancelled`, with commas between them.
    #[param(pattern = "^(queued|running|done|failed|cancelled)(,(queued|running|done|failed|cancelled))*$")]
    state: Option<String>,
}

/// Operations, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/operations", operation_id = "listOperations", tag = "Runtime",
    params(OperationQuery), responses((status = 200, body = List<Operation>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<OperationQuery>,
) -> Result<Json<List<Operation>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let kinds = OperationKind::ALL.map(OperationKind::as_str);
    let kind = page::one_of("kind", query.kind, &kinds)?;
    let filter = Filter {
        kind: kind.as_deref().and_then(OperationKind::parse),
        states: page::some_of("state", query.state, &["queued", "running", "done", "failed", "cancelled"])?,
    };
    let scope = call.scope;
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                let rows = store::view::operation::list(tx, &scope, &filter, cursor, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Operation::from))))
}
